/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The store: a packet's traits as a compressed key-value block, and all operations on it.
 *
 * It knows nothing of packets, so it compiles in the kernel, in tests and in user space.
 *
 * A store may lie in AF_XDP umem, where user space can change any byte at any time. So its
 * length is read once, by traits_store_check(), and what that returns is the only thing that
 * the operations that follow believe: they read each mask once and bound every access by
 * @total and, where the store grows, by @room. Whatever happens to the store meanwhile, they
 * never touch a byte outside of it.
 *
 * The canary is never made good by accident: operations that move the values move it along
 * as it is, so a damaged store stays damaged.
 */
#ifndef TRAITS_STORE_H
#define TRAITS_STORE_H

#include <uapi/linux/traits.h>

#include "store-format.h"

/* Bytes of all values with these bits of size classes. */
static __always_inline u32 traits_bytes(u64 lo, u64 hi)
{
	return 4 * (hweight64(lo) + 2 * hweight64(hi) + hweight64(lo & hi));
}

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
	u32 left = len - off;

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

/**
 * traits_store_size() - bytes that a store takes
 * @s:		store that nobody else can write to, and that was not damaged
 *
 * Return: header, values and canary. In shared memory believe only traits_store_check().
 */
static inline u32 traits_store_size(const struct traits_store *s)
{
	return TRAITS_STORE_MIN + (s->mark & 0xff);
}

/**
 * traits_store_init() - make an empty store
 * @s:		where; 4-byte aligned
 * @room:	bytes from @s to the hard limit
 * @secret:	of this boot
 * @nonce:	not 0
 * @salt:	0 for a store that an skb's tag points at, else the number of the receive queue
 *		that the store is made in, which is not 0
 * @epoch:	of the registry
 *
 * The salt keeps a stale store, of an skb or of another queue, from being taken for the
 * store of the packet that now lies in the same memory.
 *
 * Return: 0 or -ENOSPC.
 */
static inline int traits_store_init(struct traits_store *s, size_t room,
				    const struct traits_secret *secret,
				    u16 nonce, u16 salt, u16 epoch)
{
	if (room < TRAITS_STORE_MIN)
		return -ENOSPC;
	s->mark = secret->magic << 8;
	s->nonce = nonce;
	s->epoch = epoch;
	s->present = 0;
	s->lo = 0;
	s->hi = 0;
	*(traits_u32 *)s->values = traits_canary(secret, nonce, salt);
	return 0;
}

/**
 * traits_store_check() - is this an intact store?
 * @s:		candidate; 4-byte aligned
 * @room:	bytes from @s to the hard limit
 * @secret:	of this boot
 * @salt:	as in traits_store_init()
 *
 * Return: bytes that the store takes; 0 when there is no store; -EBADMSG when there is one
 * that was damaged, or has another salt.
 */
static __always_inline int traits_store_check(const struct traits_store *s, size_t room,
					      const struct traits_secret *secret, u16 salt)
{
	u32 len;

	if (unlikely(room < TRAITS_STORE_MIN))
		return 0;
	/* The magic cancels out, or leaves more than the length's 8 bits. */
	len = TRAITS_READ_ONCE(s->mark) ^ secret->magic << 8;
	if (unlikely(len & ~0xfcU))
		return len > 0xff ? 0 : -EBADMSG;
	if (unlikely(TRAITS_STORE_MIN + (size_t)len > room))
		return -EBADMSG;
	if (unlikely(*(const traits_u32 *)(s->values + len) !=
		     traits_canary(secret, s->nonce, salt)))
		return -EBADMSG;
	return TRAITS_STORE_MIN + len;
}

/**
 * traits_store_reseal() - write the canary for another salt
 * @s:		store
 * @total:	what traits_store_check() returned for it
 * @secret:	of this boot
 * @salt:	the new one
 */
static inline void traits_store_reseal(struct traits_store *s, u32 total,
				       const struct traits_secret *secret, u16 salt)
{
	*(traits_u32 *)(s->values + total - TRAITS_STORE_MIN) =
		traits_canary(secret, s->nonce, salt);
}

/**
 * traits_store_has() - is there a value for this key?
 * @s:		store that traits_store_check() found intact
 * @key:	any number
 */
static inline bool traits_store_has(const struct traits_store *s, u64 key)
{
	return key <= 63 && s->present >> key & 1;
}

/* The sizes are constants at each place, so that no copy becomes a call. */
static __always_inline int traits_get_value(const struct traits_store *s, u32 total, u32 off,
					    void *buf, size_t room, u32 size)
{
	if (unlikely(TRAITS_STORE_MIN + off + size > total))
		return -EBADMSG;
	if (unlikely(room < size))
		return -ENOSPC;
	if (size)
		memcpy(buf, s->values + off, size);
	return size;
}

/**
 * traits_store_get() - copy a value out
 * @s:		store
 * @total:	what traits_store_check() returned for it
 * @key:	any number
 * @buf:	takes the value; any alignment
 * @size:	bytes that @buf can take
 *
 * Return: length of the value; -ENOENT; -ENOSPC when @size is less than the length;
 * -EBADMSG when the header contradicts itself.
 */
