# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# To be sourced. Makes kernels to look at.

RELEASE=6.1.0-1-test

# kernel FILE [MACRO...]: an ELF file with the BTF of kernel.c, built with these macros
kernel() {
	out=$1
	shift
	cc -g -O0 -w $(printf -- '-D%s ' "$@") -c -o "$out" "$HERE/kernel.c" &&
		pahole -J "$out" || broken "no fixture: $out $*"
}
