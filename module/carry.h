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

#endif
