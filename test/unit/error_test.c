// SPDX-License-Identifier: GPL-2.0
/* Every refusal, and that nothing changed after it. */
#include "arena.h"
#include "ktap.h"

/* Keys 2, 5, 8, 11 with values of 0, 4, 8, 16 bytes. */
static struct arena four_keys(size_t room, struct model *m)
{
	struct arena a = arena_new_store(room, m);

	for (unsigned int s = 0; s < 4; s++)
		must_set(&a, m, 2 + 3 * s, model_sizes[s], 0);
	return a;
}

static const u64 bad_keys[] = { 64, 65, 127, 255, 256, 1ULL << 32, 5 | 1ULL << 32, ~0ULL };

static void keys_over_63_are_refused(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[16] = { 0 };

	for (unsigned int i = 0; i < sizeof(bad_keys) / sizeof(bad_keys[0]); i++) {
		u64 key = bad_keys[i];

		CHECK(!traits_store_has(a.s, key));
		CHECK(arena_get(&a, key, value, 16) == -ENOENT);
		CHECK(arena_set(&a, key, value, 4, 0) == -EINVAL);
		CHECK(arena_del(&a, key) == -ENOENT);
		CHECK(arena_get_range(&a, 0, key, 0, 0, value, 16) == -EINVAL);
		CHECK(arena_set_range(&a, 0, key, 0, 0, 0, value, 0) == -EINVAL);
		CHECK(model_matches(&m, a.s, a.room));
	}
	arena_free(&a);
}

static void other_sizes_than_0_4_8_16_are_refused(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[16] = { 0 };
	unsigned int refused = 0;

	for (u64 size = 0; size < 300; size++) {
		if (size == 0 || size == 4 || size == 8 || size == 16)
			continue;
		for (unsigned int key = 0; key < 12; key++) {
			CHECK(arena_set(&a, key, value, size, 0) == -EINVAL);
			CHECK(arena_set(&a, key, value, size | 1ULL << 32, 0) == -EINVAL);
		}
		refused++;
	}
	CHECK(refused == 296);
	CHECK(arena_set(&a, 0, value, 8 | 1ULL << 32, 0) == -EINVAL);
	CHECK(model_matches(&m, a.s, a.room));
	arena_free(&a);
}

static void a_bad_size_is_told_before_the_flags(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[20] = { 0 };

	for (u64 size = 1; size < 20; size++) {
		if (size == 4 || size == 8 || size == 16)
			continue;
		for (unsigned int key = 0; key < 12; key++)
			for (u64 flags = 0; flags < 4; flags++)
				CHECK(arena_set(&a, key, value, size, flags) == -EINVAL,
				      "key %u size %u", key, (unsigned int)size);
	}
	CHECK(model_matches(&m, a.s, a.room));
	arena_free(&a);
}

static void another_size_than_the_value_has_is_refused(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[16] = { 0 };

	for (unsigned int s = 0; s < 4; s++)
		for (unsigned int has = 0; has < 4; has++)
			if (s != has)
				CHECK(arena_set(&a, 2 + 3 * has, value, model_sizes[s],
						0) == -EINVAL);
	CHECK(model_matches(&m, a.s, a.room));
	arena_free(&a);
}

static void flags_are_obeyed(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[16] = { 0 };

	for (unsigned int s = 0; s < 4; s++) {
		unsigned int there = 2 + 3 * s, absent = 3 + 3 * s;
		size_t size = model_sizes[s];

		CHECK(arena_set(&a, there, value, size, TRAIT_NOEXIST) == -EEXIST);
		CHECK(arena_set(&a, absent, value, size, TRAIT_EXIST) == -ENOENT);
		CHECK(model_matches(&m, a.s, a.room));

		fill_value(value, s, 3);
		CHECK(!model_set(&m, a.room, there, value, size, 0));
		CHECK(!arena_set(&a, there, value, size, TRAIT_EXIST));
		CHECK(!model_set(&m, a.room, absent, value, size, 0));
		CHECK(!arena_set(&a, absent, value, size, TRAIT_NOEXIST));
		CHECK(model_matches(&m, a.s, a.room));
	}
	arena_free(&a);
}

