// SPDX-License-Identifier: GPL-2.0
#include "arena.h"
#include "ktap.h"

#define PAD 4

struct arena arena_new(size_t room)
{
	struct arena a = { .room = room };

	a.mem = malloc(PAD + room);
	if (!a.mem)
		abort();
	memset(a.mem, 0x5a, PAD + room);
	a.s = (struct traits_store *)(a.mem + PAD);
	return a;
}

struct arena arena_new_store(size_t room, struct model *m)
{
	struct arena a = arena_new(room);

	model_init(m, 0x1234, 0, 7);
	CHECK(!traits_store_init(a.s, room, &model_secret, m->nonce, m->salt, m->epoch),
	      "room %zu", room);
	CHECK(model_matches(m, a.s, room), "room %zu", room);
	return a;
}

struct arena arena_clone(const struct arena *a, size_t room)
{
	struct arena new = arena_new(room);

	memcpy(new.s, a->s, room < a->room ? room : a->room);
	return new;
}

u32 arena_total(const struct arena *a)
{
	return traits_store_size(a->s);
}

int arena_get(const struct arena *a, u64 key, void *buf, size_t size)
{
	return traits_store_get(a->s, arena_total(a), key, buf, size);
}

int arena_set(const struct arena *a, u64 key, const void *val, size_t size, u64 flags)
{
	return traits_store_set(a->s, arena_total(a), a->room, key, val, size, flags);
}

int arena_del(const struct arena *a, u64 key)
{
	return traits_store_del(a->s, arena_total(a), key);
}

int arena_get_range(const struct arena *a, u64 from, u64 to, u64 lo, u64 hi, void *buf,
		    size_t size)
{
	return traits_store_get_range(a->s, arena_total(a), from, to, lo, hi, buf, size);
}

int arena_set_range(const struct arena *a, u64 from, u64 to, u64 known, u64 lo, u64 hi,
		    const void *buf, size_t size)
{
	return traits_store_set_range(a->s, arena_total(a), a->room, from, to, known, lo, hi,
				      buf, size);
}

void arena_free(struct arena *a)
{
	CHECK(!memcmp(a->mem, "\x5a\x5a\x5a\x5a", PAD));
	free(a->mem);
	a->mem = NULL;
	a->s = NULL;
}

void fill_value(u8 *value, unsigned int key, unsigned int round)
{
	for (unsigned int i = 0; i < 16; i++)
		value[i] = 1 + key + 67 * round + 13 * i;
}

void must_set(struct arena *a, struct model *m, unsigned int key, size_t size,
	      unsigned int round)
{
	u8 value[16];

	fill_value(value, key, round);
	CHECK(!model_set(m, a->room, key, value, size, 0), "key %u size %zu", key, size);
	CHECK(!arena_set(a, key, value, size, 0), "key %u size %zu", key, size);
	CHECK(model_matches(m, a->s, a->room), "key %u size %zu", key, size);
}

static u64 state = 0x853c49e6748fea9bULL;

u64 random_u64(void)
{
	/* xorshift64* */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

u32 random_u32(void)
{
	return random_u64() >> 32;
}
