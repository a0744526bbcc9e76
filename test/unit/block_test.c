// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks in AF_XDP memory: the module and libtraits, which share no code, read and write the same
 * bytes, refuse the same ones, and touch nothing outside; and what is written to a block while
 * the module reads it has no effect on what it has looked at already.
 */
#include <stdlib.h>

static void adversary(void);

#define barrier()							\
	do {								\
		__asm__ __volatile__("" ::: "memory");			\
		adversary();						\
		__asm__ __volatile__("" ::: "memory");			\
	} while (0)

#include "xsk-block.h"

#include <traits/xsk.h>

#include "arena.h"
#include "ktap.h"

/* What the adversary writes to, and what */
static u8 *victim;
static struct traits_xsk poison;

static void adversary(void)
{
	if (victim)
		memcpy(victim, &poison, sizeof(poison));
}

static union {
	struct traits_store s;
	u8 bytes[MODEL_BYTES_MAX];
} store;

/* Memory that ends with the block: nothing behind it, nothing in front */
static u8 *memory(size_t room, const void *block, size_t len)
{
	u8 *mem = malloc(room);

	memset(mem, 0x5a, room);
	memcpy(mem + room - len, block, len);
	return mem;
}

static int module_read(const u8 *mem, size_t room)
{
	return traits_block_read(&store.s, mem + room, room, &model_secret, 7);
}

/* Fills a block as full as it goes, or with a few traits; returns the bytes it takes. */
static size_t random_block(struct traits_block *b, struct model *m, u8 *bytes)
{
	unsigned int n = random_u32() % 80, i, key;
	size_t size;
	u8 val[16];
	int err;

	memset(b, 0, sizeof(*b));
	model_init(m, 1, 0, 7);
	for (i = 0; i < n; i++) {
		key = random_u32() % 64;
		size = model_sizes[random_u32() % 4];
		fill_value(val, key, i);
		/* Another size, too: it is an application's own memory. */
		model_del(m, key);
		err = traits_block_set(b, key, val, size);
		if (err) {
			CHECK(err == -ENOSPC, "error %d", err);
			CHECK(model_len(m) + size > TRAITS_STORE_LEN_MAX, "%zu bytes", model_len(m));
			traits_block_del(b, key);
			continue;
		}
		CHECK(!model_set(m, MODEL_BYTES_MAX, key, val, size, 0), "key %u", key);
		if (random_u32() % 8 == 0) {
			CHECK(!traits_block_del(b, key), "key %u", key);
			model_del(m, key);
		}
	}
	return traits_block_put_end(b, bytes + TRAITS_BLOCK_MAX, TRAITS_BLOCK_MAX);
}

static void both_read_what_either_wrote(void)
{
	u8 bytes[TRAITS_BLOCK_MAX], want[16], got[16], *mem;
	struct traits_block b, again;
	struct model m;
	size_t len;
	int n;

	for (unsigned int round = 0; round < 5000; round++) {
		len = random_block(&b, &m, bytes);
		CHECK(len == sizeof(struct traits_xsk) + model_len(&m), "%zu bytes", len);
		mem = memory(len, bytes + TRAITS_BLOCK_MAX - len, len);
		CHECK(module_read(mem, len) == (int)(TRAITS_STORE_MIN + model_len(&m)),
		      "round %u", round);
		CHECK(model_matches(&m, &store.s, TRAITS_STORE_MIN + model_len(&m)), "round %u",
		      round);
		CHECK(traits_store_is_whole(&store.s, TRAITS_STORE_MIN + model_len(&m)),
		      "round %u", round);

		memset(mem, 0, len);
		traits_block_write(mem + len, &store.s, TRAITS_STORE_MIN + model_len(&m));
		CHECK(!memcmp(mem, bytes + TRAITS_BLOCK_MAX - len, len), "round %u", round);
		CHECK(traits_block_get_end(&again, mem + len, len) ==
		      (int)hweight64(store.s.present), "round %u", round);
		for (unsigned int key = 0; key < 64; key++) {
			n = model_get(&m, key, want, 16);
			CHECK(traits_block_get(&again, key, got, 16) == n, "key %u", key);
			CHECK(n <= 0 || !memcmp(got, want, n), "key %u", key);
			CHECK(n <= 0 || traits_block_get(&again, key, got, n - 1) == -ENOSPC,
			      "key %u", key);
		}
		free(mem);
	}
}

