// SPDX-License-Identifier: GPL-2.0
/*
 * Follow packets by their trace id: through each device of each network
 * namespace, to the socket that gets them or the place that drops them.
 * Attach: tracing; "received", "sent" and "dropped" to the tracepoints that
 * their sections name, "delivered" to the LSM where it can run BPF programs.
 * Run "traits-journey" to see the journeys (it reads the map "steps").
 * Keys: trace_id (16 bytes) and service_id (8 bytes) are read.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

#include "journey.h"

TRAIT_KEY(trace_id, 16);
TRAIT_KEY(service_id, 8);

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
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} steps SEC(".maps");

struct trace {
	__u64 time;
	__u32 random[2];
};

static __always_inline int step(struct sk_buff *skb, enum journey_place place, __u32 reason)
{
	struct journey_step *s;
	struct trace trace = {};
	struct net_device *dev;
	__u64 id = 0;

	if (bpf_sk_buff_trait_get(skb, trace_id.id, &trace, sizeof(trace)) != sizeof(trace))
		return 0;
	bpf_sk_buff_trait_get(skb, service_id.id, &id, sizeof(id));
	s = bpf_ringbuf_reserve(&steps, sizeof(*s), 0);
	if (!s)
		return 0;
	dev = BPF_CORE_READ(skb, dev);
	s->time = bpf_ktime_get_ns();
	s->begin = trace.time;
	s->random[0] = trace.random[0];
	s->random[1] = trace.random[1];
	s->service_id = id;
	s->place = place;
	s->reason = reason;
	s->netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	s->len = skb->len;
	if (bpf_probe_read_kernel_str(s->dev, sizeof(s->dev), dev->name) < 0)
		s->dev[0] = '\0';
	bpf_ringbuf_submit(s, 0);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(received, struct sk_buff *skb)
{
	return step(skb, JOURNEY_RECEIVE, 0);
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(sent, struct sk_buff *skb)
{
	return step(skb, JOURNEY_SEND, 0);
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(dropped, struct sk_buff *skb, void *location, unsigned int reason)
{
	return step(skb, JOURNEY_DROP, reason);
}

SEC("lsm/socket_sock_rcv_skb")
int BPF_PROG(delivered, void *sk, struct sk_buff *skb)
{
	return step(skb, JOURNEY_SOCKET, 0);
}

char _license[] SEC("license") = "GPL";
