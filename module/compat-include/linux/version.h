/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_LINUX_VERSION_H
#define TRAITS_COMPAT_LINUX_VERSION_H

#include_next <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "traits needs Linux 6.1: older kernels have no set of kfuncs with flags for modules"
#endif

#endif
