// SPDX-License-Identifier: GPL-2.0
/*
 * Built as kernel code is built, see the Makefile. Each operation does all checks, as on a
 * kernel's fast path: magic, length, room and canary, then the operation with its own bounds.
 */
#include "ops.h"

int op_empty(void)
{
	return 0;
}

int op_get(const struct traits_store *s, size_t room, const struct traits_secret *secret,
	   u64 key, void *buf, size_t size)
{
	int ret = traits_store_check(s, room, secret, 0);

	if (unlikely(ret <= 0))
		return ret ? ret : -ENOENT;
	return traits_store_get(s, ret, key, buf, size);
}

int op_set(struct traits_store *s, size_t room, const struct traits_secret *secret,
	   u64 key, const void *val, size_t size)
{
	int ret = traits_store_check(s, room, secret, 0);

	if (unlikely(ret <= 0))
		return ret ? ret : -ENOENT;
	return traits_store_set(s, ret, room, key, val, size, 0);
}

int op_del(struct traits_store *s, size_t room, const struct traits_secret *secret, u64 key)
{
	int ret = traits_store_check(s, room, secret, 0);

	if (unlikely(ret <= 0))
		return ret ? ret : -ENOENT;
	return traits_store_del(s, ret, key);
}
