# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# To be sourced. Makes kernels to look at.

RELEASE=6.1.0-1-test

# kernel FILE [MACRO...]: an ELF file with the BTF of kernel.c, built with these macros
kernel() {
	kernel_file=$1
	shift
	cc -g -O0 -w $(printf -- '-D%s ' "$@") -c -o "$kernel_file" "$HERE/kernel.c" &&
		pahole -J "$kernel_file" || broken "no fixture: $kernel_file $*"
}
