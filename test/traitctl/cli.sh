# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# traitctl: grammar, help, options, batches, and that all it prints with -j is JSON.

. "$HERE/lib.sh" || exit

keys_are "one size 4 id 7 user read gid 5" "two size 8"

# Each command has help, on standard output, and is a success then.
helps() {
	local err

	err=$(traitctl "$@" 2>&1 > out < /dev/null)
	same "help_of_${*// /_}" "0 Usage:" "$? $(head -c 6 out)$err"
}

for command in key dev stat monitor trace info check version; do
	helps $command help
	helps $command -h
	helps $command --help
done
for command in add set del show apply save flush; do
	helps key $command help
done
helps dev set help
helps dev show help
helps help
helps --help
helps -h

# JSON of each command
key_form='.id < 64 and (.name | length > 0) and .size >= 0 and .gro == "first" and .clone == "share" and
	.netns == "keep" and (.user | IN("none", "read", "write")) and (.gid == null or .gid >= 0) and
	(.description | type == "string") and .holds == 0'
holds json_key_show "length == 2 and all($key_form)" traitctl -j key show
holds json_key_show_one "length == 1 and .[0].gid == 5" traitctl -j key show one
holds json_key_add "$key_form" traitctl -j key add three size 0
holds json_key_set "$key_form and .user == \"write\"" traitctl -j key set three user write
holds json_key_apply_dry_run 'length == 3 and all(.action == "del")' \
	sh -c 'traitctl -j key apply --dry-run - < /dev/null'
holds json_dev_set '.ifname == "dev0" and .headroom == 64 and .needed == 65 and .ifindex == 7' \
	traitctl -j dev set dev0 headroom 64
holds json_dev_show '. == []' traitctl -j dev
holds json_dev_show_one 'length == 1 and .[0].ifname == "dev0"' traitctl -j dev show dev0
holds json_stat '.set == 2 and ."lost-pending" == 50 and all(type == "number")' traitctl -j stat
holds json_stat_key '.einval == 16 and (has("set") | not)' traitctl -j stat key one
holds json_stat_cpu 'map(.cpu) == [0, 1] and all(.set == 1)' traitctl -j stat cpu
same json_stat_again 3 "$(traitctl -j stat -w 1 -c 3 | jq -e 'select(.set == 2) | 1' | wc -l)"
holds json_info '.version == "1.2.3" and .keys == 3 and (.hook | length == 1) and
	[."max-keys", ."max-name", ."max-description", ."max-headroom"] == [64, 31, 127, 512]' \
	traitctl -j info
gives 0 'version   1.2.3
release   6.99.0
keys      3 of 64
limits    names of 31 and descriptions of 127 characters, headroom of 512 bytes
hook      tracepoint netif_receive_skb            attached' info traitctl info
holds json_check '(.usable | type == "boolean") and (.checks | length > 1)' traitctl -j check
holds json_version '.version == "1.2.3"' traitctl -j version
same json_monitor "add two,set two,del two,add three" \
	"$(traitctl -j monitor -c 4 | jq -r 'select(.time > 1e9) | .event + " " + .key.name' | paste -sd,)"
same json_monitor_missed "del missed" \
	"$(traitctl -j monitor -c 10 | jq -r .event | tail -n 2 | paste -sd' ')"
holds json_trace '.error | test("cannot be loaded")' traitctl -j trace
holds json_error '.error == "no key has the name \"nobody\""' traitctl -j key del nobody
holds json_usage '.error == "unknown command \"foo\""' traitctl -j foo
holds json_no_module '.error | test("^the module is not loaded")' \
	env FAKE_NO_MODULE=1 traitctl -j key
holds json_pretty '.version == "1.2.3"' traitctl --json --pretty version
same json_pretty_has_lines 3 "$(traitctl -j -p version | wc -l)"
printf -v bytes 'no\xfftext\033'
holds json_of_what_is_no_text '.error == "no key has the name \"no?text?\""' \
	traitctl -j key del "$bytes"

# Grammar
gives 1 'traitctl: a command is missing, try "traitctl help"' no_command traitctl
gives 1 'traitctl: unknown option "-x"' unknown_option traitctl -x
gives 1 'traitctl: a name is missing behind "-n"' no_netns traitctl -n
gives 1 'traitctl: "../x" is not the name of a network namespace' no_path_for_netns \
	traitctl -n ../x key
gives 2 'traitctl: network namespace "no.such": No such file or directory' unknown_netns \
	traitctl -n no.such key
