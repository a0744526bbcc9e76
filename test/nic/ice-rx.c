// SPDX-License-Identifier: GPL-2.0
/*
 * Receive queues: a frame from the wire goes into the buffers of the queue that its hash names, and into
 * the "flex" descriptors (profile 2) that the driver asks for.
 */
#include <errno.h>

#include "ice.h"

enum {
	ICE_RX_DESC		= 32,
	ICE_RX_BUFS_MAX		= 5,	/* per frame, as in hardware */
	ICE_RXDID_NIC		= 2,

	/* status_error0 */
	ICE_RX_DONE		= 1 << 0,
	ICE_RX_LAST		= 1 << 1,
	ICE_RX_CSUM_CHECKED	= 1 << 3,
	ICE_RX_IP_ERROR		= 1 << 4,
	ICE_RX_L4_ERROR		= 1 << 5,
	ICE_RX_HASH_VALID	= 1 << 12,
	ICE_RX_TAG1_VALID	= 1 << 13,

	/* timestamp_low */
	ICE_RX_TIME_VALID	= 1 << 0,

	/* The packet types of Intel's parser, up from i40e */
	ICE_PTYPE_L2		= 1,
	ICE_PTYPE_ARP		= 11,
	ICE_PTYPE_IPV4		= 22,	/* and IPv6: what follows is added */
	ICE_PTYPE_IPV6		= 88,
	ICE_PTYPE_FRAGMENT	= 0,
	ICE_PTYPE_OTHER		= 1,
	ICE_PTYPE_UDP		= 2,
	ICE_PTYPE_TCP		= 4,
};

/* A receive descriptor as the device writes it */
struct ice_rx_desc {
	uint8_t profile;
	uint8_t cast;			/* bits 6 and 7: 0 unicast, 1 multicast, 2 broadcast */
	uint16_t ptype, len, header;
	uint16_t status0, tag1;
	uint32_t hash;
	uint16_t status1;
	uint8_t flags2, timestamp_low;
	uint16_t tag2_first, tag2_second;
	uint32_t flow_id, timestamp;
};

_Static_assert(sizeof(struct ice_rx_desc) == ICE_RX_DESC, "a receive descriptor has 32 bytes");

static uint64_t ice_context_bits(struct nic *nic, unsigned int queue, unsigned int first,
				 unsigned int n)
{
	uint64_t value = 0;
	unsigned int i, bit;

	for (i = 0; i < n; i++) {
		bit = first + i;
		if (*ice_reg(nic, ICE_QRX_CONTEXT + bit / 32 * ICE_QRX_CONTEXT_STRIDE + 4 * queue) &
		    ICE_BIT(bit % 32))
			value |= 1ull << i;
	}
	return value;
}

static bool ice_rxq_start(struct nic *nic, unsigned int queue)
{
	struct ice *ice = nic_priv(nic);
	struct ice_rxq *q = &ice->pf.rxq[queue];
	unsigned int profile, is_32, split;

	q->base = ice_context_bits(nic, queue, 32, 57) << 7;
	q->len = ice_context_bits(nic, queue, 89, 13);
	q->buf_size = ice_context_bits(nic, queue, 102, 7) << 7;
	q->frame_max = ice_context_bits(nic, queue, 174, 14);
	q->next = 0;
	split = ice_context_bits(nic, queue, 114, 2);
	is_32 = ice_context_bits(nic, queue, 116, 1);
	profile = *ice_reg(nic, ICE_QRXFLXP_CNTXT + 4 * queue) & ICE_QRXFLXP_CNTXT_RXDID;

	/* Flow director's queue may have buffers of 0 bytes: no frame goes there, only its reports. */
	if (!q->len || !is_32 || split || profile != ICE_RXDID_NIC) {
		nic_fault(nic, "receive queue %u: %u descriptors of %s bytes, split %u, profile %u",
			  queue, q->len, is_32 ? "32" : "16", split, profile);
		return false;
	}
	nic_log(nic, "receive queue %u: %u descriptors at %#llx, buffers of %u, frames up to %u", queue,
		q->len, (unsigned long long)q->base, q->buf_size, q->frame_max);
	return true;
}

