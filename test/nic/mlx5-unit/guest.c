// SPDX-License-Identifier: GPL-2.0
#include "test.h"

#include <stdarg.h>
#include <stdlib.h>

#include "../frame.h"

/* What models know of a device. */
struct nic {
	void *priv;
};

struct guest g;
static struct nic nic;

void *nic_priv(struct nic *n)
{
	return n->priv;
}

void *nic_dma(struct nic *n, uint64_t addr, size_t len)
{
	if (addr < MEM_BASE || addr - MEM_BASE > MEM_SIZE || len > MEM_SIZE - (addr - MEM_BASE)) {
		nic_fault(n, "no memory");
		return NULL;
	}
	return g.mem + (addr - MEM_BASE);
}

bool nic_dma_read(struct nic *n, uint64_t addr, void *buf, size_t len)
{
	void *p = nic_dma(n, addr, len);

	if (p)
		memcpy(buf, p, len);
	else
		memset(buf, 0, len);
	return p;
}

bool nic_dma_write(struct nic *n, uint64_t addr, const void *buf, size_t len)
{
	void *p = nic_dma(n, addr, len);

	if (p)
		memcpy(p, buf, len);
	return p;
}

void nic_irq(struct nic *n, unsigned int vector)
{
	if (vector >= mlx5_ops.msix_vectors)
		nic_fault(n, "vector %u", vector);
	g.interrupts++;
}

void nic_transmit(struct nic *n, const struct iovec *iov, unsigned int count)
{
	size_t len = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (iov[i].iov_len > sizeof(g.frame) - len) {
			nic_fault(n, "frame too long");
			return;
		}
		memcpy(g.frame + len, iov[i].iov_base, iov[i].iov_len);
		len += iov[i].iov_len;
	}
	g.frame_len = len;
	g.sent++;
}

void nic_receive_again(struct nic *n)
{
	(void)n;
}

bool nic_link_up(const struct nic *n)
{
	(void)n;
	return g.link;
}

uint64_t nic_now(void)
{
	return 12345678900;
}

void nic_fault(struct nic *n, const char *fmt, ...)
{
	(void)n;
	(void)fmt;
	g.faults++;
}

void nic_log(struct nic *n, const char *fmt, ...)
{
	(void)n;
	(void)fmt;
}

void reg_write(uint64_t offset, unsigned int size, uint64_t value)
{
	mlx5_ops.write(&nic, 0, offset, size, value);
}

static void chain(uint64_t box, uint8_t *data, size_t len, bool into)
{
	for (size_t at = 0; at < len; at += 512, box += 1024) {
		if (into)
			memcpy(g.mem + box, data + at, 512);
		else
			memcpy(data + at, g.mem + box, 512);
		mlx5_be64_set(g.mem + box + 560, MEM_BASE + box + 1024);
	}
}

int command(uint16_t opcode, size_t in_len, size_t out_len)
{
	uint8_t *slot = g.mem + MEM_SLOT;

	mlx5_be16_set(g.in, opcode);
	memset(slot, 0, 64);
	mlx5_be32_set(slot + 4, in_len);
	mlx5_be64_set(slot + 8, MEM_BASE + MEM_IN);
	memcpy(slot + 16, g.in, 16);
	chain(MEM_IN, g.in + 16, in_len > 16 ? in_len - 16 : 0, true);
	mlx5_be64_set(slot + 48, MEM_BASE + MEM_OUT);
	mlx5_be32_set(slot + 56, out_len);
	chain(MEM_OUT, g.out + 16, 4096, true);
	slot[63] = 1;
	reg_write(0x18, 4, htobe32(1));
	memcpy(g.out, slot + 32, 16);
	chain(MEM_OUT, g.out + 16, out_len > 16 ? out_len - 16 : 0, false);
	memset(g.in, 0, sizeof(g.in));
	return slot[63] ? -1 : g.out[0];
}

/* The identifier that a command gave; 24 bits are at the same place in all of them. */
static uint32_t create(uint16_t opcode, size_t in_len)
{
	int status = command(opcode, in_len, 16);

	CHECK(!status, "command %#x: status %d", opcode, status);
	return mlx5_be32(g.out + 8) & 0xffffff;
}

static void one_page(size_t fixed, uint32_t page)
{
	mlx5_be64_set(g.in + fixed, MEM_BASE + page);
}

static void make_eq(void)
{
	uint8_t *eqc = MLX5_AT(create_eq_in, g.in, eq_context_entry);
	size_t fixed = MLX5_BYTES(create_eq_in);

	MLX5_SET(eqc, eqc, log_eq_size, 6);
	MLX5_SET(eqc, eqc, intr, 1);
	MLX5_SET64(create_eq_in, g.in, event_bitmask[0], 1 << MLX5_EVENT_PORT);
	one_page(fixed, MEM_EQ);
	g.eqn = create(MLX5_CMD_OP_CREATE_EQ, fixed + 8) & 0xff;
}

