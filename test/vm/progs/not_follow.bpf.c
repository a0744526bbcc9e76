// SPDX-License-Identifier: GPL-2.0
/*
 * A follow.bpf.c that forgot to count: counts packets without a service id, and leaves all others as
 * they are. For the unit tests in bpf-progs/test/, which have to notice. Keys: service_id.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);
TRAIT_KEY(hops, 4);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} bare SEC(".maps");

SEC("tc")
int follow(struct __sk_buff *ctx)
{
	__u32 zero = 0;
	__u64 *n;

	if (bpf_skb_trait_is_set(ctx, service_id.id) == 1)
		return bpf_skb_trait_is_set(ctx, hops.id) < 0;
	n = bpf_map_lookup_elem(&bare, &zero);
	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

char _license[] SEC("license") = "GPL";
