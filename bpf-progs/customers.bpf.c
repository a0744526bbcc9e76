// SPDX-License-Identifier: GPL-2.0
/*
 * Whose packets are dropped? Sockets label what they send with the customer that
 * they do it for; this counts the packets of each customer that leave the machine,
 * and those that are dropped afterwards, wherever that is and for whatever reason.
 * Attach: TC egress (sent) of the devices behind the sockets, and the kernel's
 * tracepoint kfree_skb (dropped).
 * Keys: customer_id (4 bytes) is read.
 * Read the maps "sent_by" (customer -> packets) and "dropped_of" (customer and drop
 * reason -> packets).
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(customer_id, 4);

struct sk_buff {
	__u8 nohdr:1;
} __attribute__((preserve_access_index));

struct drop {
	__u32 customer;
	__u32 reason;	/* enum skb_drop_reason of the running kernel */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} sent_by SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct drop);
	__type(value, __u64);
} dropped_of SEC(".maps");

static __always_inline void count(void *map, const void *key)
{
	__u64 none = 0, *n = bpf_map_lookup_elem(map, key);

	if (!n) {
		bpf_map_update_elem(map, key, &none, BPF_NOEXIST);
		n = bpf_map_lookup_elem(map, key);
	}
	if (n)
		__sync_fetch_and_add(n, 1);
}

SEC("tc")
int sent(struct __sk_buff *ctx)
{
	__u32 customer;

	if (bpf_skb_trait_get(ctx, customer_id.id, &customer, sizeof(customer)) >= 0)
		count(&sent_by, &customer);
	return TC_ACT_UNSPEC;
}

/* Newer kernels have a fourth argument, which this program does not need. */
SEC("tp_btf/kfree_skb")
int BPF_PROG(dropped, struct sk_buff *skb, void *location, unsigned int reason)
{
	struct drop key = { .reason = reason };

	/* GRO made it a part of another packet, with which 6.1 frees it as if it were dropped. */
	if (BPF_CORE_READ_BITFIELD(skb, nohdr))
		return 0;
	if (bpf_sk_buff_trait_get(skb, customer_id.id, &key.customer, sizeof(key.customer)) >= 0)
		count(&dropped_of, &key);
	return 0;
}

char _license[] SEC("license") = "GPL";
