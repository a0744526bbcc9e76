# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Network cards for a guest; to be sourced by test/vm/run behind env.sh and boot.sh.
#
# A fixture is one card, or two joined by "+". Each has a cable to a plain virtio
# device of the same guest. In the guest they are told apart by their addresses:
# 02:00:00:00:00:0N is card N, 02:00:00:00:01:0N the other end of its cable.

all_fixtures=(igb virtio mlx5-legacy mlx5-striding ice ice+mlx5)

# What each card is: the model that plays it and its options, or QEMU's own device.
card_model() {
	case $1 in
	ice)			echo ice ;;
	mlx5 | mlx5-legacy)	echo mlx5 --option rq=legacy ;;
	mlx5-striding)		echo mlx5 --option rq=striding ;;
	igb | virtio)		;;
	*)			die "no fixture with $1 (there are ${all_fixtures[*]})" ;;
	esac
}

# What apt or mmdebstrap say first is why; they end with what they did about it.
first_error() {
	grep -am1 '^E: ' "$1" || tail -n 1 "$1"
}

# Sets $qemu_command, $cards and $firmware, and builds the models. Fails, with the
# reason in $why, if this machine cannot have them.
nic_prepare() {
	local card words

	firmware=
	IFS=+ read -ra cards <<< "$nic"
	for card in "${cards[@]}"; do
		card_model "$card" > /dev/null
	done
	if ! words=$("$vm/qemu" 2> "$build/nic-qemu.log"); then
		why="no QEMU with vfio-user: $(first_error "$build/nic-qemu.log")"
		return 1
	fi
	mapfile -t qemu_command <<< "$words"
	if [[ +$nic+ == *+ice+* ]] &&
		! firmware=$("$top/test/nic/firmware" 2> "$build/nic-firmware.log"); then
		why="no firmware for ice: $(first_error "$build/nic-firmware.log")"
		return 1
	fi
	make -s -C "$top/test/nic" BUILD="$build" >&2 || die "the device models cannot be built"
}

# datagrams FROM TO: one end of a cable inside QEMU.
datagrams() {
	echo "dgram,local.type=unix,local.path=$1,remote.type=unix,remote.path=$2"
}

# Adds to $qemu: card N, its cable, the cable's other end.
add_card() {
	local n=$1 card=$2 model=$3 dir=$4 wire options
	local mac=02:00:00:00:00:0$n wire_mac=02:00:00:00:01:0$n
	local plain=romfile=,csum=off,gso=off,guest_csum=off,guest_tso4=off,guest_tso6=off
	plain+=,guest_ecn=off,guest_ufo=off,guest_uso4=off,guest_uso6=off
	plain+=,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off,host_uso=off

	qemu+=(-device "pcie-root-port,id=port$n,slot=$((n + 1)),chassis=$((n + 1))")
	if [[ -n $model ]]; then
		options='{"driver":"vfio-user-pci","bus":"port'$n'",'
		options+='"socket":{"type":"unix","path":"'$dir/device$n'"}}'
		qemu+=(-device "$options")
		wire=stream,server=off,addr.type=unix,addr.path=$dir/wire$n
	else
		# QEMU hands igb what it once has read, also without a buffer: of datagrams it
		# reads one, of a stream many, and a hub hands on all. (Nor could a stream's
		# two ends be here: what it accepts blocks QEMU's thread.)
		[[ $card != virtio ]] || card=virtio-net-pci
		wire=$(datagrams "$dir/wire$n" "$dir/device$n")
		qemu+=(-netdev "$(datagrams "$dir/device$n" "$dir/wire$n"),id=card$n"
			-device "$card,bus=port$n,netdev=card$n,mac=$mac,romfile=")
	fi
	qemu+=(-netdev "$wire,id=wire$n"
		-device "virtio-net-pci,netdev=wire$n,mac=$wire_mac,$plain")
}

# Starts a process for each card that is a model, and tells QEMU. To be called
# before QEMU is started; nic_stop has to be called in the end.
nic_start() {
	local n words more=() deadline

	nic_dir=$(mktemp -d "${TMPDIR:-/tmp}/nic.XXXXXX")
	trap 'rm -rf "$nic_dir"' EXIT
	model_pids=()
	[[ -z ${NIC_VERBOSE:-} ]] || more+=(--verbose)
	[[ -z ${NIC_OPTION:-} ]] || more+=(--option "$NIC_OPTION")
	qemu+=(-machine "q35,memory-backend=ram"
		-object "memory-backend-memfd,id=ram,size=2G,share=on")
	if [[ -n $firmware ]]; then
		mkdir "$log/firmware"
		cp -r "$firmware/." "$log/firmware"
	fi
	for n in "${!cards[@]}"; do
		read -ra words <<< "$(card_model "${cards[n]}")"
		add_card "$n" "${cards[n]}" "${words[*]}" "$nic_dir"
		[[ ${#words[@]} -gt 0 ]] || continue
		setpriv --pdeathsig KILL "$build/nic/nic-model" "${words[@]}" "${more[@]}" \
			--option "mac=02:00:00:00:00:0$n" --device "$nic_dir/device$n" \
			--wire "$nic_dir/wire$n" > "$log/nic$n" 2>&1 < /dev/null 9>&- &
		model_pids[n]=$!
		deadline=$((SECONDS + 10))
		until [[ -S $nic_dir/device$n ]]; do
			kill -0 "${model_pids[n]}" 2> /dev/null && ((SECONDS < deadline)) ||
				die "card $n did not start: $(tail -n 1 "$log/nic$n")"
			sleep 0.1
		done
	done
}

# Waits for the models, which end when QEMU has. Adds to $nic_faults what was wrong.
nic_stop() {
	local n code deadline=$((SECONDS + 10))

	nic_faults=()
	for n in "${!model_pids[@]}"; do
		while kill -0 "${model_pids[n]}" 2> /dev/null && ((SECONDS < deadline)); do
			sleep 0.1
		done
		# One that has not noticed that its client left is faulty, too.
		kill -KILL "${model_pids[n]}" 2> /dev/null || :
		code=0
		{ wait "${model_pids[n]}" || code=$?; } 2> /dev/null
		[[ $code -eq 0 ]] ||
			nic_faults+=("nic${n}_model # exit code $code: $(model_fault "$log/nic$n")")
	done
}

# The line of a model's log that says best what is wrong.
model_fault() {
	grep -am1 ' fault: ' "$1" || tail -n 1 "$1"
}
