// SPDX-License-Identifier: GPL-2.0
/*
 * Where a packet's store is. Two facts tell:
 *
 * The tag: three padding bytes of struct sk_buff (proven unused when the module
 * is built), zero in a new skb and copied by the kernel with the rest of the
 * header. One byte holds the store's place in units of 4 bytes from skb->head,
 * 0 for no store; two bytes hold the nonce of the store.
 *
 * The anchor: 8 bytes in the XDP metadata of a packet whose store is not bound
 * to an skb yet. Metadata is what stock drivers carry from an xdp_buff to the
 * skb. GRO merges only packets with equal metadata, so nothing in an anchor may
 * differ from packet to packet of a flow, but for packets that must not be merged.
 *
 * Nobody clears headroom between packets, so what lies there proves nothing by
 * itself. A store made in XDP is sealed with a salt of its receive queue (see
 * anchor.c), which the anchor repeats; binding (bind.c) seals it again, with
 * salt 0. So the memory of a packet that a driver copied (with its metadata, but
 * without its headroom) cannot pass off an older store as its own: one of an skb
 * has salt 0, one of another queue has another salt.
 */

#include "packet.h"

#include "fork.h"
#include "lost.h"
#include "packet-quick.h"
#include "pending.h"
#include "skb-xdp.h"

static DEFINE_PER_CPU(u16, traits_nonce);

/* Different for each store until the counter wraps. The start differs per CPU
 * because the low bits alone would make all CPUs count alike.
 */
u16 traits_nonce_next(void)
{
	u16 nonce = this_cpu_inc_return(traits_nonce) + 40503 * raw_smp_processor_id();

	return nonce ?: 1;
}

void traits_skb_point(struct sk_buff *skb, u32 offset, u16 nonce)
{
	WRITE_ONCE(*((u8 *)skb + TRAITS_SKB_LOC_OFFSET), offset / 4);
	WRITE_ONCE(*(u16 *)((u8 *)skb + TRAITS_SKB_NONCE_OFFSET), nonce);
}

u32 traits_skb_offset(const struct sk_buff *skb)
{
	return tag_location(skb) * 4;
}

u16 traits_skb_nonce(const struct sk_buff *skb)
{
	return tag_nonce(skb);
}

bool traits_skb_buried(const struct sk_buff *skb)
{
	u32 offset = traits_skb_offset(skb);
	const struct traits_store *grave = (void *)(skb->head + offset);

	return offset && offset + TRAITS_GRAVE_SIZE <= skb_headroom(skb) && !grave->mark &&
	       grave->nonce == tag_nonce(skb);
}

bool traits_skb_move(struct sk_buff *skb, u32 offset)
{
	if (offset % 4 || offset / 4 > U8_MAX) {
		traits_skb_point(skb, 0, 0);
		return false;
	}
	traits_skb_point(skb, offset, tag_nonce(skb));
	return true;
}

static struct traits_store *skb_store(const struct traits_view *v, const struct sk_buff *skb,
				      u32 headroom, u32 *total, u16 *salt)
{
	static const u16 salts[] = { 0, TRAITS_SALT_CLONING };
	u32 offset = traits_skb_offset(skb);
	struct traits_store *store;
	unsigned int i;

	if (!offset)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(salts); i++) {
		*salt = salts[i];
		store = traits_store_at(v, skb, headroom, offset, *salt, total) ?:
			traits_store_at(v, skb, headroom, offset + TRAITS_IPV6_REASSEMBLY, *salt,
					total);
		if (likely(store))
			return store;
	}
	return NULL;
}

struct traits_store *traits_skb_find(const struct traits_view *v, const struct sk_buff *skb,
				     u32 *total)
{
	u16 salt;

	return skb_store(v, skb, skb_headroom(skb), total, &salt);
}

/* Bytes of headroom in XDP. What the skb says does not count there: it learns of
 * what the program did when that has ended.
 */
static u32 xdp_headroom(const struct xdp_buff *xdp)
{
	/* Of buffers without metadata, data_meta is behind data. */
	return min(xdp->data_meta, xdp->data) - xdp->data_hard_start;
}

/* Where an skb's store has to end. In XDP, where the program sees to its
 * headers, room is kept for the anchor alone: the buffer may leave its skb.
 */
