# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# What a guest that has ended means; to be sourced by test/vm/run.

# One sentence on how the guest ended.
how_it_ended() {
	local panic

	panic=$(grep -aEm1 'Kernel panic|BUG:|WARNING:|Oops' "$log/console" || :)
	if [[ $boot_code -eq 124 || $boot_code -eq 137 ]]; then
		echo "the guest did not end within $limit s"
	elif [[ -n $panic ]]; then
		tr -d '\r' <<< "$panic"
	elif [[ $boot_code -ne 0 ]]; then
		echo "QEMU ended with code $boot_code"
	else
		echo "the guest ended before it gave a verdict"
	fi
}

# Prints the ends of the logs that a person would look at first.
show_logs() {
	local file

	for file in console dmesg load.log qemu nic0 nic1; do
		[[ -s $log/$file ]] || continue
		echo "# --- $log/$file:"
		tail -n 25 "$log/$file" | tr -d '\r' | sed 's/^/#   /'
	done
}

# Adds "not ok" for each result that the guest owes, so that the total is right
# and a dead guest is never taken for a short one.
judge_cases() {
	local plan=("${cases[@]}") index why owed=()

	[[ $load_module == no ]] ||
		plan=(load_module "${cases[@]}" unload_module)
	[[ -z $nic ]] || plan=(load_driver "${plan[@]}")
	[[ -s $log/result ]] || owed=("KTAP version 1" "1..${#plan[@]}")

	why=$(how_it_ended)
	for index in "${!plan[@]}"; do
		grep -aqE "^(not )?ok $((index + 1)) " "$log/result" ||
			owed+=("not ok $((index + 1)) ${plan[index]} # $why")
	done
	if ! grep -aq '^not ok' "$log/result" && [[ ${#owed[@]} -eq 0 &&
		"$(cat "$log/proof")" != "passed $nonce" ]]; then
		owed=("not ok $((${#plan[@]} + 1)) proof # $why")
	fi
	for index in "${!nic_faults[@]}"; do
		owed+=("not ok $((${#plan[@]} + 1 + index)) ${nic_faults[index]}")
	done
	[[ ${#owed[@]} -eq 0 ]] ||
		printf '%s\n' "${owed[@]}" | tee -a "$log/result"
	if grep -aq '^not ok' "$log/result"; then
		show_logs
		return 1
	fi
}

judge_command() {
	local proof

	proof=$(cat "$log/proof")
	if [[ ${#nic_faults[@]} -gt 0 ]]; then
		printf '%s\n' "${nic_faults[@]}" >&2
	elif [[ $proof =~ ^exit\ ([0-9]+)\ $nonce$ ]]; then
		return "${BASH_REMATCH[1]}"
	fi
	how_it_ended >&2
	[[ $mode == shell ]] || show_logs >&2
	return 125
}
