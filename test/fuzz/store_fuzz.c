// SPDX-License-Identifier: GPL-2.0
/*
 * Sequences of operations, made from the fuzzer's bytes. Two modes, by the first byte: a store
 * that starts empty must at each step equal the plain model byte for byte; a store whose
 * header is the fuzzer's must at no step be a way out of its memory.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

#define REQUIRE(cond)							\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);	\
			abort();					\
		}							\
	} while (0)

struct input {
	const u8 *data;
	size_t left;
};

static u64 take(struct input *in, size_t bytes)
{
	u64 value = 0;

	if (bytes > in->left)
		bytes = in->left;
	memcpy(&value, in->data, bytes);
	in->data += bytes;
	in->left -= bytes;
	return value;
}

/* Whole masks cost the fuzzer 8 bytes each and hardly ever meet; most are runs of bits. */
static u64 take_mask(struct input *in)
{
	u8 how = take(in, 1);

	if (how & 0x80)
		return take(in, 8);
	return ~0ULL >> (how & 63) << take(in, 1) % 64;
}

enum { GET, SET, SET_AGAIN, DEL, GET_RANGE, SET_RANGE, PURGE, RESEAL, OPS };

struct op {
	unsigned int what;
	u64 key, to, flags, known, lo, hi, mask;
	size_t size;
	u16 salt;
	u8 value[1024];
};

static void take_op(struct input *in, struct op *op)
{
	size_t fill = 16;
	u8 round;

	memset(op, 0, offsetof(struct op, value));
	op->what = take(in, 1) % OPS;
	/* Now and then a key or a size that must be refused. */
	op->key = take(in, 1) % 66;
	round = take(in, 1);
	if (op->what == SET_RANGE)
		fill = sizeof(op->value);
	for (size_t i = 0; i < fill; i++)
		op->value[i] = round + i * 7;
	switch (op->what) {
	case GET:
	case SET:
		op->size = take(in, 1);
		op->flags = op->size >> 6;
		op->size &= 0x1f;
		break;
	case SET_AGAIN:
		op->size = model_sizes[take(in, 1) % 4];
		break;
	case GET_RANGE:
	case SET_RANGE:
		op->to = op->key + (take(in, 1) % 70) - 2;
		op->known = take_mask(in);
		op->lo = take_mask(in);
		op->hi = take_mask(in);
		break;
	case PURGE:
		op->mask = take_mask(in);
		break;
	case RESEAL:
		op->salt = take(in, 2);
		break;
	}
}

/* What the keys of a range with these classes add up to; 0 for a bad range. */
static size_t range_size(const struct op *op, u64 known)
{
	size_t sum = 0;

	if (op->to > 63 || op->key > op->to)
		return 0;
	for (u64 k = op->key; k <= op->to; k++)
		if (known >> k & 1)
			sum += model_sizes[(op->lo >> k & 1) + 2 * (op->hi >> k & 1)];
	return sum;
}

static void run_on_store(struct traits_store *s, u32 total, size_t room,
			 const struct op *op, struct model *m)
{
	u8 want[1024];
	u64 lo, hi;
	u8 *got;
	int n;

	switch (op->what) {
	case GET:
		got = malloc(op->size);
		n = traits_store_get(s, total, op->key, got, op->size);
		REQUIRE(n <= (int)op->size);
		REQUIRE(traits_store_has(s, op->key) == (n != -ENOENT) || n == -EBADMSG);
		if (m) {
			REQUIRE(n == model_get(m, op->key, want, op->size));
			REQUIRE(n <= 0 || !memcmp(got, want, n));
		}
		free(got);
		break;
	case SET:
	case SET_AGAIN:
		n = traits_store_set(s, total, room, op->key, op->value, op->size, op->flags);
		REQUIRE(!m || n == model_set(m, room, op->key, op->value, op->size, op->flags));
		break;
	case DEL:
		n = traits_store_del(s, total, op->key);
		REQUIRE(!m || n == model_del(m, op->key));
		break;
	case GET_RANGE:
		/* The classes that are there, except for those that the fuzzer flips. */
		lo = s->lo ^ (op->lo & op->hi);
		hi = s->hi ^ (op->known & op->hi);
		n = traits_store_get_range(s, total, op->key, op->to, lo, hi, NULL, 0);
		REQUIRE(n <= 0);
		if (m) {
			int full = model_get_range(m, op->key, op->to, lo, hi, want, 1024);

			REQUIRE(n == (full > 0 ? -ENOSPC : full));
			got = malloc(full > 0 ? full : 0);
			n = traits_store_get_range(s, total, op->key, op->to, lo, hi, got,
						   full > 0 ? full : 0);
			REQUIRE(n == full);
			REQUIRE(n <= 0 || !memcmp(got, want, n));
			free(got);
		} else {
			traits_store_get_range(s, total, op->key, op->to, lo, hi, want, 1024);
		}
		break;
	case SET_RANGE:
		n = traits_store_set_range(s, total, room, op->key, op->to, op->known, op->lo,
					   op->hi, op->value, range_size(op, op->known));
		REQUIRE(!m || n == model_set_range(m, room, op->key, op->to, op->known, op->lo,
						   op->hi, op->value,
						   range_size(op, op->known)));
		break;
	case PURGE:
		n = traits_store_purge(s, &total, op->mask);
		REQUIRE(!m || (unsigned int)n == model_purge(m, op->mask));
		REQUIRE(!m || total == traits_store_size(s));
		break;
	case RESEAL:
		traits_store_reseal(s, total, &model_secret, op->salt);
		if (m)
			m->salt = op->salt;
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	bool hostile = take(&in, 1) & 1;
	size_t room = TRAITS_STORE_MIN + take(&in, 2) % 260;
	u32 total = TRAITS_STORE_MIN;
	struct traits_store *s;
	struct model m;
	struct op op;
	u8 *mem;

	/* An odd multiple of 4, and nothing behind the store. */
	mem = malloc(4 + room);
	REQUIRE(mem);
	memset(mem, 0x5a, 4 + room);
	s = (struct traits_store *)(mem + 4);

	model_init(&m, 0x1234, 3, 9);
	REQUIRE(!traits_store_init(s, room, &model_secret, m.nonce, m.salt, m.epoch));
	if (hostile) {
		/* The length that a check saw; the header may have changed since. */
		total += take(&in, 1) % (room - TRAITS_STORE_MIN + 1) & ~3u;
		s->mark ^= take(&in, 1);
		s->present = take_mask(&in);
		s->lo = take_mask(&in);
		s->hi = take_mask(&in);
	}
	while (in.left) {
		take_op(&in, &op);
		if (!hostile)
			total = traits_store_size(s);
		run_on_store(s, total, room, &op, hostile ? NULL : &m);
		REQUIRE(hostile || model_matches(&m, s, room));
		REQUIRE(traits_store_check(s, room, &model_secret, m.salt) <= (int)room);
		REQUIRE(!memcmp(mem, "\x5a\x5a\x5a\x5a", 4));
	}
	free(mem);
	return 0;
}
