// SPDX-License-Identifier: GPL-2.0
/*
 * Send queues. A work request takes 1 to 16 building blocks of 64 bytes: a control segment; for
 * frames an Ethernet segment with the first bytes of the frame in it, which may be none; data
 * segments. The driver's counter of building blocks is in the doorbell record; the doorbell says
 * only which queue.
 */
#include "mlx5.h"

enum {
	OPCODE_NOP	= 0x00,
	OPCODE_SEND	= 0x0a,
	OPCODE_LSO	= 0x0e,
	OPCODE_UMR	= 0x25,

	SEGMENT		= 16,
	MAX_BLOCKS	= 16,
	RECORD_SEND	= 4,		/* where the send counter is in a doorbell record */

	WQE_OPCODE	= 3,
	WQE_SEGMENTS	= 7,
	WQE_FLAGS	= 11,
	WQE_CHECKSUMS	= 20,
	WQE_MSS		= 22,
	WQE_INLINE_SIZE	= 28,
	WQE_INLINE	= 30,
	WQE_INLINE_ROOM	= 2,		/* bytes of inline header inside the Ethernet segment */
	WQE_DATA	= 32,

	SEGMENTS_MASK	= 0x3f,
	COMPLETE_MASK	= 0x0c,
	COMPLETE_ALWAYS	= 0x08,
	INSERT_VLAN	= 0x8000,	/* instead of an inline header */
	INSERT_SVLAN	= 0x0001,
	INNER_CHECKSUMS	= 0x30,

	CQE_TIME	= 48,
	CQE_OPCODE	= 56,
	CQE_QPN		= 57,
	CQE_COUNTER	= 60,
};

/* The inline header, or the tag to insert; returns where the data segments begin, 0 on error. */
static size_t inline_header(struct mlx5 *m, const uint8_t *wqe, size_t len, struct mlx5_send *send)
{
	uint16_t size = mlx5_be16(wqe + WQE_INLINE_SIZE);
	size_t more;

	if (size & INSERT_VLAN) {
		send->vlan_type = size & INSERT_SVLAN ? 0x88a8 : 0x8100;
		send->vlan_tci = mlx5_be16(wqe + WQE_INLINE);
		size = 0;
	}
	if (size > len - WQE_INLINE) {
		nic_fault(m->nic, "inline header of %u bytes in %zu", size, len);
		return 0;
	}
	memcpy(m->tx, wqe + WQE_INLINE, size);
	send->len = size;
	send->header = size;
	more = size > WQE_INLINE_ROOM ? size - WQE_INLINE_ROOM : 0;
	return WQE_DATA + (more + SEGMENT - 1) / SEGMENT * SEGMENT;
}

static void send_frame(struct mlx5 *m, const uint8_t *wqe, size_t len)
{
	struct mlx5_send send = { .data = m->tx };
	const uint8_t *segment;
	size_t at = 0;
	uint32_t n;

	if (len >= WQE_DATA)
		at = inline_header(m, wqe, len, &send);
	if (!at || wqe[WQE_CHECKSUMS] & INNER_CHECKSUMS) {
		nic_fault(m->nic, "send of %zu bytes, checksums %#x", len, wqe[WQE_CHECKSUMS]);
		return;
	}
	for (; at + SEGMENT <= len; at += SEGMENT) {
		segment = wqe + at;
		n = mlx5_be32(segment);
		if (!n || n > MLX5_TX_MAX - send.len) {
			nic_fault(m->nic, "data segment of %#x bytes", n);
			return;
		}
		if (!mlx5_mkey_read(m, mlx5_be32(segment + 4), mlx5_be64(segment + 8),
				    m->tx + send.len, n))
			return;
		send.len += n;
	}
	send.checksums = wqe[WQE_CHECKSUMS];
	if (wqe[WQE_OPCODE] == OPCODE_LSO)
		send.mss = mlx5_be16(wqe + WQE_MSS);
	mlx5_tx(m, &send);
}

static void execute(struct mlx5 *m, struct mlx5_sq *sq, const uint8_t *wqe, size_t len)
{
	uint8_t cqe[MLX5_CQE_SIZE] = { }, opcode = wqe[WQE_OPCODE];

	switch (opcode) {
	case OPCODE_NOP:
		break;
	case OPCODE_SEND:
	case OPCODE_LSO:
		send_frame(m, wqe, len);
		break;
	case OPCODE_UMR:
		mlx5_mkey_umr(m, wqe, len);
		break;
	default:
		nic_fault(m->nic, "send work request with opcode %#x", opcode);
	}
	if ((wqe[WQE_FLAGS] & COMPLETE_MASK) != COMPLETE_ALWAYS)
		return;
	mlx5_be32_set(cqe + CQE_QPN - 1, sq - m->sq + MLX5_SQN);
	cqe[CQE_OPCODE] = opcode;
	mlx5_be64_set(cqe + CQE_TIME, nic_now());
	mlx5_be16_set(cqe + CQE_COUNTER, sq->done);
	mlx5_cq_post(m, sq->cqn, cqe);
}

