// SPDX-License-Identifier: GPL-2.0
/*
 * What the network card knows of a packet, for everybody behind XDP: its hash
 * of the flow and the time of arrival.
 * Attach: XDP, bound to the device (traits-attach: xdpbound). A kernel without
 * these hints loads it too, and it does nothing there.
 * Keys: rx_hash (4 bytes), rx_time (8 bytes, nanoseconds of the card's clock);
 * set when the driver has them. Read the map "hints" (hash, time -> packets).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(rx_hash, 4);
TRAIT_KEY(rx_time, 8);

enum xdp_rss_hash_type {
	XDP_RSS_TYPE_NONE,
};

extern int bpf_xdp_metadata_rx_hash(const struct xdp_md *ctx, __u32 *hash,
				    enum xdp_rss_hash_type *rss_type) __weak __ksym;
extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx,
					 __u64 *timestamp) __weak __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} hints SEC(".maps");

static __always_inline void count(__u32 hint)
{
	__u64 *n = bpf_map_lookup_elem(&hints, &hint);

	if (n)
		__sync_fetch_and_add(n, 1);
}

SEC("xdp")
int rxhints(struct xdp_md *ctx)
{
	enum xdp_rss_hash_type type = XDP_RSS_TYPE_NONE;
	__u64 time = 0;
	__u32 hash = 0;

	if (bpf_ksym_exists(bpf_xdp_metadata_rx_hash) &&
	    !bpf_xdp_metadata_rx_hash(ctx, &hash, &type) && hash &&
	    !bpf_xdp_trait_set(ctx, rx_hash.id, &hash, sizeof(hash), 0))
		count(0);
	if (bpf_ksym_exists(bpf_xdp_metadata_rx_timestamp) &&
	    !bpf_xdp_metadata_rx_timestamp(ctx, &time) && time &&
	    !bpf_xdp_trait_set(ctx, rx_time.id, &time, sizeof(time), 0))
		count(1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
