// SPDX-License-Identifier: GPL-2.0
/*
 * Skbs that share a head, and yet do not see the same traits.
 *
 * A clone shares the head, and so the store. What one of the two shall not see,
 * or writes for itself alone, is in a second store in the same headroom, behind
 * the first. Each tag says which of them its skb has; all stores of a family of
 * clones have the same nonce, so that they can be told from older ones.
 *
 * Headroom of a shared head is not written to by the kernel, except for the
 * headers that the one sender of data in a socket's queue pushes in front of
 * it; these may overwrite a store, which then reads as absent.
 */

#include "fork.h"

#include "anchor.h"
#include "lost.h"

/*
 * Where the next store of the family goes: a u32 right in front of
 * TRAITS_STORE_OFFSET. Those bytes are a struct xdp_frame's only while the
 * packet is a frame, and then nobody shares its head.
 *
 *	bits 0-15	nonce of the family; else the word is left over
 *	bits 16-23	offset of the first free byte, in units of 4
 */
static u32 *next_free(const struct sk_buff *skb)
{
	return (u32 *)(skb->head + TRAITS_STORE_OFFSET) - 1;
}

/* Clones can be forked on several CPUs at a time. Each failure of the exchange
 * is another's success, which takes room, so that this ends.
 */
static u32 take_room(const struct traits_packet *p, u32 size)
{
	u32 first = traits_skb_offset(p->skb) + p->total, limit = traits_skb_room(p->skb);
	u32 *word = next_free(p->skb), old = READ_ONCE(*word), at;

	do {
		at = first;
		if ((u16)old == p->store->nonce)
			at = max(at, (old >> 16) * 4);
		if (at + size > limit || (at + size) / 4 > U8_MAX)
			return 0;
	} while (!try_cmpxchg(word, &old, p->store->nonce | (at + size) / 4 << 16));
	return at;
}

int traits_fork(struct traits_packet *p, u64 keep, u32 grow)
{
	u32 copy[(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX) / 4];
	struct traits_store *store = (void *)copy;
	u32 total = p->total, at;

	if ((u8 *)p->store - p->skb->head < TRAITS_STORE_OFFSET)
		return -EBUSY;
	memcpy(store, p->store, total);
	traits_store_purge(store, &total, ~keep);
	store->epoch = p->view->epoch;
	store->mark |= TRAITS_STORE_OWN;

	at = take_room(p, total + grow);
	if (!at)
		return -EBUSY;
	p->room = total + grow;
	p->total = total;
	p->store = memcpy(p->skb->head + at, store, total);
	traits_skb_point(p->skb, at, store->nonce);
	traits_count(TRAITS_STAT_FORK);
	return 0;
}

/*
 * The mark is worth something only while every clone that is made takes it
 * away. So it counts for the epoch alone that it was made in: a time in which
 * there was no key that needs this ended with a deletion.
 */
bool traits_fork_owns(const struct traits_packet *p)
{
	return READ_ONCE(p->store->mark) & TRAITS_STORE_OWN &&
	       p->store->epoch == p->view->epoch;
}

void traits_fork_cloning(const struct sk_buff *skb)
{
	const struct traits_view *v;
	struct traits_store *store;
	u32 total;

	if (likely(!traits_skb_offset(skb)))
		return;
	rcu_read_lock();
	v = traits_view_get();
	store = v ? traits_skb_find(v, skb, &total) : NULL;
	/* Until now nobody else sees it, so nobody else writes it. */
	if (store && store->mark & TRAITS_STORE_OWN)
		store->mark &= ~TRAITS_STORE_OWN;
	rcu_read_unlock();
}

void traits_fork_cloned(struct sk_buff *clone)
{
	struct traits_packet p;

	if (likely(!traits_skb_offset(clone)))
		return;
	rcu_read_lock();
	if (!traits_packet_skb(&p, clone) && p.store)
		traits_packet_hide(&p, p.view->drop);
	rcu_read_unlock();
}
