// SPDX-License-Identifier: GPL-2.0
/*
 * Receive queues. A work request of the legacy (cyclic) kind is a list of buffers for one frame: {
 * bytes, key, address } of 16 bytes each. The driver's counter of work requests is in the doorbell
 * record only: nothing rings when it moves, so a frame that found no buffer is offered again after
 * each doorbell of a completion queue, and with the clock (mlx5.c).
 */
#include <errno.h>

#include "mlx5.h"

enum {
	ETH_HEADER	= 14,
	ETH_FCS		= 4,
	ETH_ADDRESSES	= 12,
	VLAN_TAG	= 4,

	SEGMENT		= 16,
	SEGMENT_START_PADDING = 0x80000000,

	CQE_HASH	= 12,
	CQE_HASH_TYPE	= 16,
	CQE_CSUM	= 20,
	CQE_CSUM_OK	= 28,
	CQE_HEADERS	= 29,
	CQE_VLAN	= 30,
	CQE_LENGTH	= 44,
	CQE_TIME	= 48,
	CQE_COUNTER	= 60,
	CQE_OPCODE	= 63,
	CQE_RESPONDER_SEND = 2 << 4,

	L2_OK		= 1,
	L3_OK		= 2,
	L4_OK		= 4,
	HEADER_VLAN	= 1,		/* the tag was taken out */
	HEADER_IPV6	= 1 << 2,
	HEADER_IPV4	= 2 << 2,
	HEADER_UDP	= 2 << 4,
	HEADER_TCP	= 4 << 4,	/* "ACK and data"; the finer kinds matter to LRO only */
	HASH_IPV4	= 1 << 2,
	HASH_IPV6	= 2 << 2,
	HASH_TCP	= 1 << 6,
	HASH_UDP	= 2 << 6,
};

/* The buffers' counter; the driver's producer, 16 bits. */
uint16_t mlx5_rq_posted(struct mlx5 *m, struct mlx5_rq *rq)
{
	uint8_t record[4];
	uint16_t posted;

	if (!nic_dma_read(m->nic, rq->ring.record, record, sizeof(record)))
		return rq->taken;
	posted = mlx5_be32(record);
	if (posted)
		rq->posted = true;
	return posted;
}

/*
 * The sum covers all bytes behind the Ethernet header (capability cqe_checksum_full), also those of
 * a tag that stays.
 */
static void packet_init(struct mlx5_packet *p, const struct nic_frame *frame, bool keep_vlan)
{
	uint8_t *data = (uint8_t *)frame->data;
	uint32_t csum = frame->csum;

	p->frame = frame;
	p->stripped = frame->has_vlan && !keep_vlan;
	if (p->stripped) {
		p->piece[0] = (struct iovec){ data, ETH_ADDRESSES };
		p->piece[1] = (struct iovec){ data + ETH_ADDRESSES + VLAN_TAG,
					      frame->len - ETH_ADDRESSES - VLAN_TAG };
		p->n_pieces = 2;
		p->len = frame->len - VLAN_TAG;
	} else {
		p->piece[0] = (struct iovec){ data, frame->len };
		p->n_pieces = 1;
		p->len = frame->len;
		if (frame->has_vlan)
			csum += mlx5_be16(data + ETH_HEADER) + mlx5_be16(data + ETH_HEADER + 2);
	}
	csum = (csum & 0xffff) + (csum >> 16);
	p->csum = (csum & 0xffff) + (csum >> 16);
}

bool mlx5_packet_write(struct mlx5 *m, const struct mlx5_packet *p, size_t at, uint32_t key,
		       uint64_t addr, size_t len)
{
	unsigned int i;
	size_t n;

	for (i = 0; i < p->n_pieces && len; i++) {
		if (at >= p->piece[i].iov_len) {
			at -= p->piece[i].iov_len;
			continue;
		}
		n = p->piece[i].iov_len - at;
		n = n < len ? n : len;
		if (!mlx5_mkey_write(m, key, addr, (uint8_t *)p->piece[i].iov_base + at, n))
			return false;
		addr += n;
		len -= n;
		at = 0;
	}
	return true;
}

