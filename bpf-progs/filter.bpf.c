// SPDX-License-Identifier: GPL-2.0
/*
 * A packet filter that does not look at packets: drops those of blocked
 * services, whatever they look like by now.
 * Attach: netfilter, any hook (6.12 and later). Put services into the map
 * "blocked" (service id -> packets and bytes dropped, to begin with 0).
 * Keys: service_id (8 bytes) is read.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);

enum {
	NF_DROP,
	NF_ACCEPT,
};

struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

struct bpf_nf_ctx {
	struct sk_buff *skb;
} __attribute__((preserve_access_index));

struct dropped {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct dropped);
} blocked SEC(".maps");

SEC("netfilter")
int filter(struct bpf_nf_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	struct dropped *dropped;
	__u64 id = 0;

	if (bpf_sk_buff_trait_get(skb, service_id.id, &id, sizeof(id)) < 0)
		return NF_ACCEPT;
	dropped = bpf_map_lookup_elem(&blocked, &id);
	if (!dropped)
		return NF_ACCEPT;
	__sync_fetch_and_add(&dropped->packets, 1);
	__sync_fetch_and_add(&dropped->bytes, skb->len);
	return NF_DROP;
}

char _license[] SEC("license") = "GPL";
