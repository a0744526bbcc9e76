# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Starts QEMU with a whole Debian; to be sourced by test/deb/check.

. "$vm/boot.sh"

# make_disk DIR FILE: a disk with what was written to the root in test/deb/chroot
make_disk() {
	rm -f "$2" "$2.log"
	truncate -s 3G "$2"
	# Without the mount points and what only the chroot needed.
	rm -rf "$1/root"
	mke2fs -q -F -t ext4 -d "$1" "$2" > "$2.log" 2>&1 || die "no disk: $(cat "$2.log")"
}

# boot_debian TEST NAME [WORD...]: boots $root with $disk, and has it run tests/TEST.sh, with
# more words on the kernel's command line. Waits until it has ended; fails without its proof.
# $secure: with Secure Boot
boot_debian() {
	local test=$1 name=$2 nonce accel qemu kernel
	local cmdline="console=ttyS0 quiet oops=panic panic=-1 panic_on_warn=1"

	# Emulation on a busy machine is slow.
	cmdline+=" systemd.default_timeout_start_sec=600"

	shift 2
	kernel=$root/boot/vmlinuz-$(root_kernel "$root")
	nonce=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	accel=$("$vm/accel" "$root")
	qemu=(qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot -m 2G)
	case $accel in
	kvm)	qemu+=(-accel kvm -cpu host -smp 2) ;;
	# One CPU: with more a kernel that patches itself may trip (test/vm/boot.sh).
	*)	qemu+=(-accel tcg -cpu max -smp 1) ;;
	esac
	if [[ ${secure:-} == yes ]]; then
		kernel=$out/vmlinuz.signed
		cp "$root/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd" "$out/vars.fd"
		# The firmware keeps its variables where only code in SMM may write.
		qemu+=(-machine q35,smm=on -global ICH9-LPC.disable_s3=1
			-global driver=cfi.pflash01,property=secure,value=on
			-drive "if=pflash,format=raw,unit=0,readonly=on,file=$(quoted \
				"$(realpath "$root/usr/share/OVMF/OVMF_CODE_4M.secboot.fd")")"
			-drive "if=pflash,format=raw,unit=1,file=$(quoted "$out/vars.fd")")
	fi
	qemu+=(-kernel "$kernel"
		-initrd "$("$vm/initrd" "$root" "$deb/initrd-init")"
		-append "$cmdline vt.test=$test vt.nonce=$nonce $*"
		-drive "if=virtio,format=raw,cache=unsafe,file=$(quoted "$disk")"
		-virtfs "$(share root "$root" readonly=on)"
		-virtfs "$(share src "$top" readonly=on,multidevs=remap)"
		-virtfs "$(share out "$out" readonly=off)"
		-device virtio-serial -device virtserialport,chardev=proof,name=proof
		-serial chardev:console
		-chardev "file,id=proof,path=$(quoted "$out/$name.proof")"
		-chardev "file,id=console,path=$(quoted "$out/$name.console")")
	rm -f "$out/$test.log" "$out/$name.proof"
	setpriv --pdeathsig TERM timeout -k 10 "$limit" "${qemu[@]}" < /dev/null \
		> "$out/$name.qemu" 2>&1 8>&-
	boot_code=$?
	[[ -e $out/$test.log ]] && mv "$out/$test.log" "$out/$name.output"
	[[ $(cat "$out/$name.proof") == "passed $nonce" ]]
}
