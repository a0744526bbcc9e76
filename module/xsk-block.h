/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Blocks, which carry traits through AF_XDP memory: <linux/traits_xsk.h>. Like store.h, this knows
 * nothing of packets, and compiles in the kernel and in tests.
 *
 * User space can write to a block at any time. So it is copied, and nothing is believed of it
 * before that.
 */
#ifndef TRAITS_XSK_BLOCK_H
#define TRAITS_XSK_BLOCK_H

#include <uapi/linux/traits_xsk.h>

#include "store.h"

static_assert(sizeof(struct traits_xsk) == 32, "the header has no holes");

/* The most that a block can take */
#define TRAITS_BLOCK_MAX	(sizeof(struct traits_xsk) + TRAITS_STORE_LEN_MAX)

/* Bytes of values; -EBADMSG unless there is exactly one way to read the header, which fits. */
static inline int traits_block_values(const struct traits_xsk *head, size_t room)
{
	u32 values = traits_bytes(head->lo, head->hi);

	if (head->version != TRAITS_XSK_VERSION || head->flags ||
	    (head->lo | head->hi) & ~head->present || values > TRAITS_STORE_LEN_MAX ||
	    head->len != sizeof(*head) + values || head->len > room)
		return -EBADMSG;
	return values;
}

/**
 * traits_block_read() - make a store of a block that anybody can write to meanwhile
 * @s:		takes the store; room for one of TRAITS_STORE_LEN_MAX bytes of values, which nobody
 *		else sees
 * @end:	where the block ends; any alignment
 * @room:	bytes in front of that which may be read
 * @secret:	what the store is sealed with, with nonce 1 and salt 0
 * @epoch:	of the registry
 *
 * The keys need not be registered, nor the sizes be theirs.
 *
 * Return: bytes that the store takes; -ENOENT when there is no block; -EBADMSG when there is one
 * that is not well-formed.
 */
static inline int traits_block_read(struct traits_store *s, const void *end, size_t room,
				    const struct traits_secret *secret, u16 epoch)
{
	struct traits_xsk head;
	int values;

	if (room < sizeof(head))
		return -ENOENT;
	memcpy(&head, end - sizeof(head), sizeof(head));
	/* What is looked at below has to be this copy: a compiler may fetch what it copied again. */
	barrier();
	if (head.magic != TRAITS_XSK_MAGIC)
		return -ENOENT;
	values = traits_block_values(&head, room);
	if (values < 0)
		return values;
	traits_store_init(s, TRAITS_STORE_MIN, secret, 1, 0, epoch);
	memcpy(s->values, end - sizeof(head) - values, values);
	s->mark += values;
	s->present = head.present;
	s->lo = head.lo;
	s->hi = head.hi;
	traits_store_reseal(s, TRAITS_STORE_MIN + values, secret, 0);
	return TRAITS_STORE_MIN + values;
}

/**
 * traits_block_write() - make a block of a store
 * @end:	where it is to end; any alignment. sizeof(struct traits_xsk) and the bytes of the
 *		values have to fit in front
 * @s:		store that nobody else can write to; NULL: no traits
 * @total:	bytes that it takes
 */
static inline void traits_block_write(void *end, const struct traits_store *s, u32 total)
{
	struct traits_xsk head = {
		.magic = TRAITS_XSK_MAGIC, .version = TRAITS_XSK_VERSION, .len = sizeof(head),
	};
	u32 values;

	if (s) {
		values = total - TRAITS_STORE_MIN;
		head.len += values;
		head.present = s->present;
		head.lo = s->lo;
		head.hi = s->hi;
		memcpy(end - sizeof(head) - values, s->values, values);
	}
	memcpy(end - sizeof(head), &head, sizeof(head));
}

/**
 * traits_store_is_whole() - does a store's header agree with its length?
 * @s:		store that nobody else can write to any more
 * @total:	bytes that it takes
 *
 * Those that somebody can write to need not, although they passed traits_store_check().
 */
static inline bool traits_store_is_whole(const struct traits_store *s, u32 total)
{
	return !((s->lo | s->hi) & ~s->present) &&
	       TRAITS_STORE_MIN + traits_bytes(s->lo, s->hi) == total;
}

#endif
