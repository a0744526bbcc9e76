/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_KFUNC_H
#define TRAITS_KFUNC_H

#include <linux/types.h>

/**
 * traits_kfunc_init() - register the kfuncs
 *
 * The kernel forgets them by itself when the module goes away, which it does
 * not do while a loaded program uses one.
 *
 * Return: 0, -ENOEXEC when the module has no BTF of its own or its BTF ids are
 * not resolved, or the error of register_btf_kfunc_id_set().
 * Context: may sleep.
 */
int traits_kfunc_init(void);

/**
 * traits_count_errno() - count a refusal of a change
 * @err:	why; errors without a counter are not counted
 * @key:	as for traits_count_refusal()
 *
 * Context: any.
 */
void traits_count_errno(int err, u64 key);

#endif
