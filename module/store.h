/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The store: a packet's traits as a compressed key-value block, and all operations on it.
 *
 * It knows nothing of packets, so it compiles in the kernel, in tests and in user space.
 *
 * A store may lie in AF_XDP umem, where user space can change any byte at any time. So each
 * function reads the length and each mask once, and bounds every access by what it read and
 * by @room, the bytes from the store to the hard limit of the memory. Nothing else is
 * believed between two calls: whatever happened to the store after traits_store_check(),
 * the functions that follow never touch a byte outside of [store, store + room).
 *
 * The canary is never made good by accident: operations that move the values move it along
 * as it is, so a damaged store stays damaged.
 */
#ifndef TRAITS_STORE_H
#define TRAITS_STORE_H

#include <uapi/linux/traits.h>

#include "store-format.h"

/* One read of all that says where values are; see the top of the file. */
struct traits_masks {
	u32 mark;
	u32 len;
	u64 present;
	u64 lo;
	u64 hi;
};

/* False when the length cannot be that of a store within @room. */
static __always_inline bool traits_masks_read(const struct traits_store *s, size_t room,
					      struct traits_masks *m)
{
	m->mark = TRAITS_READ_ONCE(s->mark);
	m->len = m->mark & 0xff;
	m->present = TRAITS_READ_ONCE(s->present);
	m->lo = TRAITS_READ_ONCE(s->lo);
	m->hi = TRAITS_READ_ONCE(s->hi);
	return likely(!(m->len & 3) && TRAITS_STORE_MIN + (size_t)m->len <= room);
}

/* Bytes of all values with these bits of size classes. */
static __always_inline u32 traits_bytes(u64 lo, u64 hi)
{
	return 4 * (hweight64(lo) + 2 * hweight64(hi) + hweight64(lo & hi));
}

/* Bytes of the one value with this bit. */
static __always_inline u32 traits_size(u64 lo, u64 hi, u64 bit)
{
	if (hi & bit)
		return lo & bit ? 16 : 8;
	return lo & bit ? 4 : 0;
}

/* The sizes are constants so that no copy becomes a call. Neither side need be aligned. */
static __always_inline void traits_copy(void *to, const void *from, u32 size)
{
	switch (size) {
	case 4:
		memcpy(to, from, 4);
		break;
	case 8:
		memcpy(to, from, 8);
		break;
	case 16:
		memcpy(to, from, 16);
		break;
	}
}

/* Copy any multiple of 4 bytes; the two sides do not overlap. */
static __always_inline void traits_copy_words(u8 *to, const u8 *from, u32 size)
{
	for (; size >= 8; size -= 8, to += 8, from += 8) {
		memcpy(to, from, 8);
		TRAITS_BARRIER();
	}
	if (size)
		memcpy(to, from, 4);
}

/* Move the bytes [@from, @end) of the values, a multiple of 4 and not 0, up by @dist. */
static __always_inline void traits_move_up(struct traits_store *s, u32 from, u32 end, u32 dist)
{
	u8 *p = s->values + end;
	u8 *first = s->values + from;

	/* The last 4 bytes are the canary; apart, so that words of values stay whole. */
	p -= 4;
	*(traits_u32 *)(p + dist) = *(traits_u32 *)p;
	while (p - first >= 8) {
		p -= 8;
		*(traits_u64 *)(p + dist) = *(traits_u64 *)p;
		TRAITS_BARRIER();
	}
	if (p != first) {
		p -= 4;
		*(traits_u32 *)(p + dist) = *(traits_u32 *)p;
	}
}

/* Move the bytes [@from, @end) of the values, a multiple of 4 and not 0, down by @dist. */
static __always_inline void traits_move_down(struct traits_store *s, u32 from, u32 end, u32 dist)
{
	u8 *p = s->values + from;
	u8 *last = s->values + end;

	while (last - p >= 8) {
		*(traits_u64 *)(p - dist) = *(traits_u64 *)p;
		p += 8;
		TRAITS_BARRIER();
	}
	if (p != last)
		*(traits_u32 *)(p - dist) = *(traits_u32 *)p;
}

/**
 * traits_store_size() - bytes that an intact store takes
 * @s: store that traits_store_check() found intact
 *
 * Return: header, values and canary.
 */
