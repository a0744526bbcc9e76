// SPDX-License-Identifier: GPL-2.0
/* Batches: every first and last key, on stores of many shapes. */
#include "arena.h"
#include "ktap.h"

#define PATTERNS 40

struct pattern {
	u64 present, lo, hi;
};

/* Few or many keys, of one size or of all; the store may end in the middle of the keys. */
static struct pattern pattern(unsigned int n)
{
	struct pattern p = { .present = ~0ULL };

	switch (n) {
	case 0:
		p.present = 0;
		break;
	case 1:
		break;
	case 2:
		p.lo = ~0ULL;
		break;
	case 3:
		p.hi = ~0ULL;
		break;
	case 4:
		p.lo = ~0ULL;
		p.hi = ~0ULL;
		break;
	default:
		p.present = n & 1 ? ~0ULL : random_u64() | random_u64();
		p.lo = random_u64();
		p.hi = random_u64() & random_u64();
		if (n & 2)
			p.hi &= random_u64() & random_u64();
	}
	return p;
}

static size_t pattern_size(const struct pattern *p, unsigned int k)
{
	return model_sizes[(p->lo >> k & 1) + 2 * (p->hi >> k & 1)];
}

static struct arena pattern_store(const struct pattern *p, struct model *m, unsigned int first)
{
	struct arena a = arena_new_store(MODEL_BYTES_MAX, m);

	for (unsigned int i = 0; i < 64; i++) {
		unsigned int k = (first + i) % 64;

		if (p->present >> k & 1 &&
		    model_len(m) + pattern_size(p, k) <= TRAITS_STORE_LEN_MAX)
			must_set(&a, m, k, pattern_size(p, k), 0);
	}
	return a;
}

static void get_one_range(const struct arena *a, const struct model *m,
			  const struct pattern *p, unsigned int from, unsigned int to,
			  unsigned int *got)
{
	u8 want[1024];
	int n = model_get_range(m, from, to, p->lo, p->hi, want, sizeof(want));
	u8 *buf = malloc(n > 0 ? n : 1);

	CHECK(arena_get_range(a, from, to, p->lo, p->hi, buf, n >= 0 ? n : 1) == n,
	      "%u to %u", from, to);
	CHECK(n <= 0 || !memcmp(buf, want, n), "%u to %u", from, to);
	if (n > 0)
		CHECK(arena_get_range(a, from, to, p->lo, p->hi, buf, n - 1) == -ENOSPC,
		      "%u to %u", from, to);
	if (n >= 0)
		++*got;
	free(buf);
}

static void get_all_ranges(void)
{
	unsigned int got = 0;

	for (unsigned int n = 0; n < PATTERNS; n++) {
		struct pattern p = pattern(n);
		struct model m;
		struct arena a = pattern_store(&p, &m, n * 7);

		for (unsigned int from = 0; from < 64; from++)
			for (unsigned int to = from; to < 64; to++)
				get_one_range(&a, &m, &p, from, to, &got);
		CHECK(model_matches(&m, a.s, a.room));
		arena_free(&a);
	}
	/* All ranges of pattern 1 alone. */
	CHECK(got > 64 * 65 / 2);
}

static void get_refuses_another_size_class(void)
{
	struct pattern p = { .present = ~0ULL, .lo = 0x5555, .hi = 0x3333 };
	struct model m;
	struct arena a = pattern_store(&p, &m, 0);
	u8 buf[252];

	for (unsigned int k = 10; k <= 20; k++) {
		CHECK(arena_get_range(&a, 10, 20, p.lo ^ 1ULL << k, p.hi, buf,
				      sizeof(buf)) == -ENOENT);
		CHECK(arena_get_range(&a, 10, 20, p.lo, p.hi ^ 1ULL << k, buf,
				      sizeof(buf)) == -ENOENT);
	}
	/* Classes of keys that are not in the range do not matter. */
	CHECK(arena_get_range(&a, 10, 20, p.lo ^ 1ULL << 9 ^ 1ULL << 21,
			      p.hi ^ 1ULL << 9 ^ 1ULL << 21, buf, sizeof(buf)) ==
	      model_get_range(&m, 10, 20, p.lo, p.hi, buf, sizeof(buf)));
	arena_free(&a);
}

