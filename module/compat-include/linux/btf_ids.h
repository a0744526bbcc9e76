/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_LINUX_BTF_IDS_H
#define TRAITS_COMPAT_LINUX_BTF_IDS_H

#include_next <linux/btf_ids.h>

/* 6.9: sets of kfuncs are told from other sets by a flag */
#ifndef BTF_KFUNCS_START
#define BTF_KFUNCS_START(name) BTF_SET8_START(name)
#define BTF_KFUNCS_END(name) BTF_SET8_END(name)
#endif

#endif