/* One work request, which may wrap around; returns its blocks, 0 on error. */
static unsigned int fetch(struct mlx5 *m, struct mlx5_sq *sq, uint16_t posted, uint8_t *wqe)
{
	unsigned int blocks = 1, i;
	const uint8_t *block;

	for (i = 0; i < blocks; i++) {
		block = mlx5_ring_entry(m, &sq->ring, sq->done + i);
		if (!block)
			return 0;
		memcpy(wqe + i * MLX5_WQEBB, block, MLX5_WQEBB);
		if (i)
			continue;
		blocks = ((wqe[WQE_SEGMENTS] & SEGMENTS_MASK) + 3) / 4;
		if (!blocks || blocks > (uint16_t)(posted - sq->done)) {
			nic_fault(m->nic, "work request of %u blocks where %u are posted", blocks,
				  (uint16_t)(posted - sq->done));
			return 0;
		}
	}
	return blocks;
}

void mlx5_sq_doorbell(struct mlx5 *m, uint32_t sqn)
{
	struct mlx5_sq *sq = MLX5_FIND(m->sq, MLX5_SQN, sqn);
	uint8_t wqe[MAX_BLOCKS * MLX5_WQEBB], record[4];
	unsigned int blocks;
	uint16_t posted;

	if (!sq) {
		nic_fault(m->nic, "doorbell of send queue %#x, which does not exist", sqn);
		return;
	}
	if (sq->state != MLX5_STATE_READY ||
	    !nic_dma_read(m->nic, sq->ring.record + RECORD_SEND, record, sizeof(record)))
		return;
	posted = mlx5_be32(record);
	if ((uint16_t)(posted - sq->done) > 1U << sq->ring.log_size) {
		nic_fault(m->nic, "send queue %#x: %u blocks posted, %u done", sqn, posted,
			  sq->done);
		return;
	}
	while (sq->done != posted) {
		blocks = fetch(m, sq, posted, wqe);
		if (!blocks)
			return;
		execute(m, sq, wqe, (wqe[WQE_SEGMENTS] & SEGMENTS_MASK) * SEGMENT);
		sq->done += blocks;
	}
}

uint8_t mlx5_create_sq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *sqc = MLX5_AT(create_sq_in, cmd->in, ctx), *wq = MLX5_AT(sqc, sqc, wq);
	size_t fixed = MLX5_BYTES(create_sq_in);
	struct mlx5_sq *sq = MLX5_NEW(m->sq);

	if (!sq)
		return MLX5_LIMIT;
	if (cmd->in_len < fixed)
		return MLX5_BAD_INPUT_LEN;
	mlx5_ring_wq(&sq->ring, wq);
	sq->cqn = MLX5_GET(sqc, sqc, cqn);
	sq->state = MLX5_GET(sqc, sqc, state);
	if (MLX5_GET(wq, wq, wq_type) != MLX5_WQ_TYPE_CYCLIC || MLX5_GET(wq, wq, page_offset) ||
	    1 << sq->ring.log_stride != MLX5_WQEBB || sq->ring.log_size > 15 ||
	    MLX5_GET(sqc, sqc, ts_format) || MLX5_GET(sqc, sqc, allow_multi_pkt_send_wqe)) {
		nic_fault(m->nic, "send queue of a kind that is not modelled");
		return MLX5_BAD_PARAM;
	}
	if (!MLX5_FIND(m->cq, MLX5_CQN, sq->cqn) ||
	    !mlx5_ring_init(m, &sq->ring, cmd->in + fixed, cmd->in_len - fixed))
		return MLX5_BAD_PARAM;
	sq->used = true;
	MLX5_SET(create_sq_out, cmd->out, sqn, sq - m->sq + MLX5_SQN);
	return MLX5_OK;
}

uint8_t mlx5_modify_sq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *sqc = MLX5_AT(modify_sq_in, cmd->in, ctx);
	struct mlx5_sq *sq = MLX5_FIND(m->sq, MLX5_SQN, MLX5_GET(modify_sq_in, cmd->in, sqn));

	if (!sq)
		return MLX5_BAD_RESOURCE;
	if (MLX5_GET(modify_sq_in, cmd->in, sq_state) != sq->state)
		return MLX5_BAD_PARAM;
	sq->state = MLX5_GET(sqc, sqc, state);
	if (sq->state == MLX5_STATE_RESET)
		sq->done = 0;
	return MLX5_OK;
}

uint8_t mlx5_query_sq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_sq *sq = MLX5_FIND(m->sq, MLX5_SQN, MLX5_GET(query_sq_in, cmd->in, sqn));

	if (!sq)
		return MLX5_BAD_RESOURCE;
	MLX5_SET(query_sq_out, cmd->out, sq_context.state, sq->state);
	MLX5_SET(query_sq_out, cmd->out, sq_context.cqn, sq->cqn);
	return MLX5_OK;
}

uint8_t mlx5_destroy_sq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_sq *sq = MLX5_FIND(m->sq, MLX5_SQN, MLX5_GET(destroy_sq_in, cmd->in, sqn));

	if (!sq)
		return MLX5_BAD_RESOURCE;
	sq->used = false;
	return MLX5_OK;
}
