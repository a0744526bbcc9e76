/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_LINUX_COMPILER_ATTRIBUTES_H
#define TRAITS_COMPAT_LINUX_COMPILER_ATTRIBUTES_H

#include_next <linux/compiler_attributes.h>

/* 6.11, and stable kernels since: a variable that CONFIG_INIT_STACK_ALL_ZERO leaves alone */
#ifndef __uninitialized
#if __has_attribute(__uninitialized__)
#define __uninitialized __attribute__((__uninitialized__))
#else
#define __uninitialized
#endif
#endif

#endif
