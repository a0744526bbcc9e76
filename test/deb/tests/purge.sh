#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# When the packages are purged nothing is left of them.
. /src/test/deb/tests/lib.sh

apt purge traits-dkms traitctl libtraits-dev libtraits0
vt_ok "apt purges the packages" says '^exit code 0$'
vt_eq "$(dpkg -l '*trait*' 2> /dev/null | grep -c '^[a-z][a-z]* ')" 0 "dpkg knows none of them"
files > $state/after
# Of another kernel, which may have come meanwhile; apt does not keep what it has installed.
others=${other%-amd64}
others="${others//[.+]/.}|^/debs|^/(initrd.img|vmlinuz)(.old)?\$"
vt_eq "$(diff <(grep -vE "$others" $state/before) <(grep -vE "$others" $state/after) |
	grep '^[<>]')" "" "all files are as they were before"
vt_eq "$(find /lib/modules /usr/src /var/lib/dkms -name '*traits*')" "" \
	"no kernel has the module any more"

vt_done
