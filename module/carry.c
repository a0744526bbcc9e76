// SPDX-License-Identifier: GPL-2.0
/* The kernel carries an skb's tag by itself; this file carries the store that it points at. */

#include "carry.h"

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
 * new head.
 */
void traits_carry_copy(struct sk_buff *new, const struct sk_buff *old)
{
	u32 offset = traits_skb_offset(old), room = skb_headroom(new), size;
	const struct traits_view *v;
	struct traits_store *store;

	traits_skb_xdp_copied(new, old);
	if (likely(!offset))
		return;

	/* Headers below data, such as the MAC header of a packet that was
	 * received, are in the headroom too, and skb_copy_expand() has copied
	 * them already.
	 */
	if (skb_mac_header_was_set(old) && skb_mac_header(old) < old->data)
		room -= min_t(u32, room, old->data - skb_mac_header(old));

	rcu_read_lock();
	v = traits_view_get();
	store = v ? traits_skb_find(v, old, &size) : NULL;
	if (store && offset + size <= room) {
		memcpy(new->head + offset, store, size);
		traits_count(TRAITS_STAT_COPY);
	} else {
		/* Recycled memory must not look like the store. */
		if (offset + 8 <= room)
			memset(new->head + offset, 0, 8);
		if (store)
			traits_lost(new->head, new, TRAITS_STAT_LOST_COPY);
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