void ice_rxq_control(struct nic *nic, unsigned int queue, uint32_t value)
{
	struct ice *ice = nic_priv(nic);
	struct ice_rxq *q = &ice->pf.rxq[queue];
	bool enable = value & ICE_QRX_CTRL_REQ;

	if (enable && !q->enabled)
		q->enabled = ice_rxq_start(nic, queue);
	else if (!enable)
		q->enabled = false;
	*ice_reg(nic, ICE_QRX_CTRL + 4 * queue) =
		(value & ~ICE_QRX_CTRL_STAT) | (q->enabled ? ICE_QRX_CTRL_STAT : 0);
	nic_receive_again(nic);
}

/* Descriptors that the driver has filled. Hardware takes the tail in steps of 8. */
static unsigned int ice_rxq_ready(struct nic *nic, unsigned int queue, const struct ice_rxq *q)
{
	uint32_t tail = *ice_reg(nic, ICE_QRX_TAIL + 4 * queue) & ~7u;

	if (tail >= q->len) {
		nic_fault(nic, "receive queue %u: tail %u of %u", queue, tail, q->len);
		return 0;
	}
	return (tail + q->len - q->next) % q->len;
}

static uint16_t ice_ptype(const struct nic_frame *frame)
{
	unsigned int type_at = ICE_MACS + (frame->has_vlan ? ICE_VLAN_TAG : 0);
	uint16_t base;

	if (frame->l3 == NIC_L3_OTHER) {
		if (frame->len >= type_at + 2 && frame->data[type_at] == 0x08 &&
		    frame->data[type_at + 1] == 0x06)
			return ICE_PTYPE_ARP;
		return ICE_PTYPE_L2;
	}
	base = frame->l3 == NIC_L3_IPV4 ? ICE_PTYPE_IPV4 : ICE_PTYPE_IPV6;
	if (frame->is_fragment)
		return base + ICE_PTYPE_FRAGMENT;
	if (frame->l4 == NIC_L4_TCP)
		return base + ICE_PTYPE_TCP;
	if (frame->l4 == NIC_L4_UDP)
		return base + ICE_PTYPE_UDP;
	return base + ICE_PTYPE_OTHER;
}

static uint8_t ice_cast(const uint8_t *data)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (!(data[0] & 1))
		return 0;
	return (memcmp(data, broadcast, sizeof(broadcast)) ? 1 : 2) << 6;
}

/* What the descriptor of a frame's last buffer says about the frame */
static void ice_describe(const struct ice *ice, const struct nic_frame *frame, bool strip,
			 struct ice_rx_desc *desc)
{
	desc->profile = ICE_RXDID_NIC;
	desc->cast = ice_cast(frame->data);
	desc->ptype = ice_ptype(frame);
	desc->status0 = ICE_RX_DONE | ICE_RX_LAST;
	if (frame->l3 != NIC_L3_OTHER) {
		desc->status0 |= ICE_RX_CSUM_CHECKED | ICE_RX_HASH_VALID;
		desc->hash = frame->hash;
		if (!frame->l3_csum_ok)
			desc->status0 |= ICE_RX_IP_ERROR;
		if (frame->l4 != NIC_L4_OTHER && !frame->l4_csum_ok)
			desc->status0 |= ICE_RX_L4_ERROR;
	}
	if (strip) {
		desc->status0 |= ICE_RX_TAG1_VALID;
		desc->tag1 = frame->vlan_tci;
	}
	if (ice->clock_is_set) {
		desc->timestamp_low = ICE_RX_TIME_VALID;
		desc->timestamp = ice_clock_at(ice, frame->timestamp);
	}
}

