/* SPDX-License-Identifier: GPL-2.0 */
/* Copying and moving the few words of a store faster than calls of memcpy() and memmove(). */
#ifndef TRAITS_STORE_MOVE_H
#define TRAITS_STORE_MOVE_H

#include "store-format.h"

/* Keeps the compiler from turning the loops back into such calls. */
#define TRAITS_BARRIER()	__asm__ __volatile__("" : : : "memory")

/* Copy any multiple of 4 bytes; the two sides do not overlap. */
static __always_inline void traits_copy(u8 *to, const u8 *from, u32 size)
{
	for (; size >= 8; size -= 8, to += 8, from += 8) {
		memcpy(to, from, 8);
		TRAITS_BARRIER();
	}
	if (size)
		memcpy(to, from, 4);
}

static __always_inline void traits_move_u64(u8 *p, long dist)
{
	*(traits_u64 *)(p + dist) = *(traits_u64 *)p;
}

static __always_inline void traits_move_u32(u8 *p, long dist)
{
	*(traits_u32 *)(p + dist) = *(traits_u32 *)p;
}

/*
 * Make a gap of @gap bytes in the values at @off: move what is behind up, the canary too. The
 * last byte goes first. Moving 8 bytes at once never overwrites what is still to be moved,
 * however small the gap is.
 */
static __always_inline void traits_move_up(struct traits_store *s, u32 off, u32 len, u32 gap)
{
	u8 *first = s->values + off;
	size_t left = len - off;

	traits_move_u32(first + left, gap);
	for (; left >= 16; left -= 16) {
		traits_move_u64(first + left - 8, gap);
		traits_move_u64(first + left - 16, gap);
		TRAITS_BARRIER();
	}
	if (left & 8) {
		traits_move_u64(first + left - 8, gap);
		left -= 8;
	}
	if (left)
		traits_move_u32(first, gap);
}

/* Close the gap of @gap bytes that ends at @off: move what is behind down, the canary too. */
static __always_inline void traits_move_down(struct traits_store *s, u32 off, u32 len, u32 gap)
{
	u8 *p = s->values + off;
	u32 left = len - off;

	for (; left >= 16; left -= 16, p += 16) {
		traits_move_u64(p, -(long)gap);
		traits_move_u64(p + 8, -(long)gap);
		TRAITS_BARRIER();
	}
	if (left & 8) {
		traits_move_u64(p, -(long)gap);
		p += 8;
	}
	if (left & 4) {
		traits_move_u32(p, -(long)gap);
		p += 4;
	}
	traits_move_u32(p, -(long)gap);
}

#endif
