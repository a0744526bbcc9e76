#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# dkms and the packages in a root without a running kernel of its own: the module is built
# for the kernel that is there, for the next one, and not for those that cannot have it; and
# nothing is left when the packages are purged. /out has the packages.
. /src/test/vm/guest/lib.sh

version=$(< /src/VERSION)
kernel=$(basename /lib/modules/*)
other=$(< /debs/release)
log=/tmp/log

# Runs a command whose output the next checks look at; its exit code is the last line.
logged() {
	"$@" > "$log" 2>&1
	echo "exit code $?" >> "$log"
}
says() { grep -qE -- "$1" "$log" || { cat "$log"; return 1; }; }

apt() { logged apt-get -qy -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }

# dkms_status KERNEL: the state of the module for it
dkms_status() { dkms status -m traits -k "$1" | sed 's/.*: //'; }

# files: all that there are, but logs, caches, and what apt, dpkg, ld.so and dkms' own key need
files() {
	find / -xdev \( -path /proc -o -path /src -o -path /out -o -path /tmp -o -path /run \
		-o -path /dev -o -path /var/log -o -path /var/cache -o -path /var/lib/dpkg \
		-o -path /var/lib/apt -o -path /var/lib/dkms/mok.\* \) -prune -o -print | sort
}

# unpacked KERNEL: the module that dkms installed for it, unpacked, in /tmp/traits.ko
unpacked() {
	local ko

	ko=$(modinfo -k "$1" -F filename traits) || return
	[[ $ko == /lib/modules/$1/updates/dkms/traits.ko* ]] || { echo "$ko"; return 1; }
	case $ko in
	*.xz)	xz -dc "$ko" > /tmp/traits.ko ;;
	*.zst)	zstd -dcq "$ko" > /tmp/traits.ko ;;
	*)	cp "$ko" /tmp/traits.ko ;;
	esac
}

# The signature is behind all else: an ELF file with the signature taken off is whole.
signature_is_last() {
	[[ $(tail -c 28 /tmp/traits.ko) == "~Module signature appended~" ]] &&
		[[ $(modinfo -F sig_id /tmp/traits.ko) == PKCS#7 ]]
}

# is_complete KERNEL: a module with version, BTF, ids of kfuncs, and a signature
is_complete() {
	unpacked "$1" || return
	modinfo -F vermagic /tmp/traits.ko | grep -q "^$1 " || return
	[[ $(modinfo -F version /tmp/traits.ko) == "$version" ]] || return
	readelf -SW /tmp/traits.ko 2> /dev/null | grep -q ' \.BTF ' || return
	readelf -SW /tmp/traits.ko 2> /dev/null | grep -q ' \.BTF_ids ' || return
	signature_is_last
}

# fake_headers RELEASE SED...: a package as linux-headers-RELEASE, with the configuration of the
# real ones changed, and a kernel directory. dkms learns of it as of a real one.
fake_headers() {
	local release=$1 dir=/tmp/fake-$1 build

	shift
	build=$dir/usr/src/linux-headers-$release
	mkdir -p "$dir/DEBIAN" "$build/include/generated" "$build/include/config" \
		"$dir/lib/modules/$release"
	ln -s "/usr/src/linux-headers-$release" "$dir/lib/modules/$release/build"
	sed "$@" "/lib/modules/$kernel/build/.config" > "$build/.config"
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

# refused NAME RELEASE: a kernel without the module does not keep apt from installing it
left_out() {
	apt install "/tmp/fake-$2.deb"
	vt_ok "$1: apt is content" says '^exit code 0$'
	vt_ok "$1: dkms says why there is no module" \
		says 'BUILD_EXCLUSIVE|does not match this kernel'
	vt_eq "$(dpkg --audit)" "" "$1: no package is half-installed"
	vt_eq "$(dkms_status "$2")" "" "$1: and there is none"
}

files > /tmp/before

apt install /out/*.deb
vt_ok "the packages are installed" says '^exit code 0$'
vt_eq "$(dkms_status "$kernel")" installed "the module is built for the kernel that is there"
vt_ok "it has BTF, and a signature behind it" is_complete "$kernel"
vt_eq "$(modprobe -S "$kernel" -n -v traits | awk '{ print $1 }' | sort -u)" insmod \
	"modprobe finds it"
vt_eq "$(modprobe -S "$kernel" --resolve-alias net-pf-16-proto-16-family-traits)" traits \
	"and asking for the netlink family, too"

fake_headers 5.10.0-99-amd64
left_out "a kernel that is too old" 5.10.0-99-amd64
fake_headers 6.1.0-99-amd64 '/CONFIG_DEBUG_INFO_BTF_MODULES=/d'
left_out "a kernel without BTF of modules" 6.1.0-99-amd64
fake_headers 8.0.0-99-amd64
left_out "a kernel of the future" 8.0.0-99-amd64

apt install /debs/*.deb
vt_ok "another kernel is installed" says '^exit code 0$'
vt_eq "$(dkms_status "$other")" installed "the module is built for it, too"
vt_ok "and is complete" is_complete "$other"
vt_eq "$(dkms_status "$kernel")" installed "the first kernel keeps its own"

# What dkms cannot know before it tries.
fake_headers 7.99.0-99-amd64
apt install /tmp/fake-7.99.0-99-amd64.deb
vt_ok "a kernel whose build fails: dkms says so, and for which" \
	says '7\.99\.0-99-amd64'
vt_ok "and where the reason is" says 'make\.log'
vt_eq "$(sed -n 's/^traits: //p' /var/lib/dkms/traits/"$version"/build/make.log | wc -l)" 1 \
	"which is one sentence"
vt_ok "the module of the other kernels is untouched" is_complete "$kernel"
apt purge linux-headers-7.99.0-99-amd64
vt_ok "the kernel can be taken away again" says '^exit code 0$'
vt_eq "$(dpkg --audit)" "" "and all packages are whole"

apt purge traits-dkms traitctl libtraits-dev libtraits0 linux-headers-{5.10,6.1,8.0}.0-99-amd64
vt_ok "the packages are purged" says '^exit code 0$'
files | grep -vF "$other" | grep -v '/linux-kbuild-' > /tmp/after
vt_eq "$(diff /tmp/before /tmp/after | grep '^[<>]')" "" "nothing is left of them"

vt_run make -s -C /src dkms-install KVER="$kernel" > "$log" 2>&1
vt_eq "$(dkms_status "$kernel")" installed "make dkms-install does the same"
vt_ok "with the same result" is_complete "$kernel"
vt_run make -s -C /src dkms-remove > "$log" 2>&1
vt_eq "$(ls -d /usr/src/traits-* /lib/modules/*/updates/dkms/traits* 2>&1 | grep -v 'No such')" \
	"" "make dkms-remove leaves nothing"

vt_done
