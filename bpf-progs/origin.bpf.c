// SPDX-License-Identifier: GPL-2.0
/*
 * Decapsulate as early as possible, and keep what the outer header knew: IPIP
 * and GRE with IPv4 inside, and VXLAN, over IPv4.
 * Attach: XDP. Put the tunnels' far ends into the map "peers" (IPv4 address ->
 * packets, to begin with 0): others' packets stay as they are.
 * Keys: origin (4 bytes, IPv4 address in network byte order), vni (4 bytes,
 * host byte order, of VXLAN packets).
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(origin, 4);
TRAIT_KEY(vni, 4);

#define VXLAN_PORT 4789

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} peers SEC(".maps");

struct vxlan {
	__be32 flags;
	__be32 vni;	/* in the upper 24 bits */
};

struct gre {
	__be16 flags;
	__be16 protocol;
};

/* What all of these begin with, and the longest of what follows. */
struct outer {
	struct ethhdr eth;
	struct iphdr ip;
} __attribute__((packed));

struct tunnel {
	int length;	/* bytes to take away; 0: not for us */
	bool ethernet;	/* an Ethernet header is inside */
	bool has_vni;
	__u32 vni;
};

static __always_inline struct tunnel tunnel_of(const struct outer *outer, void *end)
{
	struct tunnel t = {};
	void *next = (void *)(outer + 1);

	if (outer->ip.protocol == IPPROTO_IPIP) {
		t.length = sizeof(struct iphdr);
	} else if (outer->ip.protocol == IPPROTO_GRE) {
		struct gre *gre = next;

		/* No checksum, key or sequence number. */
		if ((void *)(gre + 1) <= end && !gre->flags &&
		    gre->protocol == bpf_htons(ETH_P_IP))
			t.length = sizeof(struct iphdr) + sizeof(*gre);
	} else if (outer->ip.protocol == IPPROTO_UDP) {
		struct udphdr *udp = next;
		struct vxlan *vxlan = (void *)(udp + 1);

		if ((void *)(vxlan + 1) <= end && udp->dest == bpf_htons(VXLAN_PORT) &&
		    vxlan->flags == bpf_htonl(0x08000000)) {
			t.length = sizeof(*outer) + sizeof(*udp) + sizeof(*vxlan);
			t.ethernet = true;
			t.has_vni = true;
			t.vni = bpf_ntohl(vxlan->vni) >> 8;
		}
	}
	return t;
}

SEC("xdp")
int decap(struct xdp_md *ctx)
{
	struct outer *outer = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr eth, *inner;
	struct tunnel t;
	__u64 *packets;
	__u32 from;

	/* Options and fragments go the ordinary way. */
	if ((void *)(outer + 1) > end || outer->eth.h_proto != bpf_htons(ETH_P_IP) ||
	    outer->ip.ihl != 5 || outer->ip.frag_off & bpf_htons(0x3fff))
		return XDP_PASS;
	from = outer->ip.saddr;
	packets = bpf_map_lookup_elem(&peers, &from);
	if (!packets)
		return XDP_PASS;
	t = tunnel_of(outer, end);
	if (!t.length)
		return XDP_PASS;

	eth = outer->eth;
	if (bpf_xdp_adjust_head(ctx, t.length))
		return XDP_DROP;
	if (!t.ethernet) {
		inner = (void *)(long)ctx->data;
		if ((void *)(inner + 1) > (void *)(long)ctx->data_end)
			return XDP_DROP;
		*inner = eth;
	}
	bpf_xdp_trait_set(ctx, origin.id, &from, sizeof(from), 0);
	if (t.has_vni)
		bpf_xdp_trait_set(ctx, vni.id, &t.vni, sizeof(t.vni), 0);
	__sync_fetch_and_add(packets, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
