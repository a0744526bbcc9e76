// SPDX-License-Identifier: GPL-2.0
/* Damage, strangers and salts: what must never be taken for an intact store. */
#include "arena.h"
#include "ktap.h"

static int check(const struct arena *a, u16 salt)
{
	return traits_store_check(a->s, a->room, &model_secret, salt);
}

static void known_answers(void)
{
	/* The high half of (nonce + 65536 * salt) * key modulo 2^64, computed elsewhere. */
	static const struct {
		u16 nonce, salt;
		u32 canary;
	} known[] = {
		{ 0x1, 0x0, 0x9e3779b9 },
		{ 0x1234, 0x0, 0x09d3c4a1 },
		{ 0xffff, 0x0, 0xdb820590 },
		{ 0x1, 0x1, 0x17f0f903 },
		{ 0xffff, 0xffff, 0xe113025b },
		{ 0x8000, 0x102, 0x69cf08b6 },
	};

	for (unsigned int i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct arena a = arena_new(TRAITS_STORE_MIN);
		u32 canary;

		CHECK(!traits_store_init(a.s, a.room, &model_secret, known[i].nonce,
					 known[i].salt, 0));
		memcpy(&canary, a.s->values, 4);
		CHECK(canary == known[i].canary, "nonce %#x salt %#x: %#x", known[i].nonce,
		      known[i].salt, canary);
		arena_free(&a);
	}
}

static void each_overwritten_byte_of_the_canary_is_seen(void)
{
	for (unsigned int values = 0; values < 12; values++) {
		struct model m;
		struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);
		u8 *canary;

		for (unsigned int key = 0; key < values; key++)
			must_set(&a, &m, key, model_sizes[key % 4], 0);
		canary = a.s->values + model_len(&m);
		for (unsigned int i = 0; i < 4; i++) {
			u8 right = canary[i];

			for (unsigned int value = 0; value < 256; value++) {
				canary[i] = value;
				CHECK(check(&a, 0) == (value == right ?
						       (int)traits_store_size(a.s) : -EBADMSG),
				      "byte %u is %#x instead of %#x", i, value, right);
			}
			canary[i] = right;
		}
		arena_free(&a);
	}
}

static void damage_stays_damage(void)
{
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);
	u8 value[32] = { 0 };
	u32 total;

	must_set(&a, &m, 3, 8, 0);
	must_set(&a, &m, 5, 16, 0);
	a.s->values[24] ^= 1;
	CHECK(check(&a, 0) == -EBADMSG);
	CHECK(!arena_set(&a, 1, value, 4, 0));
	CHECK(check(&a, 0) == -EBADMSG);
	CHECK(!arena_del(&a, 3));
	CHECK(check(&a, 0) == -EBADMSG);
	CHECK(!arena_set_range(&a, 7, 8, ~0ULL, 3ULL << 7, 3ULL << 7, value, 32));
	CHECK(check(&a, 0) == -EBADMSG);
	total = arena_total(&a);
	CHECK(traits_store_purge(a.s, &total, ~0ULL) == 4);
	CHECK(total == TRAITS_STORE_MIN);
	CHECK(check(&a, 0) == -EBADMSG);
	arena_free(&a);
}

static void another_magic_is_no_store(void)
{
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);
	u8 *bytes = (u8 *)a.s;

	must_set(&a, &m, 3, 8, 0);
	for (unsigned int i = 1; i < 4; i++) {
		for (unsigned int flip = 1; flip < 256; flip++) {
			bytes[i] ^= flip;
			CHECK(check(&a, 0) == 0, "byte %u flipped by %#x", i, flip);
			bytes[i] ^= flip;
		}
	}
	CHECK(check(&a, 0) == TRAITS_STORE_MIN + 8);
	arena_free(&a);
}

static void another_secret_is_no_store(void)
{
	struct traits_secret other = model_secret;
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);

	other.magic ^= 1;
	CHECK(traits_store_check(a.s, a.room, &other, 0) == 0);
	other = model_secret;
	other.magic |= 0xff000000;
	CHECK(traits_store_check(a.s, a.room, &other, 0) == TRAITS_STORE_MIN);
	/* An odd nonce lets each bit of the key reach the high half of the product. */
	a.s->nonce = 0x1235;
	traits_store_reseal(a.s, arena_total(&a), &model_secret, 0);
	CHECK(check(&a, 0) == TRAITS_STORE_MIN);
	for (unsigned int i = 32; i < 64; i++) {
		other = model_secret;
		other.key ^= 1ULL << i;
		CHECK(traits_store_check(a.s, a.room, &other, 0) == -EBADMSG, "bit %u", i);
	}
	arena_free(&a);
}