static void make_cq(void)
{
	uint8_t *cqc = MLX5_AT(create_cq_in, g.in, cq_context);
	size_t fixed = MLX5_BYTES(create_cq_in);

	MLX5_SET(cqc, cqc, log_cq_size, LOG_CQ);
	MLX5_SET(cqc, cqc, c_eqn_or_apu_element, g.eqn);
	MLX5_SET64(cqc, cqc, dbr_addr, MEM_BASE + MEM_CQ_RECORD);
	one_page(fixed, MEM_CQ);
	g.cqn = create(MLX5_CMD_OP_CREATE_CQ, fixed + 8);
}

static void make_keys(void)
{
	uint8_t *mkc = MLX5_AT(create_mkey_in, g.in, memory_key_mkey_entry);

	MLX5_SET(mkc, mkc, length64, 1);
	g.key = create(MLX5_CMD_OP_CREATE_MKEY, MLX5_BYTES(create_mkey_in)) << 8;
	MLX5_SET(mkc, mkc, access_mode_1_0, MLX5_MKC_ACCESS_MODE_MTT);
	MLX5_SET(mkc, mkc, translations_octword_size, WQE_PAGES << LOG_RQ >> 1);
	MLX5_SET(mkc, mkc, log_page_size, 12);
	MLX5_SET64(mkc, mkc, len, (uint64_t)(WQE_PAGES << LOG_RQ) << 12);
	g.umr_key = create(MLX5_CMD_OP_CREATE_MKEY, MLX5_BYTES(create_mkey_in)) << 8;
}

static void wq_set(uint8_t *wq, uint32_t type, uint32_t log_size, uint32_t log_stride,
		   uint32_t record)
{
	MLX5_SET(wq, wq, wq_type, type);
	MLX5_SET(wq, wq, log_wq_sz, log_size);
	MLX5_SET(wq, wq, log_wq_stride, log_stride);
	MLX5_SET64(wq, wq, dbr_addr, MEM_BASE + record);
}

static void make_sq(void)
{
	uint8_t *sqc = MLX5_AT(create_sq_in, g.in, ctx);
	size_t fixed = MLX5_BYTES(create_sq_in);

	MLX5_SET(sqc, sqc, cqn, g.cqn);
	wq_set(MLX5_AT(sqc, sqc, wq), MLX5_WQ_TYPE_CYCLIC, LOG_SQ, 6, MEM_SQ_RECORD);
	one_page(fixed, MEM_SQ);
	g.sqn = create(MLX5_CMD_OP_CREATE_SQ, fixed + 8);
	MLX5_SET(modify_sq_in, g.in, sqn, g.sqn);
	MLX5_SET(modify_sq_in, g.in, ctx.state, MLX5_STATE_READY);
	CHECK(!command(MLX5_CMD_OP_MODIFY_SQ, MLX5_BYTES(modify_sq_in), 16), "send queue");
}

static void make_rq(bool striding)
{
	uint8_t *rqc = MLX5_AT(create_rq_in, g.in, ctx), *wq = MLX5_AT(rqc, rqc, wq);
	size_t fixed = MLX5_BYTES(create_rq_in);

	MLX5_SET(rqc, rqc, cqn, g.cqn);
	wq_set(wq, striding ? MLX5_WQ_TYPE_LINKED_LIST_STRIDING_RQ : MLX5_WQ_TYPE_CYCLIC, LOG_RQ,
	       striding ? 5 : 6, MEM_RQ_RECORD);
	if (striding) {
		MLX5_SET(wq, wq, log_wqe_num_of_strides, LOG_STRIDES - 9);
		MLX5_SET(wq, wq, log_wqe_stride_size, LOG_STRIDE - 6);
	}
	one_page(fixed, MEM_RQ);
	g.rqn = create(MLX5_CMD_OP_CREATE_RQ, fixed + 8);
	MLX5_SET(modify_rq_in, g.in, rqn, g.rqn);
	MLX5_SET(modify_rq_in, g.in, ctx.state, MLX5_STATE_READY);
	CHECK(!command(MLX5_CMD_OP_MODIFY_RQ, MLX5_BYTES(modify_rq_in), 16), "receive queue");
}

