// SPDX-License-Identifier: GPL-2.0
/*
 * Sets traits as a plan says, in plan_xdp; checks in plan_tc that packets come with exactly
 * these, in the same order. UDP to port 7000 only. For one queue, whose packets keep their order.
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

#include "plan_ops.h"
#include "script_ops.h"

#define ENOENT 2

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct plan);
} plans SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct plan_sum);
} sums SEC(".maps");

/* What the packets that are to be read have: what their values are made of; 0 for bare ones. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PLAN_AHEAD);
	__type(key, __u32);
	__type(value, __u32);
} expected SEC(".maps");

static __always_inline bool ours(void *data, void *end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	return (void *)(udp + 1) <= end && eth->h_proto == bpf_htons(ETH_P_IP) &&
	       ip->protocol == IPPROTO_UDP && udp->dest == bpf_htons(7000);
}

/* The same for an skb, whose headers can be in a fragment. */
static __always_inline bool ours_skb(struct __sk_buff *ctx)
{
	struct {
		struct ethhdr eth;
		struct iphdr ip;
		struct udphdr udp;
	} __attribute__((packed)) h;

	return !bpf_skb_load_bytes(ctx, 0, &h, sizeof(h)) && h.eth.h_proto == bpf_htons(ETH_P_IP) &&
	       h.ip.protocol == IPPROTO_UDP && h.udp.dest == bpf_htons(7000);
}

static __always_inline void fill(__u32 val[4], __u32 number, __u32 key)
{
	val[0] = script_word(number, key, 0);
	val[1] = script_word(number, key, 1);
	val[2] = script_word(number, key, 2);
	val[3] = script_word(number, key, 3);
}

static __always_inline bool same(const __u32 val[4], __u32 size, __u32 number, __u32 key)
{
	return (size < 4 || val[0] == script_word(number, key, 0)) &&
	       (size < 8 || val[1] == script_word(number, key, 1)) &&
	       (size < 16 || (val[2] == script_word(number, key, 2) &&
			      val[3] == script_word(number, key, 3)));
}

#define SIZE(i)	((i) ? 2U << (i) : 0)

/* No trait is there before, and then all are. Returns false if not. */
static __always_inline bool set_all(struct xdp_md *ctx, const struct plan *p, __u32 number)
{
	__u32 val[4], i;
	bool good = true;

#pragma unroll
	for (i = 0; i < 4; i++) {
		if (!(p->keys & 1 << i))
			continue;
		good &= bpf_xdp_trait_get(ctx, p->ids[i], val, 16) == -ENOENT;
		fill(val, number, p->ids[i]);
		good &= !bpf_xdp_trait_set(ctx, p->ids[i], val, SIZE(i), 0);
	}
#pragma unroll
	for (i = 0; i < 4; i++) {
		if (p->keys & 1 << i)
			good &= bpf_xdp_trait_get(ctx, p->ids[i], val, 16) == SIZE(i) &&
				same(val, SIZE(i), number, p->ids[i]);
	}
	return good;
}

static __always_inline bool move(struct xdp_md *ctx, int delta)
{
	return !bpf_xdp_adjust_head(ctx, -delta) && !bpf_xdp_adjust_head(ctx, delta);
}

SEC("xdp")
int plan_xdp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 zero = 0, slot, step, number = 0;
	struct plan *p = bpf_map_lookup_elem(&plans, &zero);
	struct plan_sum *sum = bpf_map_lookup_elem(&sums, &zero);
	struct ethhdr *eth;

	if (!p || !sum || !p->n || !ours(data, end))
		return XDP_PASS;
	step = p->step[sum->seen % p->n & (PLAN_STEPS - 1)];
	sum->seen++;
	if (step & STEP_SET) {
		number = sum->seen;
		sum->set++;
		if (!set_all(ctx, p, number))
			sum->bad++;
	} else if (p->keys & 2 && bpf_xdp_trait_is_set(ctx, p->ids[1])) {
		sum->bad++;
	}
	if (step & STEP_PUSH && !move(ctx, 4))
		sum->bad++;
	if (step & STEP_OVERRUN && !move(ctx, 200))
		sum->bad++;
	eth = (void *)(long)ctx->data;
	if (step & STEP_WRITE && (void *)(eth + 1) <= (void *)(long)ctx->data_end)
		eth->h_source[5]++;
	if (step & STEP_DROP)
		return XDP_DROP;
	if (step & STEP_TX)
		return XDP_TX;
	slot = sum->passed++ % PLAN_AHEAD;
	bpf_map_update_elem(&expected, &slot, &number, BPF_ANY);
	return step & STEP_REDIRECT ? bpf_redirect(p->ifindex, 0) : XDP_PASS;
}

SEC("tc")
int plan_tc(struct __sk_buff *ctx)
{
	__u32 zero = 0, slot, *number, val[4], i;
	struct plan *p = bpf_map_lookup_elem(&plans, &zero);
	struct plan_sum *sum = bpf_map_lookup_elem(&sums, &zero);
	long ret;

	if (!p || !sum || !ours_skb(ctx))
		return 0;
	slot = sum->read % PLAN_AHEAD;
	number = bpf_map_lookup_elem(&expected, &slot);
	if (!number)
		return 0;
#pragma unroll
	for (i = 0; i < 4; i++) {
		ret = bpf_skb_trait_get(ctx, p->ids[i], val, 16);
		if (!*number || !(p->keys & 1 << i)) {
			if (ret < 0)
				sum->ok[i]++;
			else
				sum->wrong[i]++;
		} else if (ret < 0) {
			sum->absent[i]++;
		} else if (ret == SIZE(i) && same(val, SIZE(i), *number, p->ids[i])) {
			sum->ok[i]++;
		} else {
			sum->wrong[i]++;
		}
	}
	sum->read++;
	return 0;
}

char _license[] SEC("license") = "GPL";
