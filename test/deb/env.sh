# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Where things are, for the scripts of the packages' tests; to be sourced.

. "$(dirname "${BASH_SOURCE[0]}")/../vm/env.sh"
deb=$top/test/deb
all_suites=(bookworm trixie)
version=$(< "$top/VERSION")

# in_root ROOT DIR OUT COMMAND...: see test/deb/chroot
in_root() {
	local user=()

	[[ $(id -u) -eq 0 ]] || user=(--map-root-user)
	unshare "${user[@]}" --mount --pid --fork --kill-child "$deb/chroot" "$1" "$2" "$top" \
		"${@:3}"
}

# What is in the repository, or will be; outside git, all there is.
source_files() {
	cd "$top" || return
	git ls-files -z -co --exclude-standard 2> /dev/null ||
		find . -path ./build -prune -o -type f -print0
}
