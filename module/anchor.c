// SPDX-License-Identifier: GPL-2.0
/*
 * What an anchor says, and a store made in XDP is sealed with: the salt. It
 * tells receive queues apart, so that older stores in recycled memory are not
 * mistaken; and values of keys of the policy "block", so that packets which GRO
 * must not merge have different metadata, which it does not merge by itself.
 *
 * Packets of one queue with equal values have equal salts, or GRO would merge
 * nothing. Different values have the same salt now and then, and so do packets
 * of another queue: gro.c is the judge of the former, and it costs a stale
 * store nothing but one more of the checks that it has to pass.
 */

#include "anchor.h"

#include <linux/jhash.h>
#include <linux/netdevice.h>

#include "packet.h"

/* The same for all packets of one receive queue, and different for others, also
 * when the queue itself changes the kind of its memory.
 */
static u16 queue_salt(const struct xdp_rxq_info *rxq)
{
	u32 h = rxq->queue_index * 0x85ebca6bU + rxq->mem.type * 0xc2b2ae35U;

	if (rxq->dev)
		h += rxq->dev->ifindex * 0x9e3779b1U;
	return (h >> 16) ?: 1;
}

/* Of which keys there are values, and of the values; 0 when there are none. The
 * seed is no secret of the stores: AF_XDP applications see what this becomes.
 */
static u16 block_digest(const struct traits_packet *p)
{
	u64 keys = traits_packet_keys(p) & p->view->gro[TRAITS_GRO_BLOCK];
	u32 val[4], h;
	int size;

	if (!keys)
		return 0;
	h = jhash_2words(keys, keys >> 32, p->view->tag);
	for (; keys; keys &= keys - 1) {
		size = traits_store_get(p->store, p->total, __ffs64(keys), val, sizeof(val));
		if (size > 0)
			h = jhash2(val, size / 4, h);
	}
	return h >> 16;
}

u16 traits_anchor_salt(const struct traits_packet *p)
{
	u16 salt = queue_salt(p->xdp->rxq) ^ block_digest(p);

	return salt && salt != TRAITS_SALT_CLONING ? salt : 1;
}

void traits_anchor_reseal(struct traits_packet *p)
{
	struct traits_anchor *anchor;
	int total;

	/* Again, for the store has changed its size; and in AF_XDP umem user
	 * space may have done anything to both meanwhile.
	 */
	anchor = traits_anchor_find(p->view, p->xdp->data_meta, p->xdp->data);
	total = traits_store_check(p->store, p->room, traits_packet_secret(p), p->salt);
	if (unlikely(!anchor || total <= 0))
		return;
	p->total = total;
	p->salt = traits_anchor_salt(p);
	anchor->salt = p->salt;
	traits_store_reseal(p->store, total, traits_packet_secret(p), p->salt);
}
