// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that are made on this machine get the traits that their socket gives them.
 *
 * That is done at netfilter's hook for local output: it sees each packet of TCP, UDP, raw and
 * ping sockets together with its socket, before anything is pushed in front of the IP header.
 * And it is a place where packets may be given new heads, as NAT does: the packet belongs to
 * the hook, and whoever comes after it has no pointer into the head yet.
 */

#include "sock-send.h"

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>

#include "anchor.h"
#include "lost.h"
#include "sock.h"
#include "sock-msg.h"

/* No store: what a socket gives that has nothing to give */
static const struct traits_copy nothing;

static u32 values_of(const struct traits_copy *copy)
{
	return copy->total ? copy->total - TRAITS_STORE_MIN : 0;
}

/*
 * Room for a store in front of what IPsec and the device will push. A TCP packet has that, and
 * its clone in the retransmit queue leaves it to the one that is being sent
 * (skb_header_release()). Others are given a new head.
 */
static int make_room(struct sk_buff *skb, const struct net_device *out, u32 values)
{
	const struct dst_entry *dst = skb_dst(skb);
	u32 push = TRAITS_SKB_RESERVE;

	if (out)
		push = max_t(u32, push, LL_RESERVED_SPACE(out));
	if (dst)
		push += dst->header_len;
	return skb_cow_head(skb, TRAITS_STORE_OFFSET + TRAITS_STORE_MIN + values + push);
}

/* What is in @over counts more than what is in @send. */
static int give(struct sk_buff *skb, const struct net_device *out,
		const struct traits_copy *send, const struct traits_copy *over)
{
	u32 values = min_t(u32, values_of(send) + values_of(over), TRAITS_STORE_LEN_MAX);
	struct traits_packet p;
	int err;

	if (traits_packet_skb(&p, skb) ||
	    !(traits_copy_keys(p.view, send) | traits_copy_keys(p.view, over)))
		return 0;
	/* It comes by once more, through a VRF or in IPsec: see xfrm_output_resume(). */
	if (p.store)
		return 0;
	err = make_room(skb, out, values) ?: traits_packet_make(&p, values);
	if (err)
		return err;
	err = traits_copy_write(&p, send);
	err = traits_copy_write(&p, over) ?: err;
	traits_count(TRAITS_STAT_SET);
	return err;
}

/*
 * The copies that this packet gets; false if there are none.
 *
 * The socket's state tells what the packet is, not its header, which may be one of IPsec: in
 * TCP_SYN_SENT all that it sends are SYNs, in TCP_LISTEN they are SYN-ACKs, which IPv6 sends
 * with the listener, and IPv4 with the request (6.1 to 7.3).
 */
static bool choose(const struct traits_sock *ts, const struct sock *sk,
		   const struct traits_copy **send, const struct traits_copy **over)
{
	const struct traits_held *held = rcu_dereference(ts->send), *syn = NULL;
	u32 flags = READ_ONCE(ts->flags);
	u8 state = READ_ONCE(sk->sk_state);

	if (state == TCP_LISTEN)
		return false;
	if (state == TCP_SYN_SENT && !(flags & TRAITS_SOCK_RECEIVED))
		syn = rcu_dereference(ts->syn);
	*send = held ? &held->copy : &nothing;
	*over = syn ? &syn->copy : &nothing;
	if (flags & TRAITS_SOCK_SEND)
		*over = traits_msg_sending(sk) ?: &nothing;
	return (*send)->total || (*over)->total;
}

static unsigned int on_local_out(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct traits_copy *send, *over;
	const struct traits_sock *ts;

	if (!state->sk)
		return NF_ACCEPT;
	ts = traits_sock_find(state->sk);
	if (ts && choose(ts, state->sk, &send, &over) && give(skb, state->out, send, over))
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_SOCKET);
	return NF_ACCEPT;
}

/* First of all, so that whatever else looks at the packet there sees its traits. */
static const struct nf_hook_ops ops[] = {
	{
		.hook = on_local_out,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_FIRST,
	}, {
		.hook = on_local_out,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_FIRST,
	},
};

static int __net_init netns_init(struct net *net)
{
	return nf_register_net_hooks(net, ops, ARRAY_SIZE(ops));
}

static void __net_exit netns_exit(struct net *net)
{
	nf_unregister_net_hooks(net, ops, ARRAY_SIZE(ops));
}

static struct pernet_operations pernet = {
	.init = netns_init,
	.exit = netns_exit,
};

static bool registered;

int traits_send_attach(void)
{
	int err = registered ? 0 : register_pernet_subsys(&pernet);

	registered = !err;
	return err;
}

void traits_send_detach(void)
{
	if (!registered)
		return;
	unregister_pernet_subsys(&pernet);
	registered = false;
	/* nf_unregister_net_hooks() does not wait for those who are in the hook. */
	synchronize_rcu();
}
