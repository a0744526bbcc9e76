# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Hook of mmdebstrap, run with sh -c and the new root as $1; test/vm/root sets
# $series, $suite and $extra. Installs the newest kernel of the series for which
# the archive has headers, too, and no initrd: the harness boots with its own.
set -eu

if [ -n "$extra" ]; then
	awk -v suite=" $suite " -v extra=" $extra " '
		!done && sub(suite, extra) { print; done = 1 }' \
		"$1/etc/apt/sources.list" > "$1/etc/apt/sources.list.d/$extra.list"
	chroot "$1" apt-get update
fi

found=
for name in $(chroot "$1" apt-cache pkgnames "linux-image-$series." |
	sed -nE 's/^linux-image-([0-9.]+([-+][a-z0-9.]+)?-amd64)$/\1/p' |
	sort -Vr); do
	if chroot "$1" apt-cache show "linux-headers-$name" > /dev/null 2>&1
	then
		found=$name
		break
	fi
done
if [ -z "$found" ]; then
	echo "$suite has no kernel $series with headers" >&2
	exit 1
fi

INITRD=No DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get install -y \
	--no-install-recommends ${extra:+-t "$extra"} \
	"linux-image-$found" "linux-headers-$found"
mkdir -p "$1/src" "$1/build" "$1/out"
