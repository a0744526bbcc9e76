// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* Blocks with the traits of packets, in AF_XDP memory. */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <traits/xsk.h>

static unsigned int bits(__u64 mask)
{
	return __builtin_popcountll(mask);
}

/* Bytes of the values of these keys */
static unsigned int bytes(const struct traits_block *b, __u64 keys)
{
	__u64 lo = b->lo & keys, hi = b->hi & keys;

	return 4 * bits(lo) + 8 * bits(hi) + 4 * bits(lo & hi);
}

static __u64 bit(unsigned int key)
{
	return (__u64)1 << (key & 63);
}

static bool has(const struct traits_block *b, unsigned int key)
{
	return key < TRAITS_KEYS_MAX && b->present & bit(key);
}

int traits_block_get_end(struct traits_block *b, const void *end, size_t room)
{
	struct traits_xsk head;
	unsigned int len;

	memset(b, 0, sizeof(*b));
	if (room < sizeof(head))
		return -ENOENT;
	memcpy(&head, (const char *)end - sizeof(head), sizeof(head));
	if (head.magic != TRAITS_XSK_MAGIC)
		return -ENOENT;
	b->lo = head.lo;
	b->hi = head.hi;
	len = bytes(b, ~(__u64)0);
	if (head.version != TRAITS_XSK_VERSION || head.flags ||
	    (head.lo | head.hi) & ~head.present || len > sizeof(b->values) ||
	    head.len != len + sizeof(head) || head.len > room) {
		memset(b, 0, sizeof(*b));
		return -EBADMSG;
	}
	b->present = head.present;
	memcpy(b->values, (const char *)end - head.len, len);
	return bits(b->present);
}

int traits_block_get(const struct traits_block *b, unsigned int key, void *val, size_t size)
{
	unsigned int len;

	if (!has(b, key))
		return -ENOENT;
	len = bytes(b, bit(key));
	if (len > size)
		return -ENOSPC;
	if (len)
		memcpy(val, b->values + bytes(b, bit(key) - 1), len);
	return len;
}

int traits_block_del(struct traits_block *b, unsigned int key)
{
	unsigned int at, len, all;

	if (!has(b, key))
		return -ENOENT;
	at = bytes(b, bit(key) - 1);
	len = bytes(b, bit(key));
	all = bytes(b, ~(__u64)0);
	memmove(b->values + at, b->values + at + len, all - at - len);
	b->present &= ~bit(key);
	b->lo &= ~bit(key);
	b->hi &= ~bit(key);
	return 0;
}

int traits_block_set(struct traits_block *b, unsigned int key, const void *val, size_t size)
{
	unsigned int at, all, old;

	if (key >= TRAITS_KEYS_MAX || (size && size != 4 && size != 8 && size != 16))
		return -EINVAL;
	all = bytes(b, ~(__u64)0);
	old = bytes(b, bit(key));
	if (all - old + size > sizeof(b->values))
		return -ENOSPC;
	traits_block_del(b, key);
	all -= old;
	at = bytes(b, bit(key) - 1);
	memmove(b->values + at + size, b->values + at, all - at);
	if (size)
		memcpy(b->values + at, val, size);
	b->present |= bit(key);
	if (size == 4 || size == 16)
		b->lo |= bit(key);
	if (size >= 8)
		b->hi |= bit(key);
	return 0;
}

int traits_block_put_end(const struct traits_block *b, void *end, size_t room)
{
	unsigned int len = bytes(b, ~(__u64)0);
	struct traits_xsk head = {
		.magic = TRAITS_XSK_MAGIC, .version = TRAITS_XSK_VERSION,
		.len = len + sizeof(head), .present = b->present, .lo = b->lo, .hi = b->hi,
	};

	if (head.len > room)
		return -ENOSPC;
	memcpy((char *)end - sizeof(head), &head, sizeof(head));
	memcpy((char *)end - head.len, b->values, len);
	return head.len;
}

void traits_block_clear_end(void *end)
{
	memset((char *)end - sizeof(struct traits_xsk), 0, sizeof(struct traits_xsk));
}
