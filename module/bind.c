// SPDX-License-Identifier: GPL-2.0
/*
 * From XDP to the skb: a packet's metadata has an anchor until the packet enters
 * the stack, where its traits are bound to the skb. In between, it may be in GRO.
 */

#include "lost.h"
#include "packet-quick.h"

/*
 * Where a store made in XDP can be, as seen from skb->head. Most drivers build
 * the skb around the buffer, so that skb->head is xdp->data_hard_start.
 * virtio_net's small buffers start VIRTNET_RX_PAD (64) and the virtio header,
 * its mergeable buffers on 6.1 the virtio header, in front of data_hard_start;
 * that header has 12 or 20 bytes.
 */
static const u8 store_offsets[] = {
	TRAITS_STORE_OFFSET,
	TRAITS_STORE_OFFSET + 64 + 12, TRAITS_STORE_OFFSET + 64 + 20,
	TRAITS_STORE_OFFSET + 12, TRAITS_STORE_OFFSET + 20,
};

static struct traits_store *store_from_xdp(const struct traits_view *v, const struct sk_buff *skb,
					   void *limit, u16 salt, u32 *total, bool *damaged)
{
	struct traits_store *store;
	unsigned int i;
	int size;

	for (i = 0; i < ARRAY_SIZE(store_offsets); i++) {
		store = (void *)(skb->head + store_offsets[i]);
		if ((void *)store > limit)
			continue;
		size = traits_store_check(store, limit - (void *)store, &v->secret, salt);
		if (size > 0) {
			*total = size;
			return store;
		}
		*damaged |= size == -EBADMSG;
	}
	return NULL;
}

/* The anchor of an skb that is not bound yet, and where its metadata begin */
static struct traits_anchor *skb_anchor(const struct traits_view *v, const struct sk_buff *skb,
					void **meta)
{
	u8 meta_len = skb_metadata_len(skb);
	void *end;

	if (likely(!meta_len))
		return NULL;
	/* The kernel, too, takes the metadata to end at the MAC header. */
	if (!skb_mac_header_was_set(skb) || skb->mac_header < meta_len)
		return NULL;
	end = skb_mac_header(skb);
	*meta = end - meta_len;
	return traits_anchor_find(v, *meta, end);
}

int traits_packet_gro(struct traits_packet *p, struct sk_buff *skb)
{
	struct traits_anchor *anchor;
	bool damaged = false;
	void *meta;

	p->view = traits_view_get();
	if (unlikely(!p->view))
		return -ENOKEY;
	p->xdp = NULL;
	p->skb = skb;
	p->store = NULL;

	/* The same choice as that of traits_skb_bind() */
	anchor = skb_anchor(p->view, skb, &meta);
	if (anchor && anchor->salt)
		p->store = store_from_xdp(p->view, skb, meta, anchor->salt, &p->total, &damaged);
	if (p->store) {
		p->salt = anchor->salt;
		p->room = meta - (void *)p->store;
		return 0;
	}
	p->store = traits_skb_find(p->view, skb, &p->total);
	p->salt = 0;
	if (p->store)
		p->room = max_t(long, traits_skb_room(skb) - ((u8 *)p->store - skb->head),
				p->total);
	return 0;
}

/* Take the anchor out, so that the metadata is what the XDP program left. */
static void anchor_remove(struct sk_buff *skb, void *meta, struct traits_anchor *anchor)
{
	memmove(meta + TRAITS_ANCHOR_SIZE, meta, (void *)anchor - meta);
	memset(meta, 0, TRAITS_ANCHOR_SIZE);
	skb_metadata_set(skb, skb_metadata_len(skb) - TRAITS_ANCHOR_SIZE);
}

void traits_skb_tie(const struct traits_view *v, struct sk_buff *skb,
		    struct traits_store *store, u32 total)
{
	traits_store_reseal(store, total, &v->secret, 0);
	traits_skb_point(skb, (u8 *)store - skb->head, store->nonce);
	traits_count(TRAITS_STAT_BIND);
	trace_traits_bind(skb, store->present);
}

void traits_skb_untie(struct sk_buff *skb)
{
	if (unlikely(tag_location(skb)))
		traits_skb_point(skb, 0, 0);
}

void __traits_skb_bind(struct sk_buff *skb)
{
	const struct traits_view *v;
	struct traits_anchor *anchor;
	struct traits_store *store;
	bool damaged = false;
	void *meta;
	u32 total;

	rcu_read_lock();
	v = traits_view_get();
	anchor = v ? skb_anchor(v, skb, &meta) : NULL;
	if (!anchor)
		goto out;

	/* Binding writes the store and the metadata. No stock driver hands up
	 * an skb whose head somebody else has already.
	 */
	if (unlikely(skb_shared(skb) || skb_cloned(skb))) {
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_SHARED);
		goto out;
	}

	store = anchor->salt ?
		store_from_xdp(v, skb, meta, anchor->salt, &total, &damaged) : NULL;

	/* An skb that was given to an XDP program can have traits already. They
	 * stay if the anchor has nothing to offer: it may be left over from an
	 * earlier packet.
	 */
	if (unlikely(tag_location(skb))) {
		if (!store && traits_skb_find(v, skb, &total))
			goto remove;
		traits_skb_point(skb, 0, 0);
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_REPLACED);
	}

	if (unlikely(!anchor->salt))
		goto remove;
	if (likely(store)) {
		traits_skb_tie(v, skb, store, total);
	} else {
		traits_lost(skb->head, skb,
		     damaged ? TRAITS_STAT_LOST_DAMAGED : TRAITS_STAT_LOST_UNBOUND);
	}
remove:
	anchor_remove(skb, meta, anchor);
out:
	rcu_read_unlock();
}
