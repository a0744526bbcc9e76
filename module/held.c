// SPDX-License-Identifier: GPL-2.0
/* Traits that are not in a packet. */

#include "held.h"

#include "lost.h"

void traits_copy_skb(struct traits_copy *copy, struct sk_buff *skb)
{
	struct traits_store *store = NULL;
	const struct traits_view *v;
	struct traits_packet p;
	u32 total;

	copy->total = 0;
	if (likely(!traits_skb_offset(skb)))
		return;
	rcu_read_lock();
	v = traits_view_get();
	if (!v)
		goto out;
	if (!skb_shared(skb)) {
		/* Counts what was damaged, and keeps to what clones must not see. */
		traits_packet_skb(&p, skb);
		store = p.store;
		total = p.total;
	} else {
		/* Somebody peeks into the queue at the same time: its tag stays as it is. */
		store = traits_skb_find(v, skb, &total);
	}
	if (!store)
		goto out;
	memcpy(copy->words, store, total);
	copy->total = total;
	/* A clone was made, and nobody told which of the two this is. */
	if (traits_store_check(traits_copy_store(copy), total, &v->secret, 0) != total) {
		copy->total = 0;
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_FORK);
	}
out:
	rcu_read_unlock();
}

void traits_copy_held(struct traits_copy *copy, const struct traits_held *held)
{
	copy->total = held ? held->copy.total : 0;
	if (held)
		memcpy(copy->words, held->copy.words, copy->total);
}

u64 traits_copy_keys(const struct traits_view *v, const struct traits_copy *copy)
{
	const struct traits_store *store = traits_copy_store(copy);

	if (!v || !copy->total ||
	    traits_store_check(store, copy->total, &v->secret, 0) != copy->total)
		return 0;
	return store->present & v->known & ~traits_view_gone(v, store->epoch);
}

/* All at once to a store that has no value yet: the nonce and the epoch are its own. */
static void write_whole(struct traits_packet *p, const struct traits_copy *copy)
{
	u16 nonce = p->store->nonce, epoch = p->store->epoch;

	memcpy(p->store, traits_copy_store(copy), copy->total);
	p->store->mark &= ~TRAITS_STORE_OWN;
	p->store->nonce = nonce;
	p->store->epoch = epoch;
	p->total = copy->total;
	traits_store_reseal(p->store, p->total, traits_packet_secret(p), p->salt);
}

static int write_each(struct traits_packet *p, const struct traits_copy *copy, u64 keys)
{
	int size, err = 0;
	u64 val[2];

	for (; keys; keys &= keys - 1) {
		size = traits_store_get(traits_copy_store(copy), copy->total, __ffs64(keys), val,
					sizeof(val));
		if (size < 0)
			continue;
		if (traits_store_set(p->store, p->total, p->room, __ffs64(keys), val, size, 0))
			err = -ENOSPC;
		p->total = traits_store_size(p->store);
	}
	return err;
}

int traits_copy_write(struct traits_packet *p, const struct traits_copy *copy)
{
	u64 keys = traits_copy_keys(p->view, copy);

	if (!keys)
		return 0;
	if (p->store->present || keys != traits_copy_store(copy)->present || copy->total > p->room)
		return write_each(p, copy, keys);
	write_whole(p, copy);
	return 0;
}

struct traits_held *traits_held_make(const struct traits_copy *copy, gfp_t gfp)
{
	struct traits_held *held;

	held = kmalloc(offsetof(struct traits_held, copy.words) + copy->total, gfp);
	if (!held)
		return NULL;
	refcount_set(&held->refs, 1);
	held->copy.total = copy->total;
	memcpy(held->copy.words, copy->words, copy->total);
	return held;
}