static void both_refuse_the_same(void)
{
	unsigned int verdicts[3] = { 0 };
	u8 bytes[TRAITS_BLOCK_MAX], *mem;
	struct traits_block b;
	struct model m;
	size_t len, room;
	int kernel, lib;

	for (unsigned int round = 0; round < 100000; round++) {
		len = random_block(&b, &m, bytes);
		room = random_u32() % 4 ? len : random_u32() % (len + 1);
		mem = memory(room, bytes + TRAITS_BLOCK_MAX - room, room);
		/* A bit of the header; of the magic seldom, as nothing more is looked at then. */
		if (room >= sizeof(struct traits_xsk) && random_u32() % 4)
			mem[room - 28 + random_u32() % 28] ^= 1 << random_u32() % 8;
		else if (room >= sizeof(struct traits_xsk) && random_u32() % 4 == 0)
			mem[room - 32 + random_u32() % 4] ^= 1 << random_u32() % 8;
		kernel = module_read(mem, room);
		lib = traits_block_get_end(&b, mem + room, room);
		CHECK((kernel < 0 ? kernel : 0) == (lib < 0 ? lib : 0), "%d and %d", kernel, lib);
		CHECK(kernel != 0 && (kernel < 0 || kernel <= (int)sizeof(store)), "%d", kernel);
		CHECK(lib >= 0 || !b.present, "what is refused has no traits");
		verdicts[kernel > 0 ? 0 : kernel == -ENOENT ? 1 : 2]++;
		free(mem);
	}
	for (unsigned int i = 0; i < 3; i++)
		CHECK(verdicts[i] > 1000, "verdict %u: %u times", i, verdicts[i]);
}

static void each_field_counts(void)
{
	static const struct {
		const char *field;
		size_t at;
		u8 flip;
		int ret;
	} wrong[] = {
		{ "magic", offsetof(struct traits_xsk, magic), 1, -ENOENT },
		{ "version", offsetof(struct traits_xsk, version), 2, -EBADMSG },
		{ "flags", offsetof(struct traits_xsk, flags), 0x80, -EBADMSG },
		{ "len", offsetof(struct traits_xsk, len), 4, -EBADMSG },
		{ "len, high byte", offsetof(struct traits_xsk, len) + 1, 1, -EBADMSG },
		{ "present", offsetof(struct traits_xsk, present), 2, -EBADMSG },
		{ "lo", offsetof(struct traits_xsk, lo), 4, -EBADMSG },
		{ "hi", offsetof(struct traits_xsk, hi), 4, -EBADMSG },
		{ "nothing", 0, 0, TRAITS_STORE_MIN + 8 },
	};
	struct traits_block b = { 0 };
	u8 bytes[sizeof(struct traits_xsk) + 8];
	u64 val = 42;

	CHECK(!traits_block_set(&b, 1, &val, 8), "set");
	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		traits_block_put_end(&b, bytes + sizeof(bytes), sizeof(bytes));
		bytes[8 + wrong[i].at] ^= wrong[i].flip;
		CHECK(module_read(bytes, sizeof(bytes)) == wrong[i].ret, "%s", wrong[i].field);
	}
	CHECK(module_read(bytes + 9, sizeof(bytes) - 9) == -ENOENT, "half a header");
	CHECK(module_read(bytes + 1, sizeof(bytes) - 1) == -EBADMSG, "values outside");
}

static void what_changes_meanwhile_is_not_seen(void)
{
	struct traits_block b = { 0 };
	struct model m;
	u8 val[16], *mem;
	const size_t room = sizeof(struct traits_xsk) + 24;

	model_init(&m, 1, 0, 7);
	for (unsigned int key = 3; key < 6; key++) {
		fill_value(val, key, 0);
		traits_block_set(&b, key, val, 8);
		model_set(&m, MODEL_BYTES_MAX, key, val, 8, 0);
	}
	for (unsigned int round = 0; round < 20000; round++) {
		mem = malloc(room);
		traits_block_put_end(&b, mem + room, room);
		poison = (struct traits_xsk){
			.magic = TRAITS_XSK_MAGIC, .version = TRAITS_XSK_VERSION,
			.len = random_u32(), .present = random_u64(), .lo = random_u64(),
			.hi = random_u64(),
		};
		victim = mem + room - sizeof(poison);
		CHECK(module_read(mem, room) == TRAITS_STORE_MIN + 24, "round %u", round);
		victim = NULL;
		CHECK(model_matches(&m, &store.s, TRAITS_STORE_MIN + 24), "round %u", round);
		free(mem);
	}
}

const struct ktap_test block_tests[] = {
	{ "block_both_read_what_either_wrote", both_read_what_either_wrote },
	{ "block_both_refuse_the_same", both_refuse_the_same },
	{ "block_each_field_counts", each_field_counts },
	{ "block_what_changes_meanwhile_is_not_seen", what_changes_meanwhile_is_not_seen },
	{ }
};
