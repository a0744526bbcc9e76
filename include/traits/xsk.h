/* SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause */
/*
 * Traits of packets in the memory of AF_XDP sockets. <linux/traits_xsk.h> tells what is where; this
 * saves checking it.
 *
 *	struct traits_block b;
 *	uint64_t service;
 *
 *	if (traits_block_get_end(&b, packet, packet - chunk) > 0 &&
 *	    traits_block_get(&b, service_id, &service, sizeof(service)) == sizeof(service))
 *		...
 */
#ifndef _TRAITS_XSK_H
#define _TRAITS_XSK_H

#include <stddef.h>

#include <linux/traits.h>
#include <linux/traits_xsk.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct traits_block - the traits of one packet, outside of its memory
 * @present:	bit k set: key k has a value
 * @lo:		their sizes, as in struct traits_xsk
 * @hi:		...
 * @values:	packed in the order of their keys
 *
 * All zeroes are no traits.
 */
struct traits_block {
	__u64 present;
	__u64 lo;
	__u64 hi;
	__u8 values[TRAITS_XSK_VALUES_MAX];
};

/**
 * traits_block_get_end() - read the block in front of a packet
 * @b:		filled in; no traits on an error
 * @end:	where the block ends: at the packet, or at the metadata of the XDP program
 * @room:	bytes in front of @end that may be read
 *
 * Return: how many traits there are; -ENOENT (there is no block) or -EBADMSG (not well-formed).
 */
int traits_block_get_end(struct traits_block *b, const void *end, size_t room);

/**
 * traits_block_get() - one of the traits
 * @b:		the traits
 * @key:	id of the key
 * @val:	the value goes here; may be NULL for a flag
 * @size:	bytes of @val
 *
 * Return: bytes of the value, 0 for a flag that is set, -ENOENT, or -ENOSPC when @size is too
 * small.
 */
int traits_block_get(const struct traits_block *b, unsigned int key, void *val, size_t size);

/**
 * traits_block_set() - set a trait, or change it
 * @b:		the traits
 * @key:	id of the key
 * @val:	the value; may be NULL for a flag
 * @size:	its length: 0, 4, 8 or 16
 *
 * Return: 0; -EINVAL (bad key or size); -ENOSPC (more than %TRAITS_XSK_VALUES_MAX bytes in all).
 */
int traits_block_set(struct traits_block *b, unsigned int key, const void *val, size_t size);

/**
 * traits_block_del() - take a trait away
 * @b:		the traits
 * @key:	id of the key
 *
 * Return: 0 or -ENOENT.
 */
int traits_block_del(struct traits_block *b, unsigned int key);

/**
 * traits_block_put_end() - write the block in front of a packet
 * @b:		the traits
 * @end:	where the block is to end
 * @room:	bytes in front of @end that may be written
 *
 * Return: bytes that the block takes, or -ENOSPC.
 */
int traits_block_put_end(const struct traits_block *b, void *end, size_t room);

/**
 * traits_block_clear_end() - make sure that there is no block in front of a packet
 * @end:	where it would end
 *
 * For memory that is used again for packets that are sent without traits. For packets that are
 * received it is of no use: between this and the packet, others may have been in the same memory.
 */
void traits_block_clear_end(void *end);

#ifdef __cplusplus
}
#endif

#endif