/* Writes the descriptor back; the driver looks at the byte with the "done" bit first. */
static bool ice_complete(struct nic *nic, uint64_t addr, const struct ice_rx_desc *desc)
{
	enum { DONE_AT = offsetof(struct ice_rx_desc, status0) };
	const uint8_t *from = (const uint8_t *)desc;
	uint8_t *to = nic_dma(nic, addr, ICE_RX_DESC);

	if (!to)
		return false;
	memcpy(to, from, DONE_AT);
	memcpy(to + DONE_AT + 1, from + DONE_AT + 1, ICE_RX_DESC - DONE_AT - 1);
	nic_publish(to + DONE_AT, from[DONE_AT]);
	return true;
}

static bool ice_fill(struct nic *nic, struct ice_rxq *q, const struct nic_frame *frame,
		     const uint8_t *data, size_t len, bool strip)
{
	struct ice_rx_desc desc;
	uint64_t addr, buf;
	size_t part;

	for (; len; data += part, len -= part) {
		part = len < q->buf_size ? len : q->buf_size;
		addr = q->base + (uint64_t)q->next * ICE_RX_DESC;
		if (!nic_dma_read(nic, addr, &buf, sizeof(buf)))
			return false;
		if (!buf) {
			nic_fault(nic, "receive buffer %u at address 0", q->next);
			return false;
		}
		if (!nic_dma_write(nic, buf, data, part))
			return false;
		memset(&desc, 0, sizeof(desc));
		desc.profile = ICE_RXDID_NIC;
		desc.status0 = ICE_RX_DONE;
		if (part == len)
			ice_describe(nic_priv(nic), frame, strip, &desc);
		desc.len = part;
		if (!ice_complete(nic, addr, &desc))
			return false;
		q->next = (q->next + 1) % q->len;
	}
	return true;
}

/* The frame without its VLAN tag, in the model's memory */
static const uint8_t *ice_strip(struct ice *ice, const struct nic_frame *frame)
{
	memcpy(ice->scratch, frame->data, ICE_MACS);
	memcpy(ice->scratch + ICE_MACS, frame->data + ICE_MACS + ICE_VLAN_TAG,
	       frame->len - ICE_MACS - ICE_VLAN_TAG);
	return ice->scratch;
}

int ice_receive(struct nic *nic, const struct nic_frame *frame)
{
	struct ice *ice = nic_priv(nic);
	unsigned int number;
	const struct ice_vsi *vsi = ice_main_vsi(ice, &number);
	const uint8_t *data = frame->data;
	size_t len = frame->len, needed;
	struct ice_rxq *q;
	bool strip;
	int queue;

	if (!vsi || !ice_link_is_up(nic))
		return 0;
	queue = ice_vsi_rx_queue(ice, vsi, frame->hash);
	if (queue < 0) {
		nic_fault(nic, "hash %#x leads to a receive queue that does not exist", frame->hash);
		return 0;
	}
	q = &ice->pf.rxq[queue];
	if (!q->enabled)
		return 0;
	if (!q->buf_size) {
		nic_fault(nic, "receive queue %d has buffers of 0 bytes", queue);
		return 0;
	}
	strip = frame->has_vlan && ice_vsi_strips_vlan(vsi);
	if (strip)
		len -= ICE_VLAN_TAG;
	needed = (len + q->buf_size - 1) / q->buf_size;
	if (len + ICE_FCS > q->frame_max || needed > ICE_RX_BUFS_MAX) {
		ice_count_oversize(nic);
		return 0;
	}
	if (ice_rxq_ready(nic, queue, q) < needed)
		return -EAGAIN;

	ice_count_rx(nic, number, frame->data, frame->len);
	if (strip)
		data = ice_strip(ice, frame);
	if (!ice_fill(nic, q, frame, data, len, strip))
		q->enabled = false;	/* hardware would stop a queue whose memory it cannot reach */
	ice_cause(nic, ICE_QINT_RQCTL + 4 * queue);
	return 0;
}
