#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The first key attaches the hooks. Where they cannot be attached, it is refused and nothing has
# changed; while they are attached, they cannot be switched off.
. /src/test/vm/guest/lib.sh

ftrace() { sysctl -q -w kernel.ftrace_enabled="$1" 2> /dev/null; }
# "true" if the hooks that are attached are those that are needed, and some are; "false" if none.
hooks() {
	traitctl -j info | jq -r '[.hook[].attached] as $on | [.hook[] | .needed and .found] as $want |
		if $on == $want then ($on | any) else "\($on) instead of \($want)" end'
}

vt_eq "$(hooks)" false "no key, no hook"
ftrace 0 || vt_skip "this kernel does not let ftrace be switched off"
trap 'ftrace 1' EXIT
vt_eq "$(traitctl key add first size 4 2>&1)" \
	"traitctl: hooks could not be attached: error -16" "a key without hooks is refused"
vt_eq "$(traitctl -j key show)" "[]" "there is no key"
vt_eq "$(hooks)" false "there is no hook"
vt_run ftrace 1

vt_ok "with hooks it is registered" traitctl key add first size 4
vt_eq "$(hooks)" true "all hooks are attached"
vt_ok "they cannot be switched off" vt_not ftrace 0
vt_ok "a second key" traitctl key add second size 4
vt_ok "the first goes" traitctl key del first
vt_eq "$(hooks)" true "one key needs all hooks"
vt_ok "the last goes" traitctl key del second
vt_eq "$(hooks)" false "no key, no hook again"
vt_ok "nothing holds ftrace any more" ftrace 0
vt_run ftrace 1
vt_done
