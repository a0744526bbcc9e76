// SPDX-License-Identifier: GPL-2.0
/* What XDP programs do to their packet's headroom, seen before it happens. */

#include <linux/minmax.h>

#include "anchor.h"
#include "lost.h"
#include "packet.h"

/*
 * A store in the buffer of a packet without anchor is that of the skb which XDP
 * runs on, @own. Or it is left over from an earlier packet of the queue, sealed
 * with the right salt, and that packet's anchor may be below the metadata. (Or
 * it is that of an skb in a veth that is not hooked; its next reader counts it
 * when it is reached into.) Up to 6.12, bpf_skb_change_head() and two VLAN tags
 * move the MAC header, where metadata ends, but not the metadata: the anchor
 * would come in sight.
 */
static void xdp_forget(const struct traits_view *v, struct xdp_buff *xdp, void *from,
		       const struct traits_store *own)
{
	struct traits_store *store = xdp->data_hard_start + TRAITS_STORE_OFFSET;
	long room = min(xdp->data_meta, xdp->data) - (void *)store;
	int total;

	if (store == own || room < TRAITS_STORE_MIN || store->mark >> 8 != v->secret.magic)
		return;
	total = traits_store_check(store, room, &v->secret, 0);
	if (total <= 0 || from < (void *)store + total)
		store->mark = 0;
}

/* Bytes from @from on are about to be overwritten, in which order is unknown. */
static void xdp_overrun(struct xdp_buff *xdp, void *from)
{
	struct traits_anchor *anchor = NULL;
	struct traits_packet p;

	if (traits_packet_xdp(&p, xdp))
		return;
	if (p.store && xdp_data_meta_unsupported(xdp)) {
		if (from < (void *)p.store + p.total) {
			xdp_set_data_meta_invalid(xdp);
			traits_lost(xdp->data_hard_start, NULL, TRAITS_STAT_LOST_DAMAGED);
		}
		return;
	}
	if (!p.skb)
		anchor = traits_anchor_find(p.view, xdp->data_meta, xdp->data);
	if (!anchor)
		xdp_forget(p.view, xdp, from, p.store);
	if (!p.store || from >= (void *)p.store + p.total)
		return;
	if (p.skb)
		traits_skb_point(p.skb, 0, 0);
	else if (anchor)
		anchor->salt = 0;
	else /* In AF_XDP umem, user space may have taken it away. */
		return;
	traits_lost(xdp->data_hard_start, p.skb, TRAITS_STAT_LOST_DAMAGED);
}

void traits_xdp_adjust_head(struct xdp_buff *xdp, int offset)
{
	unsigned long metalen = xdp_data_meta_unsupported(xdp) ? 0 : xdp->data - xdp->data_meta;
	void *meta = xdp->data - metalen + offset;

	/* A call that will fail changes nothing. */
	if (offset >= 0 || meta < xdp->data_hard_start + sizeof(struct xdp_frame))
		return;
	rcu_read_lock();
	xdp_overrun(xdp, meta);
	rcu_read_unlock();
}

void traits_xdp_adjust_meta(struct xdp_buff *xdp, int offset)
{
	void *meta = xdp->data_meta + offset, *end;
	const struct traits_view *v;
	struct traits_anchor *anchor;

	/* Only what bpf_xdp_adjust_meta() will accept; the rest is headroom, and not ours. */
	if (offset >= 0 || xdp_data_meta_unsupported(xdp) ||
	    meta < xdp->data_hard_start + sizeof(struct xdp_frame) ||
	    xdp_metalen_invalid(xdp->data - meta))
		return;

	rcu_read_lock();
	xdp_overrun(xdp, meta);
	v = traits_view_get();
	end = min(xdp->data_meta + TRAITS_ANCHOR_SIZE - 4, xdp->data);
	while (v && (anchor = traits_anchor_find(v, meta, end))) {
		anchor->tag = ~anchor->tag;
		meta = (void *)anchor + 4;
	}
	rcu_read_unlock();
}

void traits_xdp_pull_data(struct xdp_buff *xdp, u32 len)
{
	void *start = xdp_data_meta_unsupported(xdp) ? xdp->data : xdp->data_meta;
	long tailroom = xdp_data_hard_end(xdp) - xdp->data_end;
	long shift = (long)len - (xdp->data_end - xdp->data) - tailroom;

	/* A call that will fail changes nothing. */
	if (shift <= 0 || len > xdp_get_buff_len(xdp) ||
	    shift > start - xdp->data_hard_start - (long)sizeof(struct xdp_frame))
		return;
	rcu_read_lock();
	xdp_overrun(xdp, start - shift);
	rcu_read_unlock();
}
