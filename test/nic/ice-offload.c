// SPDX-License-Identifier: GPL-2.0
/*
 * What a transmit descriptor can leave to the device: the VLAN tag, the checksums of IPv4, TCP and UDP, and
 * segmentation of TCP and UDP. The driver offers all of them to the kernel.
 */
#include <arpa/inet.h>

#include "frame.h"
#include "ice.h"

enum {
	IPPROTO_NUMBER_TCP	= 6,
	IPPROTO_NUMBER_UDP	= 17,
	TCP_CSUM_AT		= 16,
	UDP_CSUM_AT		= 6,
	TCP_FLAGS_AT		= 13,
	TCP_FIN			= 0x01,
	TCP_PSH			= 0x08,
	TCP_CWR			= 0x80,
};

static void ice_put_be16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void ice_sum_ipv4(uint8_t *ip, unsigned int len)
{
	ice_put_be16(&ip[10], 0);
	ice_put_be16(&ip[10], ~frame_fold(frame_sum(ip, len, 0)));
}

/* The pseudo header's sum for @len bytes of TCP or UDP */
static uint32_t ice_sum_pseudo(const uint8_t *ip, bool is_tcp, size_t len)
{
	uint32_t sum = ip[0] >> 4 == 4 ? frame_sum(&ip[12], 8, 0) : frame_sum(&ip[8], 32, 0);

	sum += is_tcp ? IPPROTO_NUMBER_TCP : IPPROTO_NUMBER_UDP;
	return sum + (len >> 16) + (len & 0xffff);
}

static void ice_store_l4_sum(uint8_t *field, bool is_tcp, uint32_t sum)
{
	uint16_t csum = ~frame_fold(sum);

	/* In UDP, 0 says that there is no checksum. */
	ice_put_be16(field, csum || is_tcp ? csum : 0xffff);
}

static void ice_transmit(struct nic *nic, const struct ice_offload *what, const struct iovec *iov,
			 unsigned int n)
{
	uint8_t tag[ICE_VLAN_TAG] = { 0x81, 0x00, what->tci >> 8, what->tci };
	struct iovec tagged[n + 2];
	uint8_t *first = iov[0].iov_base;
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		len += iov[i].iov_len;
	ice_count_tx(nic, first, len + (what->tag ? ICE_VLAN_TAG : 0));
	if (!what->tag) {
		nic_transmit(nic, iov, n);
		return;
	}
	tagged[0] = (struct iovec){ .iov_base = first, .iov_len = ICE_MACS };
	tagged[1] = (struct iovec){ .iov_base = tag, .iov_len = sizeof(tag) };
	tagged[2] = (struct iovec){ .iov_base = first + ICE_MACS, .iov_len = iov[0].iov_len - ICE_MACS };
	memcpy(&tagged[3], &iov[1], (n - 1) * sizeof(*iov));
	nic_transmit(nic, tagged, n + 2);
}

/* The frame's pieces, one behind the other in the model's memory. Returns its length, 0: too long. */
static size_t ice_gather(struct ice *ice, const struct iovec *iov, unsigned int n)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (iov[i].iov_len > sizeof(ice->scratch) - len)
			return 0;
		memcpy(ice->scratch + len, iov[i].iov_base, iov[i].iov_len);
		len += iov[i].iov_len;
	}
	return len;
}

/*
 * Checksums of a frame that stays whole. The driver has left the pseudo header's sum in the field; what
 * comes on top of it is everything from the transport header on.
 */
static bool ice_fill_csums(const struct ice_offload *what, uint8_t *frame, size_t len)
{
	unsigned int l4_at = what->l2_len + what->l3_len;
	uint8_t *field = frame + l4_at + (what->is_tcp ? TCP_CSUM_AT : UDP_CSUM_AT);

	if (what->l4_csum) {
		if (field + 2 > frame + len)
			return false;
		ice_store_l4_sum(field, what->is_tcp, frame_sum(frame + l4_at, len - l4_at, 0));
	}
	if (what->ip_csum) {
		if (l4_at > len || what->l3_len < 20)
			return false;
		ice_sum_ipv4(frame + what->l2_len, what->l3_len);
	}
	return true;
}

