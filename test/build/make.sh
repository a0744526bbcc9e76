# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# module/Makefile with headers that are only as much as it looks at: their "kernel build"
# copies an object file. BTF and its ids are then added as for Debian's 6.1.

. "$HERE/ktap.sh"
. "$HERE/fixture.sh"

out=$PWD/build/module-$RELEASE

build() {
	make --no-print-directory -C "$TOP/module" BUILD="$PWD/build" PAHOLE=pahole \
		HOSTCC=cc HOSTCFLAGS=-O0 "$@" 2>raw
	code=$?
	grep -v '^make' raw >&2
	# make has 2 for any failure
	[ $code -ne 2 ] || return 1
	return $code
}

# headers DIR RELEASE [MACRO...]: of a kernel that kernel.c is with these macros
headers() {
	dir=$1
	mkdir -p "$dir/include/generated" "$dir/include/config"
	echo "#define UTS_RELEASE \"$2\"" >"$dir/include/generated/utsrelease.h"
	echo 'CONFIG_CC_VERSION_TEXT="cc (Something) 1.2.3"' >"$dir/include/config/auto.conf"
	printf 'modules:\n\tcp %s/mod.o $(M)/traits.ko\n' "$PWD" >"$dir/Makefile"
	shift 2
	kernel "$dir/vmlinux" "$@"
}

# object [MACRO...]: what that "kernel build" makes, without BTF
object() {
	cc -g -O0 -w $(printf -- '-D%s ' "$@") -c -o mod.o "$HERE/module.c" || broken "no mod.o"
}

# state DIR...: changes if anything in there is written to
state() {
	find -H "$@" -path "$TOP/build" -prune -o -printf '%p %s %T@ %y\n' | sort | sha256sum
}

has_btf() {
	readelf -SW "$out/traits.ko" | grep -c ' \.BTF '
}

headers good $RELEASE UNCHANGED
object UNCHANGED
before=$(state good "$TOP/module" "$TOP/include")
accepted builds build KDIR="$PWD/good"
same writes_neither_to_headers_nor_to_sources "$before" \
	"$(state good "$TOP/module" "$TOP/include")"
same adds_btf 1 "$(has_btf)"
accepted resolves_its_ids "$TOOLS/resolve-ids" -c -b "$out/generated/base.btf" "$out/traits.ko"
same finds_the_byte 17 \
	"$(sed -n 's/^#define TRAITS_SKB_LOC_OFFSET //p' "$out/generated/kernel-layout.h")"
for file in hook-points.h Kbuild compat-include include; do
	same "links_to_$file" yes "$([ -L "$out/$file" ] && [ -e "$out/$file" ] && echo yes)"
done

OUTPUTS=$out/traits.ko
headers other 6.1.0-2-other UNCHANGED
refused refuses_headers_of_another_kernel "are of kernel 6.1.0-2-other, not $RELEASE" \
	build KDIR="$PWD/other" KVER=$RELEASE
refused refuses_missing_headers "there are no kernel headers in $PWD/nowhere" \
	build KDIR="$PWD/nowhere" KVER=$RELEASE
headers chrooted $RELEASE UNCHANGED
echo 'include /nowhere/Makefile' >chrooted/Makefile
refused refuses_headers_of_a_chroot "need /nowhere/Makefile, which is missing" \
	build KDIR="$PWD/chrooted"
headers exotic $RELEASE UNCHANGED
echo 'CONFIG_CC_VERSION_TEXT="exotic-gcc-99 (Something) 99"' >exotic/include/config/auto.conf
refused names_the_compiler_that_is_missing \
	"kernel $RELEASE was built with exotic-gcc-99, which is not installed" \
	build KDIR="$PWD/exotic"
accepted takes_another_compiler build KDIR="$PWD/exotic" CC=cc
refused tells_that_pahole_is_missing "pahole is not installed" \
	build KDIR="$PWD/good" PAHOLE=no-pahole
refused tells_that_a_compiler_is_missing "there is no C compiler for the tools" \
	build KDIR="$PWD/good" HOSTCC=no-cc
refused tells_that_libbpf_is_missing "the headers of libbpf or libelf are not installed" \
	build KDIR="$PWD/good" HOSTCFLAGS=-nostdinc

# What the tools refuse ends the build as well
headers no_pair $RELEASE NO_PAIR
refused ends_for_a_kernel_that_does_not_fit "has no two unused bytes" \
	build KDIR="$PWD/no_pair"
same leaves_no_layout "" "$(ls "$out/generated/kernel-layout.h" 2>/dev/null)"
refused ends_for_a_file_that_does_not_fit "has no two unused bytes" \
	build KDIR="$PWD/good" BTF="$PWD/no_pair/vmlinux"
headers old 5.10.0-20-amd64 UNCHANGED
OUTPUTS=build/module-5.10.0-20-amd64/traits.ko
mkdir -p build/module-5.10.0-20-amd64
refused ends_for_an_old_kernel "kernel 5.10.0-20-amd64 is too old" build KDIR="$PWD/old"
OUTPUTS=$out/traits.ko
object UNKNOWN
refused ends_for_an_id_that_is_not_known \
	'names "traits_test_unknown" in .BTF_ids, and neither its BTF nor the kernel' \
	build KDIR="$PWD/good"
object UNCHANGED
LLVM_OBJCOPY=objcopy pahole -J --btf_base good/vmlinux mod.o || broken "no BTF in mod.o"
refused ends_when_the_kernels_build_leaves_ids_unresolved "in .BTF_ids, which should be" \
	build KDIR="$PWD/good"
object NO_IDS
refused ends_for_a_module_without_ids "has no section .BTF_ids" build KDIR="$PWD/good"
object UNCHANGED
printf 'modules:\n\t@echo broken >&2; exit 1\n' >good/Makefile
refused ends_with_the_kernels_build broken build KDIR="$PWD/good"
same leaves_no_scratch "" "$(ls "$out"/btf/* "$out"/*.btf* "$out"/generated/*.vmlinux 2>/dev/null)"

ktap_end
