# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2054,SC2154
# Starts QEMU; to be sourced by test/vm/run.

# A value inside a QEMU option: a comma is written twice.
quoted() { echo "${1//,/,,}"; }

share() {
	echo "local,mount_tag=$1,path=$(quoted "$2"),security_model=none,$3"
}

# QEMU 7.2 translates code while another CPU patches it, and may keep what was in between:
# "Oops: int3" where the kernel switches a branch or a function's hook. Newer ones lock the
# page, so they emulate several CPUs where they can be had.
choose_qemu() {
	local words

	if words=$("$vm/qemu" 2> "$log/qemu-root"); then
		mapfile -t qemu_command <<< "$words"
	else
		echo "emulating by this machine's QEMU: $(tail -n 1 "$log/qemu-root")" >&2
	fi
}

# Boots $root and returns when the guest has ended: 124 if $limit did that.
#
# Terminal or pipe shows the port "result" (in a shell: the serial console). The
# guest proves its success over the port "proof"; kernel messages of level
# warning and above go to the console.
boot() {
	local kernel initrd accel disk qemu terminal=result
	local cmdline="console=ttyS0 quiet oops=panic panic=-1 panic_on_warn=1"
	# While an emulated CPU waits for a busy machine no timer interrupt comes.
	cmdline+=" no_timer_check"
	# QEMU 7.2 keeps translated code by its virtual address: a process that has
	# libraries where the last one had them starts in half the time.
	cmdline+=" norandmaps"

	kernel=$(root_kernel "$root")
	initrd=$("$vm/initrd" "$root")
	disk=$("$vm/disk" "$root")
	accel=$("$vm/accel" "$root")
	[[ $icount == no ]] || accel=icount
	[[ $mode != shell ]] || terminal=console
	[[ -n $nic || $accel != tcg ]] || choose_qemu

	qemu=("${qemu_command[@]}" -nodefaults -no-user-config -display none
		-no-reboot -m 2G
		-kernel "$root/boot/vmlinuz-$kernel" -initrd "$initrd"
		-drive "if=virtio,format=raw,readonly=on,file=$(quoted "$disk")"
		-virtfs "$(share src "$top" readonly=on,multidevs=remap)"
		-virtfs "$(share build "$build/vm/$series" readonly=on)"
		-virtfs "$(share out "$log" readonly=off)"
		-device virtio-serial
		-device virtserialport,chardev=result,name=result
		-device virtserialport,chardev=proof,name=proof
		-serial chardev:console
		-chardev "file,id=proof,path=$(quoted "$log/proof")")
	case $accel in
	kvm)	qemu+=(-accel kvm -cpu host -smp 2) ;;
	# While it boots the kernel patches most: guest/init brings up the second CPU
	# (see choose_qemu()).
	tcg)	qemu+=(-accel "tcg,thread=multi" -cpu max -smp 2)
		cmdline+=" maxcpus=1" ;;
	# QEMU counts each byte of "rep movsb" as an instruction: without erms
	# the kernel copies by words.
	icount)	qemu+=(-accel tcg -cpu max,-erms -smp 1 -icount "shift=0") ;;
	esac
	qemu+=(-append "$cmdline")
	[[ -z $nic ]] || nic_start
	if [[ $terminal == result ]]; then
		qemu+=(-chardev "stdio,id=result,logfile=$(quoted "$log/result")"
			-chardev "file,id=console,path=$(quoted "$log/console")")
	else
		qemu+=(-chardev "stdio,id=console,signal=off,logfile=$(quoted "$log/console")"
			-chardev "file,id=result,path=$(quoted "$log/result")")
	fi

	# --foreground: ^C reaches QEMU, and QEMU may use the terminal.
	qemu=(setpriv --pdeathsig TERM timeout --foreground -k 10 "$limit"
		"${qemu[@]}")
	if [[ $mode == shell ]]; then
		"${qemu[@]}" 9>&-
	else
		# At the end of its input QEMU would close the output, too, and a
		# guest that writes there would wait for ever: a pipe open at
		# both ends has no end.
		mkfifo "$log/stdin"
		"${qemu[@]}" <> "$log/stdin" 2> "$log/qemu" 9>&-
	fi
}
