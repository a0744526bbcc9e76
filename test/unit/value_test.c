// SPDX-License-Identifier: GPL-2.0
/* Every key, with every size, among every kind of neighbours. */
#include "arena.h"
#include "ktap.h"

enum neighbours { NONE, BELOW, ABOVE, BOTH, FULL, NEIGHBOURS };

static bool is_neighbour(enum neighbours set, unsigned int key, unsigned int k)
{
	switch (set) {
	case BELOW:
		return k < key && key - k <= 9;
	case ABOVE:
		return k > key && k - key <= 9;
	case BOTH:
		return k != key && (k < key ? key - k : k - key) <= 9;
	case FULL:
		return k != key;
	default:
		return false;
	}
}

/*
 * FULL leaves exactly @size bytes, so that the key under test just fits. Half of the turns
 * fill from above, so that there are values behind high keys, too.
 */
static void add_neighbours(struct arena *a, struct model *m, enum neighbours set,
			   unsigned int key, size_t size, unsigned int turn)
{
	for (unsigned int i = 0; i < 64; i++) {
		unsigned int k = turn & 1 ? 63 - i : i;
		size_t want = model_sizes[(k + turn) % 4];

		if (!is_neighbour(set, key, k))
			continue;
		while (model_len(m) + want + size > TRAITS_STORE_LEN_MAX)
			want = want == 4 ? 0 : want / 2;
		must_set(a, m, k, want, 0);
	}
}

static void check_all(const struct arena *a, const struct model *m, unsigned int key)
{
	u8 got[16], want[16];

	CHECK(model_matches(m, a->s, a->room), "key %u", key);
	for (unsigned int k = 0; k < 64; k++) {
		int n = model_get(m, k, want, sizeof(want));

		CHECK(traits_store_has(a->s, k) == (n >= 0), "key %u, reading %u", key, k);
		CHECK(arena_get(a, k, got, sizeof(got)) == n,
		      "key %u, reading %u", key, k);
		CHECK(n <= 0 || !memcmp(got, want, n), "key %u, reading %u", key, k);
	}
}

static void one_key(unsigned int key, size_t size, enum neighbours set, unsigned int turn)
{
	struct model m, before;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);

	add_neighbours(&a, &m, set, key, size, turn);
	before = m;
	if (set == FULL)
		CHECK(model_len(&m) + size == TRAITS_STORE_LEN_MAX, "key %u size %zu", key, size);

	must_set(&a, &m, key, size, 1);
	check_all(&a, &m, key);
	must_set(&a, &m, key, size, 2);
	check_all(&a, &m, key);
	CHECK(!arena_del(&a, key), "key %u size %zu", key, size);
	check_all(&a, &before, key);
	CHECK(arena_del(&a, key) == -ENOENT, "key %u size %zu", key, size);
	check_all(&a, &before, key);
	arena_free(&a);
}

static void all_keys(enum neighbours set)
{
	for (unsigned int key = 0; key < 64; key++)
		for (unsigned int s = 0; s < 4; s++)
			for (unsigned int turn = 0; turn < 4; turn++)
				one_key(key, model_sizes[s], set, turn);
}

static void each_key_alone(void)
{
	all_keys(NONE);
}

static void each_key_above_others(void)
{
	all_keys(BELOW);
}

static void each_key_below_others(void)
{
	all_keys(ABOVE);
}

static void each_key_between_others(void)
{
	all_keys(BOTH);
}

static void each_key_fills_a_store(void)
{
	all_keys(FULL);
}

static void sixty_four_values_of_no_bytes(void)
{
	struct model m;
	struct arena a = arena_new_store(TRAITS_STORE_MIN, &m);

	for (unsigned int k = 64; k--;)
		must_set(&a, &m, k, 0, 0);
	check_all(&a, &m, 0);
	CHECK(traits_store_size(a.s) == TRAITS_STORE_MIN);
	arena_free(&a);
}

static void value_buffers_need_no_alignment(void)
{
	u8 from[16 + 8], to[16 + 8];
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);

	for (unsigned int shift = 0; shift < 8; shift++) {
		for (unsigned int s = 0; s < 4; s++) {
			int size = model_sizes[s];

			fill_value(from + shift, s, shift);
			CHECK(!arena_set(&a, s, from + shift, size, 0));
			memset(to, 0x77, sizeof(to));
			CHECK(arena_get(&a, s, to + shift, 16) == size);
			CHECK(!memcmp(from + shift, to + shift, size));
			CHECK(to[shift + size] == 0x77);
		}
	}
	arena_free(&a);
}

static void random_sequences_agree_with_the_model(void)
{
	struct model m;
	struct arena a = arena_new_store(200, &m);

	for (unsigned int i = 0; i < 200000; i++) {
		u64 key = random_u32() % 64, mask = random_u64() & random_u64() & random_u64();
		size_t size = model_sizes[random_u32() % 4];
		u64 flags = random_u32() % 8 ? 0 : random_u32() % 3;
		u32 total = arena_total(&a);
		u8 value[16];

		fill_value(value, key, i);
		switch (random_u32() % 40) {
		case 0:
			CHECK(traits_store_purge(a.s, &total, mask) == model_purge(&m, mask));
			CHECK(total == arena_total(&a));
			break;
		case 1 ... 15:
			CHECK(arena_del(&a, key) == model_del(&m, key));
			break;
		default:
			CHECK(arena_set(&a, key, value, size, flags) ==
			      model_set(&m, a.room, key, value, size, flags));
		}
		CHECK(model_matches(&m, a.s, a.room), "step %u", i);
	}
	arena_free(&a);
}

const struct ktap_test value_tests[] = {
	{ "each_key_alone", each_key_alone },
	{ "each_key_above_others", each_key_above_others },
	{ "each_key_below_others", each_key_below_others },
	{ "each_key_between_others", each_key_between_others },
	{ "each_key_fills_a_store", each_key_fills_a_store },
	{ "sixty_four_values_of_no_bytes", sixty_four_values_of_no_bytes },
	{ "value_buffers_need_no_alignment", value_buffers_need_no_alignment },
	{ "random_sequences_agree_with_the_model", random_sequences_agree_with_the_model },
	{ }
};
