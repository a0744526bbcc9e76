# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Which kernels kernel-layout accepts, what it finds there, and what it says of others.

. "$HERE/ktap.sh"
. "$HERE/fixture.sh"

OUTPUTS="layout.h base.btf"

layout() {
	release=$1
	file=$2
	"$TOOLS/kernel-layout" -r "$release" -f "$file" -o layout.h -b base.btf
}

defined() {
	sed -n "s/^#define $1 //p" layout.h
}

# refused_with MACRO WORDS
refused_with() {
	kernel "$1.o" "$1"
	refused "refuses_$1" "$2" layout $RELEASE "$1.o"
}

kernel good.o UNCHANGED
accepted accepts_a_kernel_that_fits layout $RELEASE good.o
same finds_the_byte 17 "$(defined TRAITS_SKB_LOC_OFFSET)"
same finds_the_pair 22 "$(defined TRAITS_SKB_NONCE_OFFSET)"
same no_unspec_hook_without_common 0 "$(defined TRAITS_KFUNC_UNSPEC)"
same header_proves_the_size 'static_assert(sizeof(struct sk_buff) == 56);' \
	"$(grep sizeof layout.h)"
same finds_the_descriptors_of_af_xdp "1 0 12 16 64" "$(defined TRAITS_XSK_TX) $(defined \
	TRAITS_XSK_RING_MASK) $(defined TRAITS_XSK_CACHED_CONS) $(defined \
	TRAITS_XSK_RING) $(defined TRAITS_XSK_DESC)"
objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc good.o good.btf
same writes_the_base_btf "$(sha256sum <good.btf)" "$(sha256sum <base.btf)"

before=$(stat -c %y layout.h base.btf)
layout $RELEASE good.o >stdout
same second_run_leaves_the_files_alone "$before" "$(stat -c %y layout.h base.btf)"
accepted accepts_raw_btf layout $RELEASE good.btf

kernel common.o HOOK_COMMON
accepted accepts_a_kernel_with_common layout 7.3.4 common.o
same unspec_hook_with_common 1 "$(defined TRAITS_KFUNC_UNSPEC)"
for macro in XSK_NO_METADATA XSK_WIDE_CONS; do
	kernel xsk.o $macro
	accepted accepts_$macro layout $RELEASE xsk.o
	same sends_nothing_with_$macro "0 " \
		"$(defined TRAITS_XSK_TX) $(defined TRAITS_XSK_RING_MASK)"
done
kernel wide.o WIDE_PAIR
accepted accepts_a_pair_beside_a_small_union layout $RELEASE wide.o
same finds_the_pair_beside_it 22 "$(defined TRAITS_SKB_NONCE_OFFSET)"

refused_with NO_BYTE "no unused byte in its group headers besides the two at offset 22"
refused_with ONE_BIT "no unused byte in its group headers besides the two at offset 22"
refused_with INNER_PADDING "no unused byte in its group headers besides the two at offset 22"
refused_with NO_PAIR "no two unused bytes in its group headers"
refused_with ODD_PAIR "no two unused bytes in its group headers"
refused_with UNION_PAIR "no two unused bytes in its group headers"
refused_with BIT_PAIR "no two unused bytes in its group headers"
refused_with TAIL_FIRST "is not cleared for a new packet"
refused_with NO_GROUP "has no group headers"
refused_with NO_SKB "struct sk_buff is missing"
refused_with XDP_FRAME_GREW "struct xdp_frame of kernel $RELEASE has 48 bytes instead of 40"
refused_with NO_XDP_FRAME "struct xdp_frame is missing"

refused_with COPY_MORE 'function skb_copy_header of kernel 6.1.0-1-test is "void (struct sk_buff *, const struct sk_buff *, int)", and traits is written for "void (struct sk_buff *, const struct sk_buff *)"'
refused_with COPY_CONST 'skb_copy_header of kernel 6.1.0-1-test is "void (struct sk_buff *, struct sk_buff *)"'
refused_with COPY_SWAPPED 'is "void (const struct sk_buff *, struct sk_buff *)"'
refused_with EXPAND_LONG 'pskb_expand_head of kernel 6.1.0-1-test is "int (struct sk_buff *, long int, int, gfp_t)"'
refused_with EXPAND_VOID 'is "void (struct sk_buff *, int, int, gfp_t)"'
refused_with META_CHANGED 'bpf_xdp_adjust_meta of kernel 6.1.0-1-test is "u64 (void *, int)"'
refused_with TRACE_CHANGED 'tracepoint netif_receive_skb of kernel 6.1.0-1-test is "void (void *, struct sk_buff **)"'
refused_with TRACE_NO_POINTER "netif_receive_skb of kernel $RELEASE is not described as a function pointer"
# Whatever the module hooks: gone, or with another prototype
hook_points=$TOP/module/hook-points.h

