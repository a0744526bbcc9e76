// SPDX-License-Identifier: GPL-2.0
/*
 * Which receive queue takes a frame. The driver makes TIRs (how to spread) that point to RQTs
 * (tables of queues), and steers kinds of traffic to TIRs. Steering is not modelled: each frame
 * takes the first TIR that spreads by a Toeplitz hash, whose RQT the driver points to the queues of
 * the channels, or, while the interface is down, to a queue without buffers. Frames without hash
 * take the table's first entry.
 */
#include "mlx5.h"

struct mlx5_rq *mlx5_rss_queue(struct mlx5 *m, const struct nic_frame *frame)
{
	struct mlx5_tir *tir;
	struct mlx5_rqt *rqt;

	for (tir = m->tir; tir < m->tir + MLX5_TIRS; tir++)
		if (tir->used && tir->rqtn && tir->hash == MLX5_RX_HASH_FN_TOEPLITZ)
			break;
	if (tir == m->tir + MLX5_TIRS)
		return NULL;
	rqt = MLX5_FIND(m->rqt, MLX5_RQTN, tir->rqtn);
	if (!rqt) {
		nic_fault(m->nic, "TIR with table %#x, which does not exist", tir->rqtn);
		return NULL;
	}
	return MLX5_FIND(m->rq, MLX5_RQN, rqt->rqn[frame->hash % rqt->n]);
}

/* @list_len: bytes of the list of queues that the driver gave */
static bool rqt_set(struct mlx5_rqt *rqt, const uint8_t *rqtc, size_t list_len)
{
	uint32_t n = MLX5_GET(rqtc, rqtc, rqt_actual_size), i;

	if (!n || n > 1U << MLX5_LOG_RQT || n > list_len / 4)
		return false;
	for (i = 0; i < n; i++)
		rqt->rqn[i] = MLX5_GET(rqtc, rqtc, rq_num[i].rq_num);
	rqt->n = n;
	return true;
}

uint8_t mlx5_create_rqt(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *rqtc = MLX5_AT(create_rqt_in, cmd->in, rqt_context);
	size_t fixed = MLX5_BYTES(create_rqt_in);
	struct mlx5_rqt *rqt = MLX5_NEW(m->rqt);

	if (!rqt)
		return MLX5_LIMIT;
	if (cmd->in_len < fixed)
		return MLX5_BAD_INPUT_LEN;
	if (!rqt_set(rqt, rqtc, cmd->in_len - fixed))
		return MLX5_BAD_PARAM;
	rqt->used = true;
	MLX5_SET(create_rqt_out, cmd->out, rqtn, rqt - m->rqt + MLX5_RQTN);
	return MLX5_OK;
}

uint8_t mlx5_modify_rqt(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_rqt *rqt = MLX5_FIND(m->rqt, MLX5_RQTN,
					 MLX5_GET(modify_rqt_in, cmd->in, rqtn));
	size_t fixed = MLX5_BYTES(modify_rqt_in);

	if (!rqt)
		return MLX5_BAD_RESOURCE;
	if (cmd->in_len < fixed)
		return MLX5_BAD_INPUT_LEN;
	if (!rqt_set(rqt, MLX5_AT(modify_rqt_in, cmd->in, ctx), cmd->in_len - fixed))
		return MLX5_BAD_PARAM;
	/* A frame may wait for a queue that takes none any more. */
	nic_receive_again(m->nic);
	return MLX5_OK;
}

uint8_t mlx5_destroy_rqt(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_rqt *rqt = MLX5_FIND(m->rqt, MLX5_RQTN,
					 MLX5_GET(destroy_rqt_in, cmd->in, rqtn));

	if (!rqt)
		return MLX5_BAD_RESOURCE;
	rqt->used = false;
	return MLX5_OK;
}

uint8_t mlx5_create_tir(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *tirc = MLX5_AT(create_tir_in, cmd->in, ctx);
	struct mlx5_tir *tir = MLX5_NEW(m->tir);

	if (!tir)
		return MLX5_LIMIT;
	if (cmd->in_len < MLX5_BYTES(create_tir_in))
		return MLX5_BAD_INPUT_LEN;
	tir->hash = MLX5_GET(tirc, tirc, rx_hash_fn);
	if (MLX5_GET(tirc, tirc, disp_type) == MLX5_TIRC_DISP_TYPE_INDIRECT) {
		tir->rqtn = MLX5_GET(tirc, tirc, indirect_table);
		if (!MLX5_FIND(m->rqt, MLX5_RQTN, tir->rqtn))
			return MLX5_BAD_RESOURCE;
	}
	tir->used = true;
	MLX5_SET(create_tir_out, cmd->out, tirn, tir - m->tir + MLX5_TIRN);
	return MLX5_OK;
}

/* What a hash is made of and packet merging: neither changes what the model does. */
uint8_t mlx5_modify_tir(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	return MLX5_FIND(m->tir, MLX5_TIRN, MLX5_GET(modify_tir_in, cmd->in, tirn)) ?
		MLX5_OK : MLX5_BAD_RESOURCE;
}

uint8_t mlx5_destroy_tir(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_tir *tir = MLX5_FIND(m->tir, MLX5_TIRN,
					 MLX5_GET(destroy_tir_in, cmd->in, tirn));

	if (!tir)
		return MLX5_BAD_RESOURCE;
	tir->used = false;
	return MLX5_OK;
}
