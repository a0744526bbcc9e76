/* SPDX-License-Identifier: GPL-2.0 */
/* What a store means, in the plainest way: one slot per key. The codec is held against it. */
#ifndef TEST_MODEL_H
#define TEST_MODEL_H

#include "store.h"

#define MODEL_BYTES_MAX	(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX)

struct model {
	int size[64];		/* -1: no value */
	u8 value[64][16];
	u16 nonce;
	u16 salt;
	u16 epoch;
};

extern const struct traits_secret model_secret;

/* Bytes of values for size class bits, one per key. */
extern const size_t model_sizes[4];

void model_init(struct model *m, u16 nonce, u16 salt, u16 epoch);
/* Bytes of all values. */
size_t model_len(const struct model *m);
/* The bytes that a store with these values must consist of; returns how many. */
size_t model_encode(const struct model *m, u8 *bytes);
/* Is the store at @s, with @room bytes, byte for byte what the model says? */
bool model_matches(const struct model *m, const struct traits_store *s, size_t room);

int model_get(const struct model *m, u64 key, void *buf, size_t size);
int model_set(struct model *m, size_t room, u64 key, const void *val, size_t size, u64 flags);
int model_del(struct model *m, u64 key);
unsigned int model_purge(struct model *m, u64 mask);
int model_get_range(const struct model *m, u64 from, u64 to, u64 lo, u64 hi,
		    void *buf, size_t size);
int model_set_range(struct model *m, size_t room, u64 from, u64 to, u64 known, u64 lo, u64 hi,
		    const void *buf, size_t size);

#endif
