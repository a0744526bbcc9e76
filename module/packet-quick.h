/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The store of a packet that has one, in its usual place: what nearly all calls
 * of kfuncs find. Inline, so that such a call costs no other one, and struct
 * traits_packet no memory. For whatever else there may be, these say false, and
 * traits_packet_xdp() and traits_packet_skb() tell.
 */
#ifndef TRAITS_PACKET_QUICK_H
#define TRAITS_PACKET_QUICK_H

#include <linux/minmax.h>
#include <net/ipv6.h>

#include "anchor.h"
#include "generated/kernel-layout.h"
#include "packet.h"
#include "skb-xdp.h"

/* ip6_frag_reasm() and nf_ct_frag6_reasm() (6.1 to 7.3) take out the fragment
 * header by moving all that is in front of it, the headroom included.
 */
#define TRAITS_IPV6_REASSEMBLY	sizeof(struct frag_hdr)

/*
 * The tag's bytes belong to whoever owns the sk_buff, as all its fields;
 * READ_ONCE/WRITE_ONCE because a tap or a tracing program may look at a shared
 * skb meanwhile.
 */
static inline u8 tag_location(const struct sk_buff *skb)
{
	return READ_ONCE(*((const u8 *)skb + TRAITS_SKB_LOC_OFFSET));
}

static inline u16 tag_nonce(const struct sk_buff *skb)
{
	return READ_ONCE(*(const u16 *)((const u8 *)skb + TRAITS_SKB_NONCE_OFFSET));
}

/* The intact store at this place, sealed with @salt and with the nonce of the tag; or NULL. */
static __always_inline struct traits_store *
traits_store_at(const struct traits_view *v, const struct sk_buff *skb, u32 headroom, u32 offset,
		u16 salt, u32 *total)
{
	struct traits_store *store = (void *)(skb->head + offset);
	int size;

	if (offset > headroom)
		return NULL;
	size = traits_store_check(store, headroom - offset, &v->secret, salt);
	if (unlikely(size <= 0 || store->nonce != tag_nonce(skb)))
		return NULL;
	*total = size;
	return store;
}

/*
 * What lies in front of the metadata is the buffer's. Not where
 * xdp_convert_zc_to_xdp_frame() copied a packet out of AF_XDP memory: it keeps the
 * metadata, and up to 6.12.107 has a frame say that there is no headroom at all, so that
 * the place of a store is in the packet. Its bytes are not to be taken for one, whoever sent
 * them. (Later frames have as much headroom as metadata, which is no room for a store.)
 */
static __always_inline bool traits_xdp_has_front(const struct xdp_buff *xdp)
{
	return likely(xdp->data_meta >= xdp->data_hard_start + TRAITS_STORE_OFFSET);
}

/**
 * traits_packet_xdp_quick() - find the traits of an XDP buffer that has some
 * @p:		filled in when there are
 * @xdp:	the buffer that an XDP program runs on
 *
 * Return: true, or false when traits_packet_xdp() has to look.
 * Context: RCU read side.
 */
static __always_inline bool traits_packet_xdp_quick(struct traits_packet *p, struct xdp_buff *xdp)
{
	struct traits_store *store = xdp->data_hard_start + TRAITS_STORE_OFFSET;
	const struct traits_view *v = traits_view_get();
	const struct traits_anchor *anchor = xdp->data_meta;
	u32 room = xdp->data_meta - (void *)store;
	u16 salt;
	int size;

	if (unlikely(!v || xdp->data_meta + TRAITS_ANCHOR_SIZE > xdp->data ||
		     !traits_anchor_is(v, anchor) || !traits_xdp_has_front(xdp)))
		return false;
	salt = READ_ONCE(anchor->salt);
	size = traits_store_check(store, room, traits_xdp_secret(v, xdp), salt);
	if (unlikely(!salt || size <= 0))
		return false;
	*p = (struct traits_packet){
		.view = v, .xdp = xdp, .store = store, .total = size, .room = room, .salt = salt,
	};
	return true;
}

/**
 * traits_packet_skb_quick() - find the traits of an skb that has some
 * @p:		filled in when there are
 * @skb:	a packet that the caller may change
 *
 * Return: true, or false when traits_packet_skb() has to look.
 * Context: RCU read side.
 */
static __always_inline bool traits_packet_skb_quick(struct traits_packet *p, struct sk_buff *skb)
{
	const struct traits_view *v = traits_view_get();
	u32 offset = tag_location(skb) * 4, total;
	struct traits_store *store;

	if (unlikely(!v || !offset))
		return false;
	store = traits_store_at(v, skb, skb_headroom(skb), offset, 0, &total);
	if (unlikely(!store))
		return false;
	*p = (struct traits_packet){
		.view = v, .skb = skb, .store = store, .total = total,
		/* An intact store is never too large, whatever was pushed since. */
		.room = max_t(long, traits_skb_room(skb) - offset, total),
	};
	return true;
}

#endif
