// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that leave their network namespace without the traits that stay
 * there. The crossing is where the kernel, too, takes from a packet what belongs
 * to its namespace: skb_scrub_packet() (6.1 to 7.3), which veth, ipvlan,
 * tunnels and others call; and for frames, which have nothing to be taken from,
 * veth itself.
 */

#include "netns.h"

#include <net/net_namespace.h>
#include <net/rtnetlink.h>

#include "anchor.h"
#include "packet.h"

void traits_netns_skb(struct sk_buff *skb)
{
	struct traits_packet p;

	if (likely(!traits_skb_offset(skb)))
		return;
	rcu_read_lock();
	if (!traits_packet_skb(&p, skb) && p.store)
		traits_packet_hide(&p, p.view->netns);
	rcu_read_unlock();
}

static void netns_frame(const struct traits_view *v, struct xdp_frame *frame)
{
	/* The frame lies at the start of its buffer. */
	struct traits_store *store = (void *)frame + TRAITS_STORE_OFFSET;
	void *meta = frame->data - frame->metasize;
	struct traits_anchor *anchor;
	u32 total;
	int size;

	anchor = traits_anchor_find(v, meta, frame->data);
	if (!anchor || !anchor->salt)
		return;
	size = traits_store_check(store, meta - (void *)store, &v->secret, anchor->salt);
	if (size <= 0)
		return;
	total = size;
	traits_store_purge(store, &total, v->netns);
}

void traits_netns_frames(const struct net_device *dev, int n, struct xdp_frame **frames)
{
	const struct traits_view *v;
	int i;

	rcu_read_lock();
	v = traits_view_get();
	/* For a veth, the other end's */
	if (v && dev->rtnl_link_ops && dev->rtnl_link_ops->get_link_net &&
	    !net_eq(dev_net(dev), dev->rtnl_link_ops->get_link_net(dev)))
		for (i = 0; i < n; i++)
			netns_frame(v, frames[i]);
	rcu_read_unlock();
}
