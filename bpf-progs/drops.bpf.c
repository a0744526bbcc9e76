// SPDX-License-Identifier: GPL-2.0
/*
 * Whose packets are dropped, and why? Counts dropped packets by the service
 * that they were for.
 * Attach: the kernel's tracepoint kfree_skb, where all drops come by.
 * Keys: service_id (8 bytes) is read.
 * Read the map "drops" (service id and drop reason -> packets).
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);

struct sk_buff {
	__u8 nohdr:1;
} __attribute__((preserve_access_index));

struct drop {
	__u64 service_id;
	__u32 reason;	/* enum skb_drop_reason of the running kernel */
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct drop);
	__type(value, __u64);
} drops SEC(".maps");

/* Newer kernels have a fourth argument, which this program does not need. */
SEC("tp_btf/kfree_skb")
int BPF_PROG(on_drop, struct sk_buff *skb, void *location, unsigned int reason)
{
	struct drop key = { .reason = reason };
	__u64 one = 1, *n;

	/* GRO made it a part of another packet, with which 6.1 frees it as if it were dropped. */
	if (BPF_CORE_READ_BITFIELD(skb, nohdr))
		return 0;
	if (bpf_sk_buff_trait_get(skb, service_id.id, &key.service_id,
				  sizeof(key.service_id)) < 0)
		return 0;
	n = bpf_map_lookup_elem(&drops, &key);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&drops, &key, &one, BPF_NOEXIST);
	return 0;
}

char _license[] SEC("license") = "GPL";
