// SPDX-License-Identifier: GPL-2.0
/* Every truncation of the memory that a store is in. */
#include "arena.h"
#include "ktap.h"

static struct arena some_store(unsigned int values, struct model *m)
{
	struct arena a = arena_new_store(MODEL_BYTES_MAX, m);

	for (unsigned int i = 0; i < values; i++)
		must_set(&a, m, 1 + 2 * i, model_sizes[1 + i % 3], 0);
	return a;
}

static void init_needs_36_bytes(void)
{
	for (size_t room = 0; room < TRAITS_STORE_MIN; room++) {
		struct arena a = arena_new(room);

		CHECK(traits_store_init(a.s, room, &model_secret, 1, 0, 0) == -ENOSPC);
		for (size_t i = 0; i < room; i++)
			CHECK(((u8 *)a.s)[i] == 0x5a, "room %zu byte %zu", room, i);
		arena_free(&a);
	}
	for (size_t room = TRAITS_STORE_MIN; room < 64; room++) {
		struct model m;
		struct arena a = arena_new_store(room, &m);

		for (size_t i = TRAITS_STORE_MIN; i < room; i++)
			CHECK(((u8 *)a.s)[i] == 0x5a, "room %zu byte %zu", room, i);
		arena_free(&a);
	}
}

/* 27 values are 252 bytes: a full store. */
#define VALUES	27

static void a_truncated_store_is_not_intact(void)
{
	for (unsigned int values = 0; values <= VALUES; values++) {
		struct model m;
		struct arena a = some_store(values, &m);
		size_t total = traits_store_size(a.s);

		for (size_t room = 0; room <= total + 4; room++) {
			struct arena cut = arena_clone(&a, room);
			int want = room >= total ? (int)total : room >= TRAITS_STORE_MIN ?
				   -EBADMSG : 0;

			CHECK(traits_store_check(cut.s, room, &model_secret, 0) == want,
			      "room %zu of %zu", room, total);
			arena_free(&cut);
		}
		arena_free(&a);
	}
}

/* Bytes of the values of all keys below @key. */
static size_t offset(const struct model *m, unsigned int key)
{
	size_t off = 0;

	for (unsigned int k = 0; k < key; k++)
		if (m->size[k] > 0)
			off += m->size[k];
	return off;
}

/* What each operation says of a store whose masks tell of more than its @total bytes. */
static void use_shrunk(const struct arena *a, const struct model *m, u32 total,
		       unsigned int key)
{
	struct arena cut = arena_clone(a, total);
	int size = m->size[key], len = total - TRAITS_STORE_MIN;
	int off = offset(m, key);
	int want = size < 0 ? -ENOENT : off + size > len ? -EBADMSG : size;
	u8 buf[16] = { 0 };

	CHECK(traits_store_get(cut.s, total, key, buf, 16) == want);
	CHECK(want < 0 || !memcmp(buf, m->value[key], want));
	if (size >= 0) {
		CHECK(traits_store_set(cut.s, total, total, key, buf, size, 0) ==
		      (want > 0 ? 0 : want));
		CHECK(traits_store_get_range(cut.s, total, key, key,
					     size == 4 || size == 16 ? ~0ULL : 0,
					     size >= 8 ? ~0ULL : 0, buf, 16) == want);
	} else {
		CHECK(traits_store_set(cut.s, total, total, key, buf, 16, 0) ==
		      (off > len ? -EBADMSG : -ENOSPC));
	}
	CHECK(traits_store_set_range(cut.s, total, total, key, key, ~0ULL, ~0ULL, ~0ULL, buf,
				     16) == (off + (size < 0 ? 0 : size) > len ? -EBADMSG :
					     size == 16 ? 0 : -ENOSPC));
	CHECK(!memcmp(cut.s, a->s, total), "total %u key %u", total, key);
	CHECK(traits_store_del(cut.s, total, key) == (want > 0 ? 0 : want));
	arena_free(&cut);
}

