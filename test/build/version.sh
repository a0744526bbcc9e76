# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What dkms.conf says, as dkms 3.0.10 reads it: sourced by bash, with these two set; and that
# its version, and that of the packages, is the one of VERSION.

. "$HERE/ktap.sh"

conf() {
	kernelver=${2:-6.1.0-1-test} kernel_source_dir=/headers \
		bash -c '. "$1" && echo "${!2}"' bash "$TOP/dkms.conf" "$1"
}

# for_kernel RELEASE: yes or no
for_kernel() {
	bash -c '[[ $1 =~ $2 ]] && echo yes || echo no' bash "$1" "$(conf BUILD_EXCLUSIVE_KERNEL)"
}

same dkms_has_the_version "$(cat "$TOP/VERSION")" "$(conf PACKAGE_VERSION)"
same packages_have_the_version "$(cat "$TOP/VERSION")" \
	"$(sed -n '1s/^traits (\(.*\)) .*/\1/p' "$TOP/debian/changelog")"
same dkms_builds_with \
	"make -C module KVER=6.1.0-1-test KDIR=/headers BUILD=../build" "$(conf 'MAKE[0]')"
same dkms_finds_the_module_there build/module-6.1.0-1-test "$(conf 'BUILT_MODULE_LOCATION[0]')"
for release in 6.1.0-50-amd64 6.9.7 6.12.107+deb13-amd64 6.18.1 7.0.1 7.3.4+deb13-amd64; do
	same "dkms_builds_for_$release" yes "$(for_kernel $release)"
done
for release in 5.10.0-20-amd64 5.19.11 6.0.19 60.1.0 8.0.1; do
	same "dkms_leaves_out_$release" no "$(for_kernel $release)"
done
# autoinstall RELEASE: as dkms 3.0.10 does it, which reads the file for some kernel that there is
autoinstall() {
	bash -c 'safe_source() { . "$1"; }
		read_conf() { local kernelver=6.1.0-1-test; safe_source "$1"; }
		kernelver=$2; read_conf "$1"; echo "${AUTOINSTALL:-no}"' \
		bash "$TOP/dkms.conf" "$1" 2>&1
}

same dkms_installs_by_itself yes "$(autoinstall 6.1.0-2-test)"
same dkms_does_not_fail_where_it_may_not_install \
	"traits: no module for 8.0.1 (BUILD_EXCLUSIVE_KERNEL)
no" "$(autoinstall 8.0.1)"
same dkms_asks_for_nothing_that_debian_12_lacks "" \
	"$(grep -oE '^(BUILD_EXCLUSIVE_KERNEL_M|CLEAN|REMAKE_INITRD)[A-Z]*' "$TOP/dkms.conf")"

ktap_end
