/* SPDX-License-Identifier: GPL-2.0 */
/* What is measured: each a call out of line, as a BPF program would call a kfunc. */
#ifndef BENCH_OPS_H
#define BENCH_OPS_H

#include "store.h"

int op_empty(void);
int op_get(const struct traits_store *s, size_t room, const struct traits_secret *secret,
	   u64 key, void *buf, size_t size);
int op_set(struct traits_store *s, size_t room, const struct traits_secret *secret,
	   u64 key, const void *val, size_t size);
int op_del(struct traits_store *s, size_t room, const struct traits_secret *secret, u64 key);

#endif
