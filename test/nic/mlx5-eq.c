// SPDX-License-Identifier: GPL-2.0
/*
 * Event queues: entries of 64 bytes, the type at byte 1, data from byte 32 on, ownership in the last.
 */
#include "mlx5.h"

enum {
	EQE_SIZE	= 64,
	EQE_TYPE	= 1,
	EQE_SUBTYPE	= 3,
	EQE_DATA	= 32,
	EQE_OWNER	= 63,
	COUNTER_MASK	= 0xffffff,
};

/* An armed queue interrupts once, when it has something to tell. */
static void notify(struct mlx5 *m, struct mlx5_eq *eq)
{
	if (!eq->armed || eq->produced == eq->consumed)
		return;
	eq->armed = false;
	nic_irq(m->nic, eq->vector);
}

static void post(struct mlx5 *m, struct mlx5_eq *eq, uint8_t type, uint8_t subtype,
		 const void *data, size_t len)
{
	uint8_t *eqe = mlx5_ring_entry(m, &eq->ring, eq->produced);

	if (!eqe)
		return;
	if (((eq->produced - eq->consumed) & COUNTER_MASK) >> eq->ring.log_size) {
		nic_fault(m->nic, "event queue %td is full", eq - m->eq + MLX5_EQN);
		return;
	}
	memset(eqe, 0, EQE_OWNER);
	eqe[EQE_TYPE] = type;
	eqe[EQE_SUBTYPE] = subtype;
	memcpy(eqe + EQE_DATA, data, len);
	nic_publish(eqe + EQE_OWNER, eq->produced >> eq->ring.log_size & 1);
	eq->produced = (eq->produced + 1) & COUNTER_MASK;
	notify(m, eq);
}

void mlx5_eq_post(struct mlx5 *m, uint32_t eqn, uint8_t type, uint8_t subtype, const void *data,
		  size_t len)
{
	struct mlx5_eq *eq = MLX5_FIND(m->eq, MLX5_EQN, eqn);

	if (eq)
		post(m, eq, type, subtype, data, len);
	else
		nic_fault(m->nic, "event %#x for event queue %#x, which does not exist", type, eqn);
}

void mlx5_event(struct mlx5 *m, uint8_t type, uint8_t subtype, const void *data, size_t len)
{
	struct mlx5_eq *eq;

	for (eq = m->eq; eq < m->eq + MLX5_EQS; eq++)
		if (eq->used && eq->events >> type & 1)
			post(m, eq, type, subtype, data, len);
}

void mlx5_eq_doorbell(struct mlx5 *m, uint32_t value, bool arm)
{
	struct mlx5_eq *eq = MLX5_FIND(m->eq, MLX5_EQN, value >> 24);

	if (!eq) {
		nic_fault(m->nic, "doorbell of event queue %#x, which does not exist", value >> 24);
		return;
	}
	eq->consumed = value & COUNTER_MASK;
	if (arm) {
		eq->armed = true;
		notify(m, eq);
	}
}

uint8_t mlx5_create_eq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *eqc = MLX5_AT(create_eq_in, cmd->in, eq_context_entry);
	size_t fixed = MLX5_BYTES(create_eq_in);
	struct mlx5_eq *eq = MLX5_NEW(m->eq);

	if (!eq)
		return MLX5_LIMIT;
	if (cmd->in_len < fixed)
		return MLX5_BAD_INPUT_LEN;
	eq->ring.log_page = MLX5_GET(eqc, eqc, log_page_size) + 12;
	eq->ring.log_size = MLX5_GET(eqc, eqc, log_eq_size);
	eq->ring.log_stride = 6;
	eq->vector = MLX5_GET(eqc, eqc, intr);
	eq->events = MLX5_GET64(create_eq_in, cmd->in, event_bitmask[0]);
	if (eq->vector >= mlx5_ops.msix_vectors ||
	    !mlx5_ring_init(m, &eq->ring, cmd->in + fixed, cmd->in_len - fixed))
		return MLX5_BAD_PARAM;
	eq->used = true;
	MLX5_SET(create_eq_out, cmd->out, eq_number, eq - m->eq + MLX5_EQN);
	return MLX5_OK;
}

uint8_t mlx5_destroy_eq(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_eq *eq = MLX5_FIND(m->eq, MLX5_EQN,
				       MLX5_GET(destroy_eq_in, cmd->in, eq_number));

	if (!eq)
		return MLX5_BAD_RESOURCE;
	eq->used = false;
	return MLX5_OK;
}
