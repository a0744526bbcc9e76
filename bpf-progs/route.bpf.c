// SPDX-License-Identifier: GPL-2.0
/*
 * Route packets by service: give them a mark for "ip rule fwmark", or send them
 * out by a device at once.
 * Attach: TC ingress of the device that packets come in by. Fill the map
 * "routes" (service id -> mark, and ifindex or 0).
 * Keys: service_id (8 bytes) is read.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);

struct route {
	__u32 mark;
	__u32 ifindex;	/* 0: let the routing tables decide */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct route);
} routes SEC(".maps");

SEC("tc")
int route(struct __sk_buff *ctx)
{
	struct route *r;
	__u64 id = 0;

	if (bpf_skb_trait_get(ctx, service_id.id, &id, sizeof(id)) < 0)
		return TC_ACT_UNSPEC;
	r = bpf_map_lookup_elem(&routes, &id);
	if (!r)
		return TC_ACT_UNSPEC;
	ctx->mark = r->mark;
	/* With the neighbour's address, which this device's routes lead to. */
	return r->ifindex ? bpf_redirect_neigh(r->ifindex, NULL, 0, 0) : TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
