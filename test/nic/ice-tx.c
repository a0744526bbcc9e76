// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit queues: what the driver's doorbell says is ready goes out on the wire before the write of the
 * doorbell returns.
 */
#include "ice.h"

enum {
	ICE_TX_DESC	= 16,
	ICE_TX_PIECES	= 64,

	/* Descriptor types */
	ICE_TX_DATA	= 0x0,
	ICE_TX_CONTEXT	= 0x1,
	ICE_TX_FILTER	= 0x8,
	ICE_TX_DONE	= 0xf,

	/* Commands of a data descriptor */
	ICE_TX_LAST	= 1 << 0,
	ICE_TX_REPORT	= 1 << 1,
	ICE_TX_TAG	= 1 << 3,
	ICE_TX_DUMMY	= 1 << 4,
	ICE_TX_IP_MASK	= 3 << 5,
	ICE_TX_IP_CSUM	= 3 << 5,
	ICE_TX_L4_MASK	= 3 << 8,
	ICE_TX_L4_NONE	= 0,
	ICE_TX_L4_TCP	= 1 << 8,
	ICE_TX_L4_SCTP	= 2 << 8,
	ICE_TX_L4_UDP	= 3 << 8,

	/* Commands of a context descriptor */
	ICE_TX_CTX_TSO	= 1 << 0,
	ICE_TX_CTX_TAG2	= 1 << 2,
};

struct ice_packet {
	struct iovec piece[ICE_TX_PIECES];
	unsigned int n;
	bool is_dummy, is_bad;
	struct ice_offload offload;
};

/* A context descriptor: tunnel parameters and outer tag in the first word, the rest in the second */
static void ice_take_context(struct nic *nic, struct ice_packet *packet, uint64_t low, uint64_t high)
{
	unsigned int cmd = ice_bits(high, 4, 7);

	if ((uint32_t)low) {
		nic_fault(nic, "offloads for tunnels (%#x) are not modelled", (uint32_t)low);
		packet->is_bad = true;
	}
	if (cmd & ICE_TX_CTX_TSO) {
		packet->offload.tso = true;
		packet->offload.mss = ice_bits(high, 50, 14);
	}
	if (cmd & ICE_TX_CTX_TAG2) {
		packet->offload.tag = true;
		packet->offload.tci = ice_bits(low, 32, 16);
	}
}

static void ice_take_offsets(struct nic *nic, struct ice_packet *packet, uint64_t high)
{
	unsigned int cmd = ice_bits(high, 4, 12), l4 = cmd & ICE_TX_L4_MASK;
	struct ice_offload *offload = &packet->offload;

	offload->l2_len = ice_bits(high, 16, 7) * 2;
	offload->l3_len = ice_bits(high, 23, 7) * 4;
	offload->l4_len = ice_bits(high, 30, 4) * 4;
	offload->ip_csum = (cmd & ICE_TX_IP_MASK) == ICE_TX_IP_CSUM;
	offload->l4_csum = l4 != ICE_TX_L4_NONE;
	offload->is_tcp = l4 == ICE_TX_L4_TCP;
	if (l4 == ICE_TX_L4_SCTP) {
		nic_fault(nic, "checksums of SCTP are not modelled");
		packet->is_bad = true;
	}
	if (cmd & ICE_TX_TAG) {
		offload->tag = true;
		offload->tci = ice_bits(high, 48, 16);
	}
}

static void ice_take_data(struct nic *nic, struct ice_packet *packet, uint64_t addr, uint64_t high)
{
	size_t len = ice_bits(high, 34, 14);
	void *data;

	if (!packet->n)
		ice_take_offsets(nic, packet, high);
	packet->is_dummy |= ice_bits(high, 4, 12) & ICE_TX_DUMMY;
	if (packet->n == ICE_TX_PIECES || !len) {
		nic_fault(nic, "a packet of %u pieces, the next has %zu bytes", packet->n, len);
		packet->is_bad = true;
		return;
	}
	data = nic_dma(nic, addr, len);
	if (!data) {
		packet->is_bad = true;
		return;
	}
	packet->piece[packet->n++] = (struct iovec){ .iov_base = data, .iov_len = len };
}

/* Tells the driver that the descriptor, and all before it, are its own again. */
static void ice_report(uint8_t *desc)
{
	nic_publish(&desc[8], desc[8] | ICE_TX_DONE);
}

static void ice_send(struct nic *nic, const struct ice_packet *packet)
{
	/* A dummy is flow director's: a pattern for a filter, not for the wire. */
	if (packet->is_dummy || packet->is_bad)
		return;
	if (!ice_offload_send(nic, &packet->offload, packet->piece, packet->n))
		nic_fault(nic, "a packet does not have the headers that its descriptor tells of");
}

/* Takes one packet from @q up to @tail. Returns false if there is none whole. */
static bool ice_take_packet(struct nic *nic, unsigned int queue, struct ice_txq *q, uint32_t tail,
			    bool *reported)
{
	struct ice_packet packet = { .n = 0 };
	unsigned int i = q->next, type, cmd;
	uint64_t low, high;
	uint8_t *desc;

	while (i != tail) {
		desc = nic_dma(nic, q->base + (uint64_t)i * ICE_TX_DESC, ICE_TX_DESC);
		if (!desc)
			return false;
		low = ice_get64(&desc[0]);
		high = ice_get64(&desc[8]);
		type = ice_bits(high, 0, 4);
		cmd = ice_bits(high, 4, 12);
		i = i + 1 == q->len ? 0 : i + 1;
		if (type == ICE_TX_CONTEXT) {
			ice_take_context(nic, &packet, low, high);
		} else if (type == ICE_TX_DATA) {
			ice_take_data(nic, &packet, low, high);
		} else if (type != ICE_TX_FILTER) {
			nic_fault(nic, "transmit queue %u: descriptor of type %u", queue, type);
			return false;
		}
		if (type != ICE_TX_DATA || !(cmd & ICE_TX_LAST))
			continue;
		ice_send(nic, &packet);
		q->next = i;
		*ice_reg(nic, ICE_QTX_COMM_HEAD + 4 * queue) = i;
		if (cmd & ICE_TX_REPORT) {
			ice_report(desc);
			*reported = true;
		}
		return true;
	}
	return false;
}

void ice_txq_doorbell(struct nic *nic, unsigned int queue, uint32_t tail)
{
	struct ice *ice = nic_priv(nic);
	struct ice_txq *q = &ice->pf.txq[queue];
	bool reported = false;

	if (!q->enabled) {
		nic_fault(nic, "doorbell of transmit queue %u, which does not exist", queue);
		return;
	}
	if (tail >= q->len) {
		nic_fault(nic, "transmit queue %u: tail %u of %u", queue, tail, q->len);
		return;
	}
	while (ice_take_packet(nic, queue, q, tail, &reported))
		;
	if (q->next != tail)
		nic_fault(nic, "transmit queue %u: half a packet up to the doorbell", queue);
	if (reported)
		ice_cause(nic, ICE_QINT_TQCTL + 4 * queue);
}
