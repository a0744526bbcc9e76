# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The man pages: man(1) has nothing to say about them, they tell of everything that there is, and what
# they give as examples works.

. "$HERE/lib.sh" || exit

pages=("$TOP"/man/*.[0-9])
for page in "${pages[@]}"; do
	name=${page##*/}
	cp "$page" .
	if command -v man > /dev/null && command -v groff > /dev/null; then
		gives 0 "" "${name}_has_no_warning" \
			sh -c "LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 ./$name 2>&1 > $name.txt"
		same "${name}_is_something" yes "$([[ -s $name.txt ]] && echo yes)"
	else
		skip "${name}_has_no_warning" "man or groff is not installed"
	fi
	same "${name}_has_its_name" "$(tr '[:upper:]' '[:lower:]' <<< "${name%.?}")" \
		"$(sed -n 's/^\.TH \([^ ]*\) .*/\1/p' "$page" | tr -d '\\' | tr '[:upper:]' '[:lower:]')"
done

# tells PAGE WHAT WORD...: each word is in bold type in the page.
tells() {
	local page=$1 what=$2 word missing=

	shift 2
	[[ $# -gt 0 ]] || missing=" nothing was asked for"
	for word in "$@"; do
		word=${word//-/\\-}
		grep -qE -- "(^\\.B.*[ \"]|\\\\fB)${word//\\/\\\\}(\\\\fR|[ ,\"(]|\$)" "$TOP/man/$page" ||
			missing+=" $word"
	done
	verdict "${page%.?}_tells_$what" "${missing:+missing:$missing}"
}

mapfile -t commands < <(traitctl help | sed -n 's/^  \([a-z]*\) .*/\1/p')
tells traitctl.8 commands "${commands[@]}"
mapfile -t options < <(traitctl help | grep -oE '^  -., --[a-z]+' | grep -oE -- '--?[a-z]+')
tells traitctl.8 options "${options[@]}"
mapfile -t verbs < <(traitctl key nothing-of-this help 2>&1 > /dev/null
	traitctl key "" 2>&1 | sed 's/.*: //; s/, /\n/g' | sed 's/^/key /')
tells traitctl.8 key_commands "${verbs[@]:1}"
tells traitctl.8 words size id gro clone netns user gid description
for word in gro clone netns user; do
	mapfile -t values < <(traitctl key add x size 4 $word "?" 2>&1 |
		sed 's/.* is not one of //; s/, /\n/g')
	tells traitctl.8 "each_$word" "${values[@]}"
done
mapfile -t counters < <(traitctl stat | cut -d' ' -f1)
tells traits.7 counters "${counters[@]}"
mapfile -t kfuncs < <(sed -n 's/^extern int \(bpf_[a-z_]*\)(.*/int \1/p' "$TOP/include/traits/bpf_traits.h")
same "there_are_kfuncs" 15 ${#kfuncs[@]}
for kfunc in "${kfuncs[@]}"; do
	grep -q "^\.BI \"$kfunc(" "$TOP/man/traits_bpf.3" || missing+=" $kfunc"
done
verdict "traits_bpf_tells_kfuncs" "${missing:+missing:$missing}"

mapfile -t options < <(sed -n 's/^#define \(TRAITS_SO_[A-Z_]*\).*/\1/p' \
	"$TOP/include/uapi/linux/traits_socket.h" | grep -v '_BASE$\|_END$')
same "there_are_options" 7 ${#options[@]}
tells traits_socket.3 options "${options[@]}"
tells traits_socket.3 words TRAITS_CMSG_RECV TRAITS_CMSG_SEND SOL_TRAITS TRAITS_CM TRAITS_KEY_WILDCARD
mapfile -t functions < <(grep -oE '^[a-z].*\btraits_(sock|msg)_[a-z_]+\(' "$TOP/include/traits/socket.h"
	grep -oE '^[a-z].*\btraits_names_[a-z]+\(' "$TOP/include/traits/traits.h")
same "there_are_functions" 14 ${#functions[@]}
missing=
for function in "${functions[@]}"; do
	grep -qE "^\.(BI|B) \"${function//[*(]/.}" "$TOP/man/traits_socket.3" || missing+=" $function"
done
verdict "traits_socket_tells_functions" "${missing:+missing:$missing}"

# Examples, as they are shown
example() {
	sed -n '/^\.EX/,/^\.EE/p' "$TOP/man/$1" | sed '/^\.E[XE]/d; s/\\-/-/g; s/\\(dq/"/g; s/\\(aq/'\''/g; s/\\e/\\/g'
}

# The first one is a declaration, which the header has, too.
example traits_socket.3 | sed '1,/^};/d' > example.c
gives 0 "" "example_of_a_server" gcc -Wall -Wextra -Werror "-I$TOP/include" "-I$TOP/include/uapi" \
	-c -o example.o example.c
same "which_the_README_has_too" "$(cat example.c)" \
	"$(sed -n '/^## Sockets/,/^## P/{/^```c/,/^```/{/^```/!p}}' "$TOP/README.md")"
example traits_socket.3 | sed '/^};/q' > declared
sed -n '/^struct pkt_trait {/,/^};/p' "$TOP/include/uapi/linux/traits_socket.h" > header
same "elements_are_as_declared" "$(sed 's/;.*/;/' header)" \
	"$(sed 's/;.*/;/' declared)"

keys_are
example traits-keys.5 > example
gives 0 'key add service-id size 8 id 0 gro block
key add arrival size 8 id 1
key add customer size 4 id 2 user read gid 1000 description "number of the \"contract\""
key add trusted size 0 id 3 netns drop' "example_of_a_file_of_keys" traitctl key apply example
keys_are
sed -i 's/ id 0//' example
gives 0 4 "it_is_a_batch_too" sh -c 'traitctl -b example | grep -c ^ID'
keys_are
example traitctl.8 | sed 's/^traitctl //; s, /etc/traits/keys, keys.conf,; /jq/d; /^trace/d' > example
gives 0 2 "examples_of_commands" sh -c 'traitctl -b example | grep -c ^ID'
same "which_save" 2 "$(grep -c ^key keys.conf)"
holds "example_of_JSON" 'length > 5 and all(type == "number")' \
	sh -c "$(example traitctl.8 | grep jq)"

ktap_end
