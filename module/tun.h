/* SPDX-License-Identifier: GPL-2.0 */
/* tun and tap devices: XDP in the context of the process that writes a packet. */
#ifndef TRAITS_TUN_H
#define TRAITS_TUN_H

#include <linux/atomic.h>
#include <linux/netdevice.h>
#include <net/rtnetlink.h>
#include <net/xdp.h>

extern atomic_t traits_tun_passed;

/* Is this a tun or tap device? */
static inline bool traits_is_tun(const struct net_device *dev)
{
	return dev && dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "tun");
}

/**
 * traits_tun_hooked() - does the module see what the tun driver does?
 *
 * Return: false when tun was not there to be looked at when the module was built.
 */
bool traits_tun_hooked(void);

/**
 * traits_tun_begin() - the current task begins to write a packet, or a batch of them
 *
 * Context: at entry of tun_get_user() and tun_sendmsg().
 */
void traits_tun_begin(void);

/**
 * traits_tun_verdict() - an XDP program has decided on a packet of the current task
 * @xdp:	the packet
 * @act:	what the program returned
 *
 * A packet that passes is waited for by traits_tun_enter(). One that leaves as a
 * frame gets an anchor, because tun makes frames as all others do.
 *
 * Context: at entry of tun_xdp_act(); softirqs are off.
 */
void traits_tun_verdict(struct xdp_buff *xdp, u32 act);

/**
 * traits_tun_enter() - an skb enters the stack: is it one that passed XDP with traits?
 * @skb:	packet that nobody else looks at yet
 *
 * Context: before GRO and RPS; softirqs are off. To be called while
 * @traits_tun_passed is not 0.
 */
void traits_tun_enter(struct sk_buff *skb);

/* Forgets everything; no hook is attached. */
void traits_tun_forget(void);

#endif
