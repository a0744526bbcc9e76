// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that redirect by a map whose entry has a program, and those programs, which read one trait
 * and set another. Attach deflect_cpu or deflect_dev to a device, and put the others into the maps.
 * Keys: as deflect_state says, both of 8 bytes.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "deflect.h"

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} devs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct deflect_state);
} deflect_state SEC(".maps");

struct packet {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	struct script_seq seq;
} __attribute__((packed));

static __always_inline struct packet *packet(struct xdp_md *ctx)
{
	struct packet *p = (void *)(long)ctx->data;

	if ((void *)(p + 1) > (void *)(long)ctx->data_end ||
	    p->eth.h_proto != bpf_htons(ETH_P_IP) || p->ip.protocol != IPPROTO_UDP ||
	    p->udp.dest != bpf_htons(DEFLECT_PORT))
		return 0;
	return p;
}

static __always_inline int behind(struct xdp_md *ctx)
{
	__u32 zero = 0, want[2], seq, bare;
	struct deflect_state *s = bpf_map_lookup_elem(&deflect_state, &zero);
	struct packet *p = packet(ctx);
	__u32 val[2] = {};
	long ret;

	if (!s || !p)
		return XDP_PASS;
	seq = p->seq.seq;
	bare = p->seq.bare;
	want[0] = script_word(seq, s->read, 0);
	want[1] = script_word(seq, s->read, 1);
	ret = bpf_xdp_trait_get(ctx, s->read, val, sizeof(val));
	if (bare ? ret == -2 : ret == 8 && val[0] == want[0] && val[1] == want[1])
		__sync_fetch_and_add(&s->right, 1);
	else
		__sync_fetch_and_add(&s->wrong, 1);
	if (bare)
		return XDP_PASS;
	val[0] = script_word(seq, s->set, 0);
	val[1] = script_word(seq, s->set, 1);
	if (!bpf_xdp_trait_set(ctx, s->set, val, sizeof(val), 0))
		__sync_fetch_and_add(&s->done, 1);
	return XDP_PASS;
}

SEC("xdp")
int deflect_cpu(struct xdp_md *ctx)
{
	return packet(ctx) ? bpf_redirect_map(&cpus, 0, 0) : XDP_PASS;
}

SEC("xdp")
int deflect_dev(struct xdp_md *ctx)
{
	return packet(ctx) ? bpf_redirect_map(&devs, 0, 0) : XDP_PASS;
}

SEC("xdp/cpumap")
int behind_cpu(struct xdp_md *ctx)
{
	return behind(ctx);
}

SEC("xdp/devmap")
int behind_dev(struct xdp_md *ctx)
{
	return behind(ctx);
}

char _license[] SEC("license") = "GPL";
