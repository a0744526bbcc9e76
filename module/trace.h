/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints: what happens to the traits of each packet. Off, each costs a no-op. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM traits

#if !defined(TRAITS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TRAITS_TRACE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>
#include <net/xdp.h>

#include "packet.h"

/*
 * A packet is an XDP buffer or an skb; the other pointer is NULL then.
 *
 * The head is what a packet keeps on its way from XDP into the stack:
 * xdp->data_hard_start is skb->head for all drivers that build the skb around
 * the buffer.
 */
DECLARE_EVENT_CLASS(traits_key_event,
	TP_PROTO(const struct xdp_buff *xdp, const struct sk_buff *skb, u64 key, u32 len),
	TP_ARGS(xdp, skb, key, len),
	TP_STRUCT__entry(
		__field(const void *, head)
		__field(const void *, skb)
		__field(int, ifindex)
		__field(u8, key)
		__field(u8, len)
	),
	TP_fast_assign(
		const struct net_device *dev = skb ? skb->dev : xdp->rxq->dev;

		__entry->head = skb ? (void *)skb->head : xdp->data_hard_start;
		__entry->skb = skb;
		__entry->ifindex = dev ? dev->ifindex : 0;
		__entry->key = key;
		__entry->len = len;
	),
	TP_printk("head=%p skb=%p ifindex=%d key=%u len=%u", __entry->head, __entry->skb,
		  __entry->ifindex, __entry->key, __entry->len)
);

/* One trait was set; a batch is told as its first key and the bytes of all its values. */
DEFINE_EVENT(traits_key_event, traits_set,
	TP_PROTO(const struct xdp_buff *xdp, const struct sk_buff *skb, u64 key, u32 len),
	TP_ARGS(xdp, skb, key, len)
);

DEFINE_EVENT(traits_key_event, traits_del,
	TP_PROTO(const struct xdp_buff *xdp, const struct sk_buff *skb, u64 key, u32 len),
	TP_ARGS(xdp, skb, key, len)
);

/* The traits that an XDP program set were found by the stack. */
TRACE_EVENT(traits_bind,
	TP_PROTO(const struct sk_buff *skb, u64 present),
	TP_ARGS(skb, present),
	TP_STRUCT__entry(
		__field(const void *, head)
		__field(const void *, skb)
		__field(int, ifindex)
		__field(u64, present)
	),
	TP_fast_assign(
		__entry->head = skb->head;
		__entry->skb = skb;
		__entry->ifindex = skb->dev ? skb->dev->ifindex : 0;
		__entry->present = present;
	),
	TP_printk("head=%p skb=%p ifindex=%d present=%#llx", __entry->head, __entry->skb,
		  __entry->ifindex, __entry->present)
);

TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_DAMAGED);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_UNBOUND);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_SHARED);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_REPLACED);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_COPY);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_EXPAND);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_FORK);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_EPOCH);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_FRAME);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_MERGE);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_PENDING);
TRACE_DEFINE_ENUM(TRAITS_STAT_LOST_SOCKET);

/* A packet's traits were lost; the reasons are the counters of the same names. */
TRACE_EVENT(traits_lost,
	TP_PROTO(const void *packet, const struct sk_buff *skb, enum traits_stat reason),
	TP_ARGS(packet, skb, reason),
	TP_STRUCT__entry(
		__field(const void *, head)
		__field(const void *, skb)
		__field(int, reason)
	),
	TP_fast_assign(
		__entry->head = packet;
		__entry->skb = skb;
		__entry->reason = reason;
	),
	TP_printk("head=%p skb=%p reason=%s", __entry->head, __entry->skb,
		  __print_symbolic(__entry->reason,
			{ TRAITS_STAT_LOST_DAMAGED, "damaged" },
			{ TRAITS_STAT_LOST_UNBOUND, "unbound" },
			{ TRAITS_STAT_LOST_SHARED, "shared" },
			{ TRAITS_STAT_LOST_REPLACED, "replaced" },
			{ TRAITS_STAT_LOST_COPY, "copy" },
			{ TRAITS_STAT_LOST_EXPAND, "expand" },
			{ TRAITS_STAT_LOST_FORK, "fork" },
			{ TRAITS_STAT_LOST_EPOCH, "epoch" },
			{ TRAITS_STAT_LOST_FRAME, "frame" },
			{ TRAITS_STAT_LOST_MERGE, "merge" },
			{ TRAITS_STAT_LOST_PENDING, "pending" },
			{ TRAITS_STAT_LOST_SOCKET, "socket" }))
);

#endif /* TRAITS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