static long packet_room(const struct traits_packet *p)
{
	if (p->xdp)
		return xdp_headroom(p->xdp) - (long)TRAITS_ANCHOR_SIZE;
	return traits_skb_room(p->skb);
}

/*
 * The store was sealed when a clone was made, and nobody came to take from the
 * clone what clones do not see: who knows which of the two this is. So it does
 * not see that either.
 */
static void find_sealed(struct traits_packet *p)
{
	if (p->xdp && !traits_packet_writable(p)) {
		traits_skb_point(p->skb, 0, 0);
		traits_lost(p->skb->head, p->skb, TRAITS_STAT_LOST_FORK);
	} else {
		traits_packet_hide(p, p->view->drop);
	}
	if (!tag_location(p->skb))
		p->store = NULL;
	else if (traits_packet_writable(p))
		traits_store_reseal(p->store, p->total, &p->view->secret, 0);
	p->salt = 0;
}

/* The traits of a packet by the tag of its skb */
static void find_tagged(struct traits_packet *p, u32 headroom)
{
	struct sk_buff *skb = p->skb;
	u32 offset;

	if (!tag_location(skb))
		return;
	p->store = skb_store(p->view, skb, headroom, &p->total, &p->salt);
	if (unlikely(!p->store)) {
		if (!traits_skb_buried(skb))
			traits_lost(skb->head, skb, TRAITS_STAT_LOST_DAMAGED);
		traits_skb_point(skb, 0, 0);
		return;
	}
	offset = (u8 *)p->store - skb->head;
	if (unlikely(offset != traits_skb_offset(skb)))
		traits_skb_move(skb, offset);
	/* An intact store is never too large, whatever was pushed since. */
	p->room = max_t(long, packet_room(p) - offset, p->total);
	if (unlikely(p->salt))
		find_sealed(p);
}

int traits_packet_xdp(struct traits_packet *p, struct xdp_buff *xdp)
{
	struct traits_anchor *anchor;
	struct traits_store *store;
	int total;

	p->view = traits_view_get();
	if (unlikely(!p->view))
		return -ENOKEY;
	p->xdp = xdp;
	p->skb = traits_skb_xdp(xdp);
	p->store = NULL;
	if (p->skb) {
		find_tagged(p, xdp_headroom(xdp));
		return 0;
	}

	if (unlikely(xdp_data_meta_unsupported(xdp))) {
		traits_marked_find(p);
		return 0;
	}
	anchor = traits_anchor_find(p->view, xdp->data_meta, xdp->data);
	if (!anchor || !traits_xdp_has_front(xdp))
		return 0;
	store = xdp->data_hard_start + TRAITS_STORE_OFFSET;
	p->room = xdp->data_meta - (void *)store;
	p->salt = anchor->salt;
	if (unlikely(!p->salt))
		return 0;
	total = traits_store_check(store, p->room, traits_packet_secret(p), p->salt);
	if (likely(total > 0)) {
		p->store = store;
		p->total = total;
	}
	return 0;
}

int traits_packet_skb(struct traits_packet *p, struct sk_buff *skb)
{
	p->view = traits_view_get();
	if (unlikely(!p->view))
		return -ENOKEY;
	p->xdp = NULL;
	p->skb = skb;
	p->store = NULL;
	find_tagged(p, skb_headroom(skb));
	return 0;
}

void traits_packet_hide(struct traits_packet *p, u64 keys)
{
	u64 present = p->store->present;

	if (!(present & keys))
		return;
	if (!(present & ~keys)) {
		traits_skb_point(p->skb, 0, 0);
	} else if (traits_packet_writable(p)) {
		traits_store_purge(p->store, &p->total, keys);
	} else if (traits_fork(p, ~keys, 0)) {
		traits_skb_point(p->skb, 0, 0);
		traits_lost(p->skb->head, p->skb, TRAITS_STAT_LOST_FORK);
	}
}

/* The anchor of a store that will be sealed with @p->salt */
static void anchor_write(struct traits_packet *p, struct traits_anchor *anchor)
{
	p->salt = traits_anchor_salt(p);
	traits_anchor_set(p->view, anchor, p->salt);
}

