#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module: own
# A module without BTF, or with BTF ids that are not resolved, would load and give BPF programs no
# kfunc, and nobody would know why. So it does not load, and says what is wrong.
# shellcheck disable=SC2016
# shellcheck source=../guest/lib.sh
. /src/test/vm/guest/lib.sh

ko=/build/module-$(uname -r)/traits.ko

# Loads a file that has to be refused with a sentence that begins like this.
refused() {
	local what=$1 file=$2 sentence=$3 before after output

	before=$(dmesg | wc -l)
	output=$(insmod "$file" 2>&1)
	vt_eq "$?" 1 "$what: it does not load"
	vt_ok "$what: insmod tells ENOEXEC" grep -q "Invalid module format" <<< "$output"
	after=$(dmesg | tail -n "+$((before + 1))" | sed 's/^\[[^]]*\] //')
	vt_eq "$(grep -c "^traits: $sentence" <<< "$after")" 1 "$what: the module says why"
	vt_eq "$(grep -vc '^traits: ' <<< "$after")" 0 "$what: and nobody else says anything"
	vt_ok "$what: it is not there" vt_not test -e /sys/module/traits
}

# with_ids PROGRAM: the module with other .BTF_ids. The Perl program finds their 32-bit words in @w, and
# in @sets where each set begins: the number of its ids, flags, then id and flags of each.
with_ids() {
	vt_run perl -e '
		local $/;
		open my $in, "<", "/tmp/ids" or die; my @w = unpack "V*", <$in>;
		my @sets;
		for (my $i = 0; $i < @w; $i += 2 + 2 * $w[$i]) { push @sets, $i; }
		eval $ARGV[0]; die $@ if $@;
		print pack "V*", @w;' "$1" > /tmp/other-ids
	vt_run objcopy --update-section .BTF_ids=/tmp/other-ids "$ko" /tmp/traits.ko
}

vt_ok "the module as it was built loads" /src/test/vm/guest/load
vt_run rmmod traits

vt_run objcopy --remove-section=.BTF "$ko" /tmp/traits.ko
refused "no BTF" /tmp/traits.ko \
	"the module has no BTF, so no BPF program could find its kfuncs"

vt_run objcopy -O binary --only-section=.BTF_ids --set-section-flags .BTF_ids=alloc \
	"$ko" /tmp/ids
with_ids '1'
vt_ok "the same ids written again change nothing" insmod /tmp/traits.ko
vt_run rmmod traits

unresolved="the module's BTF ids are not resolved"
with_ids '@w = map { 0 } @w'
refused "all ids and counts 0" /tmp/traits.ko "$unresolved"
with_ids '$w[$sets[2] + 2] = 0'
refused "an id of the third set is 0" /tmp/traits.ko "$unresolved"

vt_eq "$(cat /sys/kernel/tracing/enabled_functions)" "" "no function is traced"
vt_ok "the module as it was built still loads" /src/test/vm/guest/load
vt_run rmmod traits
vt_done
