// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet costs on its way: the instructions of each run of veth_poll() on one device and
 * of process_backlog(), and the programs that a packet meets meanwhile: with none of its own data,
 * with traits, XDP metadata, or a map that has an entry for each skb. Each way carries four values
 * of 8 bytes.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

#include "cost.h"

struct net_device {
	int ifindex;
} __attribute__((preserve_access_index));

struct napi_struct {
	struct net_device *dev;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, COST_WINDOWS * COST_POLLS);
	__type(key, __u32);
	__type(value, struct cost_poll);
} polls SEC(".maps");

struct values {
	__u64 v[4];
};

/* As many entries as skbs can be on their way; LRU because a free can go unnoticed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct values);
} by_skb SEC(".maps");

/* Set before load */
const volatile struct cost_setup setup;

struct cost_sums sums;

static __always_inline void window_close(enum cost_window w, int packets)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 i = sums.polls[w];
	struct cost_poll *poll;

	if (i >= COST_POLLS)
		return;
	i += w * COST_POLLS;
	poll = bpf_map_lookup_elem(&polls, &i);
	if (!poll)
		return;
	poll->instructions = now - sums.begun[w];
	poll->packets = packets;
	sums.polls[w]++;
}

SEC("fentry/veth_poll")
int BPF_PROG(veth_begin, struct napi_struct *napi)
{
	if (napi->dev->ifindex == setup.watched)
		sums.begun[COST_VETH] = bpf_ktime_get_ns();
	return 0;
}

SEC("fexit/veth_poll")
int BPF_PROG(veth_end, struct napi_struct *napi, int budget, int done)
{
	if (napi->dev->ifindex == setup.watched)
		window_close(COST_VETH, done);
	return 0;
}

/* There is one CPU, and so one backlog. */
SEC("fentry/process_backlog")
int BPF_PROG(backlog_begin)
{
	sums.begun[COST_BACKLOG] = bpf_ktime_get_ns();
	return 0;
}

SEC("fexit/process_backlog")
int BPF_PROG(backlog_end, struct napi_struct *napi, int quota, int done)
{
	window_close(COST_BACKLOG, done);
	return 0;
}

/*
 * For frames of BPF_PROG_TEST_RUN: as from a network, they reach the watched device's NAPI. A page
 * that is used again has the headers that forwarding left in it.
 */
SEC("xdp")
int inject(struct xdp_md *ctx)
{
	struct cost_headers *h = (void *)(long)ctx->data;

	if ((void *)(h + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	*h = setup.headers;
	return bpf_redirect(setup.outlet, 0);
}

static __always_inline void look(const __u64 *v)
{
	if (v[0] == 1 && v[1] == 2 && v[2] == 3 && v[3] == 4)
		sums.right++;
	else
		sums.wrong++;
}

SEC("xdp")
int xdp_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int tc_pass(struct __sk_buff *ctx)
{
	return 0;
}

SEC("tc")
int tc_drop(struct __sk_buff *ctx)
{
	return 2;
}

SEC("xdp")
int xdp_traits_single(struct xdp_md *ctx)
{
	__u64 v[4] = { 1, 2, 3, 4 };

	bpf_xdp_trait_set(ctx, 0, &v[0], 8, 0);
	bpf_xdp_trait_set(ctx, 1, &v[1], 8, 0);
	bpf_xdp_trait_set(ctx, 2, &v[2], 8, 0);
	bpf_xdp_trait_set(ctx, 3, &v[3], 8, 0);
	return XDP_PASS;
}

SEC("tc")
int tc_traits_single(struct __sk_buff *ctx)
{
	__u64 v[4] = {};

	bpf_skb_trait_get(ctx, 0, &v[0], 8);
	bpf_skb_trait_get(ctx, 1, &v[1], 8);
	bpf_skb_trait_get(ctx, 2, &v[2], 8);
	bpf_skb_trait_get(ctx, 3, &v[3], 8);
	look(v);
	return 0;
}

SEC("xdp")
int xdp_traits_batch(struct xdp_md *ctx)
{
	__u64 v[4] = { 1, 2, 3, 4 };

	bpf_xdp_traits_set(ctx, 0, 3, v, sizeof(v));
	return XDP_PASS;
}

SEC("tc")
int tc_traits_batch(struct __sk_buff *ctx)
{
	__u64 v[4] = {};

	bpf_skb_traits_get(ctx, 0, 3, v, sizeof(v));
	look(v);
	return 0;
}

SEC("xdp")
int xdp_meta(struct xdp_md *ctx)
{
	__u64 *v;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(struct values)))
		return XDP_PASS;
	v = (void *)(long)ctx->data_meta;
	if ((void *)(v + 4) > (void *)(long)ctx->data)
		return XDP_PASS;
	v[0] = 1;
	v[1] = 2;
	v[2] = 3;
	v[3] = 4;
	return XDP_PASS;
}

SEC("tc")
int tc_meta(struct __sk_buff *ctx)
{
	__u64 *v = (void *)(long)ctx->data_meta;

	if ((void *)(v + 4) <= (void *)(long)ctx->data)
		look(v);
	else
		sums.wrong++;
	return 0;
}

extern int bpf_dynptr_from_skb_meta(struct __sk_buff *skb, __u64 flags,
				    struct bpf_dynptr *ptr) __weak __ksym;

SEC("tc")
int tc_meta_dynptr(struct __sk_buff *ctx)
{
	struct bpf_dynptr meta;
	__u64 v[4] = {};

	bpf_dynptr_from_skb_meta(ctx, 0, &meta);
	bpf_dynptr_read(v, sizeof(v), &meta, 0, 0);
	look(v);
	return 0;
}

SEC("tc")
int tc_map_set(struct __sk_buff *ctx)
{
	struct values v = { { 1, 2, 3, 4 } };
	__u64 key = (__u64)(long)ctx;

	bpf_map_update_elem(&by_skb, &key, &v, BPF_ANY);
	return 0;
}

SEC("tc")
int tc_map_get(struct __sk_buff *ctx)
{
	__u64 key = (__u64)(long)ctx;
	struct values *v;

	v = bpf_map_lookup_elem(&by_skb, &key);
	if (v)
		look(v->v);
	else
		sums.wrong++;
	return 0;
}

/* The address is another packet's soon. */
SEC("tp_btf/consume_skb")
int BPF_PROG(map_consume, void *skb)
{
	__u64 key = (__u64)(long)skb;

	bpf_map_delete_elem(&by_skb, &key);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(map_kfree, void *skb)
{
	__u64 key = (__u64)(long)skb;

	bpf_map_delete_elem(&by_skb, &key);
	return 0;
}

char _license[] SEC("license") = "GPL";
