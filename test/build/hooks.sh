# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Each kind of entry that hook-points.h can have, in a table of hook points made up for that:
# what the build proves of kernels and of their modules, and what it refuses.

. "$HERE/ktap.sh"
. "$HERE/fixture.sh"

OUTPUTS="layout.h base.btf"

# The real file with other entries, in a copy of the sources, which include it by its place
mkdir points
cp -r "$TOP/module" "$TOP/include" "$TOP/VERSION" points/
{
	sed '/^#undef/d; /^TRAITS_/d; /^\t/d' "$TOP/module/hook-points.h"
	cat <<-'EOF'
		TRAITS_TRACEPOINT(ANY, netif_receive_skb, "void (void *, struct sk_buff *)")
		TRAITS_FTRACE(GRO, test_either,
			      "int (struct sk_buff *, u16)|int (const struct sk_buff *, u16)")
		TRAITS_FTRACE_NEW(GRO, test_new, "int (struct sk_buff *)")
		TRAITS_FTRACE_IN(ANY, fixture, test_in_module, "u16 (struct sk_buff *, u32)")
		TRAITS_KRETPROBE(COPY, test_return, "struct sk_buff * (struct sk_buff *, gfp_t)")
	EOF
	grep '^#undef' "$TOP/module/hook-points.h"
} >points/module/hook-points.h
make -s -C points/module/host O="$PWD/host" HOSTCFLAGS=-O0 >/dev/null || broken "no tools"

# hooked FILE [MACRO...]: a kernel, as kernel() makes one
hooked() {
	hooked_file=$1
	shift
	cc -g -O0 -w $(printf -- '-D%s ' "$@") -c -o "$hooked_file" "$HERE/hooks.c" &&
		pahole -J "$hooked_file" || broken "no fixture: $hooked_file $*"
}

# module FILE [MACRO...]: a module of kernel.o, with BTF on top of that kernel's
module() {
	module_file=$1
	shift
	cc -g -O0 -w -DMODULE $(printf -- '-D%s ' "$@") -c -o "$module_file" \
		"$HERE/hooks.c" &&
		LLVM_OBJCOPY=objcopy pahole -J --btf_base kernel.btf "$module_file" ||
		broken "no fixture: $module_file $*"
}

layout() {
	layout_file=$1
	shift
	host/kernel-layout -r $RELEASE -f "$layout_file" -o layout.h -b base.btf "$@"
}

proven() {
	sed -n 's/^#define TRAITS_PROVEN_test_in_module //p' "${1:-layout.h}"
}

# unproven NAME COMMAND...: it succeeds, and one sentence says what will not be hooked
unproven() {
	name=$1
	shift
	"$@" >stdout 2>stderr
	same "$name" "0 0 traits: note: module fixture of kernel $RELEASE is not here to be looked at, so its test_in_module will not be hooked" \
		"$? $(proven) $(cat stderr)"
}

hooked kernel.o UNCHANGED
objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc kernel.o kernel.btf
module fixture.ko UNCHANGED
accepted accepts_what_fits layout kernel.o -m fixture=fixture.ko
same proves_a_function_of_a_module 1 "$(proven)"
unproven does_without_the_module layout kernel.o
module other.ko UNCHANGED
unproven takes_no_other_module_for_it layout kernel.o -m other=other.ko
accepted finds_it_among_several layout kernel.o -m other=other.ko -m fixture=fixture.ko \
	-m third=nowhere
same proves_it_there 1 "$(proven)"

module changed.ko IN_CHANGED
refused refuses_another_prototype_in_a_module \
	"function test_in_module of kernel $RELEASE is \"u16 (struct sk_buff *, u32, u32)\", and traits is written for \"u16 (struct sk_buff *, u32)\"" \
	layout kernel.o -m fixture=changed.ko
module lacks.ko NO_IN
refused refuses_a_module_that_lacks_the_function \
	"function test_in_module is missing in kernel $RELEASE" layout kernel.o -m fixture=lacks.ko
cc -g -O0 -w -DMODULE -c -o bare.ko "$HERE/hooks.c"
refused refuses_a_module_without_btf "bare.ko has no BTF that can be read" \
	layout kernel.o -m fixture=bare.ko
refused refuses_a_module_that_is_missing "nowhere has no BTF that can be read" \
	layout kernel.o -m fixture=nowhere
refused refuses_half_an_option '"fixture" is not of the form NAME=FILE' \
	layout kernel.o -m fixture
hooked built_in.o BUILT_IN
accepted accepts_a_module_that_is_built_in layout built_in.o
same proves_it_in_the_kernel 1 "$(proven)"
hooked built_in_changed.o BUILT_IN IN_CHANGED
refused refuses_another_prototype_built_in \
	"function test_in_module of kernel $RELEASE is \"u16 (struct sk_buff *, u32, u32)\"" \
	layout built_in_changed.o

hooked either.o EITHER_CONST BUILT_IN
accepted accepts_the_other_alternative layout either.o
hooked neither.o EITHER_NONE BUILT_IN
refused refuses_what_is_no_alternative \
	'is "int (void *, u16)", and traits is written for "int (struct sk_buff *, u16)|int (const struct sk_buff *, u16)"' \
	layout neither.o
hooked no_new.o NO_NEW BUILT_IN
accepted does_without_a_new_function layout no_new.o
hooked new_changed.o NEW_CHANGED BUILT_IN
refused refuses_a_new_function_that_changed \
	"function test_new of kernel $RELEASE is \"int (struct sk_buff *, int)\"" \
	layout new_changed.o
hooked no_return.o NO_RETURN BUILT_IN
refused refuses_no_function_for_a_kretprobe \
	"function test_return is missing in kernel $RELEASE" layout no_return.o
hooked return_changed.o RETURN_CHANGED BUILT_IN
refused refuses_another_function_for_a_kretprobe \
	"function test_return of kernel $RELEASE is \"void (struct sk_buff *, gfp_t)\"" \
	layout return_changed.o

# module/Makefile finds the modules of the target, however they are packed
mkdir -p headers/include/generated headers/include/config mods/kernel/drivers
echo "#define UTS_RELEASE \"$RELEASE\"" >headers/include/generated/utsrelease.h
echo 'CONFIG_CC_VERSION_TEXT="cc (Something) 1.2.3"' >headers/include/config/auto.conf
printf 'modules:\n\tcp %s/mod.o $(M)/traits.ko\n' "$PWD" >headers/Makefile
cp kernel.o headers/vmlinux
cc -g -O0 -w -c -o mod.o "$HERE/module.c" || broken "no mod.o"

# found NAME WANT: with what mods/ holds, the build succeeds and its header says WANT
found() {
	make --no-print-directory -C points/module BUILD="$PWD/build" PAHOLE=pahole HOSTCC=cc \
		HOSTCFLAGS=-O0 KDIR="$PWD/headers" MODULES="$PWD/mods" >stdout 2>stderr
	same "$1" "0 $2" "$? $(proven build/module-$RELEASE/generated/kernel-layout.h)"
}

place=mods/kernel/drivers/fixture.ko
found builds_without_the_module 0
cp fixture.ko $place
found finds_a_module 1
rm $place
found forgets_a_module_that_is_gone 0
xz -c fixture.ko >$place.xz
found finds_a_module_packed_by_xz 1
rm $place.xz
gzip -c fixture.ko >$place.gz
found finds_a_module_packed_by_gzip 1
rm $place.gz
if command -v zstd >/dev/null; then
	zstd -q -c fixture.ko >$place.zst
	found finds_a_module_packed_by_zstd 1
else
	skip finds_a_module_packed_by_zstd "zstd is not installed"
fi

ktap_end
