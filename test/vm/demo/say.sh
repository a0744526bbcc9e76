# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# How demos show what they do, and check it; to be sourced.

jobs_started=()
wrong=0

title() { printf '\n%s\n' "$*"; }

# see PLACE TEXT CONDITION: one line; CONDITION is arithmetic of bash.
see() {
	local verdict=ok

	if ! (($3)); then
		verdict="NOT OK, should be: ${3//[$'\t\n']/}"
		wrong=$((wrong + 1))
	fi
	printf '  %-9s  %-68s %s\n' "$1" "$2" "$verdict"
}

# same PLACE TEXT WANT: one line, whose text has to be WANT
same() {
	local verdict=ok

	if [[ $2 != "$3" ]]; then
		verdict="NOT OK, should be: $3"
		wrong=$((wrong + 1))
	fi
	printf '  %-9s  %-68s %s\n' "$1" "${2:-nothing}" "$verdict"
}

# start COMMAND...: a job for the background, ended at the end at the latest.
start() {
	"$@" &
	jobs_started+=("$!")
}

stop_jobs() {
	[[ ${#jobs_started[@]} -eq 0 ]] || kill "${jobs_started[@]}" 2> /dev/null || :
	wait
	jobs_started=()
}

# poll COMMAND...: until it succeeds, at most 10 s. What was waited for is checked
# later, by see, so that a failure shows numbers.
poll() {
	local end=$((SECONDS + 10))

	until "$@"; do
		((SECONDS < end)) || return 0
		sleep 0.05
	done
}

# run COMMAND: shows it as somebody would type it, runs it, shows what it prints.
run() {
	echo "  # $1"
	eval "$1" 2>&1 | sed 's/^/  /; s/ *$//'
}

# background COMMAND: the same for one that goes on, until stop_jobs.
background() {
	echo "  # $1 &"
	eval "exec $1" &
	jobs_started+=("$!")
}

# has_lines N FILE: which need not be there yet
has_lines() {
	local lines

	[[ -e $2 ]] || return 1
	mapfile -t lines < "$2"
	((${#lines[@]} >= $1))
}

# begin TITLE: a demo's first line, and a directory that has what it needs.
begin() {
	echo "$1 (Linux $(uname -r))"
	cd "$(mktemp -d)"
	ln -s /build/bpf/*.bpf.o /build/examples/{echo,relay} /src/tools/examples/python/*.py .
	export LD_LIBRARY_PATH=/build/tools PYTHONDONTWRITEBYTECODE=1
	[[ -e /sys/module/traits ]] || "$here/../guest/load"
}

# end NS PIN...: takes these programs of NS down, and all keys. Fails if any line was wrong.
end() {
	local pin

	stop_jobs
	for pin in "${@:2}"; do
		traits-attach -n "$1" unload "$pin"
	done
	remove_network
	traitctl key flush > /dev/null
	[[ $wrong -eq 0 ]] || {
		echo "$wrong of these lines are not as they should be"
		exit 1
	}
}

# This kernel's number of a drop reason, and its name of a number.
reason_format=/sys/kernel/tracing/events/skb/kfree_skb/format
reason_number() {
	sed -n "s/.*{ \([0-9]*\), \"$1\" }.*/\1/p" $reason_format
}
reason_name() {
	sed -n "s/.*{ $1, \"\([A-Z0-9_]*\)\" }.*/\1/p" $reason_format
}
