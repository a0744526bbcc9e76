// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that pass something else for the packet, and, for each type of program, one that does not.
 *
 * To the verifier, struct xdp_md consists of numbers alone: where it is not the context of the
 * program, any memory of its size would do for a kfunc's argument of that type.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

SEC("?tc")
int forged_tc(struct __sk_buff *ctx)
{
	struct xdp_md md = { .data = 1 };

	return bpf_xdp_trait_is_set(&md, 0);
}

SEC("?cgroup_skb/ingress")
int forged_cgroup(struct __sk_buff *ctx)
{
	struct xdp_md md = { .data = 1 };

	return bpf_xdp_trait_is_set(&md, 0) == 1;
}

SEC("?tp_btf/netif_receive_skb")
int forged_tracing(unsigned long long *ctx)
{
	struct xdp_md md = { .data = 1 };

	return bpf_xdp_trait_is_set(&md, 0);
}

SEC("?xdp")
int honest_xdp(struct xdp_md *ctx)
{
	return bpf_xdp_trait_is_set(ctx, 0) == 1 ? XDP_DROP : XDP_PASS;
}

SEC("?tc")
int honest_tc(struct __sk_buff *ctx)
{
	return bpf_skb_trait_is_set(ctx, 0) == 1;
}

SEC("?tp_btf/netif_receive_skb")
int BPF_PROG(honest_tracing, struct sk_buff *skb)
{
	return bpf_sk_buff_trait_get(skb, 0, 0, 0) == -1;
}

char _license[] SEC("license") = "GPL";
