// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks of the fuzzer's bytes, and what it writes over their headers while the module has them
 * half read. The module and libtraits have to agree on the rest; what is accepted is written
 * again as it was.
 */
#include <stdio.h>
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

#define REQUIRE(cond)							\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);	\
			abort();					\
		}							\
	} while (0)

static const struct traits_secret secret = { .magic = 0x123456, .key = 0x9e3779b97f4a7c15 };
static struct traits_xsk poison;
static u8 *victim;

static void adversary(void)
{
	if (victim)
		memcpy(victim, &poison, sizeof(poison));
}

/* What decides how much the fuzzer is helped: whole blocks are too rare to be found by chance. */
struct help {
	u8 well_formed;
	u8 shift;		/* few keys, so that their values fit */
	u8 flip_at, flip;
};

static void help(const struct help *how, u8 *mem, size_t room)
{
	struct traits_xsk head;

	if (room < sizeof(head) || !(how->well_formed & 1))
		return;
	memcpy(&head, mem + room - sizeof(head), sizeof(head));
	head.magic = TRAITS_XSK_MAGIC;
	head.version = TRAITS_XSK_VERSION;
	head.flags = 0;
	head.present >>= how->shift % 64;
	head.lo &= head.present;
	head.hi &= head.present;
	head.len = sizeof(head) + traits_bytes(head.lo, head.hi);
	((u8 *)&head)[how->flip_at % sizeof(head)] ^= how->flip;
	memcpy(mem + room - sizeof(head), &head, sizeof(head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct traits_store *s = malloc(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX);
	struct traits_block b;
	u8 *mem, *again, val[16];
	struct help how;
	size_t room;
	int total, n;

	if (size < sizeof(poison) + sizeof(how)) {
		free(s);
		return 0;
	}
	memcpy(&how, data, sizeof(how));
	memcpy(&poison, data + sizeof(how), sizeof(poison));
	room = size - sizeof(how) - sizeof(poison);
	mem = malloc(room);
	memcpy(mem, data + size - room, room);
	help(&how, mem, room);

	n = traits_block_get_end(&b, mem + room, room);
	total = traits_block_read(s, mem + room, room, &secret, 3);
	REQUIRE((total < 0 ? total : 0) == (n < 0 ? n : 0));
	if (total > 0) {
		REQUIRE(traits_store_check(s, total, &secret, 0) == total);
		REQUIRE(traits_store_is_whole(s, total));
		REQUIRE(n == (int)hweight64(s->present));
		for (unsigned int key = 0; key < 64; key++)
			REQUIRE(traits_block_get(&b, key, val, sizeof(val)) ==
				traits_store_get(s, total, key, val, sizeof(val)));
		n = total - TRAITS_STORE_MIN + sizeof(struct traits_xsk);
		again = malloc(n);
		traits_block_write(again + n, s, total);
		REQUIRE(!memcmp(again, mem + room - n, n));
		free(again);

		victim = mem + room - sizeof(poison);
		REQUIRE(traits_block_read(s, mem + room, room, &secret, 3) == total);
		REQUIRE(traits_store_is_whole(s, total));
		victim = NULL;
	}
	free(mem);
	free(s);
	return 0;
}
