// SPDX-License-Identifier: GPL-2.0
/*
 * Fills the headroom of packets with traits until nothing fits: fill_xdp tells how
 * much headroom there is, and what went in; fill_tc reads all of it. UDP to port
 * 7000. Keys: as struct fill_conf says.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "fill_ops.h"

#define ENOSPC		28
#define XDP_FRAME	40	/* bytes at the front of the headroom that adjust_head leaves alone */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fill_conf);
} confs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct fill_sum);
} sums SEC(".maps");

struct headers {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
} __attribute__((packed));

static __always_inline bool ours(const struct headers *h)
{
	return h->eth.h_proto == bpf_htons(ETH_P_IP) && h->ip.protocol == IPPROTO_UDP &&
	       h->udp.dest == bpf_htons(7000);
}

/* How far the packet's start can go down, and back again */
static __always_inline __u32 headroom(struct xdp_md *ctx)
{
	__u32 i, down = 0;

	for (i = 0; i < 128 && !bpf_xdp_adjust_head(ctx, -4); i++)
		down += 4;
	for (i = 0; i < 3 && !bpf_xdp_adjust_head(ctx, -1); i++)
		down++;
	return bpf_xdp_adjust_head(ctx, down) ? 0 : XDP_FRAME + down;
}

static __always_inline __u64 word(__u32 key, int i)
{
	return (key + 1) * 0x9e3779b97f4a7c15ULL + i;
}

/* Whether it fit */
static __always_inline bool put(struct xdp_md *ctx, struct fill_sum *sum, __u32 key, __u32 size)
{
	__u64 val[2] = { word(key, 0), word(key, 1) };
	int ret = bpf_xdp_trait_set(ctx, key, val, size, 0);

	if (ret && ret != -ENOSPC)
		sum->bad++;
	return !ret;
}

SEC("xdp")
int fill_xdp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 zero = 0, n, room;
	struct fill_conf *conf = bpf_map_lookup_elem(&confs, &zero);
	struct fill_sum *sum = bpf_map_lookup_elem(&sums, &zero);

	if (!conf || !sum || data + sizeof(struct headers) > end || !ours(data))
		return XDP_PASS;
	sum->packets++;
	room = headroom(ctx);
	if (!sum->least || room < sum->least)
		sum->least = room;
	if (room > sum->most)
		sum->most = room;
	for (n = 0; n < FILL_KEYS; n++) {
		if (!put(ctx, sum, conf->big[n], 16)) {
			sum->refused++;
			break;
		}
	}
	if (n <= FILL_KEYS)
		sum->big[n]++;
	sum->eight += put(ctx, sum, conf->eight, 8);
	sum->four += put(ctx, sum, conf->four, 4);
	sum->more += put(ctx, sum, conf->more, 4);
	sum->flag += put(ctx, sum, conf->flag, 0);
	return XDP_PASS;
}

static __always_inline void look(struct __sk_buff *ctx, struct fill_sum *sum, __u32 key,
				 int size)
{
	__u64 val[2] = {};
	int ret = bpf_skb_trait_get(ctx, key, val, sizeof(val));

	if (ret < 0)
		sum->absent++;
	else if (ret == size && (size < 4 || (__u32)val[0] == (__u32)word(key, 0)) &&
		 (size < 8 || val[0] == word(key, 0)) && (size < 16 || val[1] == word(key, 1)))
		sum->right++;
	else
		sum->wrong++;
}

SEC("tc")
int fill_tc(struct __sk_buff *ctx)
{
	__u32 zero = 0, n;
	struct fill_conf *conf = bpf_map_lookup_elem(&confs, &zero);
	struct fill_sum *sum = bpf_map_lookup_elem(&sums, &zero);
	struct headers h;

	if (!conf || !sum || bpf_skb_load_bytes(ctx, 0, &h, sizeof(h)) || !ours(&h))
		return 0;
	for (n = 0; n < FILL_KEYS; n++)
		look(ctx, sum, conf->big[n], 16);
	look(ctx, sum, conf->eight, 8);
	look(ctx, sum, conf->four, 4);
	look(ctx, sum, conf->more, 4);
	look(ctx, sum, conf->flag, 0);
	sum->read++;
	return 0;
}

char _license[] SEC("license") = "GPL";