static inline u32 traits_store_size(const struct traits_store *s)
{
	return TRAITS_STORE_MIN + (TRAITS_READ_ONCE(s->mark) & 0xff);
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
	u32 len, canary;

	if (unlikely(room < TRAITS_STORE_MIN))
		return 0;
	/* The magic cancels out, or leaves more than the length's 8 bits. */
	len = TRAITS_READ_ONCE(s->mark) ^ secret->magic << 8;
	if (unlikely(len > 0xff))
		return 0;
	if (unlikely(len & 3 || TRAITS_STORE_MIN + (size_t)len > room))
		return -EBADMSG;
	canary = traits_canary(secret, TRAITS_READ_ONCE(s->nonce), salt);
	if (unlikely(TRAITS_READ_ONCE(*(const traits_u32 *)(s->values + len)) != canary))
		return -EBADMSG;
	return TRAITS_STORE_MIN + len;
}

/**
 * traits_store_reseal() - write the canary for another salt
 * @s:		store that traits_store_check() found intact
 * @room:	bytes from @s to the hard limit
 * @secret:	of this boot
 * @salt:	the new one
 */
static inline void traits_store_reseal(struct traits_store *s, size_t room,
				       const struct traits_secret *secret, u16 salt)
{
	struct traits_masks m;

	if (traits_masks_read(s, room, &m))
		*(traits_u32 *)(s->values + m.len) = traits_canary(secret, s->nonce, salt);
}

/**
 * traits_store_has() - is there a value for this key?
 * @s:		store that traits_store_check() found intact
 * @key:	any number
 */
static inline bool traits_store_has(const struct traits_store *s, u64 key)
{
	return key <= 63 && TRAITS_READ_ONCE(s->present) >> key & 1;
}

/**
 * traits_store_get() - copy a value out
 * @s:		store that traits_store_check() found intact
 * @room:	bytes from @s to the hard limit
 * @key:	any number
 * @buf:	takes the value; any alignment
 * @size:	bytes that @buf can take
 *
 * Return: length of the value; -ENOENT; -ENOSPC when @size is less than the length;
 * -EBADMSG when the header contradicts itself.
 */
static __always_inline int traits_store_get(const struct traits_store *s, size_t room, u64 key,
					    void *buf, size_t size)
{
	struct traits_masks m;
	u32 off, len;
	u64 bit;

	if (unlikely(key > 63))
		return -ENOENT;
	if (unlikely(!traits_masks_read(s, room, &m)))
		return -EBADMSG;
	bit = 1ULL << key;
	if (!(m.present & bit))
		return -ENOENT;

	len = traits_size(m.lo, m.hi, bit);
	off = traits_bytes(m.lo & (bit - 1), m.hi & (bit - 1));
	if (unlikely(off + len > m.len))
		return -EBADMSG;
	if (unlikely(len > size))
		return -ENOSPC;
	traits_copy(buf, s->values + off, len);
	return len;
}

/**
 * traits_store_set() - give a key a value
 * @s:		store that traits_store_check() found intact
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
static __always_inline int traits_store_set(struct traits_store *s, size_t room, u64 key,
					    const void *val, size_t size, u64 flags)
{
	u64 bit, lo, hi;
	struct traits_masks m;
	u32 off;

	if (unlikely(key > 63 || size > 16 || size & 3 || size == 12 ||
		     flags > TRAIT_EXIST))
		return -EINVAL;
	if (unlikely(!traits_masks_read(s, room, &m)))
		return -EBADMSG;
	bit = 1ULL << key;
	lo = size == 4 || size == 16 ? bit : 0;
	hi = size >= 8 ? bit : 0;
	off = traits_bytes(m.lo & (bit - 1), m.hi & (bit - 1));

	if (m.present & bit) {
		if (unlikely(flags & TRAIT_NOEXIST))
			return -EEXIST;
		if (unlikely((m.lo & bit) != lo || (m.hi & bit) != hi))
			return -EINVAL;
		if (unlikely(off + size > m.len))
			return -EBADMSG;
		traits_copy(s->values + off, val, size);
		return 0;
	}

	if (unlikely(flags & TRAIT_EXIST))
		return -ENOENT;
	if (unlikely(off > m.len))
		return -EBADMSG;
	if (unlikely(m.len + size > TRAITS_STORE_LEN_MAX ||
		     TRAITS_STORE_MIN + m.len + size > room))
		return -ENOSPC;
	if (size) {
		traits_move_up(s, off, m.len + TRAITS_STORE_CANARY, size);
		traits_copy(s->values + off, val, size);
		s->mark = m.mark + size;
		s->lo = (m.lo & ~bit) | lo;
		s->hi = (m.hi & ~bit) | hi;
	}
	s->present = m.present | bit;
	return 0;
}

/**
 * traits_store_del() - delete a key's value
 * @s:		store that traits_store_check() found intact
 * @room:	bytes from @s to the hard limit
 * @key:	any number
 *
 * Return: 0; -ENOENT; -EBADMSG when the header contradicts itself.
 */
