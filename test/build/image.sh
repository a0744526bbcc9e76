# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Types out of a packed kernel image, as /boot/vmlinuz-RELEASE is one.

. "$HERE/ktap.sh"
. "$HERE/fixture.sh"

OUTPUTS="layout.h base.btf layout.h.vmlinux"

layout() {
	"$TOOLS/kernel-layout" -r "$1" -f "$2" -o layout.h -b base.btf
}

# le32 NUMBER: as four bytes, for printf
le32() {
	printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) \
		$(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# put FILE OFFSET BYTES: BYTES as printf takes them
put() {
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# image FILE PAYLOAD RELEASE: a bzImage of two setup sectors, the payload, and more behind it
image() {
	head -c 1536 /dev/zero >"$1"
	cat "$2" >>"$1"
	printf 'behind the payload' >>"$1"
	put "$1" 497 '\002'			# setup_sects
	put "$1" 510 '\125\252'			# boot_flag
	put "$1" 514 'HdrS\017\002'		# header, version 2.15
	put "$1" 526 '\000\002'			# kernel_version: 0x200 + 0x200
	put "$1" 584 "$(le32 0)$(le32 "$(stat -c %s "$2")")"	# payload_offset, _length
	put "$1" 1024 "$3 (somebody@somewhere) #1 SMP"
}

# packed TOOL: the payload ends in the unpacked size, as the kernel's build puts it there
packed() {
	name=unpacks_$1
	if ! command -v "$1" >/dev/null; then
		skip "$name" "$1 is not installed"
		return
	fi
	{ "$1" -c ${2:-} <good.o && printf "$(le32 "$(stat -c %s good.o)")"; } >"payload.$1"
	image "vmlinuz.$1" "payload.$1" $RELEASE
	accepted "$name" layout $RELEASE "vmlinuz.$1"
	same "${name}_whole" "$(sha256sum <good.btf)" "$(sha256sum <base.btf)"
	same "${name}_and_cleans_up" "" "$(ls layout.h.vmlinux 2>/dev/null)"
}

kernel good.o UNCHANGED
objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc good.o good.btf
packed gzip
packed xz --check=crc32
packed zstd
packed lz4 -l

gzip -c <good.o >payload
image other payload 6.1.0-2-other
layout $RELEASE other >stdout 2>stderr
same tells_of_an_image_of_another_release \
	"traits: note: other is of kernel 6.1.0-2-other, the headers are of $RELEASE" \
	"$(cat stderr)"

image whole payload $RELEASE
head -c 2000 whole >short
refused refuses_an_image_that_is_cut_off "short is damaged: its kernel reaches past its end" \
	layout $RELEASE short
head -c 1500 payload >payload.short
image damaged payload.short $RELEASE
refused refuses_a_payload_that_is_cut_off "damaged is damaged: it unpacks (with gzip) to" \
	layout $RELEASE damaged
cp whole scrambled
put scrambled 1536 'no packer'
refused refuses_an_unknown_packer "scrambled is packed in a way that is not known here" \
	layout $RELEASE scrambled
printf 'no kernel' | gzip -c >payload.text
image text payload.text $RELEASE
refused refuses_a_payload_that_is_no_kernel "text does not unpack to a kernel (with gzip)" \
	layout $RELEASE text
cc -w -c -o without.o "$HERE/kernel.c"
gzip -c <without.o >payload.without
image without payload.without $RELEASE
refused refuses_a_kernel_without_btf "without has no section .BTF" layout $RELEASE without
mkdir bin
ln -s "$(command -v true)" bin/true
refused names_the_packer_that_is_missing \
	"gzip is needed to unpack whole (package gzip)" env PATH="$PWD/bin" \
	"$TOOLS/kernel-layout" -r $RELEASE -f whole -o layout.h -b base.btf

ktap_end
