// SPDX-License-Identifier: GPL-2.0
/*
 * For tests only: does to packets what the kernel's own copying functions do,
 * one at a time, on demand. IPv4 UDP packets to the port that come in by any
 * device of a network namespace with a device vtc0 go through the function
 * named by the parameter "mode", and come in again by vtc0, where a TC program
 * can look at them.
 */
#include <linux/if_ether.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/net_namespace.h>

static char mode[32] = "none";
module_param_string(mode, mode, sizeof(mode), 0644);
MODULE_PARM_DESC(mode, "function that packets go through");

static ushort port = 7000;
module_param(port, ushort, 0644);
MODULE_PARM_DESC(port, "UDP destination port of the packets");

static unsigned int damaged;
module_param(damaged, uint, 0644);
MODULE_PARM_DESC(damaged, "packets whose bytes changed while their clones were cloned");

/* The packet itself, or the new one that took its place; NULL when there is none. */
static struct sk_buff *expand(struct sk_buff *skb, int nhead)
{
	/* As all callers in the kernel, not on an skb that others look at. */
	if (skb_shared(skb) || pskb_expand_head(skb, nhead, 0, GFP_ATOMIC)) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static struct sk_buff *morph(struct sk_buff *skb)
{
	struct sk_buff *new = alloc_skb(0, GFP_ATOMIC);

	return new ? skb_morph(new, skb) : NULL;
}

/* Two packets become one: the first waits for the second, whose bytes it takes over. */
static struct sk_buff *held;

static struct sk_buff *coalesce(struct sk_buff *skb)
{
	struct sk_buff *to = xchg(&held, NULL);
	bool stolen;
	int delta;

	if (!to) {
		kfree_skb(xchg(&held, skb));
		return NULL;
	}
	if (skb_try_coalesce(to, skb, &stolen, &delta))
		kfree_skb_partial(skb, stolen);
	else
		kfree_skb(skb);
	return to;
}

/* Only the payload, in a head of its own. */
static struct sk_buff *carve(struct sk_buff *skb)
{
	int headers = ip_hdrlen(skb) + sizeof(struct udphdr);
	struct sk_buff *new = pskb_extract(skb, headers, skb->len - headers, GFP_ATOMIC);

	if (new)
		skb_reset_mac_header(new);
	consume_skb(skb);
	return new;
}

static struct sk_buff *copy(struct sk_buff *skb)
{
	struct sk_buff *new;

	if (!strcmp(mode, "expand_0"))
		return expand(skb, 0);
	if (!strcmp(mode, "expand_64"))
		return expand(skb, 64);
	if (!strcmp(mode, "expand_6"))
		return expand(skb, 6);
	if (!strcmp(mode, "expand_2048"))
		return expand(skb, 2048);
	if (!strcmp(mode, "skb_try_coalesce"))
		return coalesce(skb);
	if (!strcmp(mode, "pskb_extract"))
		return carve(skb);
	if (!strcmp(mode, "none"))
		return skb;

	/* As the kernel does where it hands packets on: a copy is of what is behind data. */
	__skb_push(skb, ETH_HLEN);
	if (!strcmp(mode, "skb_clone"))
		new = skb_clone(skb, GFP_ATOMIC);
	else if (!strcmp(mode, "skb_copy"))
		new = skb_copy(skb, GFP_ATOMIC);
	else if (!strcmp(mode, "pskb_copy"))
		new = pskb_copy(skb, GFP_ATOMIC);
	else if (!strcmp(mode, "skb_copy_expand"))
		new = skb_copy_expand(skb, skb_headroom(skb) + 64, 64, GFP_ATOMIC);
	else if (!strcmp(mode, "skb_copy_shrink"))
		new = skb_copy_expand(skb, 48, 0, GFP_ATOMIC);
	else if (!strcmp(mode, "skb_realloc_headroom"))
		new = skb_realloc_headroom(skb, skb_headroom(skb) + 64);
	else if (!strcmp(mode, "skb_morph"))
		new = morph(skb);
	else
		new = NULL;
	if (new)
		__skb_pull(new, ETH_HLEN);
	consume_skb(skb);
	return new;
}

/*
 * Somebody holds a clone of the packet while its outer headers are taken off and
 * it is cloned again, as when a tap listens to what a tunnel receives. The clone
 * that was held is what comes out.
 */
static struct sk_buff *clone_after_decap(struct sk_buff *skb)
{
	int headers = ETH_HLEN + ip_hdrlen(skb) + sizeof(struct udphdr);
	struct sk_buff *outer, *inner;
	u8 before[64];

