// SPDX-License-Identifier: GPL-2.0
/*
 * One program for each type of program that one would like to call a kfunc of the module from,
 * and that calls one and does nothing else: is it allowed to? Attach to nothing. The key's number
 * does not matter.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

/* With a member: clang 14 declares a struct without, where another struct points to it. */
struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

struct bpf_nf_ctx {
	struct sk_buff *skb;
} __attribute__((preserve_access_index));

struct bpf_sock_ops_kern {
	struct sk_buff *skb;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *obj) __weak __ksym;

SEC("xdp")
int type_xdp(struct xdp_md *ctx)
{
	return bpf_xdp_trait_is_set(ctx, 0) == 1 ? XDP_DROP : XDP_PASS;
}

/* Calls, and stays within the return values that any type of program may have. */
#define SKB_TYPE(section, name)					\
	SEC(section)						\
	int name(struct __sk_buff *ctx)				\
	{							\
		return bpf_skb_trait_is_set(ctx, 0) == 1;	\
	}

SKB_TYPE("tc", type_sched_cls)
SKB_TYPE("action", type_sched_act)
SKB_TYPE("cgroup_skb/ingress", type_cgroup_ingress)
SKB_TYPE("cgroup_skb/egress", type_cgroup_egress)
SKB_TYPE("socket", type_socket_filter)
SKB_TYPE("sk_skb/stream_parser", type_sk_skb_parser)
SKB_TYPE("sk_skb/stream_verdict", type_sk_skb_verdict)
SKB_TYPE("lwt_in", type_lwt_in)
SKB_TYPE("lwt_out", type_lwt_out)
SKB_TYPE("lwt_xmit", type_lwt_xmit)
SKB_TYPE("lwt_seg6local", type_lwt_seg6local)
SKB_TYPE("flow_dissector", type_flow_dissector)

static __always_inline int peek(struct sk_buff *skb)
{
	__u64 val = skb->len;

	return bpf_sk_buff_trait_get(skb, 0, &val, sizeof(val)) >= 0;
}

SEC("netfilter")
int type_netfilter(struct bpf_nf_ctx *ctx)
{
	return peek(ctx->skb);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(type_tp_btf, struct sk_buff *skb)
{
	peek(skb);
	return 0;
}

SEC("lsm/socket_sock_rcv_skb")
int BPF_PROG(type_lsm, void *sk, struct sk_buff *skb)
{
	peek(skb);
	return 0;
}

SEC("fentry/ip_rcv")
int BPF_PROG(type_fentry, struct sk_buff *skb)
{
	peek(skb);
	return 0;
}

SEC("sockops")
int type_sock_ops(struct bpf_sock_ops *ctx)
{
	struct bpf_sock_ops_kern *kern = bpf_cast_to_kern_ctx(ctx);

	return peek(kern->skb);
}

SEC("sk_msg")
int type_sk_msg(struct sk_msg_md *ctx)
{
	return bpf_skb_trait_is_set((struct __sk_buff *)ctx, 0) == 1;
}

SEC("sk_reuseport")
int type_sk_reuseport(struct sk_reuseport_md *ctx)
{
	return bpf_skb_trait_is_set((struct __sk_buff *)ctx, 0) == 1;
}

SEC("sk_lookup")
int type_sk_lookup(struct bpf_sk_lookup *ctx)
{
	return bpf_skb_trait_is_set((struct __sk_buff *)ctx, 0) == 1;
}

char _license[] SEC("license") = "GPL";
