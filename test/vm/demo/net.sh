# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The demo's network and its traffic; to be sourced.
#
#	a right ── left b right ── left c right ── left d
#	     10.1.0.0/24   10.2.0.0/24   10.3.0.0/24	.1 right, .2 left
#
# and a VXLAN tunnel between b and d, vx0, 10.77.0.1 and .2. Neighbours are fixed:
# each packet that anybody counts is one that the demo sent.

address_of() { printf '02:00:00:00:%02x:%02x' "$1" "$2"; }

make_pair() {
	local i=$1 left=$2 right=$3

	ip link add right netns "$left" address "$(address_of "$i" 1)" type veth \
		peer name left netns "$right" address "$(address_of "$i" 2)"
	ip -n "$left" addr add "10.$i.0.1/24" dev right
	ip -n "$right" addr add "10.$i.0.2/24" dev left
	ip -n "$left" link set right up
	ip -n "$right" link set left up
	ip -n "$left" neigh replace "10.$i.0.2" dev right nud permanent \
		lladdr "$(address_of "$i" 2)"
	ip -n "$right" neigh replace "10.$i.0.1" dev left nud permanent \
		lladdr "$(address_of "$i" 1)"
}

# make_vxlan NS DEVICE LOCAL REMOTE NUMBER PEER: the tunnel's end 10.77.0.NUMBER
make_vxlan() {
	ip -n "$1" link add vx0 address "$(address_of 77 "$5")" type vxlan id 7 \
		local "$3" remote "$4" dstport 4789 dev "$2"
	ip -n "$1" addr add "10.77.0.$5/24" dev vx0
	ip -n "$1" link set vx0 up
	ip -n "$1" neigh replace "10.77.0.$6" dev vx0 nud permanent \
		lladdr "$(address_of 77 "$6")"
}

make_network() {
	local ns

	for ns in a b c d; do
		ip netns add "$ns"
		ip netns exec "$ns" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv4.conf.{all,default}.rp_filter=0 \
			net.ipv6.conf.{all,default}.disable_ipv6=1
		ip -n "$ns" link set lo up
	done
	make_pair 1 a b
	make_pair 2 b c
	make_pair 3 c d
	ip -n a route add default via 10.1.0.2
	ip -n b route add 10.3.0.0/24 via 10.2.0.2
	ip -n c route add 10.1.0.0/24 via 10.2.0.1
	ip -n d route add default via 10.3.0.1
	make_vxlan b right 10.2.0.1 10.3.0.2 1 2
	make_vxlan d left 10.3.0.2 10.2.0.1 2 1
	# veth merges nothing without this; a sends packets as a wire would carry them.
	ip netns exec b ethtool -K left gro on
	ip netns exec a ethtool -K right tso off gso off
}

remove_network() {
	local ns

	for ns in a b c d; do
		ip netns del "$ns"
	done
}

# send_udp N ADDRESS PORT [FILE]: N packets of 100 bytes from a. In bursts that no
# queue on the way is too short for; before the next, FILE has grown by the last.
# Not connected, so that an ICMP error for one is not an error for the next.
send_udp() {
	local left=$1 burst sent=0

	for ((; left > 0; left -= burst)); do
		burst=$((left < 40 ? left : 40))
		head -c "$((burst * 100))" /dev/zero > udp
		ip netns exec a socat -u -b 100 OPEN:udp "UDP4-SENDTO:$2:$3"
		sent=$((sent + burst * 100))
		[[ -z ${4-} ]] || poll has_size "$4" "$sent"
	done
}

# receive_udp PORT FILE: all that reaches the port in d, until killed.
receive_udp() {
	: > "$2"
	exec ip netns exec d socat -u "UDP4-RECV:$1" "OPEN:$2,append"
}

# send_tcp FILE ADDRESS PORT: from a.
send_tcp() {
	ip netns exec a socat -u -b 65536 "OPEN:$1" "TCP4:$2:$3"
}

# receive_tcp PORT FILE: one connection to d.
receive_tcp() {
	exec ip netns exec d socat -u -b 65536 "TCP4-LISTEN:$1" "OPEN:$2,creat,trunc"
}

# is_open PROTOCOL PORT: somebody in d listens.
is_open() {
	ip netns exec d ss -Hln "--$1" "sport = $2" | grep -q .
}
