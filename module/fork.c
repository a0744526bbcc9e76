// SPDX-License-Identifier: GPL-2.0
/*
 * Skbs that share a head, and yet do not see the same traits.
 *
 * A clone shares the head, and so the store. What one of the two shall not see,
 * or writes for itself alone, is in a second store in the same headroom, behind
 * the first. Each tag says which of them its skb has.
 *
 * Headroom of a shared head is not written to by the kernel, except for the
 * headers that the one sender of data in a socket's queue pushes in front of
 * it; these may overwrite a store, which then reads as absent. But what is
 * headroom to one skb can be a header of another: its outer headers, where this
 * one has been decapsulated. So each clone that is made notes where its
 * headroom ends, and the least of all is what counts.
 */

#include "fork.h"

#include "anchor.h"
#include "lost.h"

/*
 * What those who share a head know of it: a u32 right in front of
 * TRAITS_STORE_OFFSET. Those bytes are a struct xdp_frame's only while the
 * packet is a frame, and then nobody shares its head.
 *
 *	bits 0-15	family() of those whose note it is; else it is left over
 *	bits 16-23	first byte behind all of their stores, in units of 4
 *	bits 24-31	where the headroom ends that all of them have, in units of 4
 */
static u32 *family_note(const struct sk_buff *skb)
{
	return (u32 *)(skb->head + TRAITS_STORE_OFFSET) - 1;
}

static u32 note_make(u16 family, u32 end, u32 limit)
{
	return family | min_t(u32, end / 4, U8_MAX) << 16 | min_t(u32, limit / 4, U8_MAX) << 24;
}

static u32 note_end(u32 note)
{
	return (note >> 16 & U8_MAX) * 4;
}

static u32 note_limit(u32 note)
{
	return (note >> 24) * 4;
}

/*
 * Each store of a family has a nonce of its own, so that a tag that
 * traits_carry_expand() moved, and pskb_expand_head() then failed, finds none of
 * the others. They differ as their places do, which makes the family known.
 */
static u16 nonce_at(u16 nonce, long distance)
{
	return nonce + distance / 4 * 0x9e37;
}

/*
 * Clones are noted while a key exists that needs it. Before a time without such
 * a key comes a deletion or a change, so the epoch tells older notes apart.
 */
static u16 family(const struct traits_view *v, const struct sk_buff *skb,
		  const struct traits_store *store)
{
	return nonce_at(store->nonce, skb->head - (u8 *)store) + v->epoch * 0x85eb;
}

/* Clones can be forked on several CPUs at a time. Each failure of the exchange
 * is another's success, which takes room, so that this ends.
 */
static u32 take_room(const struct traits_packet *p, u32 size)
{
	u16 mine = family(p->view, p->skb, p->store);
	u32 *word = family_note(p->skb), old = READ_ONCE(*word), at;
	long own = (u8 *)p->store - p->skb->head, room = traits_skb_room(p->skb);

	do {
		if ((u16)old != mine)
			return 0;
		at = max_t(u32, own + p->total, note_end(old));
		/* No store has the nonce 0. */
		if (!nonce_at(p->store->nonce, at - own))
			at += 4;
		if (at + size > min_t(long, room, note_limit(old)))
			return 0;
	} while (!try_cmpxchg(word, &old, note_make(mine, at + size, note_limit(old))));
	return at;
}

int traits_fork(struct traits_packet *p, u64 keep, u32 grow)
{
	u32 copy[(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX) / 4];
	struct traits_store *store = (void *)copy;
	long own = (u8 *)p->store - p->skb->head;
	u32 total = p->total, at;

	if (own < (long)TRAITS_STORE_OFFSET)
		return -EBUSY;
	memcpy(store, p->store, total);
	traits_store_purge(store, &total, ~keep);
	store->epoch = p->view->epoch;
	store->mark |= TRAITS_STORE_OWN;

	at = take_room(p, total + grow);
	if (!at)
		return -EBUSY;
	store->nonce = nonce_at(store->nonce, at - own);
	traits_store_reseal(store, total, &p->view->secret, 0);
	p->room = total + grow;
	p->total = total;
	p->store = memcpy(p->skb->head + at, store, total);
	traits_skb_point(p->skb, at, store->nonce);
	traits_count(TRAITS_STAT_FORK);
	return 0;
}

/*
 * The mark is worth something only while every clone that is made takes it
 * away. So it counts for the epoch alone that it was made in: the epoch
 * ends when no key needs this any more.
 */
bool traits_fork_owns(const struct traits_packet *p)
{
	return READ_ONCE(p->store->mark) & TRAITS_STORE_OWN &&
	       p->store->epoch == p->view->epoch;
}

/* As in take_room(), each failure is progress that another made. */
static void take_note(const struct traits_view *v, const struct sk_buff *skb,
		      const struct traits_store *store, u32 total)
{
	u32 end = (u8 *)store - skb->head + total, limit = max(traits_skb_room(skb), 0L);
	u32 *word = family_note(skb), old = READ_ONCE(*word), new;
	u16 mine = family(v, skb, store);

	if ((u8 *)store - skb->head < (long)TRAITS_STORE_OFFSET)
		return;
	do {
		new = note_make(mine, end, limit);
		if ((u16)old == mine)
			new = note_make(mine, max(end, note_end(old)),
					min(limit, note_limit(old)));
		if (new == old)
			return;
	} while (!try_cmpxchg(word, &old, new));
}

void traits_fork_cloning(const struct sk_buff *skb, bool hide)
{
	const struct traits_view *v;
	struct traits_store *store;
	u32 total;

	if (likely(!traits_skb_offset(skb)))
		return;
	rcu_read_lock();
	v = traits_view_get();
	store = v ? traits_skb_find(v, skb, &total) : NULL;
	if (store) {
		/* Until now nobody else sees it, so nobody else writes it. */
		if (store->mark & TRAITS_STORE_OWN)
			store->mark &= ~TRAITS_STORE_OWN;
		take_note(v, skb, store, total);
		if (hide && store->present & v->drop)
			traits_store_reseal(store, total, &v->secret, TRAITS_SALT_CLONING);
	}
	rcu_read_unlock();
}

/*
 * The kernel does not promise that this is called for each clone (kretprobes
 * can miss calls). So the seal says from before the clone is made until here
 * that values are there which one of the two must not see; if nobody breaks it,
 * neither does, see find_sealed() in packet.c.
 */
void traits_fork_cloned(const struct sk_buff *skb, struct sk_buff *clone)
{
	const struct traits_view *v;
	struct traits_store *store;
	struct traits_packet p;
	u32 total;

	if (likely(!traits_skb_offset(skb)))
		return;
	rcu_read_lock();
	v = traits_view_get();
	store = v ? traits_skb_find(v, skb, &total) : NULL;
	if (store) {
		/* The clone finds the seal. */
		if (clone)
			traits_packet_skb(&p, clone);
		if (traits_store_check(store, total, &v->secret, TRAITS_SALT_CLONING) == total)
			traits_store_reseal(store, total, &v->secret, 0);
	}
	rcu_read_unlock();
}