	__skb_push(skb, ETH_HLEN);
	outer = skb_clone(skb, GFP_ATOMIC);
	if (!outer || skb_headlen(outer) < sizeof(before)) {
		kfree_skb(skb);
		return outer;
	}
	memcpy(before, outer->data, sizeof(before));
	__skb_pull(skb, headers);
	skb_reset_mac_header(skb);
	inner = skb_clone(skb, GFP_ATOMIC);
	damaged += !!memcmp(before, outer->data, sizeof(before));
	kfree_skb(inner);
	kfree_skb(skb);
	__skb_pull(outer, ETH_HLEN);
	return outer;
}

/* Two clones of a packet with more metadata than there is headroom for. */
static struct sk_buff *clone_with_metadata(struct sk_buff *skb)
{
	struct sk_buff *first, *second;
	u8 before[64];

	memcpy(before, skb_mac_header(skb), sizeof(before));
	skb_metadata_set(skb, 252);
	first = skb_clone(skb, GFP_ATOMIC);
	second = skb_clone(skb, GFP_ATOMIC);
	damaged += !!memcmp(before, skb_mac_header(skb), sizeof(before));
	kfree_skb(first);
	kfree_skb(second);
	skb_metadata_set(skb, 0);
	return skb;
}

/* A head that cannot be had, by so many bytes further up as a clone's store is. */
static struct sk_buff *expand_in_vain(struct sk_buff *skb)
{
	kfree_skb(skb_clone(skb, GFP_ATOMIC));
	if (pskb_expand_head(skb, 84, 1 << 30, GFP_ATOMIC))
		return skb;
	kfree_skb(skb);
	return NULL;
}

static struct sk_buff *transform(struct sk_buff *skb)
{
	if (!strcmp(mode, "clone_after_decap"))
		return clone_after_decap(skb);
	if (!strcmp(mode, "clone_with_metadata"))
		return clone_with_metadata(skb);
	if (!strcmp(mode, "expand_in_vain"))
		return expand_in_vain(skb);
	return copy(skb);
}

static unsigned int on_packet(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct net_device *dev = dev_get_by_name_rcu(state->net, "vtc0");
	struct sk_buff *new;

	if (!dev || state->in == dev || ip_hdr(skb)->protocol != IPPROTO_UDP ||
	    !pskb_may_pull(skb, ip_hdrlen(skb) + sizeof(struct udphdr)) ||
	    ((struct udphdr *)(skb->data + ip_hdrlen(skb)))->dest != htons(port))
		return NF_ACCEPT;

	new = transform(skb);
	if (new) {
		new->dev = dev;
		netif_rx(new);
	}
	return NF_STOLEN;
}

static const struct nf_hook_ops ops = {
	.hook = on_packet,
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_PRE_ROUTING,
	.priority = NF_IP_PRI_FIRST,
};

static int __net_init net_start(struct net *net)
{
	return nf_register_net_hook(net, &ops);
}

static void __net_exit net_stop(struct net *net)
{
	nf_unregister_net_hook(net, &ops);
}

static struct pernet_operations net_ops = {
	.init = net_start,
	.exit = net_stop,
};

static int __init vt_copy_init(void)
{
	return register_pernet_subsys(&net_ops);
}

static void __exit vt_copy_exit(void)
{
	unregister_pernet_subsys(&net_ops);
	kfree_skb(held);
}

module_init(vt_copy_init);
module_exit(vt_copy_exit);

MODULE_DESCRIPTION("Test equipment of traits: packets through the kernel's copying functions");
MODULE_AUTHOR("the traits authors");
MODULE_LICENSE("GPL");
