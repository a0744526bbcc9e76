/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Traits that are not in a packet: of one that a socket received, or for those that it will
 * send. They are kept as stores, so that what the registry says of a store's age counts for
 * them as well: keys that were deleted since read as absent, and all do when the boot's
 * secrets are new.
 */
#ifndef TRAITS_HELD_H
#define TRAITS_HELD_H

#include <linux/refcount.h>
#include <linux/slab.h>

#include "packet.h"

/**
 * struct traits_copy - a store outside of packets, or none
 * @total:	bytes of it; 0: there is none
 * @words:	the store, sealed with salt 0
 */
struct traits_copy {
	u32 total;
	u32 words[(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX) / 4];
};

static inline struct traits_store *traits_copy_store(const struct traits_copy *copy)
{
	return (struct traits_store *)copy->words;
}

/**
 * struct traits_held - a copy that several may have, and that does not change
 * @refs:	how many have it
 * @rcu:	for kfree_rcu()
 * @copy:	not all of it is there: only as much as it needs
 */
struct traits_held {
	refcount_t refs;
	struct rcu_head rcu;
	struct traits_copy copy;
};

/**
 * traits_copy_skb() - copy what an skb has
 * @copy:	filled in; empty when it has no traits
 * @skb:	the packet
 *
 * Context: any.
 */
void traits_copy_skb(struct traits_copy *copy, struct sk_buff *skb);

/**
 * traits_copy_held() - copy what is held
 * @copy:	filled in; empty for NULL
 * @held:	or NULL
 *
 * Context: inside rcu_read_lock().
 */
void traits_copy_held(struct traits_copy *copy, const struct traits_held *held);

/**
 * traits_copy_keys() - which traits a copy has now
 * @v:		registry view
 * @copy:	the copy
 *
 * Return: mask of the keys with a value under their present meaning.
 * Context: inside rcu_read_lock().
 */
u64 traits_copy_keys(const struct traits_view *v, const struct traits_copy *copy);

/**
 * traits_copy_write() - write what a copy has to a packet
 * @p:		writable packet with a store, as young as the view
 * @copy:	the copy
 *
 * Return: 0, or -ENOSPC when not all fitted.
 * Context: inside rcu_read_lock().
 */
int traits_copy_write(struct traits_packet *p, const struct traits_copy *copy);

/**
 * traits_held_make() - hold a copy
 * @copy:	with a store
 * @gfp:	how to allocate
 *
 * Return: with one reference, or NULL without memory.
 */
struct traits_held *traits_held_make(const struct traits_copy *copy, gfp_t gfp);

static inline struct traits_held *traits_held_get(struct traits_held *held)
{
	refcount_inc(&held->refs);
	return held;
}

/* Readers inside rcu_read_lock() can go on. NULL is nothing. */
static inline void traits_held_put(struct traits_held *held)
{
	if (held && refcount_dec_and_test(&held->refs))
		kfree_rcu(held, rcu);
}

#endif
