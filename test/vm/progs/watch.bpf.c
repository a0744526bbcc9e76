// SPDX-License-Identifier: GPL-2.0
/*
 * Looks at packets from tracing programs: watch_receive at the top of the stack, watch_free
 * where packets are dropped, watch_socket where the LSM is asked whether a socket may have
 * them. Counts like script.bpf.c's OP_CHECK_SEQ, for the keys of its script.
 */
#include <stdbool.h>
#include <stddef.h>

#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

#include "script_ops.h"

struct ns_common {
	unsigned int inum;
} __attribute__((preserve_access_index));

struct net {
	struct ns_common ns;
} __attribute__((preserve_access_index));

typedef struct {
	struct net *net;
} __attribute__((preserve_access_index)) possible_net_t;

struct net_device {
	int ifindex;
	possible_net_t nd_net;
} __attribute__((preserve_access_index));

struct sk_buff {
	struct net_device *dev;
	unsigned char *head;
	unsigned char *data;
	__u16 network_header;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct script_sum);
} sums SEC(".maps");

/* Only packets of this device, in this network namespace; 0: all. Set before load. */
const volatile struct script_device device;

#define NEXTHDR_FRAGMENT	44
#define FRAGMENT_HDR		8	/* bytes; begins with the protocol of what is behind it */

struct headers {
	struct udphdr udp;
	struct script_seq seq;
};

/* UDP in IPv4 or IPv6, without options; also a first fragment of it */
static __always_inline bool parse(const unsigned char *ip, struct headers *h)
{
	unsigned int at = sizeof(struct iphdr);
	__u8 first, protocol;

	if (bpf_probe_read_kernel(&first, 1, ip))
		return false;
	if (first == 0x45) {
		ip += offsetof(struct iphdr, protocol);
		at -= offsetof(struct iphdr, protocol);
	} else if (first >> 4 == 6) {
		ip += offsetof(struct ipv6hdr, nexthdr);
		at = sizeof(struct ipv6hdr) - offsetof(struct ipv6hdr, nexthdr);
	} else {
		return false;
	}
	if (bpf_probe_read_kernel(&protocol, 1, ip))
		return false;
	if (first >> 4 == 6 && protocol == NEXTHDR_FRAGMENT) {
		ip += at;
		at = FRAGMENT_HDR;
		if (bpf_probe_read_kernel(&protocol, 1, ip))
			return false;
	}
	return protocol == IPPROTO_UDP &&
	       !bpf_probe_read_kernel(h, sizeof(*h), ip + at);
}

static __always_inline void watch(struct sk_buff *skb, unsigned char *ip)
{
	__u8 val[16] = {};
	struct script_sum *sum;
	struct script_count *c;
	struct headers h = {};
	struct script *s;
	__u32 zero = 0;
	long ret;
	int i, w;

	s = bpf_map_lookup_elem(&scripts, &zero);
	sum = bpf_map_lookup_elem(&sums, &zero);
	if (!s || !sum)
		return;
	if (device.ifindex &&
	    (BPF_CORE_READ(skb, dev, ifindex) != device.ifindex ||
	     BPF_CORE_READ(skb, dev, nd_net.net, ns.inum) != device.netns))
		return;
	if (!parse(ip, &h) || h.udp.dest != bpf_htons(s->port))
		return;
	for (i = 0; i < 4; i++) {
		const struct op *op = &s->op[i];
		bool right;

		if (op->kind != OP_CHECK_SEQ)
			break;
		c = &sum->op[i];
		ret = bpf_sk_buff_trait_get(skb, op->key, val, sizeof(val));
		right = ret == op->size;
		for (w = 0; w < 4; w++) {
			if (w * 4 < op->size &&
			    ((__u32 *)val)[w] != script_word(h.seq.seq, op->key, w))
				right = false;
		}
		if (h.seq.bare ? ret < 0 : right)
			__sync_fetch_and_add(&c->ok, 1);
		else if (ret < 0)
			__sync_fetch_and_add(&c->absent, 1);
		else
			__sync_fetch_and_add(&c->wrong, 1);
	}
	__sync_fetch_and_add(&sum->packets, 1);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(watch_receive, struct sk_buff *skb)
{
	watch(skb, skb->data);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(watch_free, struct sk_buff *skb)
{
	watch(skb, skb->head + skb->network_header);
	return 0;
}

SEC("lsm/socket_sock_rcv_skb")
int BPF_PROG(watch_socket, void *sk, struct sk_buff *skb)
{
	watch(skb, skb->head + skb->network_header);
	return 0;
}

char _license[] SEC("license") = "GPL";
