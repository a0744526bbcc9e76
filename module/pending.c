// SPDX-License-Identifier: GPL-2.0
/*
 * Drivers without XDP metadata hand up an skb that nothing connects with the
 * buffer an XDP program gave traits to: it may have been built around the
 * buffer, or be a copy. What lies in memory proves nothing: after XDP_DROP the
 * next packet can come in the same memory, with the same bytes. That the xdp_buff
 * itself is still marked (traits_mark()) does, because the driver fills it in
 * anew for each packet that it gives to the program.
 *
 * So one place per CPU remembers the last xdp_buff that was marked, and when an
 * skb enters the stack, the packet is this one if all of this is true:
 *
 *  - It is still the same NAPI poll: napi_poll, which the kernel traces after
 *    each, forgets the place. So the xdp_buff, in a stack frame or in a ring, is
 *    where it was.
 *  - The xdp_buff has the same buffer, the same queue, and the mark.
 *  - The skb has the same device; and it has the buffer as its head, or is as
 *    long as the packet in the buffer is now, and begins with the same bytes.
 *
 * This needs a driver that hands up a packet before it runs the program on the
 * next one. Read, not run (6.1, 6.12, 7.3): ena, in ena_clean_rx_irq(), and bnxt
 * do. Drivers that collect skbs in a list until the end of the poll (sfc, dpaa2)
 * lose the traits of all but the last packet.
 *
 * tun runs XDP without NAPI; see tun.c.
 */

#include "pending.h"

#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "anchor.h"
#include "lost.h"
#include "registry.h"
#include "tun.h"

/* How much of two packets is compared. */
#define COMPARED	128

/* Kept free in front of the packet: what drivers without metadata have there is not known. */
#define RESERVE		32

struct pending {
	const struct xdp_buff *xdp;	/* NULL: none */
	const struct xdp_rxq_info *rxq;
	const struct net_device *dev;
	void *head;
	u16 nonce;
	u16 salt;
};

/* Written and read with softirqs off on this CPU. */
static DEFINE_PER_CPU(struct pending, pending);

static void remember(const struct xdp_buff *xdp, u16 salt)
{
	*this_cpu_ptr(&pending) = (struct pending){
		.xdp = xdp,
		.rxq = xdp->rxq,
		.dev = xdp->rxq->dev,
		.head = xdp->data_hard_start,
		.nonce = traits_mark(xdp),
		.salt = salt,
	};
}

static bool hooks_asked_for, hooks_attached;

static void attach_hooks(struct work_struct *work)
{
	if (!traits_registry_need_pending())
		WRITE_ONCE(hooks_attached, true);
}

static DECLARE_WORK(attach_work, attach_hooks);

/*
 * What is needed to follow such packets costs all others something, so it is
 * attached when the first of them is met. Once, whether it succeeds or not: the
 * reason for a failure is in the log.
 */
static bool is_followed(void)
{
	if (likely(READ_ONCE(hooks_attached)))
		return true;
	/* On several CPUs at a time, the work is queued once. */
	if (!READ_ONCE(hooks_asked_for)) {
		WRITE_ONCE(hooks_asked_for, true);
		schedule_work(&attach_work);
	}
	return false;
}

void traits_pending_exit(void)
{
	cancel_work_sync(&attach_work);
}

void traits_marked_find(struct traits_packet *p)
{
	struct xdp_buff *xdp = p->xdp;
	struct traits_store *store = xdp->data_hard_start + TRAITS_STORE_OFFSET;
	u16 nonce = traits_mark(xdp);
	int total;

	if (!nonce)
		return;
	p->salt = traits_anchor_salt(p);
	total = traits_store_check(store, max_t(long, xdp->data - (void *)store, 0),
				   traits_packet_secret(p), p->salt);
	if (unlikely(total <= 0 || store->nonce != nonce))
		return;
	p->store = store;
	p->total = total;
	p->room = max_t(long, xdp->data - RESERVE - (void *)store, total);
}

int traits_marked_make(struct traits_packet *p, u32 size)
{
	struct xdp_buff *xdp = p->xdp;
	struct traits_store *store = xdp->data_hard_start + TRAITS_STORE_OFFSET;
	void *limit = xdp->data - RESERVE;
	bool tun = traits_is_tun(xdp->rxq->dev);

	if (!is_followed() || (tun && !traits_tun_hooked()))
		return -EOPNOTSUPP;
	if (limit - (void *)store < (long)(TRAITS_STORE_MIN + size))
		return -ENOSPC;
	if (unlikely(traits_mark(xdp)))
		traits_lost(xdp->data_hard_start, NULL, TRAITS_STAT_LOST_DAMAGED);
	/* Of a packet without values, as in traits_marked_find() */
	p->salt = traits_anchor_salt(p);
	p->store = store;
	p->total = TRAITS_STORE_MIN;
	p->room = limit - (void *)store;
	traits_store_init(store, p->room, traits_packet_secret(p), traits_nonce_next(), p->salt,
			  p->view->epoch);
	traits_mark_set(xdp, store->nonce);
	if (!tun)
		remember(xdp, p->salt);
	return 0;
}

