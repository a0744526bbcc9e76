// SPDX-License-Identifier: GPL-2.0
#include "frame.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

enum {
	VLAN_LEN	= 4,
	IPV4_LEN	= 20,
	IPV6_LEN	= 40,
	TCP_LEN		= 20,
	UDP_LEN		= 8,
};

static uint16_t be16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

uint32_t frame_sum(const uint8_t *data, size_t len, uint32_t sum)
{
	uint64_t wide = sum;

	for (size_t i = 0; i + 1 < len; i += 2)
		wide += be16(data + i);
	if (len & 1)
		wide += data[len - 1] << 8;
	while (wide >> 32)
		wide = (wide & 0xffffffff) + (wide >> 32);
	return wide;
}

uint16_t frame_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

uint32_t frame_toeplitz(const uint8_t *data, size_t len)
{
	static const uint8_t key[40] = {
		0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
		0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
		0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
		0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
	};
	uint32_t window = (uint32_t)be16(key) << 16 | be16(key + 2), hash = 0;

	/* The window of 32 bits moves along the key by one bit for each bit of data. */
	for (size_t i = 0; i < len && i + 4 < sizeof(key); i++) {
		for (int bit = 7; bit >= 0; bit--) {
			if (data[i] >> bit & 1)
				hash ^= window;
			window = window << 1 | (key[i + 4] >> bit & 1);
		}
	}
	return hash;
}

/**
 * struct flow - what the network header says
 * @addresses: source and destination, each @address_len bytes
 * @protocol: of what follows
 * @l4: the transport header
 * @l4_len: bytes from there to the end of the packet
 * @opaque: do not look at the transport header
 */
struct flow {
	const uint8_t *addresses;
	unsigned int address_len;
	uint8_t protocol;
	const uint8_t *l4;
	size_t l4_len;
	bool opaque;
};

/* The pseudo header's part of the checksum. */
static bool l4_sum_ok(const struct flow *flow, size_t len)
{
	uint32_t sum = flow->protocol + (uint32_t)len;

	sum = frame_sum(flow->addresses, 2 * flow->address_len, sum);
	return frame_fold(frame_sum(flow->l4, len, sum)) == 0xffff;
}

static void transport(struct nic_frame *f, const struct flow *flow)
{
	uint8_t tuple[2 * sizeof(struct in6_addr) + 4];
	unsigned int len = 2 * flow->address_len;
	size_t udp_len;

	memcpy(tuple, flow->addresses, len);
	if (!flow->opaque && flow->protocol == IPPROTO_TCP && flow->l4_len >= TCP_LEN) {
		f->l4 = NIC_L4_TCP;
		f->l4_csum_ok = l4_sum_ok(flow, flow->l4_len);
	} else if (!flow->opaque && flow->protocol == IPPROTO_UDP && flow->l4_len >= UDP_LEN) {
		f->l4 = NIC_L4_UDP;
		udp_len = be16(flow->l4 + 4);
		if (udp_len >= UDP_LEN && udp_len <= flow->l4_len)
			f->l4_csum_ok = l4_sum_ok(flow, udp_len) ||
					(f->l3 == NIC_L3_IPV4 && !be16(flow->l4 + 6));
	}
	if (f->l4 != NIC_L4_OTHER) {
		memcpy(tuple + len, flow->l4, 4);
		len += 4;
	}
	f->hash = frame_toeplitz(tuple, len);
}

static void ipv4(struct nic_frame *f, const uint8_t *ip, size_t len)
{
	size_t head = len ? (ip[0] & 15) * 4 : 0, total;
	struct flow flow = { .address_len = sizeof(struct in_addr) };

	if (len < IPV4_LEN || ip[0] >> 4 != 4 || head < IPV4_LEN)
		return;
	total = be16(ip + 2);
	if (total < head || total > len)
		return;
	f->l3 = NIC_L3_IPV4;
	f->l3_csum_ok = frame_fold(frame_sum(ip, head, 0)) == 0xffff;
	f->is_fragment = be16(ip + 6) & 0x3fff;	/* more fragments, or an offset */
	flow.addresses = ip + 12;
	flow.protocol = ip[9];
	flow.l4 = ip + head;
	flow.l4_len = total - head;
	flow.opaque = f->is_fragment;
	transport(f, &flow);
}

/* Goes over extension headers; the loop ends because each has at least eight bytes. */
static void skip_extensions(struct nic_frame *f, struct flow *flow)
{
	size_t head;

	while (flow->l4_len >= 8) {
		switch (flow->protocol) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_DSTOPTS:
			head = 8 * (flow->l4[1] + 1);
			break;
		case IPPROTO_FRAGMENT:
			f->is_fragment = true;
			flow->opaque = true;
			return;
		default:
			/* Also a routing header: checksums then have another destination. */
			return;
		}
		if (head > flow->l4_len)
			break;
		flow->protocol = flow->l4[0];
		flow->l4 += head;
		flow->l4_len -= head;
	}
	flow->opaque |= flow->protocol == IPPROTO_HOPOPTS || flow->protocol == IPPROTO_DSTOPTS;
}

static void ipv6(struct nic_frame *f, const uint8_t *ip, size_t len)
{
	struct flow flow = { .address_len = sizeof(struct in6_addr) };

	if (len < IPV6_LEN || ip[0] >> 4 != 6 || be16(ip + 4) > len - IPV6_LEN)
		return;
	f->l3 = NIC_L3_IPV6;
	f->l3_csum_ok = true;
	flow.addresses = ip + 8;
	flow.protocol = ip[6];
	flow.l4 = ip + IPV6_LEN;
	flow.l4_len = be16(ip + 4);
	skip_extensions(f, &flow);
	transport(f, &flow);
}

void frame_parse(struct nic_frame *f, const uint8_t *data, size_t len)
{
	const uint8_t *type = data + 2 * ETHER_ADDR_LEN, *l3 = data + ETHER_HDR_LEN;
	const uint8_t *end = data + len;

	*f = (struct nic_frame){ .data = data, .len = len };
	if (be16(type) == ETHERTYPE_VLAN && len >= ETHER_HDR_LEN + VLAN_LEN) {
		f->has_vlan = true;
		f->vlan_tci = be16(type + 2);
		type += VLAN_LEN;
		l3 += VLAN_LEN;
	}
	f->csum = frame_fold(frame_sum(l3, end - l3, 0));
	if (be16(type) == ETHERTYPE_IP)
		ipv4(f, l3, end - l3);
	else if (be16(type) == ETHERTYPE_IPV6)
		ipv6(f, l3, end - l3);
}
