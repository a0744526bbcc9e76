# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What make demo reads from maps and counters; to be sourced.

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
