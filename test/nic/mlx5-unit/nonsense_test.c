// SPDX-License-Identifier: GPL-2.0
/* A driver that errs is told and refused; sanitizers see accesses outside of what is there. */
#include <stdlib.h>

#include "test.h"

static uint8_t frame[4096];

static void objects_have_to_exist(void)
{
	static const uint16_t by_id[] = {
		MLX5_CMD_OP_DESTROY_EQ, MLX5_CMD_OP_DESTROY_CQ, MLX5_CMD_OP_MODIFY_CQ,
		MLX5_CMD_OP_DESTROY_MKEY, MLX5_CMD_OP_DESTROY_RQ, MLX5_CMD_OP_MODIFY_RQ,
		MLX5_CMD_OP_DESTROY_SQ, MLX5_CMD_OP_MODIFY_SQ, MLX5_CMD_OP_DESTROY_RQT,
		MLX5_CMD_OP_MODIFY_RQT, MLX5_CMD_OP_DESTROY_TIR, MLX5_CMD_OP_MODIFY_TIR,
		MLX5_CMD_OP_DEALLOC_UAR,
	};

	guest_start(false);
	for (unsigned int i = 0; i < sizeof(by_id) / sizeof(by_id[0]); i++) {
		mlx5_be32_set(g.in + 8, 0xfffffe);
		CHECK(command(by_id[i], 1024, 16) == MLX5_BAD_RESOURCE, "%#x", by_id[i]);
	}
	CHECK(g.faults == sizeof(by_id) / sizeof(by_id[0]), "%lu faults", g.faults);
}

static void page_lists_have_to_be_whole(void)
{
	uint8_t *cqc = MLX5_AT(create_cq_in, g.in, cq_context);

	guest_start(false);
	MLX5_SET(cqc, cqc, log_cq_size, 7);
	MLX5_SET(cqc, cqc, c_eqn_or_apu_element, g.eqn);
	/* Two pages are needed, one is given. */
	CHECK(command(MLX5_CMD_OP_CREATE_CQ, MLX5_BYTES(create_cq_in) + 8, 16) == MLX5_BAD_PARAM,
	      "queue with half its pages");
	MLX5_SET(cqc, cqc, log_cq_size, 31);
	MLX5_SET(cqc, cqc, c_eqn_or_apu_element, g.eqn);
	CHECK(command(MLX5_CMD_OP_CREATE_CQ, 4096, 16) == MLX5_BAD_PARAM, "huge queue");
}

static void unknown_commands_are_refused(void)
{
	guest_start(false);
	CHECK(command(MLX5_CMD_OP_CREATE_QP, 64, 16) == MLX5_BAD_OP, "RDMA");
	CHECK(command(0xffff, 64, 16) == MLX5_BAD_OP, "none");
	CHECK(g.faults == 2, "%lu faults", g.faults);
	CHECK(command(MLX5_CMD_OP_ALLOC_PD, 4, 16) == -1, "too short to be one");
	CHECK(g.faults == 3, "%lu faults", g.faults);
}

static void buffers_have_to_be_mapped(void)
{
	guest_start(true);
	make_frame(frame, 100, 0);
	mlx5_be32_set(g.mem + MEM_RQ_RECORD, 1);
	receive_frame(frame, 100);
	CHECK(g.faults == 1, "no UMR came: %lu faults", g.faults);
	CHECK(!cqe(0)[63], "no completion");
	guest_start(false);
	mlx5_be32_set(g.mem + MEM_RQ_RECORD, 1);
	mlx5_be32_set(g.mem + MEM_RQ + 4, g.key + 1);
	receive_frame(frame, 100);
	CHECK(g.faults == 1, "another variant of the key: %lu faults", g.faults);
}

static void random_bytes(uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (random() % 3 == 0)
			p[i] = random();
}

static void random_command(void)
{
	uint32_t ids[] = { g.eqn, g.cqn, g.rqn, g.sqn, g.rqtn, g.tirn, g.key >> 8, g.umr_key >> 8 };
	static const uint16_t ranges[] = { 0x100, 0x200, 0x300, 0x400, 0x750, 0x770, 0x800, 0x900 };

	random_bytes(g.in, sizeof(g.in));
	if (random() & 1)
		mlx5_be32_set(g.in + 8, ids[random() % 8]);
	command(ranges[random() % 8] + random() % 32, 16 + random() % 3000, 16 + random() % 4000);
}

/* Right or wrong does not matter: no byte outside of memory and tables is touched. */
static void nothing_is_too_strange(void)
{
	for (unsigned int i = 0; i < 60000; i++) {
		if (i % 200 == 0) {
			srandom(i);
			guest_start(i / 200 & 1);
		}
		switch (random() % 7) {
		case 0:
			make_frame(frame, 200 + random() % 2000, random() % 8);
			receive_frame(frame, 60 + random() % 2000);
			break;
		case 1:
			random_command();
			break;
		case 2:
			random_bytes(g.mem + MEM_EQ + random() % 0x6000, 200);
			break;
		case 3:
			random_bytes(g.mem + MEM_SQ, 4096);
			ring_sq(random() % 64);
			break;
		case 4:
			mlx5_be32_set(g.mem + MEM_CQ_RECORD, random());
			arm_cq(random());
			break;
		case 5:
			mlx5_be32_set(g.mem + MEM_RQ_RECORD, random() % 64);
			arm_eq(random());
			break;
		case 6:
			reg_write((random() % 0x100000) & ~7UL, 1 << random() % 4, random());
			break;
		}
	}
}

const struct ktap_test nonsense_tests[] = {
	{ "objects_have_to_exist", objects_have_to_exist },
	{ "page_lists_have_to_be_whole", page_lists_have_to_be_whole },
	{ "unknown_commands_are_refused", unknown_commands_are_refused },
	{ "buffers_have_to_be_mapped", buffers_have_to_be_mapped },
	{ "nothing_is_too_strange", nothing_is_too_strange },
	{ }
};
