/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to a packet's traits when the kernel copies or moves the packet. */
#ifndef TRAITS_CARRY_H
#define TRAITS_CARRY_H

#include <linux/skbuff.h>

/**
 * traits_carry_copy() - give the copy of an skb the traits of the original
 * @new:	the copy; its head is its own, its tag is about to be copied from @old
 * @old:	the original
 *
 * Context: at entry of skb_copy_header(); takes rcu_read_lock().
 */
void traits_carry_copy(struct sk_buff *new, const struct sk_buff *old);

/**
 * traits_carry_expand() - follow a store into an expanded head
 * @skb:	packet whose head is about to be replaced
 * @nhead:	bytes by which the content of the head moves
 *
 * Context: at entry of pskb_expand_head(); takes rcu_read_lock().
 */
void traits_carry_expand(struct sk_buff *skb, int nhead);

/**
 * traits_carry_segments() - give the segments of a packet its traits
 * @segs:	list of segments, which have the packet's tag already; one may share its head
 * @skb:	the packet
 *
 * Context: at return of __skb_gso_segment(); takes rcu_read_lock().
 */
void traits_carry_segments(struct sk_buff *segs, const struct sk_buff *skb);

/**
 * traits_carry_fragment() - give an IP fragment the traits of its packet
 * @frag:	the fragment
 * @skb:	the packet
 * @push:	bytes of the IP header that is still to be pushed
 *
 * Context: the caller owns both; takes rcu_read_lock().
 */
void traits_carry_fragment(struct sk_buff *frag, const struct sk_buff *skb, u32 push);

#endif