/* One segment's headers, made from the first one's; @at: bytes of payload before it */
static void ice_make_headers(const struct ice_offload *what, const uint8_t *from, uint8_t *to,
			     size_t header, size_t at, unsigned int number, const uint8_t *payload,
			     size_t len, bool is_last)
{
	unsigned int l4_len = header - what->l2_len - what->l3_len;
	uint8_t *ip = to + what->l2_len, *l4 = ip + what->l3_len;
	uint8_t *field = l4 + (what->is_tcp ? TCP_CSUM_AT : UDP_CSUM_AT);
	uint32_t sum, seq;

	memcpy(to, from, header);
	if (ip[0] >> 4 == 4) {
		ice_put_be16(&ip[2], what->l3_len + l4_len + len);
		ice_put_be16(&ip[4], (ip[4] << 8 | ip[5]) + number);
		ice_sum_ipv4(ip, what->l3_len);
	} else {
		ice_put_be16(&ip[4], what->l3_len - 40 + l4_len + len);
	}
	if (what->is_tcp) {
		seq = htonl(ntohl(ice_get32(&l4[4])) + at);
		ice_put32(&l4[4], seq);
		if (!is_last)
			l4[TCP_FLAGS_AT] &= ~(TCP_FIN | TCP_PSH);
		if (number)
			l4[TCP_FLAGS_AT] &= ~TCP_CWR;
	} else {
		ice_put_be16(&l4[4], l4_len + len);
	}
	ice_put_be16(field, 0);
	sum = frame_sum(l4, l4_len, ice_sum_pseudo(ip, what->is_tcp, l4_len + len));
	ice_store_l4_sum(field, what->is_tcp, frame_sum(payload, len, sum));
}

static bool ice_segment(struct nic *nic, const struct ice_offload *what, const uint8_t *frame, size_t len)
{
	size_t header = what->l2_len + what->l3_len + what->l4_len, at, part;
	uint8_t headers[512];
	unsigned int number = 0;
	struct iovec iov[2];

	if (!what->l4_csum || !what->mss || what->l3_len < 20 || header > sizeof(headers) || header >= len)
		return false;
	if (what->l4_len < (what->is_tcp ? 20u : 8u) || (frame[what->l2_len] >> 4 != 4 && what->l3_len < 40))
		return false;
	for (at = 0; header + at < len; at += part, number++) {
		part = len - header - at < what->mss ? len - header - at : what->mss;
		ice_make_headers(what, frame, headers, header, at, number, frame + header + at, part,
				 header + at + part == len);
		iov[0] = (struct iovec){ .iov_base = headers, .iov_len = header };
		iov[1] = (struct iovec){ .iov_base = (void *)(frame + header + at), .iov_len = part };
		ice_transmit(nic, what, iov, 2);
	}
	return true;
}

/* Returns false if the frame is not what @what tells */
bool ice_offload_send(struct nic *nic, const struct ice_offload *what, const struct iovec *iov,
		      unsigned int n)
{
	struct ice *ice = nic_priv(nic);
	struct iovec whole;

	if (!n || iov[0].iov_len < ICE_MACS + 2)
		return false;
	if (!what->tso && !what->l4_csum && !what->ip_csum) {
		ice_transmit(nic, what, iov, n);
		return true;
	}
	whole = (struct iovec){ .iov_base = ice->scratch, .iov_len = ice_gather(ice, iov, n) };
	if (!whole.iov_len)
		return false;
	if (what->tso)
		return ice_segment(nic, what, ice->scratch, whole.iov_len);
	if (!ice_fill_csums(what, ice->scratch, whole.iov_len))
		return false;
	ice_transmit(nic, what, &whole, 1);
	return true;
}