static void unknown_flags_are_refused(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[16] = { 0 };

	CHECK(arena_set(&a, 5, value, 4, TRAIT_NOEXIST | TRAIT_EXIST) == -EINVAL);
	CHECK(arena_set(&a, 6, value, 4, TRAIT_NOEXIST | TRAIT_EXIST) == -EINVAL);
	for (unsigned int b = 2; b < 64; b++)
		for (u64 low = 0; low < 4; low++)
			CHECK(arena_set(&a, 5, value, 4, 1ULL << b | low) == -EINVAL);
	CHECK(model_matches(&m, a.s, a.room));
	arena_free(&a);
}

static void absent_values_are_not_found(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);
	u8 value[16];
	unsigned int absent = 0;

	memset(value, 0x77, sizeof(value));
	for (unsigned int key = 0; key < 64; key++) {
		if (key == 2 || key == 5 || key == 8 || key == 11)
			continue;
		CHECK(!traits_store_has(a.s, key));
		CHECK(arena_get(&a, key, value, 16) == -ENOENT);
		CHECK(arena_del(&a, key) == -ENOENT);
		absent++;
	}
	CHECK(absent == 60);
	for (unsigned int i = 0; i < sizeof(value); i++)
		CHECK(value[i] == 0x77);
	CHECK(model_matches(&m, a.s, a.room));
	arena_free(&a);
}

static void small_buffers_get_nothing(void)
{
	struct model m;
	struct arena a = four_keys(MODEL_BYTES_MAX, &m);

	for (unsigned int s = 1; s < 4; s++) {
		for (size_t size = 0; size < model_sizes[s]; size++) {
			u8 *buf = malloc(size);

			CHECK(arena_get(&a, 2 + 3 * s, buf, size) == -ENOSPC);
			free(buf);
		}
	}
	CHECK(arena_get(&a, 2, NULL, 0) == 0);
	arena_free(&a);
}

static void purge_deletes_what_is_in_the_mask(void)
{
	/* Each set of the four keys, alone and together with all keys that have no value. */
	for (unsigned int set = 0; set < 16; set++) {
		for (unsigned int others = 0; others < 2; others++) {
			struct model m;
			struct arena a = four_keys(MODEL_BYTES_MAX, &m);
			u32 total = arena_total(&a);
			u64 mask = 0;
			unsigned int n;

			for (unsigned int s = 0; s < 4; s++)
				if (set >> s & 1)
					mask |= 1ULL << (2 + 3 * s);
			if (others)
				mask |= ~(1ULL << 2 | 1ULL << 5 | 1ULL << 8 | 1ULL << 11);
			n = traits_store_purge(a.s, &total, mask);
			CHECK(n == (unsigned int)__builtin_popcount(set));
			CHECK(n == model_purge(&m, mask));
			CHECK(total == arena_total(&a));
			CHECK(model_matches(&m, a.s, a.room), "set %#x", set);
			arena_free(&a);
		}
	}
}

const struct ktap_test error_tests[] = {
	{ "keys_over_63_are_refused", keys_over_63_are_refused },
	{ "other_sizes_than_0_4_8_16_are_refused", other_sizes_than_0_4_8_16_are_refused },
	{ "a_bad_size_is_told_before_the_flags", a_bad_size_is_told_before_the_flags },
	{ "another_size_than_the_value_has_is_refused",
	  another_size_than_the_value_has_is_refused },
	{ "flags_are_obeyed", flags_are_obeyed },
	{ "unknown_flags_are_refused", unknown_flags_are_refused },
	{ "absent_values_are_not_found", absent_values_are_not_found },
	{ "small_buffers_get_nothing", small_buffers_get_nothing },
	{ "purge_deletes_what_is_in_the_mask", purge_deletes_what_is_in_the_mask },
	{ }
};
