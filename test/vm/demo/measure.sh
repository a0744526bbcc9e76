# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the demo reads from maps and counters, and how it shows it; to be sourced.

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

# Reads all maps, in two processes, into n:
#	n[PIN.SERVICE]		packets that a program saw
#	n[PIN.SERVICE.FIELD]	what follow counted of them: segments, flags, hops (sum),
#				hop (mean), us (mean)
#	n[PIN.bare]		packets without traits
#	n[drops.SERVICE.REASON]	packets dropped for a reason, by its number
declare -A n
measure() {
	local name value

	n=([d.bare]=0)
	for name in {classify,b,c,d,vx0}.{42,43,44,45}{,.segments,.flags,.hops,.hop,.us}; do
		n[$name]=0
	done
	while read -r name value; do
		n[$name]=$value
	done < <(printf 'map dump pinned /sys/fs/bpf/%s\n' classify/classified \
		b/seen c/seen d/seen d/bare vx0/seen drops/drops |
		bpftool -j batch file - | jq -r -f "$here/measure.jq")
}

# reached NAME N: at least N in n[NAME].
reached() {
	measure
	((${n[$1]:-0} >= $2))
}

# arrived SERVICE: all that was classified in b has come to d.
arrived() {
	measure
	((${n[b.$1.segments]:-0} == ${n[classify.$1]:-0} &&
		${n[d.$1]:-0} == ${n[b.$1]:-0}))
}

# This kernel's number of a drop reason, and its name of a number.
reason_format=/sys/kernel/tracing/events/skb/kfree_skb/format
reason_number() {
	sed -n "s/.*{ \([0-9]*\), \"$1\" }.*/\1/p" $reason_format
}
reason_name() {
	sed -n "s/.*{ $1, \"\([A-Z0-9_]*\)\" }.*/\1/p" $reason_format
}
