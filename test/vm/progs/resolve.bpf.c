// SPDX-License-Identifier: GPL-2.0
/*
 * Shows which ids a loader has given to the keys of an object, and which programs run: all
 * write to map "ids". XDP, TC, tracing; keys resolve_a, resolve/b, resolve-flag.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <traits/bpf_traits.h>

#define MARK 0x7a

TRAIT_KEY(resolve_a, 8);
TRAIT_KEY_NAMED(b, "resolve/b", 16);
TRAIT_KEY_NAMED(flag, "resolve-flag", 0);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} ids SEC(".maps");

static __always_inline void put(__u32 at, __u64 value)
{
	bpf_map_update_elem(&ids, &at, &value, BPF_ANY);
}

static __always_inline void count(__u32 at)
{
	__u64 *value = bpf_map_lookup_elem(&ids, &at);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("xdp")
int on_xdp(struct xdp_md *ctx)
{
	put(0, resolve_a.id);
	put(1, b.id);
	put(2, flag.id);
	count(3);
	return XDP_PASS;
}

SEC("tc")
int on_tc(struct __sk_buff *skb)
{
	count(4);
	skb->mark = MARK;
	return TC_ACT_UNSPEC;
}

/* Counts packets that on_tc() has seen before. */
SEC("tc")
int on_tc_second(struct __sk_buff *skb)
{
	if (skb->mark == MARK)
		count(5);
	return TC_ACT_UNSPEC;
}

SEC("tp_btf/napi_poll")
int on_poll(void *ctx)
{
	count(6);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