/* Without the bits of absent keys a missing key looks like one of no bytes. */
static void get_refuses_a_missing_key(void)
{
	struct pattern p = { .present = ~0ULL };
	struct model m;
	struct arena a = pattern_store(&p, &m, 0);
	u8 buf[1];

	CHECK(arena_get_range(&a, 10, 20, 0, 0, buf, 0) == 0);
	for (unsigned int k = 10; k <= 20; k++) {
		CHECK(!arena_del(&a, k));
		CHECK(arena_get_range(&a, 10, 20, 0, 0, buf, 0) == -ENOENT);
		CHECK(!arena_set(&a, k, buf, 0, 0));
	}
	arena_free(&a);
}

static void set_one_range(const struct pattern *old, const struct pattern *new,
			  unsigned int from, unsigned int to, unsigned int *done)
{
	struct model m;
	struct arena a = pattern_store(old, &m, from);
	u64 lo = random_u64(), hi = random_u64();
	size_t size = 0;
	u8 *buf;
	int ret;

	/* Classes of keys outside of the range or not known are noise. */
	lo = (lo & ~new->present) | (new->lo & new->present);
	hi = (hi & ~new->present) | (new->hi & new->present);
	for (unsigned int k = from; k <= to; k++)
		if (new->present >> k & 1)
			size += pattern_size(new, k);
	buf = malloc(size);
	for (size_t i = 0; i < size; i++)
		buf[i] = random_u32();

	CHECK(arena_set_range(&a, from, to, new->present, lo, hi, buf, size + 4) ==
	      -EINVAL);
	if (size)
		CHECK(arena_set_range(&a, from, to, new->present, lo, hi, buf,
				      size - 1) == -EINVAL);
	CHECK(model_matches(&m, a.s, a.room), "%u to %u", from, to);

	ret = model_set_range(&m, a.room, from, to, new->present, lo, hi, buf, size);
	CHECK(arena_set_range(&a, from, to, new->present, lo, hi, buf, size) == ret,
	      "%u to %u", from, to);
	CHECK(model_matches(&m, a.s, a.room), "%u to %u", from, to);
	if (!ret)
		++*done;
	free(buf);
	arena_free(&a);
}

static void set_all_ranges(void)
{
	unsigned int done = 0, all = 0;

	for (unsigned int n = 0; n < PATTERNS; n++) {
		for (unsigned int from = 0; from < 64; from++) {
			for (unsigned int to = from; to < 64; to += n < 5 ? 1 : 3) {
				struct pattern old = pattern((n * 5 + to) % PATTERNS);
				struct pattern new = pattern(n);

				set_one_range(&old, &new, from, to, &done);
				all++;
			}
		}
	}
	CHECK(done > 0 && done < all, "%u of %u", done, all);
}

static void backward_ranges_are_refused(void)
{
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);
	u8 buf[4] = { 0 };

	for (u64 from = 0; from < 70; from++)
		for (u64 to = 0; to < from; to++) {
			CHECK(arena_get_range(&a, from, to, 0, 0, buf, 4) == -EINVAL);
			CHECK(arena_set_range(&a, from, to, 0, 0, 0, buf, 0) == -EINVAL);
		}
	CHECK(model_matches(&m, a.s, a.room));
	arena_free(&a);
}

const struct ktap_test range_tests[] = {
	{ "get_all_ranges", get_all_ranges },
	{ "get_range_refuses_another_size_class", get_refuses_another_size_class },
	{ "get_range_refuses_a_missing_key", get_refuses_a_missing_key },
	{ "set_all_ranges", set_all_ranges },
	{ "backward_ranges_are_refused", backward_ranges_are_refused },
	{ }
};
