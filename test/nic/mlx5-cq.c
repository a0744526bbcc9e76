// SPDX-License-Identifier: GPL-2.0
/*
 * Completion queues. The driver's consumer counter is in the doorbell record and, when it asks for
 * an event (arms the queue), in the doorbell: if there are completions that it has not seen by
 * then, the event comes at once, else with the next completion.
 */
#include "mlx5.h"

enum {
	CQE_OWNER	= 63,
	COUNTER_MASK	= 0xffffff,
	EVENT_CQN	= 24,		/* struct mlx5_eqe_comp: cqn follows six reserved words */
};

static void notify(struct mlx5 *m, struct mlx5_cq *cq)
{
	uint8_t data[EVENT_CQN + 4] = { };

	cq->armed = false;
	mlx5_be32_set(data + EVENT_CQN, cq - m->cq + MLX5_CQN);
	mlx5_eq_post(m, cq->eqn, MLX5_EVENT_COMPLETION, 0, data, sizeof(data));
}

uint32_t mlx5_cq_room(struct mlx5 *m, uint32_t cqn)
{
	struct mlx5_cq *cq = MLX5_FIND(m->cq, MLX5_CQN, cqn);
	uint32_t used, size;
	uint8_t record[4];

	if (!cq) {
		nic_fault(m->nic, "completion queue %#x does not exist", cqn);
		return 0;
	}
	if (!nic_dma_read(m->nic, cq->ring.record, record, sizeof(record)))
		return 0;
	used = (cq->produced - mlx5_be32(record)) & COUNTER_MASK;
	size = 1U << cq->ring.log_size;
	return used < size ? size - used : 0;
}

void mlx5_cq_post(struct mlx5 *m, uint32_t cqn, const uint8_t *cqe)
{
	struct mlx5_cq *cq = MLX5_FIND(m->cq, MLX5_CQN, cqn);
	uint8_t *entry;

	if (!mlx5_cq_room(m, cqn)) {
		nic_fault(m->nic, "completion queue %#x has no room", cqn);
		return;
	}
	entry = mlx5_ring_entry(m, &cq->ring, cq->produced);
	if (!entry)
		return;
	memcpy(entry, cqe, CQE_OWNER);
	nic_publish(entry + CQE_OWNER,
		    (cqe[CQE_OWNER] & 0xf0) | (cq->produced >> cq->ring.log_size & 1));
	cq->produced = (cq->produced + 1) & COUNTER_MASK;
	if (cq->armed)
		notify(m, cq);
}

void mlx5_cq_doorbell(struct mlx5 *m, uint32_t consumer, uint32_t cqn)
{
	struct mlx5_cq *cq = MLX5_FIND(m->cq, MLX5_CQN, cqn & COUNTER_MASK);

	if (!cq) {
		nic_fault(m->nic, "doorbell of completion queue %#x, which does not exist", cqn);
		return;
	}
	cq->armed = true;
	if (cq->produced != (consumer & COUNTER_MASK))
		notify(m, cq);
	/* The end of a poll: buffers were posted before it, in memory only. */
	nic_receive_again(m->nic);
}

uint8_t mlx5_create_cq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *cqc = MLX5_AT(create_cq_in, cmd->in, cq_context);
	size_t fixed = MLX5_BYTES(create_cq_in);
	struct mlx5_cq *cq = MLX5_NEW(m->cq);

	if (!cq)
		return MLX5_LIMIT;
	if (cmd->in_len < fixed)
		return MLX5_BAD_INPUT_LEN;
	cq->ring.log_page = MLX5_GET(cqc, cqc, log_page_size) + 12;
	cq->ring.log_size = MLX5_GET(cqc, cqc, log_cq_size);
	cq->ring.log_stride = 6;
	cq->ring.record = MLX5_GET64(cqc, cqc, dbr_addr);
	cq->eqn = MLX5_GET(cqc, cqc, c_eqn_or_apu_element);
	if (MLX5_GET(cqc, cqc, cqe_sz) || MLX5_GET(cqc, cqc, page_offset) ||
	    MLX5_GET(cqc, cqc, cqe_comp_en)) {
		nic_fault(m->nic, "completion queue of a kind that is not modelled");
		return MLX5_BAD_PARAM;
	}
	if (!MLX5_FIND(m->eq, MLX5_EQN, cq->eqn) ||
	    !mlx5_ring_init(m, &cq->ring, cmd->in + fixed, cmd->in_len - fixed))
		return MLX5_BAD_PARAM;
	cq->used = true;
	MLX5_SET(create_cq_out, cmd->out, cqn, cq - m->cq + MLX5_CQN);
	return MLX5_OK;
}

/* Only moderation can be changed, which is not modelled: each completion is told at once. */
uint8_t mlx5_modify_cq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	return MLX5_FIND(m->cq, MLX5_CQN, MLX5_GET(modify_cq_in, cmd->in, cqn)) ?
		MLX5_OK : MLX5_BAD_RESOURCE;
}

uint8_t mlx5_destroy_cq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_cq *cq = MLX5_FIND(m->cq, MLX5_CQN,
				       MLX5_GET(destroy_cq_in, cmd->in, cqn));

	if (!cq)
		return MLX5_BAD_RESOURCE;
	cq->used = false;
	return MLX5_OK;
}
