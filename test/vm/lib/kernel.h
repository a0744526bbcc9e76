/* SPDX-License-Identifier: GPL-2.0 */
/* What the running kernel can do, asked of its BTF. */
#ifndef VT_KERNEL_H
#define VT_KERNEL_H

#include <stdbool.h>

/*
 * The kernel keeps a list of kfuncs for programs of this kind: @hook is what
 * its enum btf_kfunc_hook calls it, without BTF_KFUNC_HOOK_.
 */
bool vt_kfunc_hook(const char *hook);

/* It has a function of this name that programs can call. */
bool vt_kernel_function(const char *name);

#endif
