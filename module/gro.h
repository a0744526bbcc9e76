/* SPDX-License-Identifier: GPL-2.0 */
/* What GRO makes of the traits of packets that it merges: the policies of enum traits_gro. */
#ifndef TRAITS_GRO_H
#define TRAITS_GRO_H

#include <linux/skbuff.h>

/**
 * struct traits_gro_merge - one call of skb_gro_receive() or skb_gro_receive_list()
 * @p:		packet that GRO holds
 * @skb:	packet that is to become a part of it
 * @offset:	where the store of @skb is, in bytes from skb->head
 * @total:	bytes that this store takes; 0: there is none
 * @salt:	what it is sealed with
 * @refused:	the merge was refused here
 */
struct traits_gro_merge {
	struct sk_buff *p;
	struct sk_buff *skb;
	u32 offset;
	u32 total;
	u16 salt;
	bool refused;
};

/**
 * traits_gro_begin() - GRO is about to merge two packets
 * @m:		filled in for traits_gro_end()
 * @p:		packet that GRO holds
 * @skb:	packet that is to become a part of it
 *
 * Makes the kernel refuse the merge if their traits are to keep them apart.
 *
 * Return: whether traits_gro_end() has to be called.
 * Context: at entry of skb_gro_receive() or skb_gro_receive_list(); takes rcu_read_lock().
 */
bool traits_gro_begin(struct traits_gro_merge *m, struct sk_buff *p, struct sk_buff *skb);

/**
 * traits_gro_end() - GRO has merged two packets, or has not
 * @m:		from traits_gro_begin()
 * @err:	what the function returned
 *
 * Context: at return of the function; takes rcu_read_lock().
 */
void traits_gro_end(const struct traits_gro_merge *m, int err);

#endif
