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
#include "store-move.h"

/* Bytes of all values with these bits of size classes. */
static __always_inline u32 traits_bytes(u64 lo, u64 hi)
{
	return 4 * (hweight64(lo) + 2 * hweight64(hi) + hweight64(lo & hi));
}

/**
 * traits_store_size() - bytes that a store takes
 * @s:		store that nobody else can write to, and that was not damaged
 *
 * Return: header, values and canary. In shared memory believe only traits_store_check().
 */
static inline u32 traits_store_size(const struct traits_store *s)
{
	return TRAITS_STORE_MIN + (s->mark & 0xfc);
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
	if (unlikely(len & ~(0xfcU | TRAITS_STORE_OWN)))
		return len > 0xff ? 0 : -EBADMSG;
	len &= 0xfc;
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
static __always_inline int traits_get_value(const struct traits_store *s, u32 end,
					    void *buf, size_t room, u32 size)
{
	if (unlikely(room < size))
		return -ENOSPC;
	if (size)
		memcpy(buf, s->values + (size_t)end - size, size);
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
	u64 lo, hi;
	u32 end;

	if (unlikely(key > 63))
		return -ENOENT;
	if (!(s->present >> key & 1))
		return -ENOENT;
	lo = TRAITS_READ_ONCE(s->lo) << (~key & 63);
	hi = TRAITS_READ_ONCE(s->hi) << (~key & 63);
	end = traits_bytes(lo, hi);
	if (unlikely(TRAITS_STORE_MIN + end > total))
		return -EBADMSG;

	if (hi >> 63) {
		if (lo >> 63)
			return traits_get_value(s, end, buf, size, 16);
		return traits_get_value(s, end, buf, size, 8);
	}
	if (lo >> 63)
		return traits_get_value(s, end, buf, size, 4);
	return 0;
}

static inline bool traits_is_size(size_t size)
{
	return size == 0 || size == 4 || size == 8 || size == 16;
}

static __always_inline int traits_overwrite(struct traits_store *s, u32 total, u64 key,
					    const void *val, size_t size)
{
	const u64 lo = TRAITS_READ_ONCE(s->lo) << (~key & 63);
	const u64 hi = TRAITS_READ_ONCE(s->hi) << (~key & 63);
	const size_t end = traits_bytes(lo, hi);

	if (unlikely(TRAITS_STORE_MIN + end > total))
		return -EBADMSG;
	switch (size) {
	case 0:
		if (unlikely(lo >> 63 || hi >> 63))
			return -EINVAL;
		return 0;
	case 4:
		if (unlikely(!(lo >> 63) || hi >> 63))
			return -EINVAL;
		memcpy(s->values + end - 4, val, 4);
		return 0;
	case 8:
		if (unlikely(lo >> 63 || !(hi >> 63)))
			return -EINVAL;
		memcpy(s->values + end - 8, val, 8);
		return 0;
	case 16:
		if (unlikely(!(lo >> 63 && hi >> 63)))
			return -EINVAL;
		memcpy(s->values + end - 16, val, 16);
		return 0;
	default:
		return -EINVAL;
	}
}

/* The size is a constant at each place. */
static __always_inline int traits_insert_value(struct traits_store *s, u32 total, size_t room,
					       u64 key, const void *val, u32 size)
{
	const u32 len = total - TRAITS_STORE_MIN;
	const u64 bit = 1ULL << key;
	u32 off;

	off = traits_bytes(TRAITS_READ_ONCE(s->lo) & (bit - 1),
			   TRAITS_READ_ONCE(s->hi) & (bit - 1));
	if (unlikely(off > len))
		return -EBADMSG;
	if (unlikely(len + size > TRAITS_STORE_LEN_MAX || total + size > room))
		return -ENOSPC;
	s->present |= bit;
	if (!size)
		return 0;
	if (size == 4 || size == 16)
		s->lo |= bit;
	if (size >= 8)
		s->hi |= bit;
	s->mark += size;
	traits_move_up(s, off, len, size);
	memcpy(s->values + off, val, size);
	return 0;
}

static __always_inline int traits_insert(struct traits_store *s, u32 total, size_t room,
					 u64 key, const void *val, size_t size)
{
	switch (size) {
	case 0:
		return traits_insert_value(s, total, room, key, val, 0);
	case 4:
		return traits_insert_value(s, total, room, key, val, 4);
	case 8:
		return traits_insert_value(s, total, room, key, val, 8);
	case 16:
		return traits_insert_value(s, total, room, key, val, 16);
	default:
		return -EINVAL;
	}
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
 * Return: 0; -EINVAL for a bad argument; -EEXIST or -ENOENT as the flags say; -EINVAL when
 * the key has a value of another size; -ENOSPC when the value does not fit; -EBADMSG when
 * the header contradicts itself. On an error nothing was changed.
 */
static __always_inline int traits_store_set(struct traits_store *s, u32 total, size_t room,
					    u64 key, const void *val, size_t size, u64 flags)
{
	if (unlikely(key > 63 || flags > TRAIT_EXIST))
		return -EINVAL;
	if (s->present >> key & 1) {
		if (unlikely(flags & TRAIT_NOEXIST))
			return traits_is_size(size) ? -EEXIST : -EINVAL;
		return traits_overwrite(s, total, key, val, size);
	}
	if (unlikely(flags & TRAIT_EXIST))
		return traits_is_size(size) ? -ENOENT : -EINVAL;
	return traits_insert(s, total, room, key, val, size);
}

/* Returns how many bytes the value had. */
static __always_inline int traits_del_value(struct traits_store *s, u32 total, u64 key)
{
	const u32 len = total - TRAITS_STORE_MIN;
	u64 bit, lo, hi;
	u32 end, size;

	if (unlikely(key > 63))
		return -ENOENT;
	if (!(s->present >> key & 1))
		return -ENOENT;
	lo = TRAITS_READ_ONCE(s->lo) << (~key & 63);
	hi = TRAITS_READ_ONCE(s->hi) << (~key & 63);
	end = traits_bytes(lo, hi);
	if (unlikely(end > len))
		return -EBADMSG;

	bit = 1ULL << key;
	s->present &= ~bit;
	size = traits_bytes(lo >> 63, hi >> 63);
	if (size) {
		s->lo &= ~bit;
		s->hi &= ~bit;
		s->mark -= size;
		traits_move_down(s, end, len, size);
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
