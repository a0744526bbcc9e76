// SPDX-License-Identifier: GPL-2.0
/*
 * Traits in AF_XDP memory, which applications share with the kernel. <linux/traits_xsk.h> tells
 * what is promised to them.
 *
 * Who may: when a packet is sent, the process that does it is known, and may what it may with
 * any socket. An XDP program does not know who will read the memory of a socket, or who made
 * what it received; so there only those keys count that are open to applications of all groups.
 * The program names the keys besides. It could do more by itself, byte by byte; but what it says
 * with one call should not be more than whoever registered the keys has said.
 */

#include "xsk.h"

#include <linux/bits.h>
#include <net/xdp_sock.h>
#include <net/xsk_buff_pool.h>

#include "anchor.h"
#include "generated/kernel-layout.h"
#include "held.h"
#include "lost.h"
#include "xsk-block.h"

static void copy_open(struct traits_copy *copy, const struct traits_packet *p, u64 keys)
{
	struct traits_store *store = traits_copy_store(copy);
	const struct traits_view *v = p->view;

	copy->total = 0;
	if (!p->store)
		return;
	memcpy(store, p->store, p->total);
	/* From here on it is the copy, which user space cannot write to. */
	barrier();
	if (!traits_store_is_whole(store, p->total)) {
		traits_lost(p->xdp->data_hard_start, p->skb, TRAITS_STAT_LOST_DAMAGED);
		return;
	}
	copy->total = p->total;
	keys &= v->access.read & ~v->access.limited & ~traits_view_gone(v, store->epoch);
	traits_store_purge(store, &copy->total, ~keys);
}

/* The lowest place that metadata may begin at, with as much as the packet keeps in front. */
static void *meta_floor(const struct traits_packet *p)
{
	void *front = p->xdp->data_hard_start + TRAITS_STORE_OFFSET, *end;

	if (!p->store)
		return front;
	end = (void *)p->store + p->total;
	/* It moves there, and gets an anchor, when the buffer leaves its skb. */
	if (p->skb)
		return max(end, front + p->total) + TRAITS_ANCHOR_SIZE;
	return end;
}

int traits_xsk_export(struct xdp_buff *xdp, u64 keys)
{
	void *meta = xdp->data_meta, *end = meta, *floor;
	const struct traits_anchor *anchor = meta;
	struct traits_packet p;
	struct traits_copy copy;
	u32 len;

	if (unlikely(xdp_data_meta_unsupported(xdp)))
		return -EOPNOTSUPP;
	/* While there is no key, packets have no traits, and that has to be told as well. */
	if (traits_packet_xdp(&p, xdp))
		p = (struct traits_packet){ .xdp = xdp };
	copy_open(&copy, &p, keys);
	len = sizeof(struct traits_xsk) + (copy.total ? copy.total - TRAITS_STORE_MIN : 0);

	floor = meta_floor(&p);
	if (meta - floor < (long)len ||
	    xdp->data - meta + len + (p.skb ? TRAITS_ANCHOR_SIZE : 0) > TRAITS_METADATA_MAX)
		return -ENOSPC;
	meta -= len;
	/* Applications look for the block at the packet's end of the metadata. */
	if (p.view && end + TRAITS_ANCHOR_SIZE <= xdp->data && traits_anchor_is(p.view, anchor)) {
		memmove(meta, anchor, TRAITS_ANCHOR_SIZE);
		end += TRAITS_ANCHOR_SIZE;
	}
	traits_block_write(end, copy.total ? traits_copy_store(&copy) : NULL, copy.total);
	xdp->data_meta = meta;
	return len;
}

/* A copy of the traits in a block, if all of them may be set; then returns 0. */
static int take(struct traits_copy *copy, const struct traits_view *v, const void *end,
		size_t room, u64 allowed)
{
	const struct traits_store *store = traits_copy_store(copy);
	int ret = traits_block_read(traits_copy_store(copy), end, room, &v->secret, v->epoch);

	if (ret < 0)
		return ret == -EBADMSG ? -EINVAL : ret;
	copy->total = ret;
	if (store->present & ~v->known)
		return -ENOKEY;
	if (store->present & ~allowed)
		return -EACCES;
	if (((store->lo ^ v->lo) | (store->hi ^ v->hi)) & store->present)
		return -EINVAL;
	return 0;
}

/* All or nothing: whether there is room for all is known before the first is written. */
static int make_room(struct traits_packet *p, const struct traits_store *add)
{
	u64 new = add->present;
	u32 size;

	if (!traits_packet_writable(p))
		return -EBUSY;
	if (!p->store)
		return traits_packet_make(p, traits_bytes(add->lo, add->hi));
	traits_packet_refresh(p);
	new &= ~p->store->present;
	size = traits_bytes(add->lo & new, add->hi & new);
	return p->total + size > min_t(u32, p->room, TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX) ?
	       -ENOSPC : 0;
}