gives 0 'traitctl 1.2.3' unique_prefix traitctl vers
gives 1 'traitctl: key command "a" is ambiguous: add, apply' ambiguous_prefix traitctl key a
gives 1 'traitctl: the size of a key cannot be changed' set_size traitctl key set one size 8
gives 1 'traitctl: the id of a key cannot be changed' set_id traitctl key set one id 8
gives 1 'traitctl: nothing to change, try "traitctl key set help"' set_nothing traitctl key set one
gives 1 'traitctl: a name is missing, try "traitctl key set help"' set_nobody traitctl key set
gives 2 'traitctl: no key has the name "nobody"' set_unknown traitctl key set nobody gro last
gives 2 'traitctl: name "one" is taken by key id 7' add_again traitctl key add one size 4
gives 0 'ID  SIZE  GRO      CLONE  NETNS  USER       NAME
 7     4  first    share  keep   read:5     one' add_again_exist_ok \
	traitctl key add one --exist-ok size 4
gives 0 'ID  SIZE  GRO      CLONE  NETNS  USER       NAME
 7     4  last     share  keep   read       one  what it is for' set_several \
	traitctl key set one description 'what it is for' gid any gro last
gives 2 'traitctl: a program uses it' del_in_use env FAKE_HELD=two traitctl key del two
gives 0 '' del_in_use_by_force env FAKE_HELD=two traitctl key del two --force
gives 1 'traitctl: a number is missing behind "-c"' stat_no_count traitctl stat -c
gives 1 'traitctl: a name is missing behind "key"' stat_no_key traitctl stat key
gives 1 'traitctl: unknown argument "key", try "traitctl stat help"' stat_two_things \
	traitctl stat cpu key one
gives 2 'traitctl: no key has the name "nobody"' stat_nobody traitctl stat key nobody
gives 1 'traitctl: a number is missing behind "-c"' monitor_no_count traitctl monitor -c 0
same stat_tells_rates 26 "$(traitctl stat -w 1 -c 2 | grep -c ' 0/s$')"
script -qec 'traitctl stat -w 1 -c 2' /dev/null > terminal < /dev/null
same stat_on_a_terminal_is_in_place "1 2 2 52" "$(for escape in '\[2J' '\[H' '\[J' '\[K'; do
	grep -o $'\033'"$escape" terminal | wc -l; done | paste -sd' ')"
traitctl stat -w -c 100 2> /dev/null | head -n 1 > /dev/null
code=${PIPESTATUS[0]}
same stat_ends_when_nobody_reads 2 "${code/141/2}"
gives 2 "traitctl: standard output: No space left on device" full_output \
	sh -c 'traitctl help > /dev/full'

# Batches
cat > lines << 'END'
# comment
key add four size 4   # another
  key set four description "with blanks"

version
key del four
END
gives 0 'ID  SIZE  GRO      CLONE  NETNS  USER       NAME
 0     4  first    share  keep   none       four
ID  SIZE  GRO      CLONE  NETNS  USER       NAME
 0     4  first    share  keep   none       four  with blanks
traitctl 1.2.3' batch traitctl -b lines
gives 0 'traitctl 1.2.3' batch_from_standard_input sh -c 'echo vers | traitctl -b -'
gives 1 'traitctl: a batch takes no command, but got "version"' batch_and_command \
	traitctl -b lines version
gives 2 'traitctl: nowhere: No such file or directory' batch_is_missing traitctl -b nowhere
printf 'key add four size 4\nkey add four size 4\nkey add five size 4\n' > lines
gives 2 "$(printf '%s\n' 'ID  SIZE  GRO      CLONE  NETNS  USER       NAME' \
	' 0     4  first    share  keep   none       four' \
	'traitctl: lines:2: name "four" is taken by key id 0')" batch_ends_at_a_refusal traitctl -b lines
gives 2 'traitctl: no key has the name "five"' and_does_not_go_on traitctl key show five
printf 'key del four\nkey add "five size 4\n' > lines
gives 1 'traitctl: lines:2:9: the quote at the beginning of the word has no end' \
	batch_that_cannot_be_read traitctl -b lines
gives 0 '[1,"four"]' did_nothing sh -c 'traitctl -j key show four | jq -c "[length, .[0].name]"'
printf 'version\nversion x\n' > lines
same json_batch '1.2.3 lines:2: version takes no argument, but got "x"' \
	"$(traitctl -j -b lines | jq -r '.version // .error' | paste -sd' ')"

ktap_end
