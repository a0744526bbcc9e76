#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Without packages: make dkms-install, for this kernel.
. /src/test/deb/tests/lib.sh

logged make -s -C /src dkms-install KVER="$kernel"
vt_ok "make dkms-install" says '^exit code 0$'
vt_eq "$(dkms_status "$kernel")" installed "the module is installed"
vt_ok "and complete" is_complete "$kernel"
logged make -s -C /src dkms-remove
vt_ok "make dkms-remove" says '^exit code 0$'
vt_eq "$(find /lib/modules /usr/src /var/lib/dkms -name '*traits*')" "" "nothing is left"

vt_done
