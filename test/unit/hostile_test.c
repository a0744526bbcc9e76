// SPDX-License-Identifier: GPL-2.0
/*
 * Stores that someone else writes to, as in AF_XDP umem: headers of random bytes, and headers
 * that change after every single read. The sanitizers judge; the tests also see that the
 * operations got far enough to be judged.
 */
#include <stdlib.h>

static void adversary(void);

#define TRAITS_READ_ONCE(x)						\
	({								\
		__typeof__(x) val_ = *(const volatile __typeof__(x) *)&(x);	\
		adversary();						\
		val_;							\
	})

#include "arena.h"
#include "ktap.h"

/* The arena that adversary() writes to, if any. */
static const struct arena *victim;

static u64 random_mask(void)
{
	switch (random_u32() % 4) {
	case 0:
		return random_u64();
	case 1:
		return random_u64() & random_u64() & random_u64();
	case 2:
		return 1ULL << random_u32() % 64;
	default:
		return random_u32() & 1 ? ~0ULL : 0;
	}
}

static void scramble(const struct arena *a)
{
	a->s->mark = model_secret.magic << 8 | (random_u32() % 2 ? random_u32() & 0xff :
						random_u32() % (a->room - TRAITS_STORE_MIN + 4));
	a->s->present = random_mask();
	a->s->lo = random_mask();
	a->s->hi = random_mask();
}

/* Changes each field half of the time: what always changes never passes a comparison. */
static void adversary(void)
{
	struct traits_store old;
	u32 keep = random_u32();

	if (!victim)
		return;
	old = *victim->s;
	scramble(victim);
	if (keep & 1)
		victim->s->mark = old.mark;
	if (keep & 2)
		victim->s->present = old.present;
	if (keep & 4)
		victim->s->lo = old.lo;
	if (keep & 8)
		victim->s->hi = old.hi;
}

/* What each operation returned: how often it succeeded and how often it saw the damage. */
struct tally {
	unsigned int ok, damaged;
};

enum { GET, SET, DEL, GET_RANGE, SET_RANGE, PURGE, OPS };

static void count(struct tally *t, int ret)
{
	if (ret >= 0)
		t->ok++;
	if (ret == -EBADMSG)
		t->damaged++;
}

/* @total is what a check may have returned before the header was changed. */
static void any_operation(const struct arena *a, u32 total, struct tally *t)
{
	u64 from = random_u32() % 64;
	u64 to = random_u32() % 2 ? random_u32() % 64 : from + random_u32() % 4;
	u64 lo = random_mask(), hi = random_mask();
	size_t size = model_sizes[random_u32() % 4];
	unsigned int op = random_u32() % OPS;
	u8 buf[1024];
	u8 *exact;

	memset(buf, 0x66, sizeof(buf));
	switch (op) {
	case GET:
		exact = malloc(size);
		count(&t[op], traits_store_get(a->s, total, from, exact, size));
		free(exact);
		break;
	case SET:
		count(&t[op], traits_store_set(a->s, total, a->room, from, buf, size, 0));
		break;
	case DEL:
		count(&t[op], traits_store_del(a->s, total, from));
		break;
	case GET_RANGE:
		/* Mostly the classes that are there now, else it would not get far. */
		if (random_u32() % 8) {
			lo = a->s->lo;
			hi = a->s->hi;
		}
		count(&t[op], traits_store_get_range(a->s, total, from, to, lo, hi, buf,
						     sizeof(buf)));
		break;
	case SET_RANGE:
		/* All of one size, so that the sum is known. */
		lo = size == 4 || size == 16 ? ~0ULL : 0;
		hi = size >= 8 ? ~0ULL : 0;
		count(&t[op], traits_store_set_range(a->s, total, a->room, from, to, ~0ULL,
						     lo, hi, buf,
						     to < from ? 0 : (to - from + 1) * size));
		break;
	case PURGE:
		traits_store_reseal(a->s, total, &model_secret, random_u32());
		count(&t[op], traits_store_purge(a->s, &total, random_mask()));
		CHECK(total >= TRAITS_STORE_MIN && total <= a->room);
		break;
	}
}

static void attack(unsigned int rounds, bool changing)
{
	struct tally t[OPS] = { 0 };

	for (unsigned int i = 0; i < rounds; i++) {
		struct arena a = arena_new(TRAITS_STORE_MIN + random_u32() % 270);
		u32 len = (random_u32() & 0xfc) % (a.room - TRAITS_STORE_MIN + 1) & ~3u;

		scramble(&a);
		victim = changing ? &a : NULL;
		for (unsigned int n = 0; n < 4; n++)
			any_operation(&a, TRAITS_STORE_MIN + len, t);
		victim = NULL;
		arena_free(&a);
	}
	for (unsigned int op = 0; op < OPS; op++) {
		CHECK(t[op].ok > 100, "operation %u: %u times", op, t[op].ok);
		CHECK(op == PURGE || t[op].damaged > 100, "operation %u: %u times", op,
		      t[op].damaged);
	}
}

static void random_headers_are_no_way_out(void)
{
	attack(100000, false);
}

static void headers_that_change_are_no_way_out(void)
{
	attack(100000, true);
}

static void check_survives_random_bytes(void)
{
	unsigned int results[3] = { 0 };

	for (unsigned int i = 0; i < 200000; i++) {
		struct arena a = arena_new(random_u32() % 300);
		int ret;

		for (size_t b = 0; b < a.room; b++)
			((u8 *)a.s)[b] = random_u32();
		if (a.room >= 4 && i % 8)
			a.s->mark = model_secret.magic << 8 | (random_u32() & 0xff);
		if (a.room >= TRAITS_STORE_MIN && i % 2) {
			a.s->mark = model_secret.magic << 8;
			a.s->mark |= random_u32() % (a.room - TRAITS_STORE_MIN + 1) & 0xfc;
			traits_store_reseal(a.s, arena_total(&a), &model_secret, 5);
		}
		ret = traits_store_check(a.s, a.room, &model_secret, 5);
		if (ret > 0)
			CHECK(ret >= TRAITS_STORE_MIN && (size_t)ret <= a.room && ret % 4 == 0,
			      "returned %d", ret);
		else
			CHECK(ret == 0 || ret == -EBADMSG, "returned %d", ret);
		results[ret == 0 ? 0 : ret < 0 ? 1 : 2]++;
		arena_free(&a);
	}
	for (unsigned int i = 0; i < 3; i++)
		CHECK(results[i] > 1000, "result %u: %u times", i, results[i]);
}

const struct ktap_test hostile_tests[] = {
	{ "random_headers_are_no_way_out", random_headers_are_no_way_out },
	{ "headers_that_change_are_no_way_out", headers_that_change_are_no_way_out },
	{ "check_survives_random_bytes", check_survives_random_bytes },
	{ }
};
