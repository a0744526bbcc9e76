/* SPDX-License-Identifier: GPL-2.0 */
/* A packet's traits are lost: that is always both counted and told to whoever traces. */
#ifndef TRAITS_LOST_H
#define TRAITS_LOST_H

#include "stats.h"
#include "trace.h"

/**
 * traits_lost() - count a loss
 * @head:	start of the packet's buffer
 * @skb:	the packet, or NULL in XDP
 * @reason:	one of TRAITS_STAT_LOST_*
 *
 * Context: any.
 */
static inline void traits_lost(const void *head, const struct sk_buff *skb,
			       enum traits_stat reason)
{
	traits_count(reason);
	trace_traits_lost(head, skb, reason);
}

#endif
