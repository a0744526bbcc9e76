/* SPDX-License-Identifier: GPL-2.0 */
/* The anchor: 8 bytes of XDP metadata that say that a packet has a store. See packet.c. */
#ifndef TRAITS_ANCHOR_H
#define TRAITS_ANCHOR_H

#include <net/xdp.h>

#include "registry.h"

/* xdp_convert_buff_to_frame() writes a struct xdp_frame to the front of the headroom. */
#define TRAITS_STORE_OFFSET	sizeof(struct xdp_frame)

/* Programs put anything into the metadata next to it, so the mark of an anchor
 * has 48 bits: with 16, one of 65536 values of theirs would be taken for an
 * anchor, and overwritten.
 */
struct traits_anchor {
	u16 tag;	/* low half of traits_view.tag */
	u16 salt;	/* traits_anchor_salt() of the store; 0: it is lost, and counted */
	u32 mark;	/* traits_anchor_mark() */
};

#define TRAITS_ANCHOR_SIZE	sizeof(struct traits_anchor)

/* skb_shared_info.meta_len is a u8, and metadata comes in words. */
#define TRAITS_METADATA_MAX	252

static_assert(sizeof(struct xdp_frame) % 4 == 0);
static_assert(TRAITS_ANCHOR_SIZE % 4 == 0);

static inline u32 traits_anchor_mark(const struct traits_view *v)
{
	return v->tag * 0x9e3779b1U;
}

/* Is this 8 bytes of metadata an anchor? */
static inline bool traits_anchor_is(const struct traits_view *v, const struct traits_anchor *a)
{
	return a->tag == (u16)v->tag && a->mark == traits_anchor_mark(v);
}

static inline void traits_anchor_set(const struct traits_view *v, struct traits_anchor *anchor,
				     u16 salt)
{
	anchor->tag = v->tag;
	anchor->salt = salt;
	anchor->mark = traits_anchor_mark(v);
}

/* An anchor in metadata from @meta to @end. The program may have added metadata
 * of its own below it, so it can be anywhere.
 */
static inline struct traits_anchor *
traits_anchor_find(const struct traits_view *v, void *meta, void *end)
{
	struct traits_anchor *a;

	for (; meta + TRAITS_ANCHOR_SIZE <= end; meta += 4) {
		a = meta;
		if (traits_anchor_is(v, a))
			return a;
	}
	return NULL;
}

struct traits_packet;

/**
 * traits_anchor_salt() - what a packet's store is to be sealed with
 * @p:	packet in XDP, with or without a store
 *
 * Return: a number that is not 0: that of the receive queue, mixed with a
 * digest of the values that keep packets from being merged.
 * Context: inside rcu_read_lock().
 */
u16 traits_anchor_salt(const struct traits_packet *p);

/**
 * traits_anchor_reseal() - such a value has changed
 * @p:	packet in XDP with a store; @p->total need not be right
 *
 * Context: inside rcu_read_lock().
 */
void traits_anchor_reseal(struct traits_packet *p);

#endif
