#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# series: 6.12
# traitctl on the registry itself: files of keys become it as a whole or not at all, what is saved
# brings it back, changes are told as they happen, and all keys there can be fit into a file.
. /src/test/vm/guest/lib.sh

# gives CODE OUTPUT NAME COMMAND...: stdout and stderr
gives() {
	local out code

	out=$("${@:4}" 2>&1)
	code=$?
	vt_eq "$code $out" "$1 $2" "$3"
}

now() { traitctl key save | tail -n +2; }

traitctl -j monitor -c 7 > events &
monitor=$!
# It waits for nothing else than for news.
listens() { grep -q wait_for_more_packets "/proc/$monitor/wchan"; }
vt_ok "monitor listens" vt_wait_until 10 listens

cat > first << 'END'
key add one size 4 id 3 gro sum
key add two size 8 user read gid 7 description "it is \"two\""
key add three size 16
END
gives 0 'key add one size 4 id 3 gro sum
key add two size 8 id 0 user read gid 7 description "it is \"two\""
key add three size 16 id 1' "from nothing" traitctl key apply first
saved='key add two size 8 id 0 user read gid 7 description "it is \"two\""
key add three size 16 id 1
key add one size 4 id 3 gro sum'
vt_eq "$(now)" "$saved" "the registry has it"
gives 0 "" "again" traitctl key apply first

# three makes room for one, which moves; two is only changed.
cat > second << 'END'
key add one size 4 id 1 gro sum
key add two size 8 clone drop
END
steps='key del three
key del one
key set two clone drop user none gid any description ""
key add one size 4 id 1 gro sum'
gives 0 "$steps" "a dry run" traitctl key apply second --dry-run
vt_eq "$(now)" "$saved" "changes nothing"
gives 0 "$steps" "something else" traitctl key apply second
vt_eq "$(now)" $'key add two size 8 id 0 clone drop\nkey add one size 4 id 1 gro sum' "it is there"

told_all() { [[ $(wc -l < events) -eq 7 ]]; }
vt_ok "the monitor has all it was to tell" vt_wait_until 10 told_all
vt_run wait $monitor
vt_eq "$(jq -r '.event + " " + .key.name + " " + .key.gro + " " + .key.clone' events)" \
	'add one sum share
add two first share
add three first share
del three first share
del one sum share
set two first drop
add one sum share' "and told it in order"

# An unprivileged user sees the difference, and changes nothing.
chmod 755 .
chmod 644 first
user=(setpriv --reuid 65534 --clear-groups)
gives 2 'traitctl: key del one: this needs CAP_NET_ADMIN in the initial user namespace; nothing was changed' \
	"not for everybody" "${user[@]}" traitctl key apply first
vt_eq "$("${user[@]}" traitctl key apply first --dry-run | wc -l)" 4 "everybody may ask"

# A program that declares policy_sum keeps it; what was done before is undone.
vt_run traitctl key flush > /dev/null
vt_run traitctl key add aside size 4 > /dev/null
vt_run traits-attach load /build/test/progs/policy.bpf.o trace on_poll > /dev/null
held=$(now)
out=$(traitctl key flush 2>&1)
vt_eq "$? ${out##*; }" "2 what was changed before was undone" \
	"keys of a loaded program are not flushed"
vt_eq "$(now)" "$held" "and no other ones"
vt_run traits-attach unload policy
vt_ok "they are when it is gone" traitctl key flush

# 64 keys with the longest names and texts
printf -v text '%0127d' 0
for i in {10..73}; do
	echo "key add name-of-31-characters/xxxxxxx$i size 16 user write description \"$text\""
done > all
gives 0 64 "all keys" sh -c 'traitctl key apply all | wc -l'
vt_eq "$(traitctl -j key | jq -c '[length, ([.[].name | length] | unique), (map(.id) == [range(64)])]')" \
	"[64,[31],true]" "are there, with names of 31 characters"
traitctl key save again
gives 0 "" "what is saved of them is no change" traitctl key apply again
vt_ok "nor of a registry that was empty" traitctl key flush
gives 0 64 "where it brings them all back" sh -c 'traitctl key apply again | wc -l'
vt_eq "$(traitctl key save)" "$(< again)" "as they were"

# A disk with room for one file of them
vt_run mkdir disk
vt_run mount -t tmpfs -o size=24k disk disk
vt_ok "it is saved there" traitctl key save disk/keys
cp disk/keys before
gives 2 "traitctl: disk/keys: No space left on device" "not twice" traitctl key save disk/keys
vt_ok "the old file is whole" cmp disk/keys before
vt_eq "$(ls disk)" keys "nothing else is left"
vt_run umount disk
gives 0 64 "flush" sh -c 'traitctl key flush | wc -l'
vt_eq "$(traitctl -j key)" "[]" "no key is left"

# In place only on a terminal, which this is not
vt_eq "$(traitctl stat -w 1 -c 2 | grep -c $'\033')" 0 "stat again and again"
vt_eq "$(traitctl -j stat -w 1 -c 2 | jq -s 'length == 2 and .[0] == .[1]')" true "as JSON"
vt_run traitctl key add one size 4 > /dev/null
vt_ok "stat of a key" jq -e '.einval == 0 and (has("set") | not)' <<< "$(traitctl -j stat key one)"
vt_eq "$(traitctl -j stat cpu | jq '[.[].cpu] == [range(length)] and length > 0')" true "stat by CPU"
vt_run traitctl key del one
vt_done
