// SPDX-License-Identifier: GPL-2.0

#include "flow.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vt.h"

#define BATCH	64

struct vt_flow vt_flow(int family, int protocol, unsigned int vlan, uint16_t port)
{
	return (struct vt_flow){
		.to = { 2, 0, 0, 0, 0, 0 }, .from = { 2, 0, 0, 0, 1, 0 }, .family = family,
		.protocol = protocol, .vlan = vlan, .source = 1024, .port = port,
	};
}

static unsigned int ip_len(const struct vt_flow *flow)
{
	return flow->family == AF_INET6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
}

static unsigned int l4_len(const struct vt_flow *flow)
{
	return flow->protocol == IPPROTO_TCP ? sizeof(struct tcphdr) : sizeof(struct udphdr);
}

unsigned int vt_flow_headers(const struct vt_flow *flow)
{
	return ETH_HLEN + (flow->vlan ? 4 : 0) + ip_len(flow) + l4_len(flow);
}

static uint32_t add(const void *data, unsigned int len, uint64_t sum)
{
	const uint8_t *byte = data;
	unsigned int i;

	for (i = 0; i + 1 < len; i += 2)
		sum += byte[i] << 8 | byte[i + 1];
	if (len % 2)
		sum += byte[i] << 8;
	while (sum >> 32)
		sum = (sum & 0xffffffff) + (sum >> 32);
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Both addresses, as they stand in the header; returns how many bytes. */
static unsigned int addresses(const struct vt_flow *flow, uint8_t *to)
{
	static const uint8_t v4[] = { 10, 1, 0, 1, 10, 1, 0, 2 };

	if (flow->family == AF_INET) {
		memcpy(to, v4, sizeof(v4));
		to[5] = flow->net ?: 1;
		return sizeof(v4);
	}
	memset(to, 0, 32);
	to[0] = to[16] = 0xfd;
	to[1] = to[17] = 1;
	to[15] = 1;
	to[31] = 2;
	return 32;
}

static void *put_ethernet(const struct vt_flow *flow, void *at)
{
	uint16_t proto = htons(flow->family == AF_INET6 ? ETH_P_IPV6 : ETH_P_IP);
	uint16_t tag[2] = { htons(ETH_P_8021Q), htons(flow->vlan) };

	memcpy(at, flow->to, ETH_ALEN);
	memcpy(at + ETH_ALEN, flow->from, ETH_ALEN);
	at += 2 * ETH_ALEN;
	if (flow->vlan) {
		memcpy(at, tag, sizeof(tag));
		at += sizeof(tag);
	}
	memcpy(at, &proto, sizeof(proto));
	return at + sizeof(proto);
}

/* @len: bytes behind this header */
static void *put_ip(const struct vt_flow *flow, void *at, unsigned int len)
{
	struct ipv6hdr v6 = {
		.version = 6, .payload_len = htons(len), .nexthdr = flow->protocol, .hop_limit = 64,
	};
	struct iphdr v4 = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = flow->protocol,
		.tot_len = htons(sizeof(v4) + len), .frag_off = htons(0x4000),
	};
	uint8_t addr[32];
	unsigned int n = addresses(flow, addr);

	if (flow->family == AF_INET6) {
		memcpy(&v6.saddr, addr, n);
		memcpy(at, &v6, sizeof(v6));
		return at + sizeof(v6);
	}
	memcpy(&v4.saddr, addr, n);
	v4.check = fold(add(&v4, sizeof(v4), 0));
	memcpy(at, &v4, sizeof(v4));
	return at + sizeof(v4);
}