static __always_inline int traits_store_get(const struct traits_store *s, u32 total, u64 key,
					    void *buf, size_t size)
{
	u64 bit, lo, hi;
	u32 off;

	if (unlikely(key > 63))
		return -ENOENT;
	bit = 1ULL << key;
	if (!(s->present & bit))
		return -ENOENT;
	lo = TRAITS_READ_ONCE(s->lo);
	hi = TRAITS_READ_ONCE(s->hi);
	off = traits_bytes(lo & (bit - 1), hi & (bit - 1));

	if (hi & bit) {
		if (lo & bit)
			return traits_get_value(s, total, off, buf, size, 16);
		return traits_get_value(s, total, off, buf, size, 8);
	}
	if (lo & bit)
		return traits_get_value(s, total, off, buf, size, 4);
	return traits_get_value(s, total, off, buf, size, 0);
}

/* As traits_get_value(): the size is a constant at each place. */
static __always_inline int traits_set_value(struct traits_store *s, u32 total, size_t room,
					    u64 key, const void *val, u32 size, u64 flags)
{
	const u32 len = total - TRAITS_STORE_MIN;
	u64 bit, present, lo, hi;
	u32 off;

	if (unlikely(key > 63 || flags > TRAIT_EXIST))
		return -EINVAL;
	bit = 1ULL << key;
	present = TRAITS_READ_ONCE(s->present);
	lo = TRAITS_READ_ONCE(s->lo);
	hi = TRAITS_READ_ONCE(s->hi);
	off = traits_bytes(lo & (bit - 1), hi & (bit - 1));

	if (present & bit) {
		if (unlikely(flags & TRAIT_NOEXIST))
			return -EEXIST;
		if (unlikely(!(lo & bit) == (size == 4 || size == 16) ||
			     !(hi & bit) == (size >= 8)))
			return -EINVAL;
		if (unlikely(off + size > len))
			return -EBADMSG;
		if (size)
			memcpy(s->values + off, val, size);
		return 0;
	}

	if (unlikely(flags & TRAIT_EXIST))
		return -ENOENT;
	if (unlikely(off > len))
		return -EBADMSG;
	if (unlikely(len + size > TRAITS_STORE_LEN_MAX || total + size > room))
		return -ENOSPC;
	s->present = present | bit;
	if (!size)
		return 0;
	if (size == 4 || size == 16)
		s->lo = lo | bit;
	if (size >= 8)
		s->hi = hi | bit;
	s->mark += size;
	traits_move_up(s, off, len, size);
	memcpy(s->values + off, val, size);
	return 0;
}

/**
 * traits_store_set() - give a key a value
 * @s:		store
 * @total:	what traits_store_check() returned for it
 * @room:	bytes from @s to the hard limit
 * @key:	0 to 63
 * @val:	the value; any alignment
 * @size:	its length: 0, 4, 8 or 16
 * @flags:	0, or one of %TRAIT_NOEXIST and %TRAIT_EXIST
 *
 * Return: 0; -EINVAL for a bad argument or when the key has a value of another size;
 * -EEXIST or -ENOENT as the flags say; -ENOSPC when the value does not fit; -EBADMSG when
 * the header contradicts itself. On an error nothing was changed.
 */
static __always_inline int traits_store_set(struct traits_store *s, u32 total, size_t room,
					    u64 key, const void *val, size_t size, u64 flags)
{
	switch (size) {
	case 0:
		return traits_set_value(s, total, room, key, val, 0, flags);
	case 4:
		return traits_set_value(s, total, room, key, val, 4, flags);
	case 8:
		return traits_set_value(s, total, room, key, val, 8, flags);
	case 16:
		return traits_set_value(s, total, room, key, val, 16, flags);
	default:
		return -EINVAL;
	}
}

/* Returns how many bytes the value had. */
static __always_inline int traits_del_value(struct traits_store *s, u32 total, u64 key)
{
	const u32 len = total - TRAITS_STORE_MIN;
	u64 bit, present, lo, hi;
	u32 off, size;

	if (unlikely(key > 63))
		return -ENOENT;
	bit = 1ULL << key;
	present = TRAITS_READ_ONCE(s->present);
	if (!(present & bit))
		return -ENOENT;
	lo = TRAITS_READ_ONCE(s->lo);
	hi = TRAITS_READ_ONCE(s->hi);
	off = traits_bytes(lo & (bit - 1), hi & (bit - 1));
	size = traits_bytes(lo & bit, hi & bit);
	if (unlikely(off + size > len))
		return -EBADMSG;

	s->present = present & ~bit;
	if (size) {
		s->lo = lo & ~bit;
		s->hi = hi & ~bit;
		s->mark -= size;
		traits_move_down(s, off + size, len, size);
	}
	return size;
}

