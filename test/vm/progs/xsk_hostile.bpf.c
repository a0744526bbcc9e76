// SPDX-License-Identifier: GPL-2.0
/*
 * For buffers whose headroom somebody writes to meanwhile. xsk_every: does all that a program can
 * do with traits to UDP packets to port 7000, and looks at each answer; then sends the packet to
 * the AF_XDP socket of its queue, lets it pass, or drops it. xsk_wide: lets all of them pass, every
 * second one with a trait, the others with what lies in their headroom for metadata. Attach to XDP.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "xsk_hostile.h"
#include "xsk_payload.h"

#define WORDS	8		/* of a buffer that values are read to */
#define UNTOUCHED	0x64617567

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct hostile_how);
} how SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct hostile_told);
} told SEC(".maps");

static void add(__u64 *counter)
{
	__sync_fetch_and_add(counter, 1);
}

/* Changes: 0, or an error that a store which somebody damages meanwhile can bring about */
static bool is_change(int ret)
{
	return ret == 0 || ret == -ENOENT || ret == -EEXIST || ret == -EINVAL || ret == -ENOSPC ||
	       ret == -EBADMSG;
}

static void changed(struct hostile_told *t, int ret)
{
	if (!is_change(ret))
		add(&t->wrong);
}

/* @ret is the answer to a read to the first @room bytes of @val, which is untouched then. */
static void was_read(struct hostile_told *t, __u32 *val, int ret, int room)
{
	bool smashed = false;
	int i;

	for (i = 0; i < WORDS; i++) {
		smashed |= i >= room / 4 && val[i] != UNTOUCHED;
		val[i] = UNTOUCHED;
	}
	if (smashed)
		add(&t->smashed);
	if (ret >= 0 && ret <= room)
		add(&t->values);
	else if (ret == -ENOENT)
		add(&t->missing);
	else if (ret != -ENOSPC)
		add(&t->wrong);
}

static void set_all(struct xdp_md *ctx, const struct hostile_how *h, struct hostile_told *t)
{
	__u32 val[4] = { 1, 2, 3, 4 };

	changed(t, bpf_xdp_trait_set(ctx, h->ids[0], val, 0, 0));
	changed(t, bpf_xdp_trait_set(ctx, h->ids[1], val, 4, 0));
	changed(t, bpf_xdp_trait_set(ctx, h->ids[2], val, 8, 0));
	changed(t, bpf_xdp_trait_set(ctx, h->ids[3], val, 16, 0));
}

static void get_all(struct xdp_md *ctx, const struct hostile_how *h, struct hostile_told *t)
{
	__u32 val[WORDS];
	int ret, i;

	for (i = 0; i < WORDS; i++)
		val[i] = UNTOUCHED;
	for (i = 0; i < 4; i++) {
		ret = bpf_xdp_trait_get(ctx, h->ids[i], val, 16);
		was_read(t, val, ret, 16);
	}
	ret = bpf_xdp_trait_get(ctx, h->ids[2], val, 4);
	was_read(t, val, ret, 4);
	ret = bpf_xdp_traits_get(ctx, h->ids[0], h->ids[3], val, 28);
	was_read(t, val, ret, 28);
	ret = bpf_xdp_trait_is_set(ctx, h->ids[1]);
	if (ret != 0 && ret != 1)
		add(&t->wrong);
}

static void change(struct xdp_md *ctx, const struct hostile_how *h, struct hostile_told *t)
{
	__u32 val[7] = { 5, 6, 7, 8, 9, 10, 11 };

	changed(t, bpf_xdp_trait_del(ctx, h->ids[1]));
	changed(t, bpf_xdp_trait_set(ctx, h->ids[1], val, 4, TRAIT_NOEXIST));
	changed(t, bpf_xdp_trait_del(ctx, h->ids[3]));
	changed(t, bpf_xdp_traits_set(ctx, h->ids[0], h->ids[3], val, 28));
	changed(t, bpf_xdp_trait_set(ctx, h->ids[2], val, 8, TRAIT_EXIST));
}

/*
 * Headers and metadata come and go. Where an anchor is destroyed the next trait brings another one,
 * so that there can be too much metadata for some kernels (6.1: 32 bytes) to adjust it.
 */
static void move(struct xdp_md *ctx, struct hostile_told *t)
{
	long data, meta;

	if (bpf_xdp_adjust_head(ctx, -16) || bpf_xdp_adjust_head(ctx, 16))
		add(&t->failed);
	data = ctx->data;
	meta = ctx->data_meta;
	if (data - meta + 8 <= 32 && (bpf_xdp_adjust_meta(ctx, -8) || bpf_xdp_adjust_meta(ctx, 8)))
		add(&t->failed);
}

static void to_socket(struct xdp_md *ctx, const struct hostile_how *h, struct hostile_told *t)
{
	int ret = bpf_xdp_traits_export(ctx, ~0ULL);

	if (ret >= 32 && ret <= 32 + 252 && !(ret & 3))
		add(&t->exported);
	else if (ret != -ENOSPC)
		add(&t->wrong);
}

SEC("xdp")
int xsk_every(struct xdp_md *ctx)
{
	__u32 zero = 0, seq, queue = ctx->rx_queue_index;
	struct hostile_how *h = bpf_map_lookup_elem(&how, &zero);
	struct hostile_told *t = bpf_map_lookup_elem(&told, &zero);
	struct script_seq *payload = xsk_payload(ctx, 80);
	int ret;

	if (!h || !t || !payload)
		return XDP_PASS;
	seq = payload->seq;
	add(&t->packets);
	t->at = (long)ctx->data;
	/* A block that lies in the memory as well, and the other one in front of it */
	ret = bpf_xdp_traits_import(ctx, ~0ULL, payload + 1, 72);
	if (ret > 0)
		add(&t->imported);
	else if (ret != -ENOENT && ret != -ENOKEY && ret != -ENOSPC)
		changed(t, ret);
	set_all(ctx, h, t);
	get_all(ctx, h, t);
	move(ctx, t);
	change(ctx, h, t);
	get_all(ctx, h, t);
	switch (seq % 4) {
	case 0:
		to_socket(ctx, h, t);
		/* fall through */
	case 1:
		return bpf_redirect_map(&sockets, queue, XDP_DROP);
	case 2:
		add(&t->passed);
		return XDP_PASS;
	}
	return XDP_DROP;
}

SEC("xdp")
int xsk_wide(struct xdp_md *ctx)
{
	__u32 zero = 0, val[4] = { 1, 2, 3, 4 };
	struct hostile_how *h = bpf_map_lookup_elem(&how, &zero);
	struct hostile_told *t = bpf_map_lookup_elem(&told, &zero);
	struct script_seq *payload = xsk_payload(ctx, 80);

	if (!h || !t || !payload)
		return XDP_PASS;
	add(&t->packets);
	t->at = (long)ctx->data;
	if (payload->seq & 1) {
		if (bpf_xdp_adjust_meta(ctx, -HOSTILE_WIDE))
			add(&t->failed);
	} else if (bpf_xdp_trait_set(ctx, h->ids[3], val, 16, 0)) {
		add(&t->failed);
	}
	add(&t->passed);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
