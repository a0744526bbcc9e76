/* SPDX-License-Identifier: GPL-2.0 */
/* For XDP programs that have AF_XDP sockets, by queue, in map "sockets". */
#ifndef XSK_PAYLOAD_H
#define XSK_PAYLOAD_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "script_ops.h"
#include "xsk_ops.h"

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, XSK_QUEUES);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

/* What a UDP packet to port 7000 begins with, @len bytes of it; NULL for other packets. */
static __always_inline struct script_seq *xsk_payload(struct xdp_md *ctx, unsigned int len)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	void *payload = udp + 1;

	if (payload + len > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_UDP || udp->dest != bpf_htons(7000))
		return NULL;
	return payload;
}

#endif