void mlx5_rx_cqe(const struct mlx5_packet *p, uint8_t *cqe)
{
	const struct nic_frame *f = p->frame;
	bool tcp = f->l4 == NIC_L4_TCP, udp = f->l4 == NIC_L4_UDP;

	memset(cqe, 0, MLX5_CQE_SIZE);
	if (f->l3 != NIC_L3_OTHER) {
		cqe[CQE_HASH_TYPE] = (f->l3 == NIC_L3_IPV4 ? HASH_IPV4 : HASH_IPV6) |
			(tcp ? HASH_TCP : udp ? HASH_UDP : 0);
		cqe[CQE_HEADERS] = (f->l3 == NIC_L3_IPV4 ? HEADER_IPV4 : HEADER_IPV6) |
			(tcp ? HEADER_TCP : udp ? HEADER_UDP : 0);
		mlx5_be32_set(cqe + CQE_HASH, f->hash);
	}
	cqe[CQE_CSUM_OK] = L2_OK | (f->l3 != NIC_L3_OTHER && f->l3_csum_ok ? L3_OK : 0) |
		(f->l4_csum_ok ? L4_OK : 0);
	mlx5_be16_set(cqe + CQE_CSUM, p->csum);
	if (p->stripped) {
		cqe[CQE_HEADERS] |= HEADER_VLAN;
		mlx5_be16_set(cqe + CQE_VLAN, f->vlan_tci);
	}
	mlx5_be64_set(cqe + CQE_TIME, f->timestamp);
	cqe[CQE_OPCODE] = CQE_RESPONDER_SEND;
}

/* Scatters a frame over one work request; false if it does not fit. */
static bool scatter(struct mlx5 *m, const struct mlx5_packet *p, const uint8_t *wqe, size_t wqe_len)
{
	const uint8_t *segment;
	size_t at = 0, n;

	for (segment = wqe; at < p->len && segment < wqe + wqe_len; segment += SEGMENT) {
		n = mlx5_be32(segment) & ~SEGMENT_START_PADDING;
		if (!n)
			break;
		n = n < p->len - at ? n : p->len - at;
		if (!mlx5_packet_write(m, p, at, mlx5_be32(segment + 4), mlx5_be64(segment + 8), n))
			return false;
		at += n;
	}
	if (at < p->len)
		nic_fault(m->nic, "frame of %zu bytes for buffers of %zu", p->len, at);
	return at == p->len;
}

static int legacy_receive(struct mlx5 *m, struct mlx5_rq *rq, const struct mlx5_packet *p)
{
	uint8_t cqe[MLX5_CQE_SIZE], *wqe;

	if (!mlx5_cq_room(m, rq->cqn))
		return -EAGAIN;
	wqe = mlx5_ring_entry(m, &rq->ring, rq->taken);
	if (!wqe || !scatter(m, p, wqe, 1UL << rq->ring.log_stride))
		return 0;
	mlx5_rx_cqe(p, cqe);
	mlx5_be32_set(cqe + CQE_LENGTH, p->len);
	mlx5_be16_set(cqe + CQE_COUNTER, rq->taken);
	rq->taken++;
	mlx5_cq_post(m, rq->cqn, cqe);
	return 0;
}

int mlx5_receive(struct nic *nic, const struct nic_frame *frame)
{
	struct mlx5 *m = nic_priv(nic);
	struct mlx5_packet packet;
	struct mlx5_rq *rq;
	uint16_t posted;
	int err;

	if (!nic_link_up(nic))
		return 0;
	if (frame->len + ETH_FCS > m->mtu) {
		m->too_long++;
		return 0;
	}
	rq = mlx5_rss_queue(m, frame);
	if (!rq || rq->state != MLX5_STATE_READY)
		return 0;
	posted = mlx5_rq_posted(m, rq);
	if (!rq->posted) {
		m->no_buffer[rq->counter]++;
		return 0;
	}
	packet_init(&packet, frame, rq->keep_vlan);
	if (rq->striding)
		err = mlx5_striding_receive(m, rq, &packet);
	else
		err = posted == rq->taken ? -EAGAIN : legacy_receive(m, rq, &packet);
	if (!err)
		mlx5_count(&m->received, frame->data, frame->len);
	return err;
}

