# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# For the tests of the packages, which run in a root of Debian: in a chroot or as a machine of
# its own. To be sourced. /out has the packages; /var/tmp/traits what one test leaves the next.

. /src/test/vm/guest/lib.sh

version=$(< /src/VERSION)
kernel=$(basename "$(ls -d /lib/modules/* | grep -vF "$(< /debs/release)")")
other=$(< /debs/release)
state=/var/tmp/traits
log=$state/log
mkdir -p $state

# Runs a command whose output the next checks look at; its exit code is the last line.
logged() {
	"$@" > $log 2>&1
	echo "exit code $?" >> $log
}
says() { grep -qE -- "$1" $log || { cat $log; return 1; }; }

apt() { logged apt-get -qy -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }

# dkms_status KERNEL: the state of the module for it
dkms_status() { dkms status -m traits -k "$1" | sed 's/.*: //'; }

# All files that there are, but logs, caches, and what apt, dpkg, systemd and dkms' key need
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /src -o -path /out -o -path /tmp \
		-o -path /run -o -path /dev -o -path /var/log -o -path /var/cache \
		-o -path /var/lib/dpkg -o -path /var/lib/apt -o -path /var/lib/systemd \
		-o -path /var/lib/dkms/mok.\* -o -path /var/tmp -o -path /etc/machine-id \
		-o -path /var/lib/dbus/machine-id \
		-o -path /etc/.updated -o -path /var/.updated -o -path /root \) -prune -o -print |
		LC_ALL=C sort
}

# unpacked KERNEL: the module that dkms installed for it, in $state/traits.ko
unpacked() {
	local ko

	ko=$(modinfo -k "$1" -F filename traits) || return
	[[ $ko == /lib/modules/$1/updates/dkms/traits.ko* ]] || { echo "$ko"; return 1; }
	case $ko in
	*.xz)	xz -dc "$ko" > $state/traits.ko ;;
	*.zst)	zstd -dcq "$ko" > $state/traits.ko ;;
	*)	cp "$ko" $state/traits.ko ;;
	esac
}

# is_complete KERNEL: a module with version, BTF, ids of kfuncs, and behind all that a signature
is_complete() {
	local sections

	unpacked "$1" || return
	modinfo -F vermagic $state/traits.ko | grep -q "^$1 " || { echo vermagic; return 1; }
	[[ $(modinfo -F version $state/traits.ko) == "$version" ]] || { echo version; return 1; }
	sections=$(readelf -SW $state/traits.ko 2> /dev/null)
	[[ $sections == *' .BTF '* && $sections == *' .BTF_ids '* ]] || { echo BTF; return 1; }
	[[ $(tail -c 28 $state/traits.ko) == "~Module signature appended~" ]] &&
		[[ $(modinfo -F sig_id $state/traits.ko) == PKCS#7 ]] ||
		{ echo signature; return 1; }
}
