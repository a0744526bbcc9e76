#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# First boot of a machine with the packages: the module is loaded, there are no keys, and the
# service makes the registry equal to /etc/traits/keys when it is told to.
. /src/test/deb/tests/lib.sh

keys() { traitctl -j key show | jq -c 'map([.id, .name, .size, .gro])'; }

vt_eq "$(systemctl is-active systemd-modules-load)" active "systemd has loaded modules"
vt_eq "$(systemctl show -P Result traits) $(systemctl is-active traits)" "success active" \
	"and run the service"
vt_ok "the module is loaded" test -e /sys/module/traits
vt_eq "$(< /sys/module/traits/version)" "$version" "in this version"
vt_ok "with its BTF" test -s /sys/kernel/btf/traits
vt_ok "it can be unloaded" modprobe -r traits
vt_ok "modprobe loads it" modprobe traits
vt_ok "it is the one that dkms installed" sh -c \
	'modinfo -F filename traits | grep "^/lib/modules/$(uname -r)/updates/dkms/traits"'
vt_eq "$(keys)" "[]" "there is no key"
vt_ok "traitctl finds all that it needs" traitctl check

printf 'key add %s\n' 'flow/b size 4 id 9 gro sum' 'flow/a size 8' >> /etc/traits/keys
vt_ok "reload" systemctl reload traits
vt_eq "$(keys)" '[[0,"flow/a",8,"first"],[9,"flow/b",4,"sum"]]' "makes what the file says"
printf 'key add %s\n' 'flow/c size 16 id 5' 'a.flag size 0 id 63' > /etc/traits/keys
vt_ok "reload with another file" systemctl reload traits
vt_eq "$(keys)" '[[5,"flow/c",16,"first"],[63,"a.flag",0,"first"]]' "makes what that one says"
echo 'key add flow/c size 3' >> /etc/traits/keys
vt_ok "reload with a bad line is refused" vt_not systemctl reload traits
vt_ok "the journal names the line" sh -c 'journalctl -u traits | grep "/etc/traits/keys:3:"'
vt_eq "$(keys)" '[[5,"flow/c",16,"first"],[63,"a.flag",0,"first"]]' "and nothing has changed"
sed -i '$d' /etc/traits/keys

vt_done
