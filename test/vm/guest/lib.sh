# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For test cases in bash; to be sourced. Each check prints one KTAP line, and
# vt_done ends the case.

set -u
vt_number=0
vt_bad=0

vt_report() {
	vt_number=$((vt_number + 1))
	[[ $1 == ok ]] || vt_bad=$((vt_bad + 1))
	echo "$1 $vt_number $2"
}

# vt_ok NAME COMMAND...: COMMAND succeeds.
vt_ok() {
	local name=$1 output

	shift
	if output=$("$@" 2>&1); then
		vt_report ok "$name"
	else
		echo "failed with $?: $*"
		echo "$output"
		vt_report "not ok" "$name"
	fi
}

vt_not() { ! "$@"; }

# vt_eq GOT WANT NAME
vt_eq() {
	if [[ $1 == "$2" ]]; then
		vt_report ok "$3"
	else
		printf 'got:  %s\nwant: %s\n' "$1" "$2"
		vt_report "not ok" "$3"
	fi
}

# vt_run COMMAND...: COMMAND has to succeed for the case to make sense.
vt_run() {
	"$@" || vt_die "failed with $?: $*"
}

vt_die() {
	echo "$*"
	vt_report "not ok" "case ran to its end"
	exit 1
}

vt_skip() {
	echo "$*"
	exit 4
}

vt_done() {
	echo "1..$vt_number"
	[[ $vt_bad -eq 0 && $vt_number -gt 0 ]]
	exit
}

# vt_wait_until SECONDS COMMAND...: polls COMMAND until it succeeds.
vt_wait_until() {
	local end=$((SECONDS + $1))

	shift
	until "$@" > /dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.05
	done
}

# vt_veth A B: namespaces A and B, in each the device veth0 of one pair, with
# 10.9.0.1 and 10.9.0.2, fd09::1 and fd09::2.
vt_veth() {
	local ns side=1

	vt_run ip netns add "$1"
	vt_run ip netns add "$2"
	vt_run ip link add veth0 netns "$1" type veth peer name veth0 netns "$2"
	for ns in "$1" "$2"; do
		vt_run ip -n "$ns" link set lo up
		vt_run ip -n "$ns" addr add "10.9.0.$side/24" dev veth0
		vt_run ip -n "$ns" addr add "fd09::$side/64" dev veth0 nodad
		vt_run ip -n "$ns" link set veth0 up
		side=$((side + 1))
	done
}
