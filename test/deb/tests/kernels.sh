#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Kernels come and go while the package is installed: dkms builds the module for the next one,
# and leaves out those that cannot have it, with a word on why, and with apt content.
. /src/test/deb/tests/lib.sh

# fake_headers RELEASE [SED...]: a package as linux-headers-RELEASE, with the configuration of
# the real ones changed. dkms learns of it as it does of a real one.
fake_headers() {
	local release=$1 dir=/tmp/fake-$1 build

	build=$dir/usr/src/linux-headers-$release
	mkdir -p "$dir/DEBIAN" "$build/include/generated" "$build/include/config" \
		"$dir/lib/modules/$release"
	ln -s "/usr/src/linux-headers-$release" "$dir/lib/modules/$release/build"
	sed "${2-}" "/lib/modules/$kernel/build/.config" > "$build/.config"
	cp "$build/.config" "$build/include/config/auto.conf"
	echo "#define UTS_RELEASE \"$release\"" > "$build/include/generated/utsrelease.h"
	echo "modules:" > "$build/Makefile"
	printf '%s\n' "Package: linux-headers-$release" "Version: 1" "Architecture: amd64" \
		"Maintainer: nobody <nobody@traits.example>" "Description: fake" \
		> "$dir/DEBIAN/control"
	printf '%s\n' '#!/bin/sh' 'set -e' \
		"run-parts --report --exit-on-error --arg=$release /etc/kernel/header_postinst.d" \
		> "$dir/DEBIAN/postinst"
	chmod 755 "$dir/DEBIAN/postinst"
	vt_run dpkg-deb -b "$dir" "/tmp/fake-$release.deb" > /dev/null
}

# left_out WHAT RELEASE: dkms does not try it, and apt does not mind
left_out() {
	apt install "/tmp/fake-$2.deb"
	vt_ok "$1: apt is content" says '^exit code 0$'
	vt_ok "$1: dkms says why there is no module" says 'BUILD_EXCLUSIVE'
	vt_eq "$(dpkg --audit)" "" "$1: no package is half-installed"
	vt_eq "$(find "/lib/modules/$2/" -name 'traits*')" "" "$1: it has no module"
	apt purge "linux-headers-$2"
	vt_ok "$1: it can be taken away" says '^exit code 0$'
}

fake_headers 5.10.0-99-amd64
left_out "a kernel that is too old" 5.10.0-99-amd64
fake_headers 6.1.0-99-amd64 '/CONFIG_DEBUG_INFO_BTF_MODULES=/d'
left_out "a kernel without BTF of modules" 6.1.0-99-amd64
fake_headers 8.0.0-99-amd64
left_out "a kernel of the future" 8.0.0-99-amd64

apt install /debs/*.deb
vt_ok "another kernel is installed" says '^exit code 0$'
vt_eq "$(dkms_status "$other")" installed "it gets its module"
vt_ok "which is complete" is_complete "$other"
vt_eq "$(dkms_status "$kernel")" installed "the first kernel keeps its own"

# What dkms cannot know before it tries: all is as it should be, but there is no BTF.
fake_headers 7.99.0-99-amd64
apt install /tmp/fake-7.99.0-99-amd64.deb
vt_ok "a build that fails: dkms says so, and for which kernel" says 'Error!.*7\.99\.0-99-amd64'
vt_ok "and where the reason is" says 'make\.log'
vt_eq "$(sed -n 's/^traits: //p' "/var/lib/dkms/traits/$version/build/make.log" | wc -l)" 1 \
	"which is one sentence"
vt_ok "the module of the other kernels is as it was" is_complete "$kernel"
apt purge linux-headers-7.99.0-99-amd64
vt_ok "the kernel can be taken away" says '^exit code 0$'
vt_eq "$(dpkg --audit)" "" "and all packages are whole"

vt_done
