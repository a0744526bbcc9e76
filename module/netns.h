/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that leave their network namespace without the traits that stay there. */
#ifndef TRAITS_NETNS_H
#define TRAITS_NETNS_H

#include <linux/skbuff.h>

struct xdp_frame;

/**
 * traits_netns_skb() - a packet leaves its network namespace
 * @skb:	the packet
 *
 * Context: at entry of skb_scrub_packet(); takes rcu_read_lock().
 */
void traits_netns_skb(struct sk_buff *skb);

/**
 * traits_netns_frames() - frames go through a veth
 * @dev:	the veth that they go into
 * @n:		how many
 * @frames:	frames of XDP_TX and XDP_REDIRECT
 *
 * Context: at entry of veth_xdp_xmit(); takes rcu_read_lock().
 */
void traits_netns_frames(const struct net_device *dev, int n, struct xdp_frame **frames);

#endif