/* The salt of a marked store knows nothing of its values, that of the anchor does. */
static void marked_anchor(struct traits_packet *p)
{
	struct xdp_buff *xdp = p->xdp;
	void *meta = xdp->data - TRAITS_ANCHOR_SIZE;

	if (meta < (void *)p->store + p->total) {
		traits_lost(xdp->data_hard_start, NULL, TRAITS_STAT_LOST_PENDING);
		return;
	}
	traits_anchor_set(p->view, meta, p->salt);
	xdp->data_meta = meta;
	traits_anchor_reseal(p);
}

void traits_marked_leaves(struct xdp_buff *xdp)
{
	struct traits_packet p;

	if (likely(!xdp_data_meta_unsupported(xdp)) || !traits_mark(xdp))
		return;
	rcu_read_lock();
	if (!traits_packet_xdp(&p, xdp) && !p.skb && p.store)
		marked_anchor(&p);
	rcu_read_unlock();
}

/*
 * The memory that a driver copied a packet from is its own until it gives it back
 * to the device, which is after the poll; but it may have given it back to the
 * page allocator.
 */
static noinline bool same_packet(const struct sk_buff *skb, const struct xdp_buff *xdp)
{
	int offset = traits_skb_first(skb) - (void *)skb->data;
	u32 len = skb->len - offset, xdp_len = xdp->data_end - xdp->data;
	u8 want[COMPARED], copy[COMPARED], *got;
	u32 n = min_t(u32, xdp_len, COMPARED);

	if (xdp_buff_has_frags((struct xdp_buff *)xdp) ? len <= xdp_len : len != xdp_len)
		return false;
	if (copy_from_kernel_nofault(want, xdp->data, n))
		return false;
	got = skb_header_pointer(skb, offset, n, copy);
	return got && !memcmp(got, want, n);
}

/* A store at @store would be in the headroom of @skb, where its tag can point at it. */
static bool in_head(const struct sk_buff *skb, const void *store)
{
	return store > (void *)skb->head && store < traits_skb_first(skb) &&
	       store - (void *)skb->head <= 4 * U8_MAX;
}

/* Where a store of @size bytes fits into an skb that a driver copied a packet to. What is
 * made by napi_alloc_skb() has 64 bytes of headroom: the first 40 only matter to what becomes
 * an xdp_frame later.
 */
static void *place(const struct sk_buff *skb, u32 size)
{
	long room = traits_skb_first(skb) - skb_metadata_len(skb) - (void *)skb->head;
	long offset = min_t(long, TRAITS_STORE_OFFSET, round_down(room - (long)size, 4));

	return offset >= 4 ? skb->head + offset : NULL;
}

void traits_pending_adopt(struct sk_buff *skb, void *store, u16 nonce, u16 salt)
{
	u32 copy[(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX) / 4];
	enum traits_stat reason = TRAITS_STAT_LOST_DAMAGED;
	const struct traits_view *v;
	struct traits_store *s = (void *)copy;
	int size;

	rcu_read_lock();
	v = traits_view_get();
	if (!v)
		goto out;
	if (skb_shared(skb) || skb_cloned(skb)) {
		reason = TRAITS_STAT_LOST_SHARED;
		goto lost;
	}
	/* Copied first, for it may be in memory that is not the packet's any more. */
	if (copy_from_kernel_nofault(copy, store, sizeof(copy)))
		goto lost;
	size = traits_store_check(s, sizeof(copy), &v->secret, salt);
	if (size <= 0 || s->nonce != nonce)
		goto lost;
	if (!in_head(skb, store)) {
		store = place(skb, size);
		reason = TRAITS_STAT_LOST_PENDING;
		if (!store)
			goto lost;
		memcpy(store, copy, size);
	} else if (store + size > traits_skb_first(skb)) {
		goto lost;
	}
	traits_skb_tie(v, skb, store, size);
	traits_count(TRAITS_STAT_PENDING);
	goto out;
lost:
	traits_lost(skb->head, skb, reason);
out:
	rcu_read_unlock();
}

/* Not inline: with nothing to do, the way in should be short. */
static noinline void match(struct pending *p, struct sk_buff *skb)
{
	struct xdp_buff xdp;
	void *store;

	if (skb->dev != p->dev)
		return;
	if (copy_from_kernel_nofault(&xdp, p->xdp, sizeof(xdp)) ||
	    xdp.data_hard_start != p->head || xdp.rxq != p->rxq ||
	    xdp.data_meta <= xdp.data || traits_mark(&xdp) != p->nonce) {
		p->xdp = NULL;
		return;
	}
	store = p->head + TRAITS_STORE_OFFSET;
	if (!in_head(skb, store) && !same_packet(skb, &xdp))
		return;
	p->xdp = NULL;
	traits_pending_adopt(skb, store, p->nonce, p->salt);
}

void traits_pending_enter(struct sk_buff *skb)
{
	if (unlikely(this_cpu_read(pending.xdp)))
		match(this_cpu_ptr(&pending), skb);
	if (unlikely(atomic_read(&traits_tun_passed)))
		traits_tun_enter(skb);
}

void traits_pending_end(void)
{
	if (unlikely(this_cpu_read(pending.xdp)))
		this_cpu_write(pending.xdp, NULL);
}

void traits_pending_forget(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(pending, cpu).xdp = NULL;
	traits_tun_forget();
}
