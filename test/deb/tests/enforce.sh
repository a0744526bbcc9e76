#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module.sig_enforce=1, without a firmware that knows the key: the kernel refuses the module,
# unsigned and signed, and says why; the machine comes up all the same.
. /src/test/deb/tests/lib.sh

vt_eq "$(< /sys/module/module/parameters/sig_enforce)" Y "signatures are enforced"
vt_ok "the module is not loaded" vt_not test -e /sys/module/traits
vt_eq "$(systemctl is-active systemd-modules-load traits | xargs)" "failed failed" \
	"systemd says so, of modules and keys"
logged modprobe traits
vt_ok "modprobe says why: the key is not known" \
	says 'Key was rejected by service|Required key not available'
vt_ok "that is a refusal" says '^exit code 1$'
vt_run unpacked "$(uname -r)"
strip --strip-debug -o $state/unsigned.ko $state/traits.ko
logged insmod $state/unsigned.ko
vt_ok "without signature: it is missing" says 'Key was rejected by service|Required key not available'
vt_eq "$(dmesg | grep -c 'Loading of unsigned module is rejected')" 1 \
	"and the kernel's log says that, once"

vt_done