static void each_other_length_is_damage(void)
{
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);

	must_set(&a, &m, 3, 8, 0);
	must_set(&a, &m, 4, 16, 0);
	/* Nothing behind the canary may look like another canary by chance. */
	memset(a.s->values + 28, 0, a.room - TRAITS_STORE_HDR - 28);
	for (unsigned int len = 0; len < 256; len++) {
		*(u8 *)a.s = len;
		/* The mark of a store that no other skb sees is no part of its length. */
		CHECK(check(&a, 0) == ((len & ~TRAITS_STORE_OWN) == 24 ? TRAITS_STORE_MIN + 24 :
				       -EBADMSG), "%u", len);
	}
	arena_free(&a);
}

/* Every operation works on a store with that mark, and leaves it alone. */
static void operations_keep_the_mark(void)
{
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);
	u32 total = TRAITS_STORE_MIN + 24, val[4] = { 1, 2, 3, 4 };

	must_set(&a, &m, 3, 8, 0);
	must_set(&a, &m, 4, 16, 0);
	a.s->mark |= TRAITS_STORE_OWN;
	CHECK(traits_store_size(a.s) == total, "size");
	CHECK(!traits_store_set(a.s, total, a.room, 9, val, 4, 0), "set");
	CHECK(!traits_store_del(a.s, total + 4, 3), "del");
	total = check(&a, 0);
	CHECK(total == TRAITS_STORE_MIN + 20, "check");
	CHECK(traits_store_get(a.s, total, 9, val, sizeof(val)) == 4 && val[0] == 1, "get");
	CHECK(traits_store_purge(a.s, &total, 1ULL << 4) == 1, "purge");
	CHECK(check(&a, 0) == TRAITS_STORE_MIN + 4, "check again");
	CHECK(a.s->mark & TRAITS_STORE_OWN, "the mark is still there");
	arena_free(&a);
}

static void each_other_nonce_is_damage(void)
{
	struct model m;
	struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);

	for (unsigned int nonce = 1; nonce < 0x10000; nonce++) {
		a.s->nonce = nonce;
		CHECK(check(&a, 0) == (nonce == m.nonce ? TRAITS_STORE_MIN : -EBADMSG), "%#x",
		      nonce);
	}
	arena_free(&a);
}

static void only_the_right_salt_is_intact(void)
{
	static const u16 salts[] = { 0, 1, 2, 255, 256, 0x7fff, 0x8000, 0xffff };
	const unsigned int n = sizeof(salts) / sizeof(salts[0]);

	for (unsigned int made = 0; made < n; made++) {
		struct arena a = arena_new(MODEL_BYTES_MAX);
		u8 value[16] = { 0 };

		CHECK(!traits_store_init(a.s, a.room, &model_secret, 0xbeef, salts[made], 0));
		CHECK(!arena_set(&a, 9, value, 16, 0));
		for (unsigned int salt = 0; salt < 0x10000; salt++)
			CHECK(check(&a, salt) == (salt == salts[made] ? TRAITS_STORE_MIN + 16 :
						  -EBADMSG), "made with %u, checked with %u",
			      salts[made], salt);
		arena_free(&a);
	}
}

static void reseal_changes_the_salt_and_nothing_else(void)
{
	for (unsigned int values = 0; values < 16; values++) {
		struct model m;
		struct arena a = arena_new_store(MODEL_BYTES_MAX, &m);

		for (unsigned int key = 0; key < values; key++)
			must_set(&a, &m, key, model_sizes[key % 4], 0);
		m.salt = 17;
		traits_store_reseal(a.s, arena_total(&a), &model_secret, m.salt);
		CHECK(check(&a, 0) == -EBADMSG);
		CHECK(model_matches(&m, a.s, a.room), "%u values", values);
		must_set(&a, &m, 40, 8, 0);
		m.salt = 0;
		traits_store_reseal(a.s, arena_total(&a), &model_secret, m.salt);
		CHECK(model_matches(&m, a.s, a.room), "%u values", values);
		arena_free(&a);
	}
}

const struct ktap_test canary_tests[] = {
	{ "canary_known_answers", known_answers },
	{ "each_overwritten_byte_of_the_canary_is_seen",
	  each_overwritten_byte_of_the_canary_is_seen },
	{ "damage_stays_damage", damage_stays_damage },
	{ "another_magic_is_no_store", another_magic_is_no_store },
	{ "another_secret_is_no_store", another_secret_is_no_store },
	{ "each_other_length_is_damage", each_other_length_is_damage },
	{ "operations_keep_the_mark", operations_keep_the_mark },
	{ "each_other_nonce_is_damage", each_other_nonce_is_damage },
	{ "only_the_right_salt_is_intact", only_the_right_salt_is_intact },
	{ "reseal_changes_the_salt_and_nothing_else", reseal_changes_the_salt_and_nothing_else },
	{ }
};
