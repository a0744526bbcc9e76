/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a store consists of; the operations on it are in store.h. Little-endian:
 *
 *	u8  len, u8 magic[3]		bytes of values; boot-random mark
 *	u16 nonce, u16 epoch		ties the store to its packet; age of its keys
 *	u64 present, lo, hi		which keys have a value, and of which size
 *	values				packed in key order, each 0, 4, 8 or 16 bytes
 *	u32 canary			keyed hash of nonce and salt, right behind the values
 */
#ifndef TRAITS_STORE_FORMAT_H
#define TRAITS_STORE_FORMAT_H

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#define hweight64(w)		((unsigned int)__builtin_popcountll(w))
#define __ffs64(w)		((unsigned int)__builtin_ctzll(w))
#ifndef barrier
#define barrier()		__asm__ __volatile__("" ::: "memory")
#endif
#ifndef likely
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#endif
#ifndef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#endif
#ifndef static_assert
#define static_assert		_Static_assert
#endif
#endif

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "traits: stores are little-endian, and so must the machine be"
#endif

#define TRAITS_STORE_HDR	32
/* Lengths are multiples of 4, which leaves a bit for a mark: no other skb sees this store */
#define TRAITS_STORE_OWN	1
#define TRAITS_STORE_CANARY	4
#define TRAITS_STORE_MIN	(TRAITS_STORE_HDR + TRAITS_STORE_CANARY)
#define TRAITS_STORE_LEN_MAX	252	/* largest multiple of 4 in a u8 */

/*
 * The kernel's READ_ONCE() would forget that a u64 in a store is only 4-byte aligned. A test
 * brings its own, which changes the store after each read.
 */
#ifndef TRAITS_READ_ONCE
#define TRAITS_READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#endif

/* Stores are only 4-byte aligned, and so are their u64 fields. */
typedef u64 __attribute__((__aligned__(4), __may_alias__)) traits_u64;
typedef u32 __attribute__((__may_alias__)) traits_u32;

/**
 * struct traits_secret - what makes this boot's stores hard to mistake or to forge
 * @magic:	mark of all stores; the low 24 bits count
 * @key:	key of the canaries; odd
 */
struct traits_secret {
	u32 magic;
	u64 key;
};

/**
 * struct traits_store - header of a store
 * @mark:	length of the values in the low byte, magic in the others; one word because
 *		a word read right after a byte in it was written stalls the CPU
 * @nonce:	never 0; equals the nonce in the tag of the skb that the store belongs to
 * @epoch:	registry epoch that the store was made in
 * @present:	bit k set: key k has a value
 * @lo:		low bit of the size class of key k: hi,lo = 0,0: 0 bytes; 0,1: 4;
 * @hi:		high bit of it			    1,0: 8; 1,1: 16
 * @values:	the values in key order, and the canary behind them
 */
struct traits_store {
	traits_u32 mark;
	u16 nonce;
	u16 epoch;
	traits_u64 present;
	traits_u64 lo;
	traits_u64 hi;
	u8 values[];
};

static_assert(sizeof(struct traits_store) == TRAITS_STORE_HDR, "header has holes");
static_assert(__alignof__(struct traits_store) == 4, "stores are 4-byte aligned");

static __always_inline u32 traits_canary(const struct traits_secret *secret, u16 nonce, u16 salt)
{
	return (u32)(((u64)(nonce | (u32)salt << 16) * secret->key) >> 32);
}

#endif
