// SPDX-License-Identifier: GPL-2.0
/*
 * Steer packets to a socket by what XDP found out about them, whatever their
 * destination port is.
 * Attach: TC ingress. Put sockets into the map "sockets" (service id -> bound
 * UDP socket, or listening TCP socket); read the map "steered" (service id ->
 * packets). Keys: service_id (8 bytes) is read.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

TRAIT_KEY(service_id, 8);

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} steered SEC(".maps");

/* The byte at @at from the network header on, 0 behind the packet's end. */
static __always_inline __u8 byte(struct __sk_buff *ctx, __u32 at)
{
	__u8 value = 0;

	bpf_skb_load_bytes_relative(ctx, at, &value, sizeof(value), BPF_HDR_START_NET);
	return value;
}

/*
 * Of TCP, only what opens a connection: the rest of it finds its socket by itself, and the
 * listening one would not know what to do with it.
 */
static __always_inline bool wants_socket(struct __sk_buff *ctx)
{
	__u8 first = byte(ctx, 0), protocol, flags;
	__u32 l4;

	if (first >> 4 == 4) {
		protocol = byte(ctx, 9);
		l4 = (first & 15) * 4;
	} else {
		protocol = byte(ctx, 6);
		l4 = 40;
	}
	if (protocol == IPPROTO_UDP)
		return true;
	flags = byte(ctx, l4 + 13);
	return protocol == IPPROTO_TCP && (flags & 0x12) == 0x02;	/* SYN without ACK */
}

SEC("tc")
int steer(struct __sk_buff *ctx)
{
	__u64 id = 0, one = 1, *n;
	struct bpf_sock *sk;
	long err;

	if (bpf_skb_trait_get(ctx, service_id.id, &id, sizeof(id)) < 0 || !wants_socket(ctx))
		return TC_ACT_UNSPEC;
	sk = bpf_map_lookup_elem(&sockets, &id);
	if (!sk)
		return TC_ACT_UNSPEC;
	err = bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	if (err)
		return TC_ACT_UNSPEC;
	n = bpf_map_lookup_elem(&steered, &id);
	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&steered, &id, &one, BPF_NOEXIST);
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
