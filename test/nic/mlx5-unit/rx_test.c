// SPDX-License-Identifier: GPL-2.0
/* What the driver finds in buffers and completions. */
#include <errno.h>

#include "../frame.h"
#include "test.h"

static uint8_t frame[NIC_FRAME_MAX];

static void post(uint32_t n)
{
	mlx5_be32_set(g.mem + MEM_RQ_RECORD, n);
}

static uint8_t *buffer(size_t offset)
{
	return g.mem + MEM_BUFFERS + offset;
}

static void legacy_fills_buffers_in_order(void)
{
	guest_start(false);
	post(2);
	make_frame(frame, 1000, 0);
	CHECK(!receive_frame(frame, 1000), "first");
	make_frame(frame, 1500, IPV6 | TCP);
	CHECK(!receive_frame(frame, 1500), "second");
	CHECK(receive_frame(frame, 1500) == -EAGAIN, "third has no buffer");
	CHECK(!memcmp(buffer(2 * BUFFER), frame, 1500), "second frame's bytes");
	CHECK(mlx5_be32(cqe(0) + 44) == 1000 && mlx5_be32(cqe(1) + 44) == 1500, "lengths");
	CHECK(mlx5_be16(cqe(0) + 60) == 0 && mlx5_be16(cqe(1) + 60) == 1, "counters");
	CHECK(cqe(0)[63] == 0x20 && cqe(1)[63] == 0x20, "opcode and ownership");
	post(3);
	CHECK(!receive_frame(frame, 1500), "third after a buffer came");
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void set_mtu(uint16_t mtu)
{
	MLX5_SET(modify_nic_vport_context_in, g.in, field_select.mtu, 1);
	MLX5_SET(modify_nic_vport_context_in, g.in, nic_vport_context.mtu, mtu);
	CHECK(!command(MLX5_CMD_OP_MODIFY_NIC_VPORT_CONTEXT,
		       MLX5_BYTES(modify_nic_vport_context_in), 16), "MTU %u", mtu);
}

static void legacy_scatters_over_buffers(void)
{
	guest_start(false);
	post(3);
	make_frame(frame, 3000, 0);
	CHECK(!receive_frame(frame, 3000), "too long for the MTU: dropped");
	CHECK(cqe(0)[63] == 0, "no completion for it");
	set_mtu(4000);
	CHECK(!receive_frame(frame, 3000), "fits now");
	CHECK(mlx5_be32(cqe(0) + 44) == 3000, "length");
	CHECK(!memcmp(buffer(0), frame, BUFFER), "first buffer");
	CHECK(!memcmp(buffer(BUFFER), frame + BUFFER, 3000 - BUFFER), "second buffer");
	CHECK(!buffer(3000)[0], "nothing behind it");
	CHECK(!g.faults, "%lu faults", g.faults);
	set_mtu(9022);
	receive_frame(frame, 5000);
	CHECK(g.faults == 1, "longer than the buffers: %lu faults", g.faults);
}

static void completions_describe_frames(void)
{
	static const struct {
		int kind;
		uint8_t hash, headers;
	} known[] = {
		{ 0, 0x84, 0x28 }, { TCP, 0x44, 0x48 },
		{ IPV6, 0x88, 0x24 }, { IPV6 | TCP, 0x48, 0x44 },
		{ VLAN, 0x84, 0x29 }, { VLAN | IPV6 | TCP, 0x48, 0x45 },
	};
	struct nic_frame f;
	size_t len;

	guest_start(false);
	post(sizeof(known) / sizeof(known[0]));
	for (unsigned int i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		make_frame(frame, 200, known[i].kind);
		frame_parse(&f, frame, 200);
		CHECK(!receive_frame(frame, 200), "kind %d", known[i].kind);
		len = known[i].kind & VLAN ? 196 : 200;
		CHECK(cqe(i)[16] == known[i].hash && cqe(i)[29] == known[i].headers,
		      "kind %d: hash type %#x, headers %#x", known[i].kind, cqe(i)[16], cqe(i)[29]);
		CHECK(mlx5_be32(cqe(i) + 12) == f.hash && f.hash, "hash %#x", f.hash);
		CHECK(mlx5_be16(cqe(i) + 20) == frame_fold(frame_sum(buffer(2 * i * BUFFER) + 14,
								     len - 14, 0)),
		      "sum %#x", mlx5_be16(cqe(i) + 20));
		CHECK(mlx5_be32(cqe(i) + 44) == len, "length %u", mlx5_be32(cqe(i) + 44));
		CHECK(mlx5_be64(cqe(i) + 48) == nic_now(), "time");
		CHECK(mlx5_be32(cqe(i) + 56) == 0, "flow tag, which becomes skb->mark");
		CHECK(mlx5_be16(cqe(i) + 30) == (known[i].kind & VLAN ? 5 : 0), "VLAN");
	}
}

static void tags_stay_if_asked(void)
{
	struct nic_frame f;

	guest_start(false);
	post(1);
	MLX5_SET(modify_rq_in, g.in, rqn, g.rqn);
	MLX5_SET(modify_rq_in, g.in, rq_state, MLX5_STATE_READY);
	MLX5_SET(modify_rq_in, g.in, ctx.state, MLX5_STATE_READY);
	MLX5_SET(modify_rq_in, g.in, ctx.vsd, 1);
	MLX5_SET64(modify_rq_in, g.in, modify_bitmask, MLX5_MODIFY_RQ_IN_MODIFY_BITMASK_VSD);
	CHECK(!command(MLX5_CMD_OP_MODIFY_RQ, MLX5_BYTES(modify_rq_in), 16), "no stripping");
	make_frame(frame, 200, VLAN);
	frame_parse(&f, frame, 200);
	CHECK(!receive_frame(frame, 200), "frame");
	CHECK(!memcmp(buffer(0), frame, 200), "all of it");
	CHECK(!(cqe(0)[29] & 1), "no tag taken out");
	CHECK(mlx5_be16(cqe(0) + 20) == frame_fold(frame_sum(frame + 14, 186, 0)),
	      "the sum has the tag");
}

/* Maps the pages of all work requests, one after the other, with UMR on the send queue. */
static void map_strides(void)
{
	uint8_t *wqe = g.mem + MEM_SQ;
	unsigned int blocks = 2 + WQE_PAGES * 8 / 64;

	for (unsigned int i = 0; i < 1 << LOG_RQ; i++, wqe += blocks * 64) {
		wqe[3] = 0x25;
		mlx5_be32_set(wqe + 4, g.sqn << 8 | blocks * 4);
		mlx5_be32_set(wqe + 12, g.umr_key);
		wqe[16] = 0x90;
		mlx5_be16_set(wqe + 20, WQE_PAGES / 2);
		mlx5_be16_set(wqe + 22, i * WQE_PAGES / 2);
		for (unsigned int p = 0; p < WQE_PAGES; p++)
			mlx5_be64_set(wqe + 128 + 8 * p, (MEM_BASE + MEM_BUFFERS +
				      (i * WQE_PAGES + p) * 4096) | 2);
	}
	ring_sq((1 << LOG_RQ) * blocks);
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void check_strides(uint32_t index, uint16_t wqe, uint16_t first, uint16_t strides,
			  bool filler)
{
	const uint8_t *c = cqe(index);

	CHECK(mlx5_be16(c + 2) == wqe && mlx5_be16(c + 60) == first &&
	      mlx5_be16(c + 44) == (strides | (filler ? 0x8000 : 0)),
	      "completion %u: work request %u, stride %u, %#x strides", index, mlx5_be16(c + 2),
	      mlx5_be16(c + 60), mlx5_be16(c + 44));
}

static void striding_takes_strides(void)
{
	unsigned int i;

	guest_start(true);
	map_strides();
	post(2);
	set_mtu(9022);
	/* 3 of 8 strides each: the third does not fit any more, and its filler is 2 long. */
	make_frame(frame, 5000, 0);
	for (i = 0; i < 3; i++)
		CHECK(!receive_frame(frame, 5000), "frame %u", i);
	check_strides(0, 0, 0, 3, false);
	check_strides(1, 0, 3, 3, false);
	check_strides(2, 0, 6, 2, true);
	check_strides(3, 1, 0, 3, false);
	CHECK(mlx5_be16(cqe(3) + 46) == 5000, "length");
	CHECK(!memcmp(buffer(3 * 2048 + HEADROOM), frame, 5000), "second frame");
	CHECK(!memcmp(buffer(WQE_PAGES * 4096 + HEADROOM), frame, 5000), "third frame");
	/* 5 strides are left for frames of one, then there is no buffer. */
	make_frame(frame, 1000, 0);
	for (i = 0; i < 5; i++)
		CHECK(!receive_frame(frame, 1000), "short frame %u", i);
	check_strides(8, 1, 7, 1, false);
	CHECK(receive_frame(frame, 1000) == -EAGAIN, "used up");
	/* The driver links its list when it posts: the third work request is another now. */
	mlx5_be16_set(g.mem + MEM_RQ + 1 * 32 + 2, 5);
	post(3);
	CHECK(!receive_frame(frame, 1000), "the next one");
	check_strides(9, 5, 0, 1, false);
	CHECK(!memcmp(buffer(5 * WQE_PAGES * 4096 + HEADROOM), frame, 1000), "its bytes");
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void filler_waits_for_nothing(void)
{
	guest_start(true);
	map_strides();
	post(1);
	set_mtu(9022);
	make_frame(frame, 8200, 0);
	CHECK(!receive_frame(frame, 8200), "5 strides");
	CHECK(receive_frame(frame, 8200) == -EAGAIN, "5 more do not fit");
	check_strides(1, 0, 5, 3, true);
	CHECK(receive_frame(frame, 8200) == -EAGAIN, "no second filler");
	CHECK(!mlx5_be16(cqe(2) + 44), "none");
	post(2);
	CHECK(!receive_frame(frame, 8200), "next work request");
	check_strides(2, 1, 0, 5, false);
}

static void full_completion_queue_holds_frames(void)
{
	unsigned int i, room = 1 << LOG_CQ;

	guest_start(false);
	make_frame(frame, 100, 0);
	for (i = 0; i < room; i++) {
		post(i + 1);
		CHECK(!receive_frame(frame, 100), "frame %u", i);
	}
	post(room + 1);
	CHECK(receive_frame(frame, 100) == -EAGAIN, "no room");
	mlx5_be32_set(g.mem + MEM_CQ_RECORD, 1);
	CHECK(!receive_frame(frame, 100), "room for one");
	CHECK(cqe(0)[63] == 0x21, "ownership of the second round: %#x", cqe(0)[63]);
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void frames_without_queue_are_dropped(void)
{
	guest_start(false);
	make_frame(frame, 100, 0);
	CHECK(!receive_frame(frame, 100), "a queue that never had a buffer drops");
	post(1);
	g.link = false;
	CHECK(!receive_frame(frame, 100), "no link");
	g.link = true;
	MLX5_SET(destroy_tir_in, g.in, tirn, g.tirn);
	CHECK(!command(MLX5_CMD_OP_DESTROY_TIR, MLX5_BYTES(destroy_tir_in), 16), "TIR");
	CHECK(!receive_frame(frame, 100), "no TIR");
	CHECK(!cqe(0)[63] && !g.faults, "%lu faults", g.faults);
}

static void events_come_once_when_armed(void)
{
	guest_start(false);
	post(4);
	make_frame(frame, 100, 0);
	receive_frame(frame, 100);
	CHECK(!g.interrupts, "nothing was armed");
	arm_eq(0);
	arm_cq(0);
	CHECK(g.interrupts == 1, "%lu: a completion was not seen", g.interrupts);
	CHECK(mlx5_be32(g.mem + MEM_EQ + 32 + 24) == g.cqn, "which queue");
	receive_frame(frame, 100);
	CHECK(g.interrupts == 1, "%lu: not armed again", g.interrupts);
	arm_eq(1);
	arm_cq(2);
	CHECK(g.interrupts == 1, "%lu: all was seen", g.interrupts);
	receive_frame(frame, 100);
	CHECK(g.interrupts == 2, "%lu: the next one", g.interrupts);
	arm_cq(3);
	receive_frame(frame, 100);
	CHECK(g.interrupts == 2, "%lu: the event queue was not armed again", g.interrupts);
	arm_eq(2);
	CHECK(g.interrupts == 3, "%lu: an event was not seen", g.interrupts);
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void commands_are_told_by_event(void)
{
	uint8_t *eqc = MLX5_AT(create_eq_in, g.in, eq_context_entry);
	size_t fixed = MLX5_BYTES(create_eq_in);

	guest_start(false);
	MLX5_SET(eqc, eqc, log_eq_size, 6);
	MLX5_SET64(create_eq_in, g.in, event_bitmask[0], 1 << MLX5_EVENT_COMMAND);
	mlx5_be64_set(g.in + fixed, MEM_BASE + MEM_SEND);
	g.mem[MEM_SEND + 63] = 1;
	CHECK(!command(MLX5_CMD_OP_CREATE_EQ, fixed + 8, 16), "event queue");
	CHECK(g.mem[MEM_SEND + 63], "the driver polls for the end of this command");
	CHECK(!command(MLX5_CMD_OP_ALLOC_PD, 16, 16), "another one");
	CHECK(!g.mem[MEM_SEND + 63] && g.mem[MEM_SEND + 1] == MLX5_EVENT_COMMAND &&
	      mlx5_be32(g.mem + MEM_SEND + 32) == 1, "its event");
}

const struct ktap_test rx_tests[] = {
	{ "legacy_fills_buffers_in_order", legacy_fills_buffers_in_order },
	{ "legacy_scatters_over_buffers", legacy_scatters_over_buffers },
	{ "completions_describe_frames", completions_describe_frames },
	{ "tags_stay_if_asked", tags_stay_if_asked },
	{ "striding_takes_strides", striding_takes_strides },
	{ "filler_waits_for_nothing", filler_waits_for_nothing },
	{ "full_completion_queue_holds_frames", full_completion_queue_holds_frames },
	{ "frames_without_queue_are_dropped", frames_without_queue_are_dropped },
	{ "events_come_once_when_armed", events_come_once_when_armed },
	{ "commands_are_told_by_event", commands_are_told_by_event },
	{ }
};
