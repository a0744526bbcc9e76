// SPDX-License-Identifier: GPL-2.0
/*
 * Gives each UDP packet to port 7000 that is not bare a trait, and sends all of
 * them to the AF_XDP socket of their queue; without one they pass. Attach to XDP.
 * Keys: xsk_key, of 8 bytes. Map "seen": packets; values set; errors.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "xsk_payload.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} xsk_key SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsk_seen);
} seen SEC(".maps");

SEC("xdp")
int xsk_redirect(struct xdp_md *ctx)
{
	struct script_seq *seq = xsk_payload(ctx, sizeof(*seq));
	__u32 zero = 0, *key = bpf_map_lookup_elem(&xsk_key, &zero);
	struct xsk_seen *sum = bpf_map_lookup_elem(&seen, &zero);
	__u64 val;

	if (!key || !sum || !seq)
		return XDP_PASS;
	__sync_fetch_and_add(&sum->packets, 1);
	if (!seq->bare) {
		val = seq->seq;
		if (bpf_xdp_trait_set(ctx, *key, &val, sizeof(val), 0))
			__sync_fetch_and_add(&sum->errors, 1);
		else
			__sync_fetch_and_add(&sum->set, 1);
	}
	return bpf_redirect_map(&sockets, ctx->rx_queue_index, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
