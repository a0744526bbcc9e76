// SPDX-License-Identifier: GPL-2.0
/*
 * Read the traits that another program set, and add one: how many times was the
 * packet seen?
 * Attach: TC, ingress or egress, at any number of places on the packet's way.
 * Keys: service_id (8 bytes), trace_id (16 bytes) and sampled (flag) are read,
 * hops (4 bytes) is counted up. Read the maps "seen" (service id -> counters)
 * and "bare" (packets without one).
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);
TRAIT_KEY(trace_id, 16);
TRAIT_KEY(sampled, 0);
TRAIT_KEY(hops, 4);

struct seen {
	__u64 packets;
	__u64 segments;	/* packets that these were before GRO merged them */
	__u64 sampled;
	__u64 hops;	/* sum, of which the last hop is the one seen here */
	__u64 age;	/* sum of nanoseconds since the packet was classified */
};

struct trace {
	__u64 time;
	__u32 random[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct seen);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} bare SEC(".maps");

SEC("tc")
int follow(struct __sk_buff *ctx)
{
	struct seen none = {}, *s;
	struct trace trace = {};
	__u64 id = 0, *n;
	__u32 hop = 0;

	if (bpf_skb_trait_get(ctx, service_id.id, &id, sizeof(id)) < 0) {
		n = bpf_map_lookup_elem(&bare, &hop);
		if (n)
			__sync_fetch_and_add(n, 1);
		return 0;
	}
	bpf_map_update_elem(&seen, &id, &none, BPF_NOEXIST);
	s = bpf_map_lookup_elem(&seen, &id);
	if (!s)
		return 0;

	bpf_skb_trait_get(ctx, hops.id, &hop, sizeof(hop));
	hop++;
	/* While a tap sees the same head, nobody may write to it: take one of our own. */
	if (bpf_skb_trait_set(ctx, hops.id, &hop, sizeof(hop), 0) == -EBUSY &&
	    !bpf_skb_pull_data(ctx, 0))
		bpf_skb_trait_set(ctx, hops.id, &hop, sizeof(hop), 0);

	__sync_fetch_and_add(&s->packets, 1);
	__sync_fetch_and_add(&s->segments, ctx->gso_segs ?: 1);
	__sync_fetch_and_add(&s->hops, hop);
	if (bpf_skb_trait_is_set(ctx, sampled.id) == 1)
		__sync_fetch_and_add(&s->sampled, 1);
	if (bpf_skb_trait_get(ctx, trace_id.id, &trace, sizeof(trace)) == sizeof(trace))
		__sync_fetch_and_add(&s->age, bpf_ktime_get_ns() - trace.time);
	return 0;
}

char _license[] SEC("license") = "GPL";
