/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_LINUX_BTF_H
#define TRAITS_COMPAT_LINUX_BTF_H

#include <linux/version.h>
#include_next <linux/btf.h>

/* 6.3: marks a function that only BPF programs call, so that it stays what BTF tells */
#ifndef __bpf_kfunc
#define __bpf_kfunc __used noinline
#endif

/* 6.7: around the definitions of kfuncs, which have no prototype in any header */
#ifndef __bpf_kfunc_start_defs
#include <linux/compiler.h>
#define __bpf_kfunc_start_defs()					\
	__diag_push();							\
	__diag_ignore_all("-Wmissing-prototypes",			\
			  "kfuncs are global so that they get into BTF")
#define __bpf_kfunc_end_defs() __diag_pop()
#endif

/* Gone in 7.x, where trusted arguments are the rule */
#ifndef KF_TRUSTED_ARGS
#define KF_TRUSTED_ARGS 0
#endif

#endif
