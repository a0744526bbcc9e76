// SPDX-License-Identifier: GPL-2.0
/*
 * Exports the traits of UDP packets to port 7000 where the room in front of them is as the map
 * "how" says, to the byte, and tells in "answer" what is there before and after the last time.
 * Drops them. Attach to XDP.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "xsk_export.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct export_case);
} how SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct export_answer);
} answer SEC(".maps");

/* The lowest place that the packet can begin at is right behind a struct xdp_frame. */
static int make_room(struct xdp_md *ctx, __u32 room)
{
	int step;

	for (step = 256; step; step /= 2)
		bpf_xdp_adjust_head(ctx, -step);
	return bpf_xdp_adjust_head(ctx, room - EXPORT_FRAME);
}

static int set_values(struct xdp_md *ctx, const struct export_case *c)
{
	__u32 val[4] = { 1, 2, 3, 4 };
	int i, ret = 0;

	for (i = 0; i < 8; i++) {
		if (i >= c->values || ret)
			break;
		switch (c->sizes[i]) {
		case 0:
			ret = bpf_xdp_trait_set(ctx, c->ids[i], val, 0, 0);
			break;
		case 4:
			ret = bpf_xdp_trait_set(ctx, c->ids[i], val, 4, 0);
			break;
		case 8:
			ret = bpf_xdp_trait_set(ctx, c->ids[i], val, 8, 0);
			break;
		default:
			ret = bpf_xdp_trait_set(ctx, c->ids[i], val, 16, 0);
		}
	}
	return ret;
}

/* All that is in front of the packet, be it metadata, headroom or somebody else's */
static int look(struct xdp_md *ctx, const struct export_case *c, void *to, __s64 *metadata)
{
	long data = ctx->data, meta = ctx->data_meta;
	__u32 n = c->look;

	if (!n || n > EXPORT_FRONT)
		return -1;
	*metadata = meta > data ? -1 : data - meta;
	return bpf_probe_read_kernel(to, n, (void *)(data - n));
}

SEC("xdp")
int xsk_export(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	__u32 zero = 0;
	struct export_case *c = bpf_map_lookup_elem(&how, &zero);
	struct export_answer *a = bpf_map_lookup_elem(&answer, &zero);
	int i;

	if (!c || !a || (void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) ||
	    ip->ihl != 5 || ip->protocol != IPPROTO_UDP || udp->dest != bpf_htons(7000))
		return XDP_PASS;
	a->made = c->room ? make_room(ctx, c->room) : 0;
	if (c->own)
		a->made = a->made ?: bpf_xdp_adjust_meta(ctx, -(int)c->own);
	a->made = a->made ?: set_values(ctx, c);
	for (i = 0; i < EXPORT_TIMES; i++) {
		if (i >= c->times)
			break;
		if (look(ctx, c, a->front, &a->metadata))
			a->made = -1;
		a->ret[i] = bpf_xdp_traits_export(ctx, c->keys);
	}
	if (look(ctx, c, a->after, &a->metadata_after))
		a->made = -1;
	__sync_fetch_and_add(&a->runs, 1);
	return XDP_DROP;
}

char _license[] SEC("license") = "GPL";
