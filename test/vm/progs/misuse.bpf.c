// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that the verifier has to refuse, because they give a kfunc something else than the
 * context of their own program type: memory of their own, another context, a pointer that
 * was cast. And beside them programs that it has to accept, which show that nothing
 * else is wrong. Attach to nothing. The key's number does not matter.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

struct sk_buff {
	struct sk_buff *next;
} __attribute__((preserve_access_index));

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __weak __ksym;

SEC("xdp")
int good_xdp(struct xdp_md *ctx)
{
	__u64 val = 1;

	bpf_xdp_trait_set(ctx, 0, &val, sizeof(val), 0);
	return XDP_PASS;
}

SEC("tc")
int good_tc(struct __sk_buff *ctx)
{
	__u64 val = 1;

	bpf_skb_trait_set(ctx, 0, &val, sizeof(val), 0);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(good_tracing, struct sk_buff *skb)
{
	__u64 val = 1;

	bpf_sk_buff_trait_get(skb, 0, &val, sizeof(val));
	return 0;
}

SEC("tc")
int good_cast(struct __sk_buff *ctx)
{
	bpf_rdonly_cast(ctx, bpf_core_type_id_kernel(struct sk_buff));
	return 0;
}

SEC("tc")
int tc_xdp_memory(struct __sk_buff *ctx)
{
	__u64 memory[32] = {}, val = 1;

	bpf_xdp_trait_set((struct xdp_md *)memory, 0, &val, sizeof(val), 0);
	return 0;
}

SEC("tc")
int tc_xdp_ctx(struct __sk_buff *ctx)
{
	bpf_xdp_trait_is_set((struct xdp_md *)ctx, 0);
	return 0;
}

SEC("xdp")
int xdp_xdp_memory(struct xdp_md *ctx)
{
	__u64 memory[32] = {}, val = 1;

	bpf_xdp_trait_set((struct xdp_md *)memory, 0, &val, sizeof(val), 0);
	return XDP_PASS;
}

SEC("xdp")
int xdp_skb_ctx(struct xdp_md *ctx)
{
	bpf_skb_trait_is_set((struct __sk_buff *)ctx, 0);
	return XDP_PASS;
}

SEC("xdp")
int xdp_skb_cast(struct xdp_md *ctx)
{
	bpf_skb_trait_is_set(bpf_rdonly_cast(ctx, bpf_core_type_id_kernel(struct __sk_buff)), 0);
	return XDP_PASS;
}

SEC("tc")
int tc_skb_cast(struct __sk_buff *ctx)
{
	bpf_skb_trait_is_set(bpf_rdonly_cast(ctx, bpf_core_type_id_kernel(struct __sk_buff)), 0);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(tracing_xdp_memory, struct sk_buff *skb)
{
	__u64 memory[32] = {}, val = 1;

	bpf_xdp_trait_set((struct xdp_md *)memory, 0, &val, sizeof(val), 0);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(tracing_skb, struct sk_buff *skb)
{
	bpf_skb_trait_is_set((struct __sk_buff *)skb, 0);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(tracing_skb_cast, struct sk_buff *skb)
{
	bpf_skb_trait_is_set(bpf_rdonly_cast(skb, bpf_core_type_id_kernel(struct __sk_buff)), 0);
	return 0;
}

SEC("cgroup/getsockopt")
int sockopt_skb_cast(struct bpf_sockopt *ctx)
{
	bpf_skb_trait_is_set(bpf_rdonly_cast(ctx->sk, bpf_core_type_id_kernel(struct __sk_buff)),
			     0);
	return 1;
}

SEC("cgroup/getsockopt")
int sockopt_xdp_memory(struct bpf_sockopt *ctx)
{
	__u64 memory[32] = {};

	bpf_xdp_trait_is_set((struct xdp_md *)memory, 0);
	return 1;
}

SEC("flow_dissector")
int dissector_skb(struct __sk_buff *ctx)
{
	bpf_skb_trait_is_set(ctx, 0);
	return 0;
}

/* Sleeps; no packet is there. */
SEC("syscall")
int syscall_xdp_memory(void *ctx)
{
	__u64 memory[32] = {};

	bpf_xdp_trait_is_set((struct xdp_md *)memory, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