static void no_operation_leaves_a_shrunk_store(void)
{
	for (unsigned int values = 1; values <= VALUES; values++) {
		struct model m;
		struct arena a = some_store(values, &m);

		for (u32 total = TRAITS_STORE_MIN; total < arena_total(&a); total += 4)
			for (unsigned int key = 0; key < 2 * VALUES + 2; key++)
				use_shrunk(&a, &m, total, key);
		arena_free(&a);
	}
}

static void purge_and_reseal_stay_in_a_shrunk_store(void)
{
	for (unsigned int values = 1; values <= VALUES; values++) {
		struct model m;
		struct arena a = some_store(values, &m);

		for (u32 total = TRAITS_STORE_MIN; total < arena_total(&a); total += 4) {
			struct arena cut = arena_clone(&a, total);
			u32 left = total, kept = 0;
			unsigned int n = 0;

			/* From below, what is whole goes; from the first that is not, all stay. */
			for (unsigned int k = 0; k < 64; k++) {
				if (m.size[k] < 0)
					continue;
				if (kept + m.size[k] > left - TRAITS_STORE_MIN) {
					kept += m.size[k];
				} else {
					left -= m.size[k];
					n++;
				}
			}
			CHECK(traits_store_purge(cut.s, &total, ~0ULL) == n);
			CHECK(total == left, "%u instead of %u", total, left);
			total = cut.room;
			traits_store_reseal(cut.s, total, &model_secret, 1);
			arena_free(&cut);
		}
		arena_free(&a);
	}
}

static void a_new_value_fits_or_changes_nothing(void)
{
	for (unsigned int values = 0; values <= VALUES; values++) {
		struct model m;
		struct arena a = some_store(values, &m);
		size_t total = traits_store_size(a.s);

		for (size_t room = total; room <= total + 20; room++) {
			for (unsigned int s = 0; s < 4; s++) {
				size_t size = model_sizes[s];
				struct arena b = arena_clone(&a, room);
				struct model after = m;
				u8 value[16];
				int want;

				fill_value(value, 20, 1);
				want = total + size <= room && total + size <= MODEL_BYTES_MAX ?
				       0 : -ENOSPC;
				CHECK(arena_set(&b, 20, value, size, 0) == want,
				      "%zu bytes into %zu of %zu", size, total, room);
				CHECK(model_set(&after, room, 20, value, size, 0) == want);
				CHECK(model_matches(&after, b.s, room));
				arena_free(&b);
			}
		}
		arena_free(&a);
	}
}

static void a_new_range_fits_or_changes_nothing(void)
{
	/* Keys 20 to 22 with values of 4, 8, 16 bytes replace whatever is there. */
	const u64 lo = 5ULL << 20, hi = 6ULL << 20;
	u8 buf[28];

	memset(buf, 0x33, sizeof(buf));
	for (unsigned int values = 0; values <= VALUES; values++) {
		struct model m;
		struct arena a = some_store(values, &m);
		size_t total = traits_store_size(a.s);

		for (size_t room = total; room <= total + 32; room++) {
			struct arena b = arena_clone(&a, room);
			struct model after = m;
			int want = model_set_range(&after, room, 20, 22, ~0ULL, lo, hi, buf, 28);

			CHECK(arena_set_range(&b, 20, 22, ~0ULL, lo, hi, buf, 28) == want,
			      "into %zu of %zu", total, room);
			CHECK(model_matches(&after, b.s, room));
			arena_free(&b);
		}
		arena_free(&a);
	}
}

const struct ktap_test room_tests[] = {
	{ "init_needs_36_bytes", init_needs_36_bytes },
	{ "a_truncated_store_is_not_intact", a_truncated_store_is_not_intact },
	{ "no_operation_leaves_a_shrunk_store", no_operation_leaves_a_shrunk_store },
	{ "purge_and_reseal_stay_in_a_shrunk_store", purge_and_reseal_stay_in_a_shrunk_store },
	{ "a_new_value_fits_or_changes_nothing", a_new_value_fits_or_changes_nothing },
	{ "a_new_range_fits_or_changes_nothing", a_new_range_fits_or_changes_nothing },
	{ }
};
