/* SPDX-License-Identifier: GPL-2.0 */
/* Traits of packets whose driver does not carry XDP metadata from the buffer to the skb. */
#ifndef TRAITS_PENDING_H
#define TRAITS_PENDING_H

#include <net/xdp.h>

#include "packet.h"

/*
 * A driver without metadata says so with data_meta = data + 1. A buffer that has
 * traits says so with data_meta = data + 1 + nonce: still "no metadata" to
 * everybody who asks, and gone with the next packet, for each driver sets
 * data_meta together with data.
 */

/**
 * traits_mark() - the nonce of the store of a buffer without metadata
 * @xdp:	buffer of which xdp_data_meta_unsupported() is true
 *
 * Return: the nonce, or 0 when the packet has no traits.
 */
static inline u16 traits_mark(const struct xdp_buff *xdp)
{
	long distance = xdp->data_meta - xdp->data - 1;

	return distance > U16_MAX ? 0 : distance;
}

static inline void traits_mark_set(struct xdp_buff *xdp, u16 nonce)
{
	xdp->data_meta = xdp->data + 1 + nonce;
}

/**
 * traits_pending_possible() - can traits be carried from this buffer to its skb?
 * @xdp:	buffer without metadata
 *
 * Return: 0 or -EOPNOTSUPP.
 * Context: inside an XDP program.
 */
int traits_pending_possible(const struct xdp_buff *xdp);

/**
 * traits_pending_add() - remember a buffer that was given traits
 * @xdp:	buffer without metadata, marked
 * @salt:	of its store
 *
 * Context: inside an XDP program.
 */
void traits_pending_add(const struct xdp_buff *xdp, u16 salt);

/**
 * traits_pending_enter() - an skb enters the stack: is it of the buffer that was remembered?
 * @skb:	packet that nobody else looks at yet
 *
 * Context: before GRO and RPS; softirqs are off.
 */
void traits_pending_enter(struct sk_buff *skb);

/**
 * traits_pending_adopt() - tie the store of a buffer to the skb of the same packet
 * @skb:	the packet
 * @store:	where its store is: in the head of @skb, or elsewhere, to be copied; need not
 *		be valid memory
 * @nonce:	of the store
 * @salt:	that it is sealed with
 *
 * Context: the caller owns @skb; takes rcu_read_lock().
 */
void traits_pending_adopt(struct sk_buff *skb, void *store, u16 nonce, u16 salt);

/**
 * traits_pending_end() - no skb of the buffer that was remembered can come any more
 *
 * Context: after a NAPI poll, on the CPU that it ran on.
 */
void traits_pending_end(void);

/**
 * traits_pending_forget() - forget everything, of all CPUs
 *
 * Context: no key is registered, no hook attached.
 */
void traits_pending_forget(void);

#endif
