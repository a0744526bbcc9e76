# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Where things are, for every script of the VM harness; to be sourced.

vm=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$vm/../.." && pwd)
build=$(realpath -m "${BUILD:-$top/build}")
cache=${TRAITS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/traits}
all_series=(6.1 6.12 7)

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# The release of the one kernel that a root holds.
root_kernel() {
	local dirs=("$1"/lib/modules/*/)

	[[ ${#dirs[@]} -eq 1 && -d ${dirs[0]} ]] ||
		die "$1 does not hold exactly one kernel"
	basename "${dirs[0]}"
}
