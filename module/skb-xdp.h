/* SPDX-License-Identifier: GPL-2.0 */
/* XDP programs that run on an skb: generic XDP, and veth's native XDP on what the stack sent. */
#ifndef TRAITS_SKB_XDP_H
#define TRAITS_SKB_XDP_H

#include <linux/skbuff.h>
#include <net/xdp.h>

#include "generated/kernel-layout.h"

/**
 * traits_skb_xdp() - the skb that an XDP program runs on
 * @xdp:	the program's buffer
 *
 * Return: the skb, or NULL when the buffer is no skb's, or it is not known
 * whose it is.
 * Context: called by the program.
 */
struct sk_buff *traits_skb_xdp(const struct xdp_buff *xdp);

/**
 * traits_skb_xdp_generic() - a program is about to run in generic XDP
 * @skb:	on this packet
 * @xdp:	with this buffer, not filled in yet
 *
 * Context: softirqs are off.
 */
void traits_skb_xdp_generic(struct sk_buff *skb, const struct xdp_buff *xdp);

#if TRAITS_VETH_SKB_OFFSET
static inline void traits_skb_xdp_copied(struct sk_buff *new, const struct sk_buff *old) {}
#else
/**
 * traits_skb_xdp_veth() - a program is about to run in a veth
 * @skb:	on this packet, or a copy that the veth makes of it; NULL: on an xdp_frame
 *
 * Context: softirqs are off.
 */
void traits_skb_xdp_veth(struct sk_buff *skb);

/**
 * traits_skb_xdp_copied() - an skb is replaced by its copy
 * @new:	the copy
 * @old:	the skb
 *
 * Context: any.
 */
void traits_skb_xdp_copied(struct sk_buff *new, const struct sk_buff *old);
#endif

/**
 * traits_skb_xdp_test_run() - BPF_PROG_TEST_RUN is about to make XDP buffers on this stack
 *
 * Context: process.
 */
void traits_skb_xdp_test_run(void);

/**
 * traits_skb_xdp_reset() - forget all runs
 *
 * Context: none of the hooks is attached.
 */
void traits_skb_xdp_reset(void);

#endif