static int give(struct traits_packet *p, const struct traits_copy *copy)
{
	const struct traits_store *add = traits_copy_store(copy);
	int size, err = make_room(p, add);
	u64 left, val[2];

	for (left = add->present; left && !err; left &= left - 1) {
		size = traits_store_get(add, copy->total, __ffs64(left), val, sizeof(val));
		err = traits_store_set(p->store, p->total, p->room, __ffs64(left), val, size, 0);
		if (err)
			break;
		/* With zero copy, user space can write to the store: only a check is believed. */
		size = traits_store_check(p->store, p->room, traits_packet_secret(p), p->salt);
		if (size <= 0)
			return -EINVAL;
		p->total = size;
	}
	if (!err && add->present)
		traits_count(TRAITS_STAT_SET);
	return err;
}

int traits_xsk_import(struct xdp_buff *xdp, u64 keys, const void *buf, u64 size)
{
	struct traits_packet p;
	struct traits_copy copy;
	u64 open, present;
	int err;

	err = traits_packet_xdp(&p, xdp);
	if (err)
		return err;
	open = p.view->access.write & ~p.view->access.limited;
	err = take(&copy, p.view, buf + size, size, keys & open);
	if (err)
		return err;
	present = traits_copy_store(&copy)->present;
	if (!present)
		return 0;
	err = give(&p, &copy);
	if (err)
		return err;
	if (p.view->gro[TRAITS_GRO_BLOCK] & present && !p.skb)
		traits_anchor_reseal(&p);
	return hweight64(present);
}

#if TRAITS_XSK_TX
/*
 * The descriptor that is being sent, which xskq_cons_peek_desc() left in its place until the
 * skb is made (6.8 to 7.3). It lies in memory that user space can write to, so it need not be
 * what the kernel saw there. Only its flag is used; an application that changes it adds traits
 * to its own packet, or takes them away.
 */
static bool has_metadata(const struct xdp_sock *xs)
{
	const void *queue = xs->tx;
	u32 at = *(const u32 *)(queue + TRAITS_XSK_CACHED_CONS) &
		 *(const u32 *)(queue + TRAITS_XSK_RING_MASK);
	const struct xdp_desc *descs = *(void *const *)(queue + TRAITS_XSK_RING) +
				       TRAITS_XSK_DESC;

	return READ_ONCE(descs[at].options) & XDP_TX_METADATA;
}

/* Bytes in front of @from that are set aside for us */
static size_t area_of(const struct sk_buff *skb, const void *from, int len)
{
	const struct xdp_sock *xs = (const struct xdp_sock *)skb->sk;
	const struct xsk_buff_pool *pool = xs->pool;
	size_t area = pool->tx_metadata_len;

	if (area <= sizeof(struct xsk_tx_metadata) || !has_metadata(xs))
		return 0;
	/* As xp_validate_desc() saw to already */
	if (from - area < pool->addrs || from + len > pool->addrs + pool->umem->size)
		return 0;
	return area - sizeof(struct xsk_tx_metadata);
}

/*
 * Is this the copy that xsk_build_skb() makes (6.1 to 7.3)? The skb has its socket then, by
 * sock_alloc_send_skb(), but neither a device nor the destructor that it is sent with. It is
 * nobody else's yet, and this is the process that sends, with the socket's mutex held.
 */
static bool is_being_built(const struct sk_buff *skb, int offset)
{
	return skb->sk && skb->sk->sk_family == AF_XDP && !offset && !skb->dev &&
	       skb->destructor == sock_wfree;
}

static int send(struct sk_buff *skb, const void *from, size_t area)
{
	struct traits_packet p;
	struct traits_copy copy;
	int err;

	err = traits_packet_skb(&p, skb);
	if (err)
		return 0;
	err = take(&copy, p.view, from, area, traits_view_open(p.view, TRAITS_USER_WRITE));
	if (err)
		return err == -ENOENT ? 0 : err;
	return traits_copy_store(&copy)->present ? give(&p, &copy) : 0;
}

/*
 * Where there is no room it is not made here: ftrace has preemption off in handlers, where
 * PREEMPT_RT cannot allocate. The socket leaves as much as the device asks for, and
 * devices can be made to ask for more (headroom.c).
 */
void traits_xsk_sending(struct sk_buff *skb, int offset, const void *from, int len)
{
	size_t area;

	if (likely(!is_being_built(skb, offset)))
		return;
	rcu_read_lock();
	area = area_of(skb, from, len);
	if (area && send(skb, from, area))
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_SOCKET);
	rcu_read_unlock();
}
#endif
