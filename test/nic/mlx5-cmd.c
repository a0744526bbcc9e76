// SPDX-License-Identifier: GPL-2.0
/*
 * The command interface: a queue of slots of 64 bytes, each with 16 bytes of input and of output,
 * the rest of both in chains of mailboxes. The driver rings for a slot; the ownership bit goes back
 * when the command was executed, with an event if the driver has asked for those.
 */
#include <stdlib.h>

#include "mlx5.h"

enum {
	SLOT_SIZE	= 64,
	SLOT_IN_LEN	= 4,
	SLOT_IN_PTR	= 8,
	SLOT_IN		= 16,
	SLOT_OUT	= 32,
	SLOT_OUT_PTR	= 48,
	SLOT_OUT_LEN	= 56,
	SLOT_STATUS	= 63,
	SLOT_OWNED	= 1,
	SLOT_DATA	= 16,		/* bytes of input, and of output, in the slot itself */
	MIN_LEN		= 8,		/* opcode and modifier; status and syndrome */

	BOX_SIZE	= 576,
	BOX_DATA	= 512,
	BOX_NEXT	= 560,

	MAX_LEN		= 1 << 20,
	FIXED_LEN	= 8192,		/* more than any fixed layout */
};

static uint8_t ok(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	(void)m;
	(void)cmd;
	return MLX5_OK;
}

/* An object whose properties the model has no use for. */
static uint8_t create(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	mlx5_be32_set(cmd->out + 8, MLX5_OBJECT + m->objects++ % MLX5_OBJECT);
	return MLX5_OK;
}

static uint8_t query_issi(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	(void)m;
	MLX5_SET(query_issi_out, cmd->out, supported_issi_dw0, 1 << 0 | 1 << 1);
	return MLX5_OK;
}

static uint8_t alloc_uar(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint32_t uar = MLX5_UAR_FIRST;

	while (uar < MLX5_UAR_END && m->uars[uar])
		uar++;
	if (uar == MLX5_UAR_END)
		return MLX5_LIMIT;
	m->uars[uar] = true;
	MLX5_SET(alloc_uar_out, cmd->out, uar, uar);
	return MLX5_OK;
}

static uint8_t dealloc_uar(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint32_t uar = MLX5_GET(dealloc_uar_in, cmd->in, uar);

	if (uar >= MLX5_UAR_END || !m->uars[uar])
		return MLX5_BAD_RESOURCE;
	m->uars[uar] = false;
	return MLX5_OK;
}

#define CMD(op, fn)	[MLX5_CMD_OP_##op] = { #op, fn }
static const struct {
	const char *name;
	mlx5_command *run;
} commands[0x1000] = {
	CMD(QUERY_HCA_CAP, mlx5_query_hca_cap),
	CMD(SET_HCA_CAP, ok),
	CMD(QUERY_ADAPTER, ok),
	CMD(INIT_HCA, ok),
	CMD(TEARDOWN_HCA, ok),
	CMD(ENABLE_HCA, ok),
	CMD(DISABLE_HCA, ok),
	CMD(QUERY_PAGES, mlx5_query_pages),
	CMD(MANAGE_PAGES, mlx5_manage_pages),
	CMD(QUERY_ISSI, query_issi),
	CMD(SET_ISSI, ok),
	CMD(SET_DRIVER_VERSION, ok),
	CMD(ACCESS_REG, mlx5_access_register),

	CMD(CREATE_MKEY, mlx5_create_mkey),
	CMD(DESTROY_MKEY, mlx5_destroy_mkey),
	CMD(QUERY_SPECIAL_CONTEXTS, mlx5_query_special_contexts),
	CMD(ALLOC_PD, create),
	CMD(DEALLOC_PD, ok),
	CMD(ALLOC_UAR, alloc_uar),
	CMD(DEALLOC_UAR, dealloc_uar),
	CMD(ALLOC_TRANSPORT_DOMAIN, create),
	CMD(DEALLOC_TRANSPORT_DOMAIN, ok),

	CMD(CREATE_EQ, mlx5_create_eq),
	CMD(DESTROY_EQ, mlx5_destroy_eq),
	CMD(CREATE_CQ, mlx5_create_cq),
	CMD(MODIFY_CQ, mlx5_modify_cq),
	CMD(DESTROY_CQ, mlx5_destroy_cq),

	CMD(QUERY_VPORT_STATE, mlx5_query_vport_state),
	CMD(MODIFY_VPORT_STATE, ok),
	CMD(QUERY_NIC_VPORT_CONTEXT, mlx5_query_nic_vport_context),
	CMD(MODIFY_NIC_VPORT_CONTEXT, mlx5_modify_nic_vport_context),
	CMD(QUERY_VPORT_COUNTER, mlx5_query_vport_counter),
	CMD(ALLOC_Q_COUNTER, mlx5_alloc_q_counter),
	CMD(DEALLOC_Q_COUNTER, ok),
	CMD(QUERY_Q_COUNTER, mlx5_query_q_counter),

	CMD(CREATE_RQ, mlx5_create_rq),
	CMD(MODIFY_RQ, mlx5_modify_rq),
	CMD(QUERY_RQ, mlx5_query_rq),
	CMD(DESTROY_RQ, mlx5_destroy_rq),
	CMD(CREATE_RQT, mlx5_create_rqt),
	CMD(MODIFY_RQT, mlx5_modify_rqt),
	CMD(DESTROY_RQT, mlx5_destroy_rqt),
	CMD(CREATE_TIR, mlx5_create_tir),
	CMD(MODIFY_TIR, mlx5_modify_tir),
	CMD(DESTROY_TIR, mlx5_destroy_tir),
	CMD(CREATE_SQ, mlx5_create_sq),
	CMD(MODIFY_SQ, mlx5_modify_sq),
	CMD(QUERY_SQ, mlx5_query_sq),
	CMD(DESTROY_SQ, mlx5_destroy_sq),
	CMD(CREATE_TIS, create),
	CMD(MODIFY_TIS, ok),
	CMD(DESTROY_TIS, ok),

	CMD(SET_FLOW_TABLE_ROOT, ok),
	CMD(CREATE_FLOW_TABLE, create),
	CMD(MODIFY_FLOW_TABLE, ok),
	CMD(DESTROY_FLOW_TABLE, ok),
	CMD(CREATE_FLOW_GROUP, create),
	CMD(DESTROY_FLOW_GROUP, ok),
	CMD(SET_FLOW_TABLE_ENTRY, ok),
	CMD(DELETE_FLOW_TABLE_ENTRY, ok),
};

