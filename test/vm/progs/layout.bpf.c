// SPDX-License-Identifier: GPL-2.0
/*
 * A struct whose members are traits: XDP sets it, TC reads it, changes one member, and takes
 * one away. Map "found" has what they saw. XDP, TC; keys way.id, way.hops, way.zone,
 * way.trace, and layout_other, which belongs to no struct.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <traits/bpf_traits.h>

#include "layout.h"

TRAIT_KEY(layout_other, 4);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct found);
} found SEC(".maps");

#define ENOENT 2

static __always_inline struct found *get_found(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&found, &zero);
}

SEC("xdp")
int mark(struct xdp_md *ctx)
{
	struct way way = { .id = 0x1122334455667788, .hops = 1, .zone = 0xabcdef01 }, none;
	struct found *f = get_found();
	int i;

	if (!f)
		return XDP_PASS;
	f->id_key = TRAIT_LAYOUT_ID(way, id);
	f->trace_key = TRAIT_LAYOUT_ID(way, trace);
	f->other_key = layout_other.id;
	for (i = 0; i < 16; i++)
		way.trace[i] = i + 1;
	if (way_xdp_get(ctx, &none) == -ENOENT)
		__sync_fetch_and_add(&f->bare, 1);
	if (!way_xdp_set(ctx, &way) && !way_xdp_get(ctx, &none) && none.hops == 1)
		__sync_fetch_and_add(&f->marked, 1);
	return XDP_PASS;
}

static __always_inline int is_same(const struct way *way)
{
	int i;

	for (i = 0; i < 16; i++)
		if (way->trace[i] != i + 1)
			return 0;
	return way->id == 0x1122334455667788 && way->zone == 0xabcdef01;
}

SEC("tc")
int check(struct __sk_buff *ctx)
{
	struct found *f = get_found();
	struct way way;
	__u32 hops = 7;

	if (!f)
		return TC_ACT_UNSPEC;
	if (!way_skb_get(ctx, &way) && is_same(&way) && way.hops == 1)
		__sync_fetch_and_add(&f->same, 1);
	bpf_skb_pull_data(ctx, 0);
	if (!bpf_skb_trait_set(ctx, TRAIT_LAYOUT_ID(way, hops), &hops, sizeof(hops), TRAIT_EXIST) &&
	    !way_skb_get(ctx, &way) && is_same(&way) && way.hops == 7)
		__sync_fetch_and_add(&f->changed, 1);
	if (!bpf_skb_trait_del(ctx, TRAIT_LAYOUT_ID(way, zone)) &&
	    way_skb_get(ctx, &way) == -ENOENT)
		__sync_fetch_and_add(&f->partial, 1);
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "GPL";
