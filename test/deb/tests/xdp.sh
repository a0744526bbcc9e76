# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# An XDP program of a user, built with the packages' headers and library, sets and reads
# traits. To be sourced, behind lib.sh.

counted() { grep -E '^[0-9]+ packets$' $state/flow | tail -n 1 | cut -d ' ' -f 1; }
enough() { [[ $(counted) -ge 5 ]]; }

xdp_program_runs() {
	vt_run ip netns add other
	vt_run ip link add v0 type veth peer name v1 netns other
	vt_run ip addr add 10.99.0.1/24 dev v0
	vt_run ip link set v0 up
	vt_run ip -n other addr add 10.99.0.2/24 dev v1
	vt_run ip -n other link set v1 up
	vt_run cd /root/examples
	./flow flow.bpf.o v0 > $state/flow 2>&1 &
	vt_ok "the example registers its keys" vt_wait_until 60 grep -q flow.hops $state/flow
	vt_eq "$(head -n 3 $state/flow | xargs)" "0 flow.service 1 flow.zone 2 flow.hops" \
		"with ids one behind the other"
	vt_ok "XDP is attached" vt_wait_until 60 sh -c 'ip link show v0 | grep -q xdp'
	vt_ok "packets pass" ip netns exec other ping -c 5 -i 0.2 -q 10.99.0.1
	vt_ok "all have the traits of XDP in TC" vt_wait_until 20 enough
	vt_eq "$(traitctl -j stat | jq -c '[.enokey, .einval, ."lost-damaged"]')" "[0,0,0]" \
		"nothing was refused or damaged"
	kill %1
	vt_run ip link del v0
}
