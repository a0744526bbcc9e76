#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module: own
# Headroom is added to what a device needs itself and taken back from it: on request, when the
# device goes away or to another namespace, when the module is unloaded. Where others write the
# field meanwhile, theirs is what stays.
. /src/test/vm/guest/lib.sh

# gives CODE OUTPUT NAME COMMAND...: stdout and stderr
gives() {
	local out code

	out=$("${@:4}" 2>&1)
	code=$?
	vt_eq "$code $out" "$1 $2" "$3"
}

# numbers COMMAND...: "headroom needed" of the device that the last line shows
numbers() {
	local output headroom needed

	output=$("$@")
	read -r _ headroom needed _ <<< "${output##*$'\n'}"
	echo "$headroom $needed"
}

# set_to NS DEV N: what it then has, as numbers
set_to() { numbers traitctl -n "$1" dev set "$2" headroom "$3"; }

# now NS DEV
now() { numbers traitctl -n "$1" dev show "$2"; }

# all NS: names, in order
all() {
	traitctl -n "$1" -j dev | jq -r '[.[].ifname] | join(" ")'
}

is_now() { [[ $(now "$1" "$2") == "$3" ]]; }

vt_run /src/test/vm/guest/load
vt_veth left right
vt_run ip -n left link add link veth0 name vlan5 type vlan id 5

# A VLAN needs 4 bytes itself.
vt_eq "$(now left vlan5)" "0 4" "nothing was asked for"
gives 0 "" "so nothing is listed" traitctl -n left dev show
index=$(ip -n left -j link show vlan5 | jq '.[0].ifindex')
row=$(printf '%7s  %8s  %6s  %s\n%7u  %8u  %6u  %s' IFINDEX HEADROOM NEEDED IFNAME \
	"$index" 200 205 vlan5)
gives 0 "$row" "headroom is added" traitctl -n left dev set vlan5 headroom 200
gives 0 "$row" "a dump has it" traitctl -n left dev
gives 0 "$row" "and the device" traitctl -n left dev show vlan5
vt_eq "$(traitctl -n left -j dev show | jq -c .)" \
	"[{\"ifindex\":$index,\"ifname\":\"vlan5\",\"headroom\":200,\"needed\":205}]" "as JSON"
gives 0 "" "another namespace has none" traitctl -n right dev show
vt_eq "$(set_to left vlan5 100)" "100 105" "it is replaced, not added again"
vt_eq "$(set_to left vlan5 100)" "100 105" "the same again changes nothing"
vt_eq "$(set_to left vlan5 0)" "0 4" "it is taken back"
vt_eq "$(set_to left vlan5 0)" "0 4" "once"

vt_eq "$(set_to left veth0 512)$(set_to left vlan5 1)$(set_to left lo 8)" "512 5131 58 9" \
	"three devices"
vt_eq "$(all left)" "lo veth0 vlan5" "are listed in order of their indices"
vt_run ip -n left link set vlan5 name vlan6
vt_eq "$(now left vlan6)" "1 5" "a device with a new name keeps it"
vt_run ip -n left link del vlan6
vt_eq "$(all left)" "lo veth0" "a device that is gone is not listed"
gives 2 'traitctl: no device has the name "vlan6"' "and not there" \
	traitctl -n left dev show vlan6
# That VLAN was made while its device was raised, and has taken it from there.
vt_run ip -n left link add link veth0 name vlan6 type vlan id 6
vt_eq "$(now left vlan6)" "0 517" "a VLAN asks for what its device needs"

vt_run ip -n left link set veth0 netns right name moved
vt_eq "$(all left)$(all right)" "lo" "a device that moved is not listed"
vt_eq "$(now right moved)" "0 0" "it has its own need there"
vt_eq "$(set_to right moved 64)" "64 65" "and can be given headroom again"

# The bridge writes what its ports need for sending over VXLAN, absolutely, and veth takes it.
vt_run ip -n right link add br0 type bridge
vt_run ip -n right link add vx0 type vxlan id 1 dstport 4789 local 10.9.0.2 dev veth0
vx=$(now right vx0)
vx=${vx#0 }
vt_ok "VXLAN needs something itself" test "$vx" -ge 50
vt_run ip -n right link set moved master br0
# The bridge then writes, but for its last bit, the number that veth has already.
vt_eq "$(set_to right moved $vx)" "$vx $((vx | 1))" "as much as VXLAN needs"
vt_run ip -n right link set vx0 master br0
vt_ok "headroom is added to what the bridge wrote" \
	vt_wait_until 10 is_now right moved "$vx $((vx + vx | 1))"
vt_eq "$(now right br0)" "0 $vx" "the bridge has its own"
vt_eq "$(set_to right moved 32)" "32 $((vx + 32 | 1))" "it is replaced there"
vt_run ip -n right link set vx0 nomaster
vt_ok "and again when the bridge needs less" vt_wait_until 10 is_now right moved "32 33"
vt_run ip -n right link set vx0 master br0
vt_ok "or more" vt_wait_until 10 is_now right moved "32 $((vx + 32 | 1))"
vt_eq "$(set_to right moved 0)" "0 $vx" "taken back, what the bridge wrote stays"
vt_run ip -n right link set vx0 nomaster
vt_eq "$(now right moved)" "0 0" "and is the bridge's to take"

gives 2 'traitctl: headroom 513 is not in 0 to 512' "513" \
	traitctl -n left dev set lo headroom 513
gives 2 'traitctl: no device has the name "nobody"' "no such device" \
	traitctl -n left dev set nobody headroom 4
gives 2 "traitctl: the device's name has 16 characters, more than 15" "a long name" \
	traitctl -n left dev set 1234567890123456 headroom 4
gives 2 "traitctl: the device's name is empty" "an empty name" \
	traitctl -n left dev set "" headroom 4
gives 2 'traitctl: this needs CAP_NET_ADMIN in the initial user namespace' "not for everybody" \
	ip netns exec left setpriv --reuid 65534 --clear-groups traitctl dev set lo headroom 4
gives 1 'traitctl: headroom "-4" is not a number' "negative" traitctl dev set lo headroom -4
gives 1 'traitctl: a headroom is missing, try "traitctl dev set help"' "no headroom" \
	traitctl dev set lo
gives 1 'traitctl: a number is missing behind "headroom"' "no number" \
	traitctl dev set lo headroom
gives 1 'traitctl: unknown argument "room", expected headroom' "another word" \
	traitctl dev set lo room 4
vt_eq "$(now left lo)" "8 9" "nothing of that changed anything"

vt_eq "$(set_to right moved 300) $(set_to right veth0 44)" "300 301 44 45" "two more devices"
vt_run rmmod traits
vt_run /src/test/vm/guest/load
vt_eq "$(now left lo), $(now right moved), $(now right veth0)" "0 0, 0 0, 0 0" \
	"unloading the module takes all of it back"
vt_eq "$(all left)$(all right)" "" "nothing is listed after that"

vt_run ip netns add gone
vt_eq "$(set_to gone lo 99)" "99 99" "headroom in a namespace"
vt_run ip netns del gone
vt_eq "$(set_to right veth0 16)" "16 17" "headroom when the module goes"
vt_run rmmod traits
vt_done
