# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# traitctl key apply, save and flush: files become the registry, as a whole or not at all; what is
# no file of keys changes nothing.

. "$HERE/lib.sh" || exit

add=1 del=2 set=8
file=$PWD/keys.conf
old=('one size 4 id 0' 'two size 8 id 1 gro sum' 'three size 16 id 2')
new='key add one size 4 clone copy
key add four size 0 id 1
key add two size 8 gro sum id 2 description "no longer 1"
'

printf '%s' "$new" > "$file"
steps='key del two
key del three
key set one clone copy
key add four size 0 id 1
key add two size 8 id 2 gro sum description "no longer 1"'
wanted='key add one size 4 id 0 clone copy
key add four size 0 id 1
key add two size 8 id 2 gro sum description "no longer 1"'

keys_are "${old[@]}"
before=$(now)
gives 0 "$steps" "a_dry_run_shows_the_difference" traitctl key apply "$file" --dry-run
same "and_changes_nothing" "$before" "$(now)"
holds "as_JSON" 'map([.action, .key.name]) == [["del", "two"], ["del", "three"], ["set", "one"],
	["add", "four"], ["add", "two"]]' traitctl -j key apply --dry-run "$file"
traitctl key apply "$file" --dry-run > steps
gives 0 "" "its_output_is_a_batch" sh -c 'traitctl -b steps > /dev/null'
same "that_does_the_same" "$wanted" "$(now)"

keys_are "${old[@]}"
gives 0 "$steps" "apply_does_it" traitctl key apply "$file"
same "and_the_registry_is_what_the_file_says" "$wanted" "$(now)"
gives 0 "" "again_there_is_nothing_to_do" traitctl key apply "$file"
gives 0 "[]" "nor_as_JSON" traitctl -j key apply "$file"
traitctl key save saved
gives 0 "" "what_save_writes_is_no_change" traitctl key apply saved
gives 0 "" "nor_is_it_from_standard_input" sh -c 'traitctl key apply - < saved'
same "save_writes_the_same_to_a_file" "$(traitctl key save)" "$(cat saved)"
keys_are
gives 0 "$(tail -n +2 saved)" "it_registers_all_from_nothing" traitctl key apply saved
gives 0 $'key del one\nkey del four\nkey del two' "flush_would_delete_all" \
	traitctl key flush --dry-run
gives 0 $'key del one\nkey del four\nkey del two' "flush_deletes_all" traitctl key flush
same "there_are_no_keys_then" "[]" "$(traitctl -j key)"
gives 0 "" "nothing_to_flush" traitctl key flush

# As many steps as there can be; each of them is refused once.
refused_at() {
	keys_are "${old[@]}"
	gives 2 "traitctl: key $2: out of memory, for a test; $3" "refused_at_$4" \
		env FAKE_FAIL="$1" traitctl key apply "$file"
	same "undone_from_$4" "$before" "$(now)"
}
undone="what was changed before was undone"
refused_at $del:1 "del two" "nothing was changed" "the_first_del"
refused_at $del:2 "del three" "$undone" "the_second_del"
refused_at $set:1 "set one" "$undone" "the_set"
refused_at $add:1 "add four" "$undone" "the_first_add"
refused_at $add:2 "add two" "$undone" "the_second_add"

keys_are "${old[@]}"
holds "refused_as_JSON" '.error | test("^key add two: .* undone$")' \
	env FAKE_FAIL=$add:2 traitctl -j key apply "$file"
keys_are "${old[@]}"
gives 2 "traitctl: key add two: out of memory, for a test; not all that was changed before could be \
undone: \"three\" (out of memory, for a test), \"two\" (out of memory, for a test)" \
	"what_cannot_be_undone_is_told" \
	env FAKE_FAIL="$add:2 $add:3 $add:4" traitctl key apply "$file"
same "the_rest_is_undone" "key add one size 4 id 0" "$(now)"

keys_are "${old[@]}"
gives 2 'traitctl: key del three: a program uses it; what was changed before was undone' \
	"a_key_in_use_stays" env FAKE_HELD=three traitctl key apply "$file"
same "and_all_others" "$before" "$(now)"
gives 0 "$steps" "unless_by_force" env FAKE_HELD=three traitctl key apply "$file" --force
gives 2 'traitctl: key del two: a program uses it; what was changed before was undone' \
	"flush_neither" env FAKE_HELD=two traitctl key flush
gives 0 $'key del one\nkey del four\nkey del two' "flush_by_force" \
	env FAKE_HELD=two traitctl key flush --force

# Files that are none
keys_are "${old[@]}"

# rejects CODE MESSAGE NAME ARGUMENT...: of key apply, and nothing has changed
rejects() {
	gives "$1" "traitctl: $2" "$3" timeout 10 traitctl key apply "${@:4}"
	same "${3}_changes_nothing" "$before" "$(now)"
}

