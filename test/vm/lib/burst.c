// SPDX-License-Identifier: GPL-2.0

#include "burst.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "script_ops.h"
#include "vt.h"

#define MAX 64

void vt_burst_device(const char *ns, const char *dev)
{
	vt_run("ip netns exec %s ethtool -K %s tso off gso off tx-udp-segmentation off", ns, dev);
}

void vt_burst_udp(const char *address, unsigned int port, unsigned int n)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int here = vt_ns_enter("a"), fd = socket(AF_INET, SOCK_DGRAM, 0), size = VT_BURST_UDP;
	static char payload[MAX * VT_BURST_UDP];
	struct script_seq seq = {};

	if (n > MAX)
		vt_die("a burst of %u packets", n);
	inet_pton(AF_INET, address, &to.sin_addr);
	for (seq.seq = 0; seq.seq < n; seq.seq++)
		memcpy(payload + seq.seq * size, &seq, sizeof(seq));
	if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)) ||
	    sendto(fd, payload, n * size, 0, (void *)&to, sizeof(to)) != (ssize_t)n * size)
		vt_die("a burst of UDP: %s", strerror(errno));
	close(fd);
	vt_ns_leave(here);
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static uint32_t add(const void *data, unsigned int len, uint32_t sum)
{
	const uint16_t *word = data;

	for (; len; len -= 2)
		sum += *word++;
	return sum;
}

/* As the kernel wants it: a TCP packet of any size, and what is left to be done with it */
struct super {
	struct virtio_net_hdr vnet;
	struct ethhdr eth;
	struct iphdr ip;
	struct tcphdr tcp;
	char payload[56 * VT_BURST_TCP];
} __attribute__((packed));

static void make_tcp(struct super *s, const char *address, unsigned int port, unsigned int n)
{
	static const unsigned char to[] = { 2, 0, 0, 0, 1, 2 }, from[] = { 2, 0, 0, 0, 1, 1 };
	uint16_t len = sizeof(s->tcp) + n * VT_BURST_TCP;

	s->vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	s->vnet.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	s->vnet.hdr_len = sizeof(s->eth) + sizeof(s->ip) + sizeof(s->tcp);
	s->vnet.gso_size = VT_BURST_TCP;
	s->vnet.csum_start = sizeof(s->eth) + sizeof(s->ip);
	s->vnet.csum_offset = offsetof(struct tcphdr, check);
	memcpy(s->eth.h_dest, to, ETH_ALEN);
	memcpy(s->eth.h_source, from, ETH_ALEN);
	s->eth.h_proto = htons(ETH_P_IP);
	s->ip.version = 4;
	s->ip.ihl = 5;
	s->ip.ttl = 64;
	s->ip.protocol = IPPROTO_TCP;
	s->ip.frag_off = htons(0x4000);
	s->ip.tot_len = htons(sizeof(s->ip) + len);
	inet_pton(AF_INET, "10.1.0.1", &s->ip.saddr);
	inet_pton(AF_INET, address, &s->ip.daddr);
	s->ip.check = ~fold(add(&s->ip, sizeof(s->ip), 0));
	s->tcp.source = htons(1024);
	s->tcp.dest = htons(port);
	s->tcp.doff = 5;
	s->tcp.ack = 1;
	s->tcp.window = htons(1024);
	/* That of the pseudo header; the kernel adds the rest to it. */
	s->tcp.check = fold(add(&s->ip.saddr, 8, htons(IPPROTO_TCP) + htons(len)));
}

void vt_burst_tcp(const char *address, unsigned int port, unsigned int n)
{
	int here = vt_ns_enter("a"), fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP) };
	static struct super s;
	ssize_t len = offsetof(struct super, payload) + n * VT_BURST_TCP;

	if (n > sizeof(s.payload) / VT_BURST_TCP)
		vt_die("a burst of %u packets", n);
	memset(&s, 0, sizeof(s));
	make_tcp(&s, address, port, n);
	to.sll_ifindex = if_nametoindex("right");
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)) ||
	    sendto(fd, &s, len, 0, (void *)&to, sizeof(to)) != len)
		vt_die("a burst of TCP: %s", strerror(errno));
	close(fd);
	vt_ns_leave(here);
}
