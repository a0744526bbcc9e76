// SPDX-License-Identifier: GPL-2.0
/*
 * xsk_out: gives each UDP packet to port 7000 that is not bare a trait of each size, made of its
 * sequence number, and sends it with its traits to the AF_XDP socket of its queue. xsk_in: takes
 * the traits that a sender put in front of a frame, and that frame out of its shim. Attach to XDP.
 * Map "how" says what becomes of packets whose traits have no room.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "xsk_payload.h"
#include "xsk_traits.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsk_how);
} how SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsk_told);
} told SEC(".maps");

static void tell(struct xsk_told *t, int ret)
{
	__sync_fetch_and_add(&t->packets, 1);
	if (ret < 0)
		__sync_fetch_and_add(&t->refused, 1);
	else
		__sync_fetch_and_add(&t->bytes, ret);
	t->last = ret;
}

static void set_all(struct xdp_md *ctx, const struct xsk_how *h, struct xsk_told *t, __u32 seq)
{
	__u32 val[4];
	int i, ret;

	ret = bpf_xdp_trait_set(ctx, h->ids[0], val, 0, 0);
	for (i = 0; i < 4; i++)
		val[i] = script_word(seq, h->ids[1], i);
	ret = ret ?: bpf_xdp_trait_set(ctx, h->ids[1], val, 4, 0);
	for (i = 0; i < 4; i++)
		val[i] = script_word(seq, h->ids[2], i);
	ret = ret ?: bpf_xdp_trait_set(ctx, h->ids[2], val, 8, 0);
	for (i = 0; i < 4; i++)
		val[i] = script_word(seq, h->ids[3], i);
	ret = ret ?: bpf_xdp_trait_set(ctx, h->ids[3], val, 16, 0);
	if (ret)
		__sync_fetch_and_add(&t->set, 1);
}

static void set_full(struct xdp_md *ctx, const struct xsk_how *h, struct xsk_told *t)
{
	__u32 val[4] = {};
	int i, ret = 0;

	for (i = 0; i < 4 && i < h->fulls && !ret; i++)
		ret = bpf_xdp_trait_set(ctx, h->full[i], val, 16, 0);
	if (ret)
		__sync_fetch_and_add(&t->set, 1);
}

static int own_metadata(struct xdp_md *ctx)
{
	__u64 *own;

	if (bpf_xdp_adjust_meta(ctx, -8))
		return -1;
	own = (void *)(long)ctx->data_meta;
	if ((void *)(own + 1) > (void *)(long)ctx->data)
		return -1;
	*own = XSK_OWN;
	return 0;
}

SEC("xdp")
int xsk_out(struct xdp_md *ctx)
{
	struct script_seq *payload = xsk_payload(ctx, sizeof(*payload)), seq;
	__u32 zero = 0, queue = ctx->rx_queue_index;
	struct xsk_how *h = bpf_map_lookup_elem(&how, &zero);
	struct xsk_told *t = bpf_map_lookup_elem(&told, &zero);
	int ret;

	if (!h || !t || !payload)
		return XDP_PASS;
	seq = *payload;
	if (h->metadata && own_metadata(ctx))
		return XDP_DROP;
	if (h->then == XSK_SILENT)
		return bpf_redirect_map(&sockets, queue, XDP_DROP);
	if (seq.bare != 1)
		set_all(ctx, h, t, seq.seq);
	if (seq.bare == XSK_FULL)
		set_full(ctx, h, t);
	ret = bpf_xdp_traits_export(ctx, h->keys);
	tell(t, ret);
	if (ret < 0 && h->then == XSK_EMPTY) {
		ret = bpf_xdp_traits_export(ctx, 0);
		if (ret > 0)
			__sync_fetch_and_add(&t->bytes, ret);
	}
	return ret < 0 ? XDP_DROP : bpf_redirect_map(&sockets, queue, XDP_DROP);
}

SEC("xdp")
int xsk_in(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	__u32 zero = 0;
	struct xsk_how *h = bpf_map_lookup_elem(&how, &zero);
	struct xsk_told *t = bpf_map_lookup_elem(&told, &zero);

	if (!h || !t || data + XSK_SHIM > end || eth->h_proto != bpf_htons(XSK_SHIM_TYPE))
		return XDP_PASS;
	tell(t, bpf_xdp_traits_import(ctx, h->keys, data + 16, XSK_SHIM_BLOCK));
	return bpf_xdp_adjust_head(ctx, XSK_SHIM) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
