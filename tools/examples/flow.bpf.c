// SPDX-License-Identifier: GPL-2.0
/*
 * A struct on each packet: XDP fills it in, TC reads it all, and then one member alone. Map
 * "packets" has the number of packets by zone. XDP, TC; keys flow.service, flow.zone, flow.hops.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <traits/bpf_traits.h>

#include "flow.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int mark(struct xdp_md *ctx)
{
	struct flow flow = { .service = 42, .zone = ctx->ingress_ifindex, .hops = 1 };

	flow_xdp_set(ctx, &flow);
	return XDP_PASS;
}

SEC("tc")
int count(struct __sk_buff *ctx)
{
	__u64 one = 1, *seen;
	struct flow flow;
	__u32 hops;

	if (flow_skb_get(ctx, &flow) || flow.service != 42)
		return 0;
	if (bpf_skb_trait_get(ctx, TRAIT_LAYOUT_ID(flow, hops), &hops, sizeof(hops)) < 0)
		return 0;
	if (bpf_map_update_elem(&packets, &flow.zone, &one, BPF_NOEXIST)) {
		seen = bpf_map_lookup_elem(&packets, &flow.zone);
		if (seen)
			__sync_fetch_and_add(seen, hops);
	}
	return 0;
}

char _license[] SEC("license") = "GPL";