/**
 * traits_store_del() - delete a key's value
 * @s:		store
 * @total:	what traits_store_check() returned for it
 * @key:	any number
 *
 * Return: 0; -ENOENT; -EBADMSG when the header contradicts itself.
 */
static __always_inline int traits_store_del(struct traits_store *s, u32 total, u64 key)
{
	int ret = traits_del_value(s, total, key);

	return ret < 0 ? ret : 0;
}

/**
 * traits_store_purge() - delete the values of many keys
 * @s:		store
 * @total:	what traits_store_check() returned for it; what it takes now on return
 * @mask:	bit k set: delete key k if it has a value
 *
 * Takes as many steps as values are deleted. For the rare write to a packet that was on its
 * way while a key was deleted.
 *
 * Return: how many values were deleted.
 */
static inline unsigned int traits_store_purge(struct traits_store *s, u32 *total, u64 mask)
{
	unsigned int n = 0;
	int ret;

	for (mask &= TRAITS_READ_ONCE(s->present); mask; mask &= mask - 1) {
		ret = traits_del_value(s, *total, __ffs64(mask));
		if (ret < 0)
			continue;
		*total -= ret;
		n++;
	}
	return n;
}

/**
 * traits_store_get_range() - copy the values of neighbouring keys out
 * @s:		store
 * @total:	what traits_store_check() returned for it
 * @from:	first key
 * @to:		last key
 * @lo:		low bits of the size classes that the keys are registered with
 * @hi:		high bits
 * @buf:	takes the values, packed in key order; any alignment
 * @size:	bytes that @buf can take
 *
 * Return: bytes copied; -EINVAL for a bad range; -ENOENT unless all keys of the range have a
 * value of the registered size; -ENOSPC when @size is less than their sum; -EBADMSG when the
 * header contradicts itself.
 */
static inline int traits_store_get_range(const struct traits_store *s, u32 total,
					 u64 from, u64 to, u64 lo, u64 hi,
					 void *buf, size_t size)
{
	u64 below, range, s_lo, s_hi;
	u32 off, len;

	if (unlikely(to > 63 || from > to))
		return -EINVAL;
	below = (1ULL << from) - 1;
	range = ~0ULL >> (63 - to) & ~below;
	s_lo = TRAITS_READ_ONCE(s->lo);
	s_hi = TRAITS_READ_ONCE(s->hi);
	if ((~s->present | (s_lo ^ lo) | (s_hi ^ hi)) & range)
		return -ENOENT;

	off = traits_bytes(s_lo & below, s_hi & below);
	len = traits_bytes(lo & range, hi & range);
	if (unlikely(TRAITS_STORE_MIN + off + len > total))
		return -EBADMSG;
	if (unlikely(len > size))
		return -ENOSPC;
	traits_copy(buf, s->values + off, len);
	return len;
}

/**
 * traits_store_set_range() - give neighbouring keys values
 * @s:		store
 * @total:	what traits_store_check() returned for it
 * @room:	bytes from @s to the hard limit
 * @from:	first key
 * @to:		last key
 * @known:	registered keys; only these get a value
 * @lo:		low bits of their size classes
 * @hi:		high bits
 * @buf:	the values, packed in key order; any alignment
 * @size:	their sum
 *
 * Whatever values the keys from @from to @to had before are gone, also those of keys not in
 * @known, and also if they had another size.
 *
 * Return: 0; -EINVAL for a bad range or @size; -ENOSPC when the values do not fit; -EBADMSG
 * when the header contradicts itself. On an error nothing was changed.
 */
static inline int traits_store_set_range(struct traits_store *s, u32 total, size_t room,
					 u64 from, u64 to, u64 known, u64 lo, u64 hi,
					 const void *buf, size_t size)
{
	const u32 len = total - TRAITS_STORE_MIN;
	u64 below, range, present, s_lo, s_hi;
	u32 off, old;

	if (unlikely(to > 63 || from > to))
		return -EINVAL;
	below = (1ULL << from) - 1;
	range = ~0ULL >> (63 - to) & ~below;
	known &= range;
	lo &= known;
	hi &= known;
	if (unlikely(size != traits_bytes(lo, hi)))
		return -EINVAL;

	present = TRAITS_READ_ONCE(s->present);
	s_lo = TRAITS_READ_ONCE(s->lo);
	s_hi = TRAITS_READ_ONCE(s->hi);
	off = traits_bytes(s_lo & below, s_hi & below);
	old = traits_bytes(s_lo & range, s_hi & range);
	if (unlikely(off + old > len))
		return -EBADMSG;
	if (unlikely(len - old + size > TRAITS_STORE_LEN_MAX || total - old + size > room))
		return -ENOSPC;

	if (size > old)
		traits_move_up(s, off + old, len, size - old);
	else if (size < old)
		traits_move_down(s, off + old, len, old - size);
	traits_copy(s->values + off, buf, size);
	s->mark += size - old;
	s->present = (present & ~range) | known;
	s->lo = (s_lo & ~range) | lo;
	s->hi = (s_hi & ~range) | hi;
	return 0;
}

#endif
