#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Secure Boot, with a firmware that knows the key with which dkms signs: the module is loaded,
# its BTF is used, and a module without signature is refused.
. /src/test/deb/tests/lib.sh
. /src/test/deb/tests/xdp.sh

vt_ok "Secure Boot is on" sh -c 'dmesg | grep -iE "secure boot enabled|Secure boot: enabled"'
vt_ok "the kernel is locked down" grep -qF '[integrity]' /sys/kernel/security/lockdown
vt_ok "it has the firmware's key" sh -c 'grep -i snakeoil /proc/keys'
vt_ok "the module is loaded" test -e /sys/module/traits
vt_eq "$(tr -d E < /sys/module/traits/taint)" O "as a signed one"
vt_ok "with its BTF" test -s /sys/kernel/btf/traits
vt_eq "$(systemctl is-active traits)" active "the service has run"
vt_eq "$(traitctl -j key show | jq -c 'map([.id, .name, .size])')" \
	'[[5,"flow/c",16],[63,"a.flag",0]]' "the keys of the file are there"
vt_ok "traitctl finds all that it needs" traitctl check

vt_run unpacked "$(uname -r)"
strip --strip-debug -o $state/unsigned.ko $state/traits.ko
vt_run traitctl key flush
vt_run modprobe -r traits
logged insmod $state/unsigned.ko
vt_ok "without signature it is refused" says 'Key was rejected by service|Operation not permitted'
vt_ok "signed it is loaded again" modprobe traits
vt_ok "and the keys are registered" systemctl reload traits
xdp_program_runs

vt_done