rejects 1 'a file is missing, try "traitctl key apply help"' "no_file"
rejects 1 'unknown argument "b" behind the file' "two_files" a b
rejects 2 "nowhere: No such file or directory" "missing_file" nowhere
mkdir directory
rejects 2 "directory: Is a directory" "directory" directory
mkfifo fifo
rejects 1 'fifo: not a regular file; "-" reads standard input' "fifo" fifo
rejects 1 '/dev/zero: not a regular file; "-" reads standard input' "dev_zero" /dev/zero
rejects 1 '/dev/null: not a regular file; "-" reads standard input' "dev_null" /dev/null
ln -s loop loop
rejects 2 "loop: Too many levels of symbolic links" "link_to_itself" loop
gives 1 "traitctl: standard input: longer than 1048576 bytes" "zeros_without_end" \
	sh -c 'timeout 10 traitctl key apply - < /dev/zero'
gives 2 "traitctl: standard input: Bad file descriptor" "closed_standard_input" \
	sh -c 'traitctl key apply - <&-'
head -c 1048577 /dev/zero > big
rejects 1 "big: longer than 1048576 bytes" "file_of_a_megabyte_and_a_byte" big
head -c 1048576 /dev/zero | tr '\0' x > line
rejects 1 "line:1:4097: the line is longer than 4096 bytes" "line_of_a_megabyte" line
head -c 65536 "$TOP/build/test/traitctl/parts" > binary 2> /dev/null ||
	head -c 65536 "$BASH" > binary
rejects 1 "binary:1:1: control character 0x7f" "program" binary
printf 'key add one size 4\r\nkey add four size 4\r\n' > dos
rejects 1 "dos:1:19: the line ends as in a DOS file, with a carriage return" "dos" dos
printf 'key add four size 4\n\nkey add f\xfcnf size 4\n' > latin
rejects 1 "latin:3:10: byte 0xfc is not of a character in UTF-8" "latin_1" latin
printf '%skey add one size 4' "$new" > twice
rejects 1 'twice:4:9: name "one" is taken by line 1' "name_twice" twice
printf '%skey add five size 4 id 2' "$new" > twice
rejects 1 'twice:4:9: key id 2 is taken by "two" in line 3' "id_twice" twice
printf '%skey del one\n' "$new" > other
rejects 1 'other:4:5: only "key add" may be here' "other_command" other
holds "bad_line_as_JSON" '.error == "other:4:5: only \"key add\" may be here"' \
	traitctl -j key apply other
printf 'key add one size 4' > cut.conf
gives 0 $'key del two\nkey del three' "no_newline_at_the_end" traitctl key apply cut.conf
: > empty
gives 0 "key del one" "an_empty_file_is_no_key" traitctl key apply empty

# Saving
keys_are "${old[@]}"
umask 027
traitctl key save fresh
same "new_file_has_the_mode_of_all_new_files" 640 "$(stat -c %a fresh)"
umask 022
echo "key add precious size 4" > kept
chmod 604 kept
gives 0 "" "save_replaces_a_file" traitctl key save kept
same "with_its_mode" 604 "$(stat -c %a kept)"
ln -sf kept link
keys_are "${old[0]}"
gives 0 "" "save_through_a_link" traitctl key save link
same "the_link_stays" kept "$(readlink link)"
same "and_leads_to_the_keys" "$(now)" "$(tail -n +2 kept)"
gives 2 "traitctl: directory: not a regular file" "save_to_a_directory" traitctl key save directory
gives 2 "traitctl: fifo: not a regular file" "save_to_a_fifo" timeout 10 traitctl key save fifo
gives 2 "traitctl: no/where: No such file or directory" "save_to_nowhere" \
	traitctl key save no/where
gives 2 "traitctl: standard output: No space left on device" "full_standard_output" \
	sh -c 'traitctl key save > /dev/full'
same "no_temporary_file_is_left" "" "$(find . -name '*.??????' ! -name binary)"

# A disk that has room for the old file and not for the new one next to it
full_disk() {
	mkdir -p disk && mount -t tmpfs -o size=8k disk disk || return 77
	echo "key add precious size 4" > disk/file
	head -c 4096 /dev/zero > disk/filler
	traitctl key save disk/file
	echo "$? $(cat disk/file) $(ls disk | tr '\n' ' ')"
}
export -f full_disk
said=$(unshare --map-root-user --mount bash -c full_disk 2>&1)
if [ $? -eq 77 ]; then
	skip "full_disk_keeps_the_old_file" "mounting in a user namespace is not allowed here"
else
	same "full_disk_keeps_the_old_file" "traitctl: disk/file: No space left on device
2 key add precious size 4 file filler " "$said"
fi

ktap_end
