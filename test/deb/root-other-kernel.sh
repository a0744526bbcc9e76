# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Second hook of mmdebstrap for test/deb/root, behind test/vm/root-kernel.sh, which sets $found.
# Puts the packages of another kernel and of its headers into /debs: of the newest that is not
# installed.

other=$(chroot "$1" apt-cache pkgnames linux-headers- |
	sed -nE 's/^linux-headers-([0-9.]+([-+][a-z0-9.]+)?-amd64)$/\1/p' |
	grep -vFx "$found" | sort -V | tail -n 1)
if [ -z "$other" ]; then
	echo "$suite has no kernel with headers besides $found" >&2
	exit 1
fi
mkdir -p "$1/debs/partial"
chroot "$1" apt-get install -y --no-install-recommends --download-only \
	-o Dir::Cache::archives=/debs "linux-image-$other" "linux-headers-$other"
rm -rf "$1/debs/partial" "$1/debs/lock"
echo "$other" > "$1/debs/release"