static void put_l4(const struct vt_flow *flow, void *at, uint32_t seq, const void *payload,
		   unsigned int len)
{
	struct tcphdr tcp = {
		.source = htons(flow->source), .dest = htons(flow->port), .seq = htonl(seq),
		.ack = 1, .ack_seq = htonl(1), .doff = 5, .window = htons(1024),
	};
	unsigned int all = l4_len(flow) + len;
	struct udphdr udp = {
		.source = htons(flow->source), .dest = htons(flow->port), .len = htons(all),
	};
	uint8_t addr[32];
	uint32_t pseudo;

	memcpy(at + l4_len(flow), payload, len);
	pseudo = add(addr, addresses(flow, addr), flow->protocol + all);
	if (flow->protocol == IPPROTO_TCP) {
		memcpy(at, &tcp, sizeof(tcp));
		tcp.check = fold(add(at, all, pseudo));
		memcpy(at, &tcp, sizeof(tcp));
	} else {
		memcpy(at, &udp, sizeof(udp));
		udp.check = fold(add(at, all, pseudo)) ?: 0xffff;
		memcpy(at, &udp, sizeof(udp));
	}
}

unsigned int vt_flow_frame(const struct vt_flow *flow, void *frame, uint32_t seq,
			   const void *payload, unsigned int len)
{
	unsigned int all = vt_flow_headers(flow) + len;
	void *at = put_ethernet(flow, frame);

	if (all > VT_FRAME_MAX)
		vt_die("a frame of %u bytes", all);
	at = put_ip(flow, at, l4_len(flow) + len);
	put_l4(flow, at, seq, payload, len);
	if (all < ETH_ZLEN)
		memset(frame + all, 0, ETH_ZLEN - all);
	return all < ETH_ZLEN ? ETH_ZLEN : all;
}

uint32_t vt_flow_toeplitz(const struct vt_flow *flow)
{
	static const uint8_t key[40] = {
		0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
		0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
		0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
		0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
	};
	uint16_t ports[2] = { htons(flow->source), htons(flow->port) };
	uint32_t hash = 0, window = key[0] << 24 | key[1] << 16 | key[2] << 8 | key[3];
	unsigned int i, bit, n;
	uint8_t input[36];

	n = addresses(flow, input);
	memcpy(input + n, ports, sizeof(ports));
	for (i = 0; i < n + sizeof(ports); i++) {
		for (bit = 0; bit < 8; bit++) {
			if (input[i] & 0x80 >> bit)
				hash ^= window;
			window = window << 1 | (key[i + 4] >> (7 - bit) & 1);
		}
	}
	return hash;
}

struct vt_wire {
	int fd;
	unsigned int n;
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	uint8_t frame[BATCH][VT_FRAME_MAX];
};

struct vt_wire *vt_wire(const char *ns, const char *dev)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	struct vt_wire *w = calloc(1, sizeof(*w));
	int here = vt_ns_enter(ns);

	if (!w)
		vt_die("wire: no memory");
	w->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	at.sll_ifindex = if_nametoindex(dev);
	if (w->fd < 0 || bind(w->fd, (void *)&at, sizeof(at)))
		vt_die("wire: %s: %s", dev, strerror(errno));
	vt_ns_leave(here);
	return w;
}

void vt_wire_put(struct vt_wire *w, const void *frame, unsigned int len)
{
	memcpy(w->frame[w->n], frame, len);
	w->iov[w->n] = (struct iovec){ w->frame[w->n], len };
	w->msg[w->n].msg_hdr = (struct msghdr){ .msg_iov = &w->iov[w->n], .msg_iovlen = 1 };
	if (++w->n == BATCH)
		vt_wire_flush(w);
}

void vt_wire_flush(struct vt_wire *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLOUT };
	unsigned int sent = 0;
	int n;

	while (sent < w->n) {
		n = sendmmsg(w->fd, w->msg + sent, w->n - sent, 0);
		if (n > 0)
			sent += n;
		/* A full queue of the device takes nothing, and tells it. */
		else if (errno != ENOBUFS || poll(&p, 1, 20000) != 1)
			vt_die("wire: %s", strerror(errno));
	}
	w->n = 0;
}

void vt_wire_close(struct vt_wire *w)
{
	vt_wire_flush(w);
	close(w->fd);
	free(w);
}
