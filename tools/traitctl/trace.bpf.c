// SPDX-License-Identifier: GPL-2.0
/*
 * Steps of packets with traits: where the module's tracepoints tell of a trait, and where all
 * packets come by. Loaded by "traitctl trace".
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

#include "trace.h"

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
	char name[16];
	possible_net_t nd_net;
} __attribute__((preserve_access_index));

struct sk_buff {
	struct net_device *dev;
	unsigned int len;
	__u8 nohdr:1;
} __attribute__((preserve_access_index));

struct xdp_rxq_info {
	struct net_device *dev;
} __attribute__((preserve_access_index));

struct xdp_buff {
	void *data;
	void *data_end;
	struct xdp_rxq_info *rxq;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} steps SEC(".maps");

/* Set before it is loaded: the keys that there are, and what a packet has to have. */
const volatile __u32 n_keys;
const volatile __u32 keys[TRACE_KEYS];
const volatile __u32 n_filters;
const volatile struct trace_filter filters[TRACE_FILTERS];

/* For which there was no room in the ring. */
__u64 missed;

/* Most packets have no traits: nothing is reserved in the ring for them. */
static __always_inline bool has_any(struct sk_buff *skb)
{
	union trace_value ignored;
	__u32 i;

	for (i = 0; i < TRACE_KEYS && i < n_keys; i++)
		if (bpf_sk_buff_trait_get(skb, keys[i], &ignored, sizeof(ignored)) >= 0)
			return true;
	return false;
}

static __always_inline void read_traits(struct trace_step *s, struct sk_buff *skb)
{
	__u32 i;

	for (i = 0; i < TRACE_KEYS && i < n_keys; i++) {
		__u32 id = keys[i] % TRACE_KEYS;

		if (bpf_sk_buff_trait_get(skb, id, &s->value[id], sizeof(s->value[id])) >= 0)
			s->present |= 1ULL << id;
	}
}

static __always_inline bool matches(const struct trace_step *s)
{
	__u32 i, j;

	for (i = 0; i < TRACE_FILTERS && i < n_filters; i++) {
		__u32 id = filters[i].key % TRACE_KEYS;

		/* In XDP it is only known which key was set. */
		if (!(s->present >> id & 1) &&
		    (filters[i].size || s->place > TRACE_DEL || s->detail != id))
			return false;
		for (j = 0; j < sizeof(union trace_value) && j < filters[i].size; j++)
			if (s->value[id].bytes[j] != filters[i].value.bytes[j])
				return false;
	}
	return true;
}

static __always_inline struct trace_step *begin(enum trace_place place, __u32 detail,
						const struct net_device *dev)
{
	struct trace_step *s = bpf_ringbuf_reserve(&steps, sizeof(*s), 0);

	if (!s) {
		__sync_fetch_and_add(&missed, 1);
		return NULL;
	}
	s->time = bpf_ktime_get_ns();
	s->present = 0;
	s->cpu = bpf_get_smp_processor_id();
	s->netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	s->place = place;
	s->detail = detail;
	s->len = 0;
	s->pad = 0;
	if (bpf_probe_read_kernel_str(s->dev, sizeof(s->dev), dev->name) < 0)
		s->dev[0] = '\0';
	return s;
}

static __always_inline void end(struct trace_step *s)
{
	if (matches(s))
		bpf_ringbuf_submit(s, 0);
	else
		bpf_ringbuf_discard(s, 0);
}

static __always_inline int step(struct sk_buff *skb, enum trace_place place, __u32 detail)
{
	struct trace_step *s = begin(place, detail, BPF_CORE_READ(skb, dev));

	if (!s)
		return 0;
	s->len = BPF_CORE_READ(skb, len);
	read_traits(s, skb);
	end(s);
	return 0;
}

static __always_inline int passes_by(struct sk_buff *skb, enum trace_place place, __u32 detail)
{
	return has_any(skb) ? step(skb, place, detail) : 0;
}

/*
 * The module tells of an XDP buffer or of an skb; the other is NULL. From 6.12 on the verifier
 * takes both for pointers that may be.
 */
static __always_inline int changed(struct xdp_buff *xdp, struct sk_buff *skb,
				   enum trace_place place, __u32 key)
{
	struct trace_step *s;

	if (skb)
		return step(skb, place, key);
	if (!xdp)
		return 0;
	s = begin(place, key, BPF_CORE_READ(xdp, rxq, dev));
	if (!s)
		return 0;
	s->len = BPF_CORE_READ(xdp, data_end) - BPF_CORE_READ(xdp, data);
	end(s);
	return 0;
}

SEC("tp_btf/traits_set")
int BPF_PROG(on_set, struct xdp_buff *xdp, struct sk_buff *skb, __u64 key)
{
	return changed(xdp, skb, TRACE_SET, key);
}

SEC("tp_btf/traits_del")
int BPF_PROG(on_del, struct xdp_buff *xdp, struct sk_buff *skb, __u64 key)
{
	return changed(xdp, skb, TRACE_DEL, key);
}

/* What was lost cannot be read any more, so a filter finds none of these. */
SEC("tp_btf/traits_lost")
int BPF_PROG(on_lost, void *packet, struct sk_buff *skb, unsigned int reason)
{
	struct net_device *dev = NULL;
	struct trace_step *s;

	if (skb)
		dev = BPF_CORE_READ(skb, dev);
	s = begin(TRACE_LOST, reason, dev);
	if (s)
		end(s);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(on_receive, struct sk_buff *skb)
{
	return passes_by(skb, TRACE_RECEIVE, 0);
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(on_send, struct sk_buff *skb)
{
	return passes_by(skb, TRACE_SEND, 0);
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_drop, struct sk_buff *skb, void *location, unsigned int reason)
{
	/* GRO made it a part of another packet, with which 6.1 frees it as if it were dropped. */
	if (BPF_CORE_READ_BITFIELD(skb, nohdr))
		return 0;
	return passes_by(skb, TRACE_DROP, reason);
}

SEC("lsm/socket_sock_rcv_skb")
int BPF_PROG(on_socket, void *sk, struct sk_buff *skb)
{
	return passes_by(skb, TRACE_SOCKET, 0);
}

char _license[] SEC("license") = "GPL";
