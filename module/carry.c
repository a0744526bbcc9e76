// SPDX-License-Identifier: GPL-2.0
/* The kernel carries an skb's tag by itself; this file carries the store that it points at. */

#include "carry.h"

#include "anchor.h"
#include "lost.h"
#include "packet.h"
#include "skb-xdp.h"

/*
 * skb_copy_header() is where skb_copy(), skb_copy_expand(),
 * __pskb_copy_fclone(), skb_pp_cow_data() and veth copy the fields of an skb,
 * the tag among them (6.1 to 7.3). At its entry the new head is allocated and
 * its headroom reserved. skb_clone(), which shares the head, does not come
 * here.
 *
 * The tag is copied as it is, so the store must be at the same offset in the
 * new head. Where it does not fit, the loss is counted now, and the tag's nonce
 * says there that it is: who looks for the store later must not count it again.
 * Without room for that either, the loss is counted then.
 */
void traits_carry_copy(struct sk_buff *new, const struct sk_buff *old)
{
	u32 offset = traits_skb_offset(old), size;
	struct traits_store *store, *grave;
	const struct traits_view *v;
	long room;

	traits_skb_xdp_copied(new, old);
	if (likely(!offset))
		return;

	/* Headers below data, such as the MAC header of a packet that was
	 * received, are in the headroom too, and skb_copy_expand() has copied
	 * them already. The copy's own mac_header is not set yet.
	 */
	room = skb_headroom(new);
	if (skb_mac_header_was_set(old) && skb_mac_header(old) < old->data)
		room -= min_t(long, room, old->data - skb_mac_header(old));

	rcu_read_lock();
	v = traits_view_get();
	store = v ? traits_skb_find(v, old, &size) : NULL;
	if (store && offset + size <= room) {
		memcpy(new->head + offset, store, size);
		traits_count(TRAITS_STAT_COPY);
	} else if (offset + TRAITS_GRAVE_SIZE <= room) {
		/* Recycled memory must not look like the store. */
		grave = (void *)(new->head + offset);
		memset(grave, 0, TRAITS_GRAVE_SIZE);
		if (store)
			traits_lost(new->head, new, TRAITS_STAT_LOST_COPY);
		if (store || traits_skb_buried(old))
			grave->nonce = traits_skb_nonce(old);
	}
	rcu_read_unlock();
}

/*
 * pskb_expand_head() copies all bytes from head to tail, @nhead bytes further
 * up. Should it fail after this, the tag points at the wrong place in the old
 * head, where no store with the tag's nonce is: the traits are absent, and
 * counted when next looked for.
 */
void traits_carry_expand(struct sk_buff *skb, int nhead)
{
	u32 offset = traits_skb_offset(skb);

	if (likely(!offset) || nhead <= 0)
		return;
	if (traits_skb_move(skb, offset + nhead))
		traits_count(TRAITS_STAT_EXPAND);
	else
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_EXPAND);
}

/*
 * Nobody else looks at the headers of @new: what skb_segment() clones of a list
 * that GRO made is nohdr.
 */
static void give(struct sk_buff *new, u32 offset, const struct traits_store *store, u32 size,
		 long room)
{
	if (skb_header_cloned(new) || offset + size > room) {
		traits_skb_point(new, 0, 0);
		traits_lost(new->head, new, TRAITS_STAT_LOST_COPY);
		return;
	}
	memcpy(new->head + offset, store, size);
	traits_skb_point(new, offset, store->nonce);
	traits_count(TRAITS_STAT_COPY);
}

/*
 * skb_segment() and skb_segment_list() copy the tag (6.1 to 7.3), but not what
 * is in the headroom. The former makes heads with the headroom of the original;
 * the latter takes the packets that GRO had made a list of, which may have
 * stores of their own, and returns the original as the first of them.
 */
void traits_carry_segments(struct sk_buff *segs, const struct sk_buff *skb)
{
	const struct traits_store *store;
	const struct traits_view *v;
	struct sk_buff *seg;
	u32 offset, size;

	rcu_read_lock();
	v = traits_view_get();
	store = v ? traits_skb_find(v, skb, &size) : NULL;
	offset = (u8 *)store - skb->head;
	/* As long as the list that the kernel has just made, in the same way. */
	for (seg = segs; seg; seg = seg->next) {
		if (!store)
			traits_skb_point(seg, 0, 0);
		else if (seg->head != skb->head)
			give(seg, offset, store, size, traits_skb_first(seg) - (void *)seg->head);
	}
	if (v && !store && !traits_skb_buried(skb))
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_DAMAGED);
	rcu_read_unlock();
}

/*
 * Fragments are made with new heads, without a tag. Or, where a packet that was
 * reassembled is sent on, of the very packets that it came in; they may have the
 * traits that they had then.
 */
void traits_carry_fragment(struct sk_buff *frag, const struct sk_buff *skb, u32 push)
{
	u32 size, offset = traits_skb_offset(skb);
	const struct traits_store *store = NULL;
	const struct traits_view *v;

	if (likely(!offset && !traits_skb_offset(frag)))
		return;
	traits_skb_point(frag, 0, 0);
	if (!offset)
		return;
	rcu_read_lock();
	v = traits_view_get();
	if (v)
		store = traits_skb_find(v, skb, &size);
	if (store)
		give(frag, TRAITS_STORE_OFFSET, store, size, traits_skb_room(frag) - (long)push);
	rcu_read_unlock();
}