void traits_packet_refresh(struct traits_packet *p)
{
	u64 gone = traits_view_gone(p->view, p->store->epoch);
	unsigned int n;

	if (likely(p->store->epoch == p->view->epoch))
		return;
	p->store->mark &= ~TRAITS_STORE_OWN;
	n = traits_store_purge(p->store, &p->total, gone);
	while (n--)
		traits_lost(p->skb ? (void *)p->skb->head : p->xdp->data_hard_start,
			    p->skb, TRAITS_STAT_LOST_EPOCH);
	p->store->epoch = p->view->epoch;
}

static int make_xdp(struct traits_packet *p, u32 size)
{
	struct xdp_buff *xdp = p->xdp;
	struct traits_store *store = xdp->data_hard_start + TRAITS_STORE_OFFSET;
	struct traits_anchor *anchor;
	void *meta = xdp->data_meta;

	if (unlikely(xdp_data_meta_unsupported(xdp)))
		return traits_marked_make(p, size);
	anchor = traits_anchor_find(p->view, meta, xdp->data);
	if (!anchor) {
		anchor = meta -= TRAITS_ANCHOR_SIZE;
		if (xdp->data - meta > TRAITS_METADATA_MAX)
			return -ENOSPC;
	}
	if (meta - (void *)store < (long)(TRAITS_STORE_MIN + size))
		return -ENOSPC;
	if (meta == xdp->data_meta && anchor->salt)
		traits_lost(xdp->data_hard_start, NULL, TRAITS_STAT_LOST_DAMAGED);

	/* Lowering data_meta is all that a kfunc may do to a program's packet
	 * pointers: what they point at stays inside the buffer.
	 */
	xdp->data_meta = meta;
	anchor_write(p, anchor);
	p->store = store;
	p->total = TRAITS_STORE_MIN;
	p->room = meta - (void *)store;
	return traits_store_init(store, p->room, traits_packet_secret(p), traits_nonce_next(),
				 p->salt, p->view->epoch);
}

static int make_skb(struct traits_packet *p, u32 size)
{
	struct sk_buff *skb = p->skb;
	struct traits_store *store = (void *)(skb->head + TRAITS_STORE_OFFSET);
	long room = packet_room(p) - (long)TRAITS_STORE_OFFSET;

	if (room < (long)(TRAITS_STORE_MIN + size))
		return -ENOSPC;

	p->store = store;
	p->total = TRAITS_STORE_MIN;
	p->room = room;
	p->salt = 0;
	traits_store_init(store, p->room, &p->view->secret, traits_nonce_next(), 0, p->view->epoch);
	traits_skb_point(skb, TRAITS_STORE_OFFSET, store->nonce);
	return 0;
}

int traits_packet_make(struct traits_packet *p, u32 size)
{
	if (unlikely(size > TRAITS_STORE_LEN_MAX))
		return -ENOSPC;
	return p->skb ? make_skb(p, size) : make_xdp(p, size);
}

/* Nobody but the buffer has the head of an skb that its traits can leave. */
static bool store_to_buffer(struct traits_packet *p)
{
	struct traits_store *store = p->xdp->data_hard_start + TRAITS_STORE_OFFSET;
	void *meta = p->xdp->data_meta - TRAITS_ANCHOR_SIZE;

	if (!traits_packet_writable(p) || xdp_data_meta_unsupported(p->xdp) ||
	    p->xdp->data - meta > TRAITS_METADATA_MAX || meta - (void *)store < p->total)
		return false;
	/* Where anchor_write() looks at it */
	p->store = memmove(store, p->store, p->total);
	p->xdp->data_meta = meta;
	anchor_write(p, meta);
	traits_store_reseal(store, p->total, traits_packet_secret(p), p->salt);
	return true;
}

void traits_xdp_leaves_skb(struct xdp_buff *xdp)
{
	struct traits_packet p;

	rcu_read_lock();
	if (!traits_packet_xdp(&p, xdp) && p.skb && p.store) {
		traits_skb_point(p.skb, 0, 0);
		if (!store_to_buffer(&p))
			traits_lost(xdp->data_hard_start, NULL, TRAITS_STAT_LOST_FRAME);
	}
	rcu_read_unlock();
}
