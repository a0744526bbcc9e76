// SPDX-License-Identifier: GPL-2.0
/*
 * Sets a trait on large UDP packets, has more of them made linear, and tells what is left of the
 * trait. Attach to a device as a program that takes fragments. Key: pull_state.key, of 8 bytes.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "pull.h"

extern int bpf_xdp_pull_data(struct xdp_md *ctx, __u32 len) __weak __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pull_state);
} pull_state SEC(".maps");

struct packet {
	struct ethhdr eth;
	struct iphdr ip;
} __attribute__((packed));

/* The verifier lets programs subtract packet pointers in 64 bits only, and clang likes 32. */
static __always_inline __u32 linear(struct xdp_md *ctx)
{
	__u64 end = ctx->data_end, len = ctx->data;

	barrier_var(end);
	barrier_var(len);
	len = end - len;
	barrier_var(len);
	return len;
}

SEC("xdp.frags")
int pull(struct xdp_md *ctx)
{
	struct packet *p = (void *)(long)ctx->data;
	__u64 val = 0x0123456789abcdef;
	struct pull_state *s;
	__u32 zero = 0;

	s = bpf_map_lookup_elem(&pull_state, &zero);
	if (!s || !bpf_xdp_pull_data || (void *)(p + 1) > (void *)(long)ctx->data_end ||
	    p->eth.h_proto != bpf_htons(ETH_P_IP) || p->ip.protocol != IPPROTO_UDP)
		return XDP_PASS;
	s->set = bpf_xdp_trait_set(ctx, s->key, &val, sizeof(val), 0);
	s->linear = linear(ctx);
	s->pulled = bpf_xdp_pull_data(ctx, s->linear + s->by);
	s->moved = s->linear + s->by - linear(ctx);
	val = 0;
	s->got = bpf_xdp_trait_get(ctx, s->key, &val, sizeof(val));
	s->val = val;
	__sync_fetch_and_add(&s->packets, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
