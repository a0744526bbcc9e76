#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# series: 6.12
# module: own
# timeout: 240
# Each command that README.md shows behind a # is run here, in its order, and
# does what it shows: it succeeds where no error is shown, and prints something
# where output is. The block that unloads the module comes last. Commands of
# other blocks belong to the tests that are named here.
. /src/test/vm/guest/lib.sh

readme=/src/README.md

# Beginning of a command, and what runs it
elsewhere=(
	'make tools'			'test/lib'
	'make -C tools install'		'test/lib'
	'make -C bpf-progs/test'	'test/vm/build'
	'unshare -n build/bpf/test/example'	'case programs_are_tested_alone'
	'make demo'			'case demo'
	'make check'			'CI'
	'sudo apt install gcc make'	'test/vm/root'
	'make dkms-install'		'test/deb'
	'sudo apt install ./build/deb/'	'test/deb'
	'make'				'test/vm/build'
	'sudo insmod build/module-'	'test/vm/guest/init'
	'sudo build/tools/traitctl check'	'case traitctl_loads_the_module'
	'sudo make -C tools install'	'test/lib'
	'sudo ldconfig'			'test/lib'
	'modprobe traits'		'test/deb'
	'sudo mokutil --import'		'nobody: it needs firmware and somebody in front of it'
	'sudo reboot'			'test/deb'
	'sudo modprobe traits'		'test/deb'
)

runs_elsewhere() {
	local i

	for ((i = 0; i < ${#elsewhere[@]}; i += 2)); do
		[[ $1 != "${elsewhere[i]}" && $1 != "${elsewhere[i]} "* &&
		   ( ${elsewhere[i]} == make || $1 != "${elsewhere[i]}"* ) ]] || return 0
	done
	return 1
}

# Lines "BLOCK COMMAND", and "BLOCK -OUTPUT" for what it is to print.
console() {
	awk '/^```/ { fence = fence ? 0 : $0 == "```" ? 1 : 2; block++; shown = 0; next }
	     fence == 1 && /^# / { shown = 1; print block, substr($0, 3); next }
	     fence == 1 && shown && NF { print block, "-" $0 }' "$readme"
}

# $1: command, $2: what the text shows of its output
run() {
	local code

	# In this shell: a later command may end what an earlier one left running.
	eval "$1" > /tmp/printed 2>&1 < /dev/null
	code=$?
	if [[ $2 == *ERROR* ]]; then
		vt_eq "$((code != 0))" 1 "refused: $1"
	else
		vt_eq "$code" 0 "$1"
	fi
	# What README shows can be taken from here.
	sed 's/^/# /' /tmp/printed
	[[ -z $2 || -s /tmp/printed ]] || vt_eq "" "$2" "prints something: $1"
}

mkdir -p /tmp/documented
cd /tmp/documented || exit
ln -s /build build
export C_INCLUDE_PATH=/src/include:/src/include/uapi
# Those that are shown are for a directory of one's own.
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$readme" |
	awk '/SPDX/ { if (n++) exit } { print } /_license/ { exit }' > arrival.bpf.c
vt_ok "the tutorial's program is there" grep -q 'TRAIT_KEY(arrival, 8)' arrival.bpf.c
vt_run insmod "/build/module-$(uname -r)/traits.ko"

mapfile -t lines < <(console)
last=
for line in "${lines[@]}"; do
	[[ $line != *' rmmod traits' ]] || last=${line%% *}
done
for turn in others last; do
	for ((i = 0; i < ${#lines[@]}; i++)); do
		block=${lines[i]%% *} command=${lines[i]#* } output=
		while [[ ${lines[i + 1]:-} == "$block -"* ]]; do
			output+=${lines[++i]#* -}$'\n'
		done
		[[ $turn == last ]] && [[ $block != "$last" ]] && continue
		[[ $turn == others ]] && [[ $block == "$last" ]] && continue
		runs_elsewhere "$command" || run "$command" "$output"
	done
done
vt_ok "the module is unloaded" vt_not test -e /sys/module/traits

# The indented ones are for the host.
while read -r command; do
	command=${command%%  *#*}
	runs_elsewhere "$command"
	vt_eq $? 0 "has its test: $command"
done < <(grep -E '^    (sudo |make|modprobe )' "$readme" | sed 's/ *$//')
vt_done
