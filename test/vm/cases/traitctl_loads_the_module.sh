#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module: own
# traitctl says so when the module is not there, and where it is installed, gets it loaded by
# asking for its netlink family.
. /src/test/vm/guest/lib.sh

modules=/lib/modules/$(uname -r)
installed=$modules/extra/traits.ko
not_there='the module is not loaded, and the kernel could not load it; "modprobe traits" says why'

vt_ok "not loaded" vt_not test -e /sys/module/traits
vt_eq "$(traitctl key show 2>&1; echo $?)" "traitctl: $not_there"$'\n2' "key show says so"
vt_eq "$(traitctl -j stat; echo $?)" "$(jq -nc --arg e "$not_there" '{error: $e}')"$'\n2' \
	"stat says so in JSON"
vt_eq "$(traitctl check | sed -n 's/^module  *//p')" "FAIL  $not_there" "check says so"
vt_ok "check fails" vt_not traitctl check
vt_eq "$(traits-attach load /build/test/progs/resolve.bpf.o trace on_poll 2>&1)" \
	"traits-attach: no connection to the module traits: No such file or directory" \
	"traits-attach says so"

# An index of what is needed here: that of all modules would take a minute.
mkdir -p /tmp/index "$(dirname "$installed")"
vt_run cp "$modules"/modules.* /tmp/index
vt_run cp "/build/module-$(uname -r)/traits.ko" "$installed"
trap 'rm "$installed"; cp /tmp/index/* "$modules"' EXIT
files=("$installed")
for needed in $(modinfo -F depends "$installed" | tr , ' '); do
	files+=("$(modinfo -n "$needed")")
done
vt_run depmod "$(uname -r)" "${files[@]}"
vt_eq "$(traitctl -j key show)" "[]" "key show works where it is installed"
vt_ok "it is loaded" test -e /sys/module/traits
vt_ok "check succeeds" traitctl check
vt_run rmmod traits
vt_done
