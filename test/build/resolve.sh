# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What resolve-ids writes into .BTF_ids, and what it refuses. The expected ids come from
# bpftool, so that it is not asked for a verdict on itself.

. "$HERE/ktap.sh"
. "$HERE/fixture.sh"

OUTPUTS=

# module FILE [MACRO...]: a module with BTF on top of kernel.o's
module() {
	module_file=$1
	shift
	cc -g -O0 -w $(printf -- '-D%s ' "$@") -c -o "$module_file" "$HERE/module.c" &&
		LLVM_OBJCOPY=objcopy pahole -J --btf_base kernel.btf "$module_file" ||
		broken "no fixture: $module_file $*"
}

# words FILE: .BTF_ids as decimal numbers, on one line
words() {
	objcopy -O binary --only-section=.BTF_ids --set-section-flags .BTF_ids=alloc "$1" ids.bin
	od -An -v -tu4 -w4 ids.bin | tr -d ' ' | xargs
}

# id KIND NAME
id() {
	sed -n "s/^\[\([0-9]*\)\] $1 '$2' .*/\1/p" dump
}

# poke FILE WORD NUMBER: change one word of .BTF_ids
poke() {
	at=$(readelf -SW "$1" | sed -n 's/.* \.BTF_ids  *PROGBITS  *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($3 & 255)) $(($3 >> 8 & 255)) 0 0)" |
		dd of="$1" bs=1 seek=$((0x$at + 4 * $2)) conv=notrunc status=none
}

resolve() {
	"$TOOLS/resolve-ids" -b kernel.btf "$1"
}

check() {
	"$TOOLS/resolve-ids" -c -b kernel.btf "$1"
}

kernel kernel.o UNCHANGED
objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc kernel.o kernel.btf
module mod.o UNCHANGED
bpftool -B kernel.btf btf dump file mod.o >dump || broken "no dump"
a=$(id FUNC traits_test_a)
b=$(id FUNC traits_test_b)
c=$(id FUNC traits_test_c)
skb=$(bpftool btf dump file kernel.btf | sed -n "s/^\[\([0-9]*\)\] STRUCT 'sk_buff' .*/\1/p")
copy=$(bpftool btf dump file kernel.btf | sed -n "s/^\[\([0-9]*\)\] FUNC 'skb_copy_header' .*/\1/p")

# pairs_sorted ID FLAGS ID FLAGS ID FLAGS, flags in decimal
pairs_sorted() {
	printf '%s %s\n' "$@" | sort -n | xargs
}

pairs=$(pairs_sorted "$a" 10 "$b" 11 "$c" 12)
plain=$(printf '%s\n' "$a" "$c" | sort -n | xargs)
unresolved=$(words mod.o)
cp mod.o before.o

refused check_refuses_unresolved_ids "in .BTF_ids, which should be" check mod.o
accepted resolves resolve mod.o
same fills_and_sorts \
	"3 119 $pairs 3 119 $pairs 2 $plain 0 119 $skb $b $copy" "$(words mod.o)"
accepted check_accepts_what_was_resolved check mod.o
objcopy --remove-section=.BTF_ids before.o before.rest
objcopy --remove-section=.BTF_ids mod.o mod.rest
same changes_nothing_else "$(sha256sum <before.rest)" "$(sha256sum <mod.rest)"

cp mod.o again.o
refused refuses_a_second_run "has ids in .BTF_ids already" resolve again.o
same second_run_changes_nothing "$(words mod.o)" "$(words again.o)"

# Word 2 is the first id of the first set, word 4 the second
first=$(words mod.o | cut -d' ' -f3)
second=$(words mod.o | cut -d' ' -f5)
cp mod.o swapped.o
poke swapped.o 2 "$second"
poke swapped.o 4 "$first"
refused check_refuses_an_unsorted_set \
	"has $second at place 1 of its set \"upwards\" in .BTF_ids, which should be $first" \
	check swapped.o
cp mod.o count.o
poke count.o 0 2
refused check_refuses_a_wrong_count "at place 0 of its set \"upwards\"" check count.o
cp mod.o single.o
poke single.o 22 0
refused check_refuses_a_wrong_id "has 0 for \"traits_test_b\" in .BTF_ids" check single.o

module unknown.o UNKNOWN
cp unknown.o unknown.before
refused refuses_an_unknown_name 'unknown.o names "traits_test_unknown" in .BTF_ids' \
	resolve unknown.o
same leaves_it_alone "$(sha256sum <unknown.before)" "$(sha256sum <unknown.o)"
module kind.o UNKNOWN_KIND
refused refuses_an_unknown_kind '"__BTF_ID__variable__traits_test_a__12" that is not understood' \
	resolve kind.o
module short.o SHORT_SET
refused refuses_a_set_of_half_a_pair 'set "short" of the impossible size 12' resolve short.o
module own.o OWN_SKB
refused refuses_a_struct_of_its_own \
	"own.o has a struct sk_buff of its own in its BTF, so no BPF program could pass the kernel's to traits_test_a()" \
	resolve own.o
module no_ids.o NO_IDS
refused refuses_a_module_without_ids "no_ids.o has no section .BTF_ids" resolve no_ids.o
cc -g -w -c -o no_btf.o "$HERE/module.c"
refused refuses_a_module_without_btf "no_btf.o has no section .BTF," resolve no_btf.o
refused check_refuses_a_module_without_btf "no_btf.o has no section .BTF," check no_btf.o
cp before.o stripped.o
strip stripped.o
refused refuses_a_stripped_module "stripped.o has no symbols of .BTF_ids" resolve stripped.o
echo garbage >garbage
refused refuses_garbage "garbage is not a kernel module" resolve garbage
refused refuses_a_missing_module "nowhere cannot be opened" resolve nowhere
same unresolved_fixture_was_unresolved \
	"0 119 0 10 0 11 0 12 0 119 0 12 0 11 0 10 0 0 0 0 119 0 0 0" "$unresolved"
same leaves_no_files_behind "" "$(ls ./*.btf-* 2>/dev/null)"

ktap_end
