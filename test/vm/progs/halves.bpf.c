// SPDX-License-Identifier: GPL-2.0
/*
 * Sends TCP packets to another CPU, with a trait that tells whether they are of the first four
 * of a burst (see burst.h) or of those behind. Attach to XDP. Keys: halves_key, of 4 bytes.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} halves_cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} halves_key SEC(".maps");

SEC("xdp")
int halves(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct tcphdr *tcp = (void *)(ip + 1);
	__u32 zero = 0, half, *key = bpf_map_lookup_elem(&halves_key, &zero);

	if (!key || (void *)(tcp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) ||
	    ip->ihl != 5 || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	half = (bpf_ntohl(tcp->seq) & 63) >= 4;
	if (bpf_xdp_trait_set(ctx, *key, &half, sizeof(half), 0))
		return XDP_DROP;
	return bpf_redirect_map(&halves_cpus, 0, 0);
}

char _license[] SEC("license") = "GPL";
