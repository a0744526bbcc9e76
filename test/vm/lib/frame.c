// SPDX-License-Identifier: GPL-2.0

#include "frame.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <string.h>

#include "script_ops.h"

unsigned int vt_frame(void *buf, unsigned int port, unsigned int seq, unsigned int payload)
{
	struct ethhdr *eth = buf;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);
	struct script_seq what = { .seq = seq };
	unsigned int len = sizeof(*eth) + sizeof(*ip) + sizeof(*udp) + payload;

	memset(buf, 0, len);
	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_source[0] = 2;
	eth->h_proto = htons(ETH_P_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(len - sizeof(*eth));
	ip->saddr = htonl(0x0a010001);
	ip->daddr = htonl(0x0a010002);
	udp->dest = htons(port);
	udp->len = htons(sizeof(*udp) + payload);
	memcpy(udp + 1, &what, sizeof(what));
	return len;
}
