/* SPDX-License-Identifier: GPL-2.0 */
/* Memory for a store such that the sanitizer sees every byte that is touched outside of it. */
#ifndef TEST_ARENA_H
#define TEST_ARENA_H

#include <stdlib.h>

#include "model.h"

/**
 * struct arena - memory of exactly @room bytes for one store
 * @mem:	what malloc() gave
 * @s:		the store; its end is the end of the allocation
 * @room:	its bytes
 *
 * The store is at an odd multiple of 4, like most in packets. The 4 bytes in front of it
 * are poison that arena_free() compares.
 */
struct arena {
	u8 *mem;
	struct traits_store *s;
	size_t room;
};

struct arena arena_new(size_t room);
/* Also writes an empty store; @m gets the same. */
struct arena arena_new_store(size_t room, struct model *m);
/* Another arena with the same bytes as far as they fit. */
struct arena arena_clone(const struct arena *a, size_t room);
/* Bytes that the store takes. */
u32 arena_total(const struct arena *a);

/* Operations on a store that is intact. */
int arena_get(const struct arena *a, u64 key, void *buf, size_t size);
int arena_set(const struct arena *a, u64 key, const void *val, size_t size, u64 flags);
int arena_del(const struct arena *a, u64 key);
int arena_get_range(const struct arena *a, u64 from, u64 to, u64 lo, u64 hi, void *buf,
		    size_t size);
int arena_set_range(const struct arena *a, u64 from, u64 to, u64 known, u64 lo, u64 hi,
		    const void *buf, size_t size);

/* Fails the test when the bytes in front of the store were changed. */
void arena_free(struct arena *a);

/* A value that differs for each key and round. */
void fill_value(u8 *value, unsigned int key, unsigned int round);
/* Sets a key in the store and in the model, which must agree and succeed. */
void must_set(struct arena *a, struct model *m, unsigned int key, size_t size,
	      unsigned int round);

/* Pseudo-random, the same in each run. */
u32 random_u32(void);
u64 random_u64(void);

#endif