# hooks MACRO NUMBER: what hook-points.h gives this macro as argument NUMBER
hooks() {
	sed -n "s/^TRAITS_$1(\(\w*, *\)\{$(($2 - 1))\}\(\w*\),.*/\2/p" "$hook_points"
}

# another HOOK: a kernel is refused in which it has a prototype that nobody wants
another() {
	echo "short $1(float x) { return x; }" >other.c
	cc -g -c -o other.o other.c
	cc -g -w "-D$1=gone" -c -o first.o $kernel_source
	ld -r -o "other_$1.o" first.o other.o && pahole -J --btf_gen_floats "other_$1.o" ||
		broken "no fixture: other_$1.o"
	refused "refuses_another_$1" \
		"function $1 of kernel $RELEASE is \"short int (float)\"" \
		layout $RELEASE "other_$1.o"
}

for hook in $(hooks FTRACE 2) $(hooks KRETPROBE 2); do
	kernel "no_$hook.o" "$hook=gone"
	refused "refuses_no_$hook" "function $hook is missing in kernel $RELEASE" \
		layout $RELEASE "no_$hook.o"
	another "$hook"
done
for hook in $(hooks FTRACE_NEW 2); do
	kernel "no_$hook.o" "$hook=gone"
	accepted "does_without_$hook" layout $RELEASE "no_$hook.o"
	another "$hook"
done
for hook in $(hooks FTRACE_IN 3); do
	kernel "no_$hook.o" "$hook=gone"
	layout $RELEASE "no_$hook.o" >stdout 2>stderr
	same "does_without_$hook" "0 1 note" \
		"$? $(wc -l <stderr) $(grep -o note stderr)"
	another "$hook"
done
for hook in $(hooks TRACEPOINT 2); do
	kernel "no_$hook.o" "btf_trace_$hook=gone"
	refused "refuses_no_$hook" "tracepoint $hook is missing in kernel $RELEASE" \
		layout $RELEASE "no_$hook.o"
done
same knows_all_hook_points "$(grep -c '^TRAITS_' "$hook_points")" \
	"$(printf '%s' "$ktap_lines" | grep -c '^ok [0-9]* \(refuses_no\|does_without\)_')"

# pahole never lists a name twice by itself; other makers of BTF may
cc -o add-twin "$HERE/add-twin.c" -lbpf || broken "no add-twin"
./add-twin good.btf skb_copy_header twins.btf || broken "no fixture: twins.btf"
refused refuses_a_name_that_exists_twice \
	"function skb_copy_header exists 2 times in kernel $RELEASE" layout $RELEASE twins.btf

refused refuses_5_10 "kernel 5.10.0-20-amd64 is too old: traits needs Linux 6.1" \
	layout 5.10.0-20-amd64 good.o
refused refuses_6_0 "kernel 6.0.19 is too old" layout 6.0.19 good.o
refused refuses_a_release_that_is_none '"next" is not the release of a kernel' layout next good.o

cc -w -c -o without.o "$HERE/kernel.c"
refused refuses_a_kernel_without_btf "without.o has no section .BTF" layout $RELEASE without.o
head -c 200 good.btf >short.btf
refused refuses_damaged_btf "short.btf has BTF that libbpf" layout $RELEASE short.btf
printf 'this is no kernel, and no BTF either\n' >garbage
refused refuses_garbage "garbage is neither BTF nor an ELF file nor" layout $RELEASE garbage
: >empty
refused refuses_an_empty_file "empty is neither BTF nor an ELF file nor" layout $RELEASE empty
refused refuses_a_missing_file "nowhere cannot be read: No such file" layout $RELEASE nowhere

mkdir headers
refused refuses_headers_without_types \
	"there is no vmlinux in headers and no /boot/vmlinuz-$RELEASE" \
	"$TOOLS/kernel-layout" -r $RELEASE -k headers -o layout.h -b base.btf
cp good.o headers/vmlinux
accepted takes_vmlinux_from_the_headers \
	"$TOOLS/kernel-layout" -r $RELEASE -k headers -o layout.h -b base.btf

ktap_end
