#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# traitctl: what it prints for people and for programs, its help, its exit codes.
. /src/test/vm/guest/lib.sh

# gives CODE STDOUT STDERR NAME COMMAND...
gives() {
	local code out err got

	out=$("${@:5}" 2> /tmp/err)
	code=$?
	err=$(< /tmp/err)
	got=$code$'\n'$out$'\n'$err
	vt_eq "$got" "$1"$'\n'"$2"$'\n'"$3" "$4"
}

# json FILTER NAME COMMAND...: the output, as JSON, makes FILTER true.
json() {
	local out

	out=$("${@:3}")
	vt_ok "$2" jq -e "$1" <<< "$out"
}

# helps COMMAND...: help goes to stdout and is a success.
helps() {
	local out

	out=$("$@" 2> /tmp/err)
	vt_eq "$? ${out%%:*} $(< /tmp/err)" "0 Usage " "help: $*"
}

header='ID  SIZE  GRO      CLONE  NETNS  NAME'
service=' 0     8  first    share  keep   service-id'
flag=' 1     0  first    share  keep   flag'
hex=' 5     4  first    share  keep   hex'
trace='42    16  first    share  keep   trace/id'

gives 0 "" "" "no key" traitctl key show
json '. == []' "no key, as JSON" traitctl -j key show

gives 0 "$header"$'\n'"$service" "" "add" \
	traitctl key add service-id size 8
json '. == {"id": 42, "name": "trace/id", "size": 16, "gro": "first", "clone": "share",
	"netns": "keep"}' "add, as JSON" \
	traitctl -j key add trace/id size 16 id 42
gives 0 "$header"$'\n'"$flag" "" "add by the shortest words" \
	traitctl k a flag size 0
gives 0 "$header"$'\n'"$hex" "" "numbers in hexadecimal" \
	traitctl key add hex id 0x5 size 0x4
table=$(printf '%s\n' "$header" "$service" "$flag" "$hex" "$trace")
gives 0 "$table" "" "show all" traitctl key show
gives 0 "$table" "" "show is what key does" traitctl key
gives 0 "$header"$'\n'"$trace" "" "show one" traitctl key show trace/id
json 'map([.id, .name, .size]) == [[0, "service-id", 8], [1, "flag", 0], [5, "hex", 4],
	[42, "trace/id", 16]]' "show all, as JSON" traitctl -j key show
json '. == [{"id": 42, "name": "trace/id", "size": 16, "gro": "first", "clone": "share",
	"netns": "keep"}]' "show one, as JSON" \
	traitctl --json --pretty key show trace/id

gives 2 "" 'traitctl: name "flag" is taken by key id 1' "name is taken" \
	traitctl key add flag size 4
gives 2 "" 'traitctl: key id 42 is taken by "trace/id"' "id is taken" \
	traitctl key add new size 4 id 42
gives 2 "" 'traitctl: key id 255 is not in 0 to 63' "id 255" \
	traitctl key add new size 4 id 255
gives 2 "" 'traitctl: size 5 is not 0, 4, 8 or 16' "size 5" traitctl key add new size 5
gives 2 "" 'traitctl: character 2 of the name, 0x20, is not a letter, a digit or one of . _ - /' \
	"name with a space" traitctl key add "x y" size 4
gives 2 "" 'traitctl: the name has 10000 characters, more than 31' "name without end" \
	traitctl key add "$(printf 'n%.0s' {1..10000})" size 4
gives 2 "" 'traitctl: no key has the name "nobody"' "show nobody" traitctl key show nobody
gives 2 "" 'traitctl: no key has the name "nobody"' "del nobody" traitctl key del nobody
gives 2 '{"error":"no key has the name \"nobody\""}' "" "an error as JSON" \
	traitctl -j key del nobody
gives 2 "" "traitctl: this needs CAP_NET_ADMIN in the initial user namespace" \
	"not for everybody" setpriv --reuid 65534 --clear-groups traitctl key add new size 4
gives 0 "$table" "" "everybody may look" \
	setpriv --reuid 65534 --clear-groups traitctl key show

gives 1 "" 'traitctl: unknown command "foo"' "unknown command" traitctl foo
gives 1 '{"error":"unknown command \"foo\""}' "" "unknown command, as JSON" traitctl -j foo
gives 1 "" 'traitctl: unknown key command "rename"' "unknown key command" \
	traitctl key rename
gives 1 "" 'traitctl: key command "" is ambiguous: add, del, show' "ambiguous" traitctl key ""
gives 1 "" 'traitctl: unknown option "-x"' "unknown option" traitctl -x key
gives 1 "" 'traitctl: a command is missing, try "traitctl help"' "no command" traitctl
gives 1 "" 'traitctl: a size is missing, try "traitctl key add help"' "no size" \
	traitctl key add new
gives 1 "" 'traitctl: a number is missing behind "size"' "no number" \
	traitctl key add new size
gives 1 "" 'traitctl: size "8x" is not a number' "not quite a number" \
	traitctl key add new size 8x
gives 1 "" 'traitctl: size "-8" is not a number' "negative number" \
	traitctl key add new size -8
gives 1 "" 'traitctl: size "4294967296" is not a number' "number of 33 bits" \
	traitctl key add new size 4294967296
gives 1 "" 'traitctl: "size" is given twice' "size given twice" \
	traitctl key add new size 8 size 8
gives 1 "" 'traitctl: unknown argument "colour", expected size, id, gro, clone or netns' \
	"unknown argument" \
	traitctl key add new colour 8
gives 1 "" 'traitctl: unknown argument "b" behind the name' "two names" traitctl key del a b
gives 1 "" 'traitctl: stat takes no argument, but got "all"' "stat of what?" traitctl stat all

helps traitctl help
helps traitctl --help
helps traitctl key help
helps traitctl key add help
helps traitctl key del help
helps traitctl key show help
helps traitctl dev help
helps traitctl dev set help
helps traitctl dev show help
helps traitctl stat help
helps traitctl info help
helps traitctl check help
helps traitctl version help

version=$(< /src/VERSION)
gives 0 "traitctl $version" "" "version" traitctl version
json ".version == \"$version\"" "version, as JSON" traitctl -j version
json "(.release == \"$(uname -r)\") and (.\"max-keys\" == 64) and (.keys == 4) and
	(.version == \"$version\") and (.hook | length > 0 and any(.attached) and
	all(.attached == (.needed and .found) and .missed == 0))" \
	"info, as JSON, with keys" traitctl -j info
counters=$(grep -c $'^\tTRAITS_STAT_[A-Z_]*,$' /src/include/uapi/linux/traits.h)
json "length == $counters and all(type == \"number\")" "stat, as JSON" traitctl -j stat
json '.usable and ([.checks[].name] == ["kernel", "module", "btf", "kfuncs", "hooks"]) and
	all(.checks[]; .warning == false)' \
	"check, as JSON" traitctl -j check
vt_ok "check" traitctl check

for name in service-id flag hex trace/id; do
	gives 0 "" "" "del $name" traitctl key del "$name"
done
json '.keys == 0 and (.hook | all((.attached or .needed) | not))' "no hook without a key" traitctl -j info
json '.checks[] | select(.name == "hooks") | .detail == "idle: no key"' "check is idle" \
	traitctl -j check
vt_done
