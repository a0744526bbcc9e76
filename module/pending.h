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
 * traits_marked_find() - find the traits of a buffer without metadata
 * @p:	as traits_packet_xdp() fills it in, without store
 *
 * Context: inside rcu_read_lock().
 */
void traits_marked_find(struct traits_packet *p);

/**
 * traits_marked_make() - the part of traits_packet_make() for buffers without metadata
 * @p:		the packet
 * @size:	bytes of the values that are to be set at once
 *
 * Remembers the buffer, for the skb that is made of it to be known.
 *
 * Return: 0, -ENOSPC, or -EOPNOTSUPP where no skb could be known: until the hooks
 * are attached, which the first of these calls begins; and of tun, when it was not
 * there to be looked at as the module was built.
 * Context: inside an XDP program, inside rcu_read_lock().
 */
int traits_marked_make(struct traits_packet *p, u32 size);

/* No XDP program can call a kfunc any more. */
void traits_pending_exit(void);

/**
 * traits_marked_leaves() - a buffer becomes an xdp_frame
 * @xdp:	the buffer of a program that has ended
 *
 * A frame carries metadata, whatever the driver does, so if the buffer has none and is marked, its
 * traits get an anchor after all.
 *
 * Context: before the buffer is made a frame; takes rcu_read_lock().
 */
void traits_marked_leaves(struct xdp_buff *xdp);

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
