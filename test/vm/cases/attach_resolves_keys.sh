#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# traits-attach gives an object the ids of its keys, registers those that are new, keeps the
# programs attached, and takes all of it back; or leaves nothing when it fails.
. /src/test/vm/guest/lib.sh

object=/build/test/progs/resolve.bpf.o

# entry I: element I of map "ids", 64 bits
entry() {
	bpftool -j map lookup pinned /sys/fs/bpf/resolve/ids key "$1" 0 0 0 |
		jq -r '.formatted.value // ([.value[] | ltrimstr("0x")] | reverse | join(""))'
}

send() {
	ip netns exec left ping -c "$1" -i 0.1 -q -W 2 10.9.0.2 > /dev/null
}

attached() {
	ip -n right -j link show veth0 | jq -r '.[0].xdp.mode // 0'
	ip netns exec right tc filter show dev veth0 ingress | grep -c 'direct-action'
}

# refused TEXT COMMAND...
refused() {
	local output

	output=$("${@:2}" 2>&1) && return 1
	[[ $output == *"$1"* ]] || { echo "$output"; return 1; }
}

vt_veth left right
vt_run traitctl key add resolve/b size 16 id 33 > /dev/null
vt_run traitctl key add blocker size 4 id 0 > /dev/null

vt_ok "load" traits-attach -n right load $object xdp veth0 on_xdp \
	tc veth0 ingress on_tc tc veth0 ingress on_tc_second trace on_poll
vt_eq "$(traitctl -j key show | jq -c 'map([.id, .name, .size])')" \
	'[[0,"blocker",4],[1,"resolve_a",8],[2,"resolve-flag",0],[33,"resolve/b",16]]' \
	"missing keys are registered, the others found"
vt_ok "packets pass" send 3
vt_eq "$(entry 0) $(entry 1) $(entry 2)" "1 33 2" "the program knows the ids"
vt_ok "XDP has run" test "$(entry 3)" -ge 3
vt_ok "TC has run" test "$(entry 4)" -ge 3
vt_ok "TC programs run in the order given" test "$(entry 5)" -ge 3
vt_ok "the tracing program has run" test "$(entry 6)" -ge 1
vt_eq "$(attached | xargs)" "1 2" "native XDP and two TC programs are attached"

vt_ok "a second load is refused" vt_not traits-attach -n right load $object trace on_poll
vt_eq "$(attached | xargs)" "1 2" "and changes nothing"

vt_ok "unload elsewhere is refused, and says where to" \
	refused "was attached in network namespace right: give -n right" \
	traits-attach -n left unload resolve
vt_eq "$(attached | xargs)" "1 2" "and changes nothing"
vt_ok "unload" traits-attach -n right unload resolve
vt_eq "$(attached | xargs)" "0 0" "nothing is attached any more"
vt_ok "nothing is pinned any more" vt_not test -e /sys/fs/bpf/resolve

vt_run ip netns add gone
vt_ok "load elsewhere" traits-attach -n gone load $object tc lo ingress on_tc
vt_run ip netns del gone
vt_ok "what went with its namespace can be unloaded" traits-attach unload resolve

vt_ok "a program that is not there" \
	vt_not traits-attach -n right load $object xdp veth0 nobody
vt_ok "a program of another type" \
	vt_not traits-attach -n right load $object xdp veth0 on_tc
vt_ok "a device that is not there" \
	vt_not traits-attach -n right load $object xdp veth7 on_xdp
vt_ok "a failure halfway" vt_not traits-attach -n right load $object \
	xdp veth0 on_xdp xdp veth0 on_xdp tc veth0 ingress on_tc
vt_eq "$(attached | xargs)" "0 0" "leaves nothing attached"
vt_ok "and nothing pinned" vt_not test -e /sys/fs/bpf/resolve

vt_run traitctl key del resolve_a
vt_run traitctl key add resolve_a size 4 > /dev/null
vt_eq "$(traits-attach load $object trace on_poll 2>&1)" \
	'traits-attach: key "resolve_a" has values of 4 bytes, the program wants 8' \
	"a key of another size"

for name in resolve_a resolve/b resolve-flag blocker; do
	vt_run traitctl key del $name
done
vt_done
