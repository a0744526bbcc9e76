# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Makes Debian root file systems with mmdebstrap and keeps them in the cache; to be sourced behind env.sh.

# The first URI that apt of this machine uses for an archive with LABEL; nothing
# if it never fetched a list.
apt_uri() {
	apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' \
		'Origin: Debian' "Label: $1" 2> /dev/null | sed -n 1p
}

# sources SUITE COMPONENT: lines for sources.list; none lets mmdebstrap take its
# own defaults.
sources() {
	local main=${TRAITS_MIRROR:-} security=

	if [[ -z $main ]]; then
		main=$(apt_uri Debian)
		security=$(apt_uri Debian-Security)
	fi
	[[ -z $main ]] || echo "deb $main $1 $2"
	[[ -z $security ]] || echo "deb $security $1-security $2"
}

# mkroot INTO SUITE COMPONENT ARGUMENT...: runs mmdebstrap with ARGUMENTs. Through
# tar, so that all files belong to the caller: QEMU and the build then read them
# without further privilege.
mkroot() {
	local into=$1 suite=$2 component=$3 mode=root mirrors

	shift 3
	[[ $(id -u) -eq 0 ]] || mode=unshare
	mapfile -t mirrors < <(sources "$suite" "$component")
	mkdir -p "$into"
	TMPDIR=${TMPDIR:-/var/tmp} mmdebstrap --mode="$mode" --components="$component" \
		"$@" "$suite" - ${mirrors:+"${mirrors[@]}"} |
		tar -C "$into" -x --no-same-owner --exclude='./dev/*'
}

# cached_root NAME WHAT RECIPE COMMAND: prints the path of NAME's root. COMMAND INTO
# makes it, once for each RECIPE: a changed text gives a new root. WHAT is for a
# person. The lock is held by this shell until it ends.
cached_root() {
	local name=$1 what=$2 root log

	root=$cache/roots/$name-$(sha256sum <<< "$3" | cut -c1-12)
	mkdir -p "$cache/roots"
	exec 9> "$cache/roots/$name.lock"
	flock 9
	if [[ ! -d $root ]]; then
		log=$cache/roots/$name.log
		echo "making a root with $what (log: $log)" >&2
		rm -rf "$root.tmp"
		if ! "$4" "$root.tmp" < /dev/null > "$log" 2>&1 9>&-; then
			tail -n 20 "$log" >&2
			rm -rf "$root.tmp"
			die "no root for $name"
		fi
		mv "$root.tmp" "$root"
	fi
	echo "$root"
}
