#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# UDP that the host makes or forwards, over IPv4 and IPv6, has no room for traits at TC egress,
# and has it once the device was given headroom: the trait is then on the packet at the far end.
. /src/test/vm/guest/lib.sh

object=/build/test/progs/room.bpf.o
packets=4

# counts DIR: of IPv4 and of IPv6, each "ok no-space no-entry wrong"
counts() {
	bpftool -j map dump pinned "/sys/fs/bpf/$1/counts" |
		jq -r '[.[].formatted.value] | "\(.[:4] | join(" ")), \(.[4:] | join(" "))"'
}

counts_are() { [[ $(counts "$1") == "$2" ]]; }

# sum COUNTS COUNTS
sum() {
	local i
	local -a one two

	read -ra one <<< "${1//,/}"
	read -ra two <<< "${2//,/}"
	for i in {0..7}; do
		one[i]=$((one[i] + two[i]))
	done
	echo "${one[*]:0:4}, ${one[*]:4}"
}

# load OUT OUT_DEV IN IN_DEV: set at egress of one, read at ingress of the other
load() {
	vt_run traits-attach -n "$1" load $object pin set_out tc "$2" egress set_room
	vt_run traits-attach -n "$3" load $object pin get_in tc "$4" ingress get_room
	out='0 0 0 0, 0 0 0 0'
	in=$out
}

# sends HOST4 HOST6 OUT IN NAME: from left; what is then counted at set_out, and at get_in
sends() {
	out=$(sum "$out" "$3")
	in=$(sum "$in" "$4")
	vt_run ip netns exec left bash -c "for i in {1..$packets}; do
		echo packet > /dev/udp/$1/7000; echo packet > /dev/udp/$2/7000; done"
	vt_wait_until 10 counts_are get_in "$in"
	vt_eq "$(counts set_out)" "$out" "$5: set at egress"
	vt_eq "$(counts get_in)" "$in" "$5: read at the other end"
}

# headroom NS DEV N: what it then needs
headroom() {
	traitctl -n "$1" -j dev set "$2" headroom "$3" | jq .needed
}

all="$packets 0 0 0, $packets 0 0 0"
no_room="0 $packets 0 0, 0 $packets 0 0"
none="0 0 $packets 0, 0 0 $packets 0"

vt_veth left right
vt_run ip netns add far
vt_run ip link add veth1 netns right type veth peer name veth1 netns far
for ns in left right far; do
	ip netns exec "$ns" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
done
vt_run ip -n right addr add 10.8.0.1/24 dev veth1
vt_run ip -n right addr add fd08::1/64 dev veth1 nodad
vt_run ip -n far addr add 10.8.0.2/24 dev veth1
vt_run ip -n far addr add fd08::2/64 dev veth1 nodad
vt_run ip -n right link set veth1 up
vt_run ip -n far link set veth1 up
vt_run ip -n far route add default via 10.8.0.1
vt_run ip -n far -6 route add default via fd08::1
vt_run ip -n left route add 10.8.0.0/24 via 10.9.0.2
vt_run ip -n left route add fd08::/64 via fd09::2
# Neighbours have to be known: what waits for them was made, and looked at, as it was.
vt_ok "IPv4 passes" vt_wait_until 10 ip netns exec left ping -c 1 -W 1 10.8.0.2
vt_ok "IPv6 passes" vt_wait_until 10 ip netns exec left ping -c 1 -W 1 fd08::2

load left veth0 right veth0
sends 10.9.0.2 fd09::2 "$no_room" "$none" "made here, no headroom"
vt_eq "$(headroom left veth0 96)" 97 "96 bytes are asked for"
sends 10.9.0.2 fd09::2 "$no_room" "$none" "made here, 96 bytes"
vt_eq "$(headroom left veth0 116)" 117 "116 bytes are asked for"
sends 10.9.0.2 fd09::2 "$all" "$all" "made here, 116 bytes: 108 and the value"
vt_eq "$(headroom left veth0 0)" 0 "headroom is taken back"
sends 10.9.0.2 fd09::2 "$no_room" "$none" "made here, headroom taken back"
vt_run traits-attach -n left unload set_out
vt_run traits-attach -n right unload get_in

load right veth1 far veth1
sends 10.8.0.2 fd08::2 "$no_room" "$none" "forwarded, no headroom"
vt_eq "$(headroom right veth1 116)" 117 "116 bytes are asked for where it is forwarded"
sends 10.8.0.2 fd08::2 "$all" "$all" "forwarded, 116 bytes"
vt_run traits-attach -n right unload set_out
vt_run traits-attach -n far unload get_in
vt_run traitctl key del room
vt_done
