/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_LINUX_FTRACE_H
#define TRAITS_COMPAT_LINUX_FTRACE_H

#include_next <linux/ftrace.h>

/*
 * 6.2: the arguments of a traced function; a macro on x86, elsewhere a function where
 * ftrace saves the arguments at all. On x86-64 struct ftrace_regs of 6.1 is a pt_regs.
 */
#ifndef ftrace_regs_get_argument
#if defined(CONFIG_X86_64)
#include <linux/ptrace.h>
#define ftrace_regs_get_argument(fregs, n) regs_get_kernel_argument(&(fregs)->regs, n)
#elif !defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#error "ftrace does not give the arguments of functions in this kernel (CONFIG_DYNAMIC_FTRACE_WITH_ARGS)"
#endif
#endif

#endif
