#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module: own
# A function that the module has to hook is not in this kernel: it does not load, says which,
# and leaves no hook behind.
# shellcheck source=../guest/lib.sh
. /src/test/vm/guest/lib.sh

ko=/build/module-$(uname -r)/traits.ko
# Some kernels' build merges strings with other data.
strings=.rodata.str1.1
readelf -SW "$ko" | grep -q " $strings " || strings=.rodata

# At its entry, and at its return, too
for function in pskb_expand_head skb_gro_receive; do
	other=${function%?}_
	vt_run objcopy -O binary --only-section=$strings --set-section-flags $strings=alloc \
		"$ko" /tmp/strings
	vt_run perl -0777 -pi -e "s/(?<![a-z_])$function(?=\\0)/$other/ or die" /tmp/strings
	vt_run objcopy --update-section $strings=/tmp/strings "$ko" /tmp/traits.ko
	output=$(insmod /tmp/traits.ko 2>&1)
	vt_eq "$?" 1 "$function is not there: the module does not load"
	vt_ok "$function: insmod tells ENOENT" grep -q "Unknown symbol in module" <<< "$output"
	vt_ok "$function: the module says what is missing" \
		grep -q "traits: this kernel does not let $other be hooked: error -2" <(dmesg)
	vt_ok "$function: it is not there" vt_not test -e /sys/module/traits
	vt_eq "$(cat /sys/kernel/tracing/enabled_functions)" "" "$function: nothing is traced"
	vt_eq "$(cat /sys/kernel/debug/kprobes/list)" "" "$function: there is no probe"
done
vt_ok "the module as it was built loads" /src/test/vm/guest/load
vt_run rmmod traits
vt_done
