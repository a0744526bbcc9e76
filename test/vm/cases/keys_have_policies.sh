#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# traitctl: keys with policies, what it shows of them, what it refuses, and which hooks a
# policy makes needed. Objects that declare policies get keys that have them, or no key.
. /src/test/vm/guest/lib.sh

object=/build/test/progs/policy.bpf.o

# gives CODE OUTPUT NAME COMMAND...: stdout and stderr
gives() {
	local out code

	out=$("${@:4}" 2>&1)
	code=$?
	vt_eq "$code $out" "$1 $2" "$3"
}

# policies NAME: of a key
policies() {
	local gro clone netns

	read -r _ _ gro clone netns _ <<< "$(traitctl key show "$1" | tail -n 1)"
	echo "$gro $clone $netns"
}

# unneeded: hooks that no key needs
unneeded() {
	traitctl -j info | jq '[.hook[] | select(.needed | not)] | length'
}

gives 0 $'ID  SIZE  GRO      CLONE  NETNS  USER       NAME\n 3     8  sum      copy   drop   none       all' "all at once" \
	traitctl key add all netns drop gro sum size 8 clone copy id 3
vt_eq "$(traitctl -j key show all | jq -c '.[0] | [.gro, .clone, .netns]')" \
	'["sum","copy","drop"]' "and as JSON"
gives 2 'traitctl: name "all" is taken by key id 3' "a taken name" \
	traitctl key add all size 8 gro last
vt_eq "$(policies all)" "sum copy drop" "leaves the policies"
vt_run traitctl key del all

for gro in first last block discard sum min max or; do
	vt_run traitctl key add "gro-$gro" size 4 gro $gro > /dev/null
	vt_eq "$(policies gro-$gro)" "$gro share keep" "gro $gro"
done
for clone in share copy drop; do
	vt_run traitctl key add "clone-$clone" size 16 clone $clone > /dev/null
	vt_eq "$(policies clone-$clone)" "first $clone keep" "clone $clone"
done
for netns in keep drop; do
	vt_run traitctl key add "netns-$netns" size 0 netns $netns > /dev/null
	vt_eq "$(policies netns-$netns)" "first share $netns" "netns $netns"
done
vt_eq "$(traitctl -j key show | jq -c 'map([.gro, .clone, .netns] | join(" ")) | unique | length')" \
	11 "a dump has all of them"
vt_run traitctl key add "user-write" size 0 user write > /dev/null
# But those that sockets ask for, and those that the first driver without XDP metadata brings
sockets=$(grep -cE '^TRAITS_[A-Z_]*\((SOCKET|SYN|DATA|RECV),' /src/module/hook-points.h)
pending=$(grep -c '^TRAITS_[A-Z_]*(PENDING,' /src/module/hook-points.h)
left=$(($(unneeded) - sockets))
vt_ok "all policies need all other hooks" [ "$left" = 0 -o "$left" = "$pending" ]
vt_ok "check has no complaint" traitctl check
for name in $(traitctl -j key show | jq -r '.[].name'); do
	vt_run traitctl key del "$name"
done

vt_run traitctl key add plain size 4 > /dev/null
base=$(unneeded)
vt_eq "$(traitctl info | grep -c 'not needed$')" "$base" "info says which hooks are not needed"
vt_ok "check does not mind those" traitctl check
vt_run traitctl key del plain
vt_eq "$(unneeded)" "$(traitctl -j info | jq '.hook | length')" "without a key none is needed"

for size in 0 16; do
	for gro in sum min max or; do
		gives 2 "traitctl: sum, min, max and or are for values of 4 or 8 bytes, not $size" \
			"$gro of $size bytes" traitctl key add new size $size gro $gro
	done
done
gives 1 'traitctl: gro "add" is not one of first, last, block, discard, sum, min, max, or' \
	"unknown gro" traitctl key add new size 4 gro add
gives 1 'traitctl: clone "" is not one of share, copy, drop' "empty clone" \
	traitctl key add new size 4 clone ""
gives 1 'traitctl: netns "Keep" is not one of keep, drop' "netns in capitals" \
	traitctl key add new size 4 netns Keep
gives 1 'traitctl: a policy is missing behind "gro"' "no policy" traitctl key add new size 4 gro
gives 1 'traitctl: "clone" is given twice' "clone twice" \
	traitctl key add new size 4 clone copy clone copy
vt_eq "$(traitctl -j key show)" "[]" "nothing was registered"

# The object wants: policy_sum gro sum, policy/own clone copy and netns drop, policy_any nothing
vt_ok "an object with policies loads" traits-attach load $object trace on_poll
vt_eq "$(policies policy_sum)" "sum share keep" "its keys are registered with them: gro"
vt_eq "$(policies policy/own)" "first copy drop" "its keys are registered with them: clone, netns"
vt_eq "$(policies policy_any)" "first share keep" "a key without policies has the default ones"
vt_run traits-attach unload policy
vt_ok "it loads again, with the keys there" traits-attach load $object trace on_poll
vt_run traits-attach unload policy

# instead NAME SIZE POLICY...: the key, as somebody else registered it
instead() {
	vt_run traitctl key del "$1"
	vt_run traitctl key add "$1" size "${@:2}" > /dev/null
}

instead policy_any 8 gro max clone drop netns drop
vt_ok "what an object does not say may be anything" traits-attach load $object trace on_poll
vt_run traits-attach unload policy
instead policy_sum 8
gives 2 'traits-attach: key "policy_sum" has the gro policy "first", the program wants "sum"' \
	"another gro policy" traits-attach load $object trace on_poll
instead policy_sum 8 gro sum netns drop clone copy
vt_ok "others of its policies may be anything" traits-attach load $object trace on_poll
vt_run traits-attach unload policy
instead policy/own 4 clone share netns drop
gives 2 'traits-attach: key "policy/own" has the clone policy "share", the program wants "copy"' \
	"another clone policy" traits-attach load $object trace on_poll
instead policy/own 4 clone copy
gives 2 'traits-attach: key "policy/own" has the netns policy "keep", the program wants "drop"' \
	"another netns policy" traits-attach load $object trace on_poll
vt_ok "nothing was attached" vt_not test -e /sys/fs/bpf/policy

for name in policy_sum policy/own policy_any; do
	vt_run traitctl key del $name
done
vt_done
