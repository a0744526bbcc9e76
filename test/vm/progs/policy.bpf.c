// SPDX-License-Identifier: GPL-2.0
/*
 * Declares keys with policies, for loaders to register or to check. Tracing; keys policy_sum,
 * policy/own, policy_any.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <traits/bpf_traits.h>

TRAIT_KEY_POLICY(policy_sum, 8, .gro = TRAITS_GRO_SUM);
TRAIT_KEY_POLICY_NAMED(own, "policy/own", 4, .clone = TRAITS_CLONE_COPY,
		       .netns = TRAITS_NETNS_DROP);
TRAIT_KEY(policy_any, 8);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} ids SEC(".maps");

static __always_inline void put(__u32 at, __u64 value)
{
	bpf_map_update_elem(&ids, &at, &value, BPF_ANY);
}

SEC("tp_btf/napi_poll")
int on_poll(void *ctx)
{
	put(0, policy_sum.id);
	put(1, own.id);
	put(2, policy_any.id);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
