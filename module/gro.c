// SPDX-License-Identifier: GPL-2.0
/*
 * What GRO makes of the traits of packets that it merges.
 *
 * The kernel keeps the first packet's head, and so its store: that is the
 * policy "first". For all others this follows skb_gro_receive(), and
 * skb_gro_receive_list(), by which all protocols merge (6.1 to 7.3: TCP and
 * UDP, also inside of tunnels). They are called with a packet that GRO holds and
 * one that is to become a part of it. Both are either not bound yet, or carry a
 * tag already (forwarded packets on a veth, for example).
 *
 * A call that this does not see, which a kretprobe counts as missed, leaves the
 * first packet's values.
 */

#include "gro.h"

#include <net/gro.h>

#include "lost.h"
#include "packet.h"

union value {
	u64 number;
	u8 bytes[16];
};

/* Would values of "block" be lost if these became one packet? */
static bool differ(const struct traits_packet *a, const struct traits_packet *b)
{
	const u64 block = a->view->gro[TRAITS_GRO_BLOCK];
	u64 left = traits_packet_keys(a) & block;
	union value x, y;
	u64 key;
	int size;

	if (left != (traits_packet_keys(b) & block))
		return true;
	for (; left; left &= left - 1) {
		key = __ffs64(left);
		size = traits_store_get(a->store, a->total, key, &x, sizeof(x));
		if (size != traits_store_get(b->store, b->total, key, &y, sizeof(y)) ||
		    size < 0 || memcmp(&x, &y, size))
			return true;
	}
	return false;
}

static u64 numeric(const struct traits_view *v)
{
	return v->gro[TRAITS_GRO_SUM] | v->gro[TRAITS_GRO_MIN] | v->gro[TRAITS_GRO_MAX] |
	       v->gro[TRAITS_GRO_OR];
}

/* Keys whose values in @from become a part of @to's */
static u64 to_take(const struct traits_packet *from)
{
	return traits_packet_keys(from) & (numeric(from->view) | from->view->gro[TRAITS_GRO_LAST]);
}

/* Keys whose values in @to end */
static u64 to_drop(const struct traits_packet *to, const struct traits_packet *from)
{
	const struct traits_view *v = to->view;

	return traits_packet_keys(to) &
	       (v->gro[TRAITS_GRO_DISCARD] | (v->gro[TRAITS_GRO_LAST] & ~traits_packet_keys(from)));
}

static u64 combine(const struct traits_view *v, u64 bit, u64 a, u64 b, u64 largest)
{
	if (v->gro[TRAITS_GRO_SUM] & bit)
		return b > largest - a ? largest : a + b;
	if (v->gro[TRAITS_GRO_MIN] & bit)
		return min(a, b);
	if (v->gro[TRAITS_GRO_MAX] & bit)
		return max(a, b);
	return a | b;
}

/* The store is on an skb, and nobody else can see it: its length can be believed. */
static int put(struct traits_packet *to, u64 key, const union value *val, int size)
{
	int err = 0;

	/* A store that is there and damaged is left to whoever counts that. */
	if (!to->store && (skb_metadata_len(to->skb) || traits_skb_offset(to->skb)))
		return -ENOSPC;
	if (!to->store)
		err = traits_packet_make(to, size);
	err = err ?: traits_store_set(to->store, to->total, to->room, key, val, size, 0);
	if (!err)
		to->total = traits_store_size(to->store);
	return err;
}

static int take(struct traits_packet *to, const struct traits_packet *from, u64 key)
{
	const u64 bit = 1ULL << key;
	union value val = {}, old = {};
	int size;

	size = traits_store_get(from->store, from->total, key, &val, sizeof(val));
	if (size < 0)
		return size;
	if (numeric(to->view) & traits_packet_keys(to) & bit) {
		if (traits_store_get(to->store, to->total, key, &old, sizeof(old)) != size)
			return -EINVAL;
		val.number = combine(to->view, bit, old.number, val.number,
				     size == 4 ? U32_MAX : U64_MAX);
	}
	return put(to, key, &val, size);
}

static void merge(struct traits_packet *to, const struct traits_packet *from)
{
	u64 drop = to_drop(to, from), left = to_take(from);
	bool writable = traits_packet_writable(to);

	if (!(drop | left))
		return;
	if (likely(writable) && to->store) {
		traits_packet_refresh(to);
		traits_store_purge(to->store, &to->total, drop);
	}
	for (; left; left &= left - 1) {
		if (writable && !take(to, from, __ffs64(left)))
			continue;
		traits_lost(to->skb->head, to->skb, TRAITS_STAT_LOST_MERGE);
		traits_count_key_merge(__ffs64(left));
	}
}

bool traits_gro_begin(struct traits_gro_merge *m, struct sk_buff *p, struct sk_buff *skb)
{
	struct traits_packet to, from;
	bool changes = false;

	m->refused = false;
	rcu_read_lock();
	if (traits_packet_gro(&to, p) || traits_packet_gro(&from, skb) ||
	    !(to.store || from.store))
		goto out;

	m->p = p;
	m->skb = skb;
	m->total = from.store ? from.total : 0;
	m->offset = from.store ? (u8 *)from.store - skb->head : 0;
	m->salt = from.salt;

	/* With this flag both functions return -E2BIG before they change
	 * anything, and their callers take @p out of GRO (6.1 to 7.3). So they do
	 * if a value ought to be changed that another skb can see; veth and
	 * drivers give GRO no such packets.
	 */
	changes = to_take(&from) || to_drop(&to, &from);
	m->refused = !NAPI_GRO_CB(skb)->flush &&
		     (differ(&to, &from) || (changes && !traits_packet_writable(&to)));
	if (m->refused)
		NAPI_GRO_CB(skb)->flush = 1;
out:
	rcu_read_unlock();
	return changes || m->refused;
}

void traits_gro_end(const struct traits_gro_merge *m, int err)
{
	struct traits_packet to, from;

	/* Left set, the flag would make the packet pass GRO by. Without it, GRO
	 * holds the packet, and merges the next ones with it.
	 */
	if (m->refused)
		NAPI_GRO_CB(m->skb)->flush = 0;
	if (err)
		return;

	/* Both skbs are still there, and so is all of their heads: @skb is freed
	 * by the callers' callers, and the page of its head belongs to @p now
	 * where that was stolen. But skb_gro_receive_list() may have replaced
	 * the head by one with the same content, and no metadata.
	 */
	rcu_read_lock();
	if (!traits_packet_gro(&to, m->p)) {
		from = (struct traits_packet){ .view = to.view, .skb = m->skb, .salt = m->salt };
		if (m->total) {
			from.store = (void *)(m->skb->head + m->offset);
			if (traits_store_check(from.store, m->total, &to.view->secret, m->salt) !=
			    m->total)
				from.store = NULL;
			from.total = m->total;
		}
		merge(&to, &from);
	}
	rcu_read_unlock();
}
