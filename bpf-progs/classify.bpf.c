// SPDX-License-Identifier: GPL-2.0
/*
 * Classify packets once, as early as possible: which service are they for, and
 * which trace are they part of? Everything later on the packet's way looks the
 * answer up.
 * Attach: XDP. Fill the map "services" (destination port, host byte order ->
 * service id).
 * Read the maps "classified" (service id -> packets) and "failures" (errno ->
 * packets).
 * Keys: service_id (8 bytes), trace_id (16 bytes), sampled (flag, on one packet
 * in 16).
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);
TRAIT_KEY(trace_id, 16);
TRAIT_KEY(sampled, 0);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u16);
	__type(value, __u64);
} services SEC(".maps");

/* Packets that were given their traits, by service id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} classified SEC(".maps");

/* Packets that could not be given their traits, by errno. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} failures SEC(".maps");

struct trace {
	__u64 time;
	__u32 random[2];
};

static __always_inline void count(void *map, const void *key)
{
	__u64 none = 0, *n = bpf_map_lookup_elem(map, key);

	if (!n) {
		bpf_map_update_elem(map, key, &none, BPF_NOEXIST);
		n = bpf_map_lookup_elem(map, key);
	}
	if (n)
		__sync_fetch_and_add(n, 1);
}

/* TCP and UDP have their ports at the same place. -1 for other packets. */
static __always_inline int destination_port(void *data, void *end)
{
	struct ethhdr *eth = data;
	struct udphdr *l4;

	if ((void *)(eth + 1) > end)
		return -1;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = (void *)(eth + 1);

		if ((void *)(ip + 1) > end || ip->ihl != 5)
			return -1;
		if (ip->protocol != IPPROTO_TCP && ip->protocol != IPPROTO_UDP)
			return -1;
		l4 = (void *)(ip + 1);
	} else if (eth->h_proto == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip6 = (void *)(eth + 1);

		if ((void *)(ip6 + 1) > end)
			return -1;
		if (ip6->nexthdr != IPPROTO_TCP && ip6->nexthdr != IPPROTO_UDP)
			return -1;
		l4 = (void *)(ip6 + 1);
	} else {
		return -1;
	}
	if ((void *)(l4 + 1) > end)
		return -1;
	return bpf_ntohs(l4->dest);
}

SEC("xdp")
int classify(struct xdp_md *ctx)
{
	int port = destination_port((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	struct trace trace;
	__u64 *found, id;
	__u32 error;
	__u16 key = port;
	int err;

	if (port < 0)
		return XDP_PASS;
	found = bpf_map_lookup_elem(&services, &key);
	if (!found)
		return XDP_PASS;

	id = *found;
	trace.time = bpf_ktime_get_ns();
	trace.random[0] = bpf_get_prandom_u32();
	trace.random[1] = bpf_get_prandom_u32();

	err = bpf_xdp_trait_set(ctx, service_id.id, &id, sizeof(id), 0);
	if (!err)
		err = bpf_xdp_trait_set(ctx, trace_id.id, &trace, sizeof(trace), 0);
	if (!err && trace.random[0] % 16 == 0)
		err = bpf_xdp_trait_set(ctx, sampled.id, NULL, 0, 0);
	if (err) {
		error = -err;
		count(&failures, &error);
	} else {
		count(&classified, &id);
	}
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