static void make_rss(void)
{
	size_t fixed = MLX5_BYTES(create_rqt_in);

	MLX5_SET(create_rqt_in, g.in, rqt_context.rqt_actual_size, 1);
	mlx5_be32_set(g.in + fixed, g.rqn);
	g.rqtn = create(MLX5_CMD_OP_CREATE_RQT, fixed + 4);
	MLX5_SET(create_tir_in, g.in, ctx.disp_type, MLX5_TIRC_DISP_TYPE_INDIRECT);
	MLX5_SET(create_tir_in, g.in, ctx.indirect_table, g.rqtn);
	MLX5_SET(create_tir_in, g.in, ctx.rx_hash_fn, MLX5_RX_HASH_FN_TOEPLITZ);
	g.tirn = create(MLX5_CMD_OP_CREATE_TIR, MLX5_BYTES(create_tir_in));
}

static void fill_legacy(void)
{
	for (int i = 0; i < 1 << LOG_RQ; i++) {
		uint8_t *wqe = g.mem + MEM_RQ + i * 64;

		for (int j = 0; j < 2; j++, wqe += 16) {
			mlx5_be32_set(wqe, BUFFER | 0x80000000);
			mlx5_be32_set(wqe + 4, g.key);
			mlx5_be64_set(wqe + 8, MEM_BASE + MEM_BUFFERS + (2 * i + j) * BUFFER);
		}
	}
}

static void fill_striding(void)
{
	for (int i = 0; i < 1 << LOG_RQ; i++) {
		uint8_t *wqe = g.mem + MEM_RQ + i * 32;

		mlx5_be16_set(wqe + 2, (i + 1) % (1 << LOG_RQ));
		mlx5_be32_set(wqe + 16, 1 << (LOG_STRIDES + LOG_STRIDE));
		mlx5_be32_set(wqe + 20, g.umr_key);
		mlx5_be64_set(wqe + 24, i * WQE_PAGES * 4096 + HEADROOM);
	}
}

void guest_start(bool striding)
{
	if (!g.mem) {
		g.mem = malloc(MEM_SIZE);
		nic.priv = calloc(1, mlx5_ops.priv_size);
	}
	memset(g.mem, 0, MEM_SIZE);
	mlx5_option_striding = striding;
	g.faults = g.interrupts = g.sent = 0;
	g.link = true;
	mlx5_ops.reset(&nic);
	reg_write(0x14, 4, htobe32(MEM_BASE + MEM_SLOT));
	g.uar = create(MLX5_CMD_OP_ALLOC_UAR, 16);
	make_eq();
	make_cq();
	make_keys();
	make_sq();
	make_rq(striding);
	make_rss();
	if (striding)
		fill_striding();
	else
		fill_legacy();
	CHECK(!g.faults, "%lu faults", g.faults);
}

void arm_cq(uint32_t consumer)
{
	reg_write(((uint64_t)g.uar << 12) + 0x20, 8,
		  htobe32(consumer) | (uint64_t)htobe32(g.cqn) << 32);
}

void arm_eq(uint32_t consumer)
{
	reg_write(((uint64_t)g.uar << 12) + 0x40, 4, htobe32(g.eqn << 24 | consumer));
}

void ring_sq(uint32_t blocks)
{
	mlx5_be32_set(g.mem + MEM_SQ_RECORD + 4, blocks);
	reg_write(((uint64_t)g.uar << 12) + 0x800, 8, (uint64_t)htobe32(g.sqn << 8) << 32);
}

size_t make_frame(uint8_t *frame, size_t len, int kind)
{
	size_t at = 12;
	uint8_t protocol = kind & TCP ? 6 : 17;

	for (size_t i = 0; i < len; i++)
		frame[i] = i * 7;
	frame[0] = 2;
	if (kind & VLAN) {
		mlx5_be16_set(frame + at, 0x8100);
		mlx5_be16_set(frame + at + 2, 5);
		at += 4;
	}
	mlx5_be16_set(frame + at, kind & IPV6 ? 0x86dd : 0x0800);
	at += 2;
	if (kind & IPV6) {
		frame[at] = 0x60;
		mlx5_be16_set(frame + at + 4, len - at - 40);
		frame[at + 6] = protocol;
		at += 40;
	} else {
		frame[at] = 0x45;
		mlx5_be16_set(frame + at + 2, len - at);
		mlx5_be16_set(frame + at + 6, 0);
		frame[at + 9] = protocol;
		at += 20;
	}
	if (kind & TCP) {
		frame[at + 12] = 0x50;
		frame[at + 13] = 0x19;
		return at + 20;
	}
	mlx5_be16_set(frame + at + 4, len - at);
	return at + 8;
}

int receive_frame(const uint8_t *frame, size_t len)
{
	struct nic_frame f;

	frame_parse(&f, frame, len);
	f.timestamp = nic_now();
	return mlx5_ops.receive(&nic, &f);
}

const uint8_t *cqe(uint32_t index)
{
	return g.mem + MEM_CQ + index % (1 << LOG_CQ) * 64;
}
