#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The packages are installed as a user does it: dkms builds the module for the kernel that is
# there, with BTF and a signature behind it, the service is enabled, and the examples build.
. /src/test/deb/tests/lib.sh

# dkms shall sign with a key that the firmware of the machine will know: the one that comes
# with OVMF for tests, whose password is public.
key=/usr/share/ovmf/PkKek-1-snakeoil
vt_run openssl rsa -in $key.key -passin pass:snakeoil -out $state/key.pem 2> /dev/null
vt_run openssl x509 -in $key.pem -outform DER -out $state/key.der
vt_run mkdir -p /etc/dkms/framework.conf.d
printf '%s\n' "mok_signing_key=$state/key.pem" "mok_certificate=$state/key.der" \
	> /etc/dkms/framework.conf.d/traits-test.conf
files > $state/before

apt install /out/*.deb
vt_ok "apt installs the packages" says '^exit code 0$'
vt_eq "$(dpkg --audit)" "" "all of them are whole"
vt_eq "$(dkms_status "$kernel")" installed "dkms has built the module for this kernel"
vt_ok "it has BTF, and a signature behind it" is_complete "$kernel"
vt_eq "$(modinfo -F sig_key $state/traits.ko | tr -d :)" \
	"$(openssl x509 -in $key.pem -noout -serial | sed 's/.*=//')" \
	"the signature is of the key that dkms was given"
vt_eq "$(modprobe -S "$kernel" -n -v traits | tail -n 1 | cut -d ' ' -f 1)" insmod \
	"modprobe finds it"
vt_eq "$(modprobe -S "$kernel" -R net-pf-16-proto-16-family-traits)" traits \
	"and so does who asks for the netlink family"
vt_eq "$(systemctl is-enabled traits)" enabled "the service is enabled"
vt_eq "$(traitctl version)" "traitctl $version" "traitctl runs"
vt_eq "$(pkg-config --modversion libtraits)" "$version" "pkg-config finds the library"

mkdir -p /root/examples
cp -r /usr/share/doc/libtraits-dev/examples/* /root/examples
gunzip -qr /root/examples
vt_ok "the examples build" make -C /root/examples
vt_ok "with the shared library" sh -c 'ldd /root/examples/flow | grep libtraits.so.0'

vt_done
