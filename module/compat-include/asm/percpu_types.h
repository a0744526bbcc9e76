/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeps one copy of struct sk_buff in this module's BTF: the kernel's.
 *
 * In 7.x, with gcc 14 and newer, __percpu puts pointers into a named address space of the
 * compiler. Each such pointer becomes a type of its own in the debug information, and
 * pahole with libbpf before 1.6 (Debian 13 has 1.5) does not find structs with two of them
 * equal to the kernel's (libbpf commit 8e64c387c942, "Add identical pointer detection to
 * btf_dedup_is_equiv()", mended that). The module then gets a struct sk_buff of its own,
 * and the verifier refuses a BPF program that passes the kernel's to a kfunc.
 *
 * Without USE_TYPEOF_UNQUAL the headers are what they are for older compilers; the named
 * address space is a check at compile time only. linux/compiler_types.h includes this
 * one, before anything that uses either.
 */
#ifndef TRAITS_COMPAT_ASM_PERCPU_TYPES_H
#define TRAITS_COMPAT_ASM_PERCPU_TYPES_H

#undef USE_TYPEOF_UNQUAL
#include_next <asm/percpu_types.h>

#endif
