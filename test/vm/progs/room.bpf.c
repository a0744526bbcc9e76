// SPDX-License-Identifier: GPL-2.0
/*
 * Is there room for a trait? TC: set_room sets one on UDP to port 7000 over IPv4 and IPv6 and
 * lets the packet pass, get_room reads it; map "counts" has for each of the two protocols how
 * often that went well, met -ENOSPC, met -ENOENT, and went wrong otherwise. Key room.
 */
#include <stddef.h>
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <traits/bpf_traits.h>

#define PORT	7000
#define VALUE	0x7261696c726f6164ULL

enum { OK, NO_SPACE, NO_ENTRY, WRONG, COUNTS };

TRAIT_KEY(room, 8);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

/* For a packet to look at: 0 for IPv4, COUNTS for IPv6; else -1. */
static __always_inline int which(struct __sk_buff *ctx)
{
	bool v6 = ctx->protocol == bpf_htons(ETH_P_IPV6);
	__u32 at = ETH_HLEN + (v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));
	__u32 from = ETH_HLEN + (v6 ? offsetof(struct ipv6hdr, nexthdr) :
				      offsetof(struct iphdr, protocol));
	struct udphdr udp;
	__u8 protocol;

	if (!v6 && ctx->protocol != bpf_htons(ETH_P_IP))
		return -1;
	if (bpf_skb_load_bytes(ctx, from, &protocol, sizeof(protocol)) ||
	    protocol != IPPROTO_UDP || bpf_skb_load_bytes(ctx, at, &udp, sizeof(udp)) ||
	    udp.dest != bpf_htons(PORT))
		return -1;
	return v6 ? COUNTS : 0;
}

static __always_inline void count(__u32 at, int what)
{
	__u64 *value;

	at += what;
	value = bpf_map_lookup_elem(&counts, &at);
	if (value)
		__sync_fetch_and_add(value, 1);
}

static __always_inline int what_of(int ret, int good)
{
	if (ret == good)
		return OK;
	if (ret == -ENOSPC)
		return NO_SPACE;
	return ret == -ENOENT ? NO_ENTRY : WRONG;
}

SEC("tc")
int set_room(struct __sk_buff *ctx)
{
	__u64 value = VALUE;
	int at = which(ctx);

	if (at >= 0)
		count(at, what_of(bpf_skb_trait_set(ctx, room.id, &value, sizeof(value), 0), 0));
	return TC_ACT_UNSPEC;
}

SEC("tc")
int get_room(struct __sk_buff *ctx)
{
	int at = which(ctx), ret;
	__u64 value = 0;

	if (at < 0)
		return TC_ACT_UNSPEC;
	ret = bpf_skb_trait_get(ctx, room.id, &value, sizeof(value));
	count(at, ret == sizeof(value) && value != VALUE ? WRONG : what_of(ret, sizeof(value)));
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "GPL";