/* Fields that only the striding kind has; the number of strides counts from 2^9 on, and below. */
static bool striding_init(struct mlx5_rq *rq, const uint8_t *wq)
{
	int log_strides = MLX5_GET(wq, wq, log_wqe_num_of_strides);

	rq->striding = true;
	rq->log_strides = (log_strides < 8 ? log_strides : log_strides - 16) + 9;
	rq->log_stride_size = MLX5_GET(wq, wq, log_wqe_stride_size) + 6;
	return mlx5_option_striding && rq->ring.log_stride >= 5 && rq->log_strides <= 15 &&
		!MLX5_GET(wq, wq, shampo_enable);
}

uint8_t mlx5_create_rq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *rqc = MLX5_AT(create_rq_in, cmd->in, ctx), *wq = MLX5_AT(rqc, rqc, wq);
	size_t fixed = MLX5_BYTES(create_rq_in);
	struct mlx5_rq *rq = MLX5_NEW(m->rq);
	uint32_t type = MLX5_GET(wq, wq, wq_type);

	if (!rq)
		return MLX5_LIMIT;
	if (cmd->in_len < fixed)
		return MLX5_BAD_INPUT_LEN;
	mlx5_ring_wq(&rq->ring, wq);
	rq->cqn = MLX5_GET(rqc, rqc, cqn);
	rq->keep_vlan = MLX5_GET(rqc, rqc, vsd);
	rq->counter = MLX5_GET(rqc, rqc, counter_set_id);
	rq->state = MLX5_GET(rqc, rqc, state);
	if (MLX5_GET(wq, wq, page_offset) || rq->ring.log_stride < 4 ||
	    MLX5_GET(rqc, rqc, scatter_fcs) || MLX5_GET(rqc, rqc, ts_format) ||
	    (type == MLX5_WQ_TYPE_LINKED_LIST_STRIDING_RQ ? !striding_init(rq, wq) :
	     type != MLX5_WQ_TYPE_CYCLIC)) {
		nic_fault(m->nic, "receive queue of a kind that is not modelled (type %u)", type);
		return MLX5_BAD_PARAM;
	}
	if (!MLX5_FIND(m->cq, MLX5_CQN, rq->cqn) ||
	    !mlx5_ring_init(m, &rq->ring, cmd->in + fixed, cmd->in_len - fixed))
		return MLX5_BAD_PARAM;
	rq->used = true;
	MLX5_SET(create_rq_out, cmd->out, rqn, rq - m->rq + MLX5_RQN);
	return MLX5_OK;
}

uint8_t mlx5_modify_rq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *rqc = MLX5_AT(modify_rq_in, cmd->in, ctx);
	struct mlx5_rq *rq = MLX5_FIND(m->rq, MLX5_RQN, MLX5_GET(modify_rq_in, cmd->in, rqn));
	uint64_t fields = MLX5_GET64(modify_rq_in, cmd->in, modify_bitmask);

	if (!rq)
		return MLX5_BAD_RESOURCE;
	if (MLX5_GET(modify_rq_in, cmd->in, rq_state) != rq->state)
		return MLX5_BAD_PARAM;
	rq->state = MLX5_GET(rqc, rqc, state);
	if (fields & MLX5_MODIFY_RQ_IN_MODIFY_BITMASK_VSD)
		rq->keep_vlan = MLX5_GET(rqc, rqc, vsd);
	if (rq->state == MLX5_STATE_RESET) {
		rq->taken = 0;
		rq->index = 0;
		rq->stride = 0;
		rq->begun = false;
		rq->posted = false;
	}
	nic_receive_again(m->nic);
	return MLX5_OK;
}

uint8_t mlx5_query_rq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_rq *rq = MLX5_FIND(m->rq, MLX5_RQN, MLX5_GET(query_rq_in, cmd->in, rqn));

	if (!rq)
		return MLX5_BAD_RESOURCE;
	MLX5_SET(query_rq_out, cmd->out, rq_context.state, rq->state);
	MLX5_SET(query_rq_out, cmd->out, rq_context.cqn, rq->cqn);
	return MLX5_OK;
}

uint8_t mlx5_destroy_rq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_rq *rq = MLX5_FIND(m->rq, MLX5_RQN, MLX5_GET(destroy_rq_in, cmd->in, rqn));

	if (!rq)
		return MLX5_BAD_RESOURCE;
	rq->used = false;
	return MLX5_OK;
}
