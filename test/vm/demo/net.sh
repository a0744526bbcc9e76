# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Networks of demos and their traffic; to be sourced. The one of make demo:
#
#	a right ── left b right ── left c right ── left d
#	     10.1.0.0/24   10.2.0.0/24   10.3.0.0/24	.1 right, .2 left
#
# and a VXLAN tunnel between b and d, vx0, 10.77.0.1 and .2. Neighbours are fixed and
# there is no IPv6: each packet that anybody counts is one that the demo sent.
# Few processes and many lines each: under emulation a process is what costs.

# pair NUMBER LEFT RIGHT
pair() {
	local mac=02:00:00:00:0$1

	ip -batch - <<-END
		link add right netns $2 address $mac:01 type veth peer name left netns $3 address $mac:02
	END
	ip -n "$2" -batch - <<-END
		addr add 10.$1.0.1/24 dev right
		link set right addrgenmode none
		link set right up
		neigh add 10.$1.0.2 dev right lladdr $mac:02 nud permanent
	END
	ip -n "$3" -batch - <<-END
		addr add 10.$1.0.2/24 dev left
		link set left addrgenmode none
		link set left up
		neigh add 10.$1.0.1 dev left lladdr $mac:01 nud permanent
	END
}

# tunnel_end NS DEVICE LOCAL REMOTE NUMBER PEER
tunnel_end() {
	local mac=02:00:00:00:77

	ip -n "$1" -batch - <<-END
		link add vx0 address $mac:0$5 type vxlan id 7 local $3 remote $4 dstport 4789 dev $2
		addr add 10.77.0.$5/24 dev vx0
		link set vx0 addrgenmode none
		link set vx0 up
		neigh add 10.77.0.$6 dev vx0 lladdr $mac:0$6 nud permanent
	END
}

# chain NS...: namespaces, joined in this order
chain() {
	local number=1

	printf 'netns add %s\n' "$@" | ip -batch -
	for ((; $# > 1; number++)); do
		pair $number "$1" "$2"
		shift
	done
}

make_network() {
	chain a b c d
	ip -n a route add default via 10.1.0.2
	ip -n b route add 10.3.0.0/24 via 10.2.0.2
	ip -n c route add 10.1.0.0/24 via 10.2.0.1
	ip -n d route add default via 10.3.0.1
	tunnel_end b right 10.2.0.1 10.3.0.2 1 2
	tunnel_end d left 10.3.0.2 10.2.0.1 2 1
	ip netns exec b sysctl -qw net.ipv4.ip_forward=1
	ip netns exec c sysctl -qw net.ipv4.ip_forward=1
	# veth merges nothing without this; a sends packets as a wire would carry them.
	ip netns exec b ethtool -K left gro on
	ip netns exec a ethtool -K right tso off gso off
}

remove_network() {
	ip -all netns del
}

# services PORT=ID...: tells classify, byte by byte as bpftool wants it.
services() {
	local pair

	for pair in "$@"; do
		echo "map update pinned /sys/fs/bpf/classify/services" \
			"key $((${pair%=*} & 255)) $((${pair%=*} >> 8))" \
			"value ${pair#*=} 0 0 0 0 0 0 0"
	done | bpftool batch file - > /dev/null
}

# send_udp N ADDRESS PORT [FILE]: N packets of 100 bytes from a, in bursts; before
# the next, FILE has grown by the last. A socket takes 212992 bytes, and a packet that
# went through XDP counts as a page and more: 25 fit though their reader sleeps.
# Not connected, so that an ICMP error for one is not an error for the next.
send_udp() {
	local sent burst

	for ((sent = 0; sent < $1; sent += burst)); do
		burst=$(($1 - sent < 25 ? $1 - sent : 25))
		printf '%*s' $((burst * 100)) "" > burst
		ip netns exec a socat -u -b 100 OPEN:burst "UDP4-SENDTO:$2:$3"
		[[ -z ${4-} ]] || poll has_size "$4" $(((sent + burst) * 100))
	done
}

# send_from NS N ADDRESS PORT: N packets of 100 bytes at once, up to 25
send_from() {
	printf '%*s' $(($2 * 100)) "" |
		ip netns exec "$1" socat -u -b 100 - "UDP4-SENDTO:$3:$4"
}

# receive_udp PORT FILE: all that reaches the port in d, until killed.
receive_udp() {
	: > "$2"
	exec ip netns exec d socat -lf "$2.log" -u "UDP4-RECV:$1" "OPEN:$2,append"
}

# send_tcp FILE ADDRESS PORT: from a.
send_tcp() {
	ip netns exec a socat -u -b 65536 "OPEN:$1" "TCP4:$2:$3"
}

# receive_tcp PORT FILE: one connection to d.
receive_tcp() {
	exec ip netns exec d socat -lf "$2.log" -u -b 65536 "TCP4-LISTEN:$1" "OPEN:$2,creat,trunc"
}

# has_size FILE BYTES
has_size() { [[ -e $1 ]] && (($(stat -c %s "$1") >= $2)); }

# listens NS N: N sockets of NS wait for what will come.
listens() {
	local lines

	mapfile -t lines < <(ip netns exec "$1" ss -Hlntu 'sport < 32768')
	((${#lines[@]} >= $2))
}

# listeners N: so many sockets of d wait for what will come.
listeners() {
	local lines

	mapfile -t lines < <(ip netns exec d ss -Hlntu 'sport >= 7000')
	((${#lines[@]} >= $1))
}