static __always_inline int traits_store_del(struct traits_store *s, size_t room, u64 key)
{
	struct traits_masks m;
	u32 off, len;
	u64 bit;

	if (unlikely(key > 63))
		return -ENOENT;
	if (unlikely(!traits_masks_read(s, room, &m)))
		return -EBADMSG;
	bit = 1ULL << key;
	if (!(m.present & bit))
		return -ENOENT;

	len = traits_size(m.lo, m.hi, bit);
	if (len) {
		off = traits_bytes(m.lo & (bit - 1), m.hi & (bit - 1));
		if (unlikely(off + len > m.len))
			return -EBADMSG;
		traits_move_down(s, off + len, m.len + TRAITS_STORE_CANARY, len);
		s->mark = m.mark - len;
		s->lo = m.lo & ~bit;
		s->hi = m.hi & ~bit;
	}
	s->present = m.present & ~bit;
	return 0;
}

/**
 * traits_store_purge() - delete the values of many keys
 * @s:		store that traits_store_check() found intact
 * @room:	bytes from @s to the hard limit
 * @mask:	bit k set: delete key k if it has a value
 *
 * Takes as many steps as values are deleted. For the rare write to a packet that was on its
 * way while a key was deleted.
 *
 * Return: how many values were deleted.
 */
static inline unsigned int traits_store_purge(struct traits_store *s, size_t room, u64 mask)
{
	unsigned int n = 0;

	for (mask &= TRAITS_READ_ONCE(s->present); mask; mask &= mask - 1)
		n += !traits_store_del(s, room, __ffs64(mask));
	return n;
}

/**
 * traits_store_get_range() - copy the values of neighbouring keys out
 * @s:		store that traits_store_check() found intact
 * @room:	bytes from @s to the hard limit
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
static inline int traits_store_get_range(const struct traits_store *s, size_t room,
					 u64 from, u64 to, u64 lo, u64 hi,
					 void *buf, size_t size)
{
	struct traits_masks m;
	u64 below, range;
	u32 off, len;

	if (unlikely(to > 63 || from > to))
		return -EINVAL;
	if (unlikely(!traits_masks_read(s, room, &m)))
		return -EBADMSG;
	below = (1ULL << from) - 1;
	range = ~0ULL >> (63 - to) & ~below;
	if ((~m.present | (m.lo ^ lo) | (m.hi ^ hi)) & range)
		return -ENOENT;

	off = traits_bytes(m.lo & below, m.hi & below);
	len = traits_bytes(lo & range, hi & range);
	if (unlikely(off + len > m.len))
		return -EBADMSG;
	if (unlikely(len > size))
		return -ENOSPC;
	traits_copy_words(buf, s->values + off, len);
	return len;
}

/**
 * traits_store_set_range() - give neighbouring keys values
 * @s:		store that traits_store_check() found intact
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
static inline int traits_store_set_range(struct traits_store *s, size_t room,
					 u64 from, u64 to, u64 known, u64 lo, u64 hi,
					 const void *buf, size_t size)
{
	struct traits_masks m;
	u32 off, old, end;
	u64 below, range;

	if (unlikely(to > 63 || from > to))
		return -EINVAL;
	below = (1ULL << from) - 1;
	range = ~0ULL >> (63 - to) & ~below;
	known &= range;
	lo &= known;
	hi &= known;
	if (unlikely(size != traits_bytes(lo, hi)))
		return -EINVAL;
	if (unlikely(!traits_masks_read(s, room, &m)))
		return -EBADMSG;

	off = traits_bytes(m.lo & below, m.hi & below);
	old = traits_bytes(m.lo & range, m.hi & range);
	if (unlikely(off + old > m.len))
		return -EBADMSG;
	end = m.len + TRAITS_STORE_CANARY;
	if (unlikely(m.len - old + size > TRAITS_STORE_LEN_MAX ||
		     TRAITS_STORE_HDR + end - old + size > room))
		return -ENOSPC;
	if (size > old)
		traits_move_up(s, off + old, end, size - old);
	else if (size < old)
		traits_move_down(s, off + old, end, old - size);
	traits_copy_words(s->values + off, buf, size);
	s->mark = m.mark - old + size;
	s->present = (m.present & ~range) | known;
	s->lo = (m.lo & ~range) | lo;
	s->hi = (m.hi & ~range) | hi;
	return 0;
}

#endif