/* Copies @len bytes from or to a chain of mailboxes. */
static bool boxes(struct mlx5 *m, uint64_t box, uint8_t *buf, size_t len, bool into)
{
	uint8_t next[8];
	size_t n;

	for (; len; len -= n, buf += n) {
		n = len < BOX_DATA ? len : BOX_DATA;
		if (into ? !nic_dma_write(m->nic, box, buf, n) :
		    !nic_dma_read(m->nic, box, buf, n))
			return false;
		if (n == len)
			return true;
		if (!nic_dma_read(m->nic, box + BOX_NEXT, next, sizeof(next)))
			return false;
		box = mlx5_be64(next);
	}
	return true;
}

static size_t in_boxes(size_t len)
{
	return len > SLOT_DATA ? len - SLOT_DATA : 0;
}

static void run(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint16_t opcode = mlx5_be16(cmd->in);
	uint8_t status = MLX5_BAD_OP;

	cmd->op_mod = mlx5_be16(cmd->in + 6);
	if (opcode < sizeof(commands) / sizeof(commands[0]) && commands[opcode].run)
		status = commands[opcode].run(m, cmd);
	else
		nic_fault(m->nic, "command %#x is not modelled", opcode);
	nic_log(m->nic, "command %s (%#x), modifier %#x: status %u, %#x",
		status == MLX5_BAD_OP ? "?" : commands[opcode].name, opcode, cmd->op_mod, status,
		mlx5_be32(cmd->out + 8));
	if (status && status != MLX5_BAD_OP)
		nic_fault(m->nic, "command %s refused with status %#x", commands[opcode].name,
			  status);
	cmd->out[0] = status;
}

/* Runs the command of @slot, whose memory is the guest's; false if it cannot be answered. */
static bool execute(struct mlx5 *m, uint8_t *slot)
{
	struct mlx5_cmd cmd = {
		.in_len = mlx5_be32(slot + SLOT_IN_LEN),
		.out_len = mlx5_be32(slot + SLOT_OUT_LEN),
	};
	bool done = false;
	uint8_t *in;

	if (cmd.in_len < MIN_LEN || cmd.in_len > MAX_LEN || cmd.out_len < MIN_LEN ||
	    cmd.out_len > MAX_LEN) {
		nic_fault(m->nic, "command with %zu bytes of input, %zu of output", cmd.in_len,
			  cmd.out_len);
		return false;
	}
	in = calloc(1, cmd.in_len + FIXED_LEN);
	cmd.in = in;
	cmd.out = calloc(1, cmd.out_len + FIXED_LEN);
	if (in && cmd.out) {
		memcpy(in, slot + SLOT_IN, SLOT_DATA);
		done = boxes(m, mlx5_be64(slot + SLOT_IN_PTR), in + SLOT_DATA,
			     in_boxes(cmd.in_len), false);
	}
	if (done) {
		run(m, &cmd);
		memcpy(slot + SLOT_OUT, cmd.out, SLOT_DATA);
		done = boxes(m, mlx5_be64(slot + SLOT_OUT_PTR), cmd.out + SLOT_DATA,
			     in_boxes(cmd.out_len), true);
	}
	free(in);
	free(cmd.out);
	return done;
}

static bool told_by_event(struct mlx5 *m)
{
	struct mlx5_eq *eq;

	for (eq = m->eq; eq < m->eq + MLX5_EQS; eq++)
		if (eq->used && eq->events >> MLX5_EVENT_COMMAND & 1)
			return true;
	return false;
}

void mlx5_cmd_doorbell(struct mlx5 *m, uint32_t slots)
{
	uint64_t queue = m->cmdq & ~0xfffULL;
	uint8_t *slot, event[4];
	unsigned int i;
	bool told;

	for (i = 0; i < 32; i++) {
		if (!(slots >> i & 1))
			continue;
		slot = nic_dma(m->nic, queue + i * SLOT_SIZE, SLOT_SIZE);
		if (!slot)
			return;
		if (!(slot[SLOT_STATUS] & SLOT_OWNED)) {
			nic_fault(m->nic, "doorbell for command slot %u, which is empty", i);
			continue;
		}
		/* No event for the command that makes its queue: the driver polls for that one. */
		told = told_by_event(m);
		if (!execute(m, slot))
			continue;
		nic_publish(slot + SLOT_STATUS, 0);
		mlx5_be32_set(event, 1U << i);
		if (told)
			mlx5_event(m, MLX5_EVENT_COMMAND, 0, event, sizeof(event));
	}
}
