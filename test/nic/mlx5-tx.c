// SPDX-License-Identifier: GPL-2.0
/*
 * A frame on its way out: large sends are cut into segments, checksums are computed where the
 * driver asked for it, and a VLAN tag is inserted.
 */
#include "mlx5.h"

enum {
	ETH_ADDRESSES	= 12,
	ETH_HEADER	= 14,
	VLAN_TAG	= 4,
	TYPE_IPV4	= 0x0800,
	TYPE_IPV6	= 0x86dd,
	TYPE_VLAN	= 0x8100,
	TYPE_SVLAN	= 0x88a8,

	IPV4_HEADER	= 20,
	IPV6_HEADER	= 40,
	HOP_BY_HOP	= 0,
	TCP		= 6,
	UDP		= 17,
	ROUTING		= 43,
	DESTINATION	= 60,

	TCP_HEADER	= 20,
	TCP_FIN_PSH	= 0x09,
	TCP_CWR		= 0x80,
	UDP_HEADER	= 8,
};

/* Where the headers of a frame are; @l4: 0 if it is none that has its checksum computed. */
struct headers {
	size_t l3, l4;
	bool ipv6;
	uint8_t protocol;
};

static uint32_t sum(const uint8_t *p, size_t len, uint32_t acc)
{
	for (; len > 1; p += 2, len -= 2) {
		acc += mlx5_be16(p);
		acc = (acc & 0xffff) + (acc >> 16);
	}
	if (len)
		acc += (uint32_t)*p << 8;
	return (acc & 0xffff) + (acc >> 16);
}

static size_t ipv6_transport(const uint8_t *data, size_t len, size_t at, uint8_t *protocol)
{
	while (*protocol == HOP_BY_HOP || *protocol == ROUTING || *protocol == DESTINATION) {
		if (at + 8 > len)
			return 0;
		*protocol = data[at];
		at += 8 + 8 * data[at + 1];
	}
	return at;
}

static bool parse(const uint8_t *data, size_t len, struct headers *h)
{
	size_t at = ETH_ADDRESSES, l4_header;
	uint16_t type;

	*h = (struct headers){ };
	for (;;) {
		if (at + 2 > len)
			return false;
		type = mlx5_be16(data + at);
		if (type != TYPE_VLAN && type != TYPE_SVLAN)
			break;
		at += VLAN_TAG;
	}
	h->l3 = at + 2;
	if (type == TYPE_IPV4 && len >= h->l3 + IPV4_HEADER) {
		h->protocol = data[h->l3 + 9];
		h->l4 = h->l3 + (data[h->l3] & 0xf) * 4;
		if (h->l4 < h->l3 + IPV4_HEADER || h->l4 > len)
			return false;
		if (mlx5_be16(data + h->l3 + 6) & 0x3fff)
			h->l4 = 0;
	} else if (type == TYPE_IPV6 && len >= h->l3 + IPV6_HEADER) {
		h->ipv6 = true;
		h->protocol = data[h->l3 + 6];
		h->l4 = ipv6_transport(data, len, h->l3 + IPV6_HEADER, &h->protocol);
	} else {
		return false;
	}
	l4_header = h->protocol == TCP ? TCP_HEADER : UDP_HEADER;
	if ((h->protocol != TCP && h->protocol != UDP) || h->l4 + l4_header > len)
		h->l4 = 0;
	return true;
}

static void checksum_l3(uint8_t *data, const struct headers *h)
{
	uint8_t *ip = data + h->l3;

	if (h->ipv6)
		return;
	mlx5_be16_set(ip + 10, 0);
	mlx5_be16_set(ip + 10, ~sum(ip, (ip[0] & 0xf) * 4, 0));
}

static void checksum_l4(uint8_t *data, size_t len, const struct headers *h)
{
	uint8_t *ip = data + h->l3, *l4 = data + h->l4;
	uint8_t *field = l4 + (h->protocol == TCP ? 16 : 6);
	size_t l4_len = h->l3 + (h->ipv6 ? IPV6_HEADER + mlx5_be16(ip + 4) : mlx5_be16(ip + 2));
	uint16_t csum;

	/* What follows the packet is padding. */
	if (l4_len > len || l4_len < h->l4)
		l4_len = len;
	l4_len -= h->l4;
	mlx5_be16_set(field, 0);
	csum = ~sum(l4, l4_len, sum(h->ipv6 ? ip + 8 : ip + 12, h->ipv6 ? 32 : 8,
				    h->protocol + l4_len));
	if (!csum && h->protocol == UDP)
		csum = 0xffff;
	mlx5_be16_set(field, csum);
}

/* Checksums, then out with it; the tag is in none of them. */
static void emit(struct mlx5 *m, const struct mlx5_send *send, uint8_t *data, size_t len)
{
	uint8_t tag[VLAN_TAG];
	struct iovec iov[3] = {
		{ data, ETH_ADDRESSES },
		{ tag, send->vlan_type ? VLAN_TAG : 0 },
		{ data + ETH_ADDRESSES, len - ETH_ADDRESSES },
	};
	struct headers h;

	if (send->checksums && parse(data, len, &h)) {
		if (send->checksums & MLX5_SEND_L3_CSUM)
			checksum_l3(data, &h);
		if (send->checksums & MLX5_SEND_L4_CSUM && h.l4)
			checksum_l4(data, len, &h);
	}
	mlx5_be16_set(tag, send->vlan_type);
	mlx5_be16_set(tag + 2, send->vlan_tci);
	mlx5_count(&m->transmitted, data, len + iov[1].iov_len);
	nic_transmit(m->nic, iov, 3);
}

/* Turns a large send's header into that of segment @i. */
static void segment_header(uint8_t *data, size_t len, const struct headers *h, unsigned int i,
			   uint16_t mss, bool last)
{
	uint8_t *ip = data + h->l3, *l4 = data + h->l4;

	if (h->ipv6) {
		mlx5_be16_set(ip + 4, len - h->l3 - IPV6_HEADER);
	} else {
		mlx5_be16_set(ip + 2, len - h->l3);
		mlx5_be16_set(ip + 4, mlx5_be16(ip + 4) + i);
	}
	if (h->protocol == UDP) {
		mlx5_be16_set(l4 + 4, len - h->l4);
		return;
	}
	mlx5_be32_set(l4 + 4, mlx5_be32(l4 + 4) + i * mss);
	if (!last)
		l4[13] &= ~TCP_FIN_PSH;
	if (i)
		l4[13] &= ~TCP_CWR;
}

static void emit_segments(struct mlx5 *m, const struct mlx5_send *send)
{
	uint8_t frame[NIC_FRAME_MAX];
	struct headers h;
	unsigned int i;
	size_t at, n;

	if (!parse(send->data, send->header, &h) || !h.l4 ||
	    send->header + send->mss > sizeof(frame)) {
		nic_fault(m->nic, "large send with a header of %zu bytes, %u each", send->header,
			  send->mss);
		return;
	}
	for (i = 0, at = send->header; at < send->len; i++, at += n) {
		n = send->len - at < send->mss ? send->len - at : send->mss;
		memcpy(frame, send->data, send->header);
		memcpy(frame + send->header, send->data + at, n);
		segment_header(frame, send->header + n, &h, i, send->mss, at + n == send->len);
		emit(m, send, frame, send->header + n);
	}
}

void mlx5_tx(struct mlx5 *m, const struct mlx5_send *send)
{
	if (send->len < ETH_HEADER)
		nic_fault(m->nic, "send of %zu bytes", send->len);
	else if (send->mss)
		emit_segments(m, send);
	else
		emit(m, send, send->data, send->len);
}
