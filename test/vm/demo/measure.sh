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
	printf '  %-10s %-72s %s\n' "$1" "$2" "$verdict"
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

# dump MAP: a JSON array of {key, value}; MAP is below /sys/fs/bpf.
dump() {
	bpftool -j map dump pinned "/sys/fs/bpf/$1" | jq -c 'map(.formatted)'
}

# How many packets the classifier gave this service id.
classified() {
	dump classify/classified | jq "map(select(.key == $1).value) | add // 0"
}

# read_seen PLACE SERVICE: what the TC program there counted, into $packets,
# $segments, $flagged, $hops (mean) and $age (mean, in microseconds).
read_seen() {
	# shellcheck disable=SC2034
	read -r packets segments flagged hops age < <(dump "$1/seen" | jq -r "
		map(select(.key == $2).value)[0] // {} |
		[.packets // 0, .segments // 0, .sampled // 0] + if .packets
		then [.hops / .packets, (.age / .packets / 1000 | round)]
		else [0, 0] end | join(\" \")")
}

# has_seen PLACE SERVICE N
has_seen() {
	local packets segments flagged hops age

	read_seen "$1" "$2"
	((packets >= $3))
}

# How many packets without traits came by.
bare() { dump "$1/bare" | jq '.[0].value'; }

# has_bare PLACE N
has_bare() { (($(bare "$1") >= $2)); }

# Drops of packets with traits: SERVICE REASON PACKETS, one a line, with the
# running kernel's names of reasons.
drops() {
	local service reason n

	dump drops/drops | jq -r '.[] | "\(.key.service_id) \(.key.reason) \(.value)"' |
		while read -r service reason n; do
			echo "$service $(reason_name "$reason") $n"
		done
}

has_dropped() {
	(($(dump drops/drops | jq 'map(.value) | add // 0') >= $1))
}

reason_name() {
	bpftool btf dump file /sys/kernel/btf/vmlinux format raw | awk -v value="$1" '
		/^\[/ { inside = index($0, "ENUM \047skb_drop_reason\047") }
		inside && $0 ~ "val=" value "$" {
			gsub(/SKB_DROP_REASON_|\047/, "", $1)
			name = $1
		}
		END { print name ? name : "reason " value }'
}

# has_size FILE BYTES
has_size() { (($(stat -c %s "$1") >= $2)); }
