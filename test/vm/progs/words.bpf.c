// SPDX-License-Identifier: GPL-2.0
/*
 * An XDP program with 32 bytes of metadata of its own, which sets a trait and looks whether its metadata
 * is still the same. Run it 8192 times, and each number of 16 bits was in the metadata once,
 * in the low half of a word. Keys: words_state.key, of 8 bytes.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "words.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct words_state);
} words_state SEC(".maps");

SEC("xdp")
int words(struct xdp_md *ctx)
{
	struct words_state *state;
	__u32 zero = 0, i, *meta;
	__u64 val = 7;

	state = bpf_map_lookup_elem(&words_state, &zero);
	if (!state || bpf_xdp_adjust_meta(ctx, -32))
		return XDP_ABORTED;
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 8) > (void *)(long)ctx->data)
		return XDP_ABORTED;
	for (i = 0; i < 8; i++)
		meta[i] = (state->runs * 8 + i) | i << 16;

	if (!bpf_xdp_trait_set(ctx, state->key, &val, sizeof(val), 0))
		state->set++;

	/* Below it are 8 bytes of the traits' now. */
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 10) > (void *)(long)ctx->data) {
		state->changed++;
	} else {
		for (i = 0; i < 8; i++)
			if (meta[i + 2] != ((state->runs * 8 + i) | i << 16))
				break;
		state->changed += i < 8;
	}
	state->runs++;
	return bpf_xdp_adjust_meta(ctx, ctx->data - ctx->data_meta) ? XDP_ABORTED : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
