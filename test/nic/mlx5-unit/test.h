/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests of the mlx5 model without a virtual machine: a memory, a wire that takes note, and as much
 * of a driver as it takes to have one of each queue.
 */
#ifndef TEST_NIC_MLX5_TEST_H
#define TEST_NIC_MLX5_TEST_H

#include "../../unit/ktap.h"
#include "../mlx5.h"

extern const struct ktap_test rx_tests[], tx_tests[], key_tests[], nonsense_tests[];

enum {
	MEM_BASE	= 0x100000,
	MEM_SIZE	= 8 << 20,
	/* offsets into the memory */
	MEM_SLOT	= 0x0,
	MEM_IN		= 0x10000,
	MEM_OUT		= 0x20000,
	MEM_EQ		= 0x30000,
	MEM_CQ_RECORD	= 0x31000,
	MEM_CQ		= 0x32000,
	MEM_SQ_RECORD	= 0x33000,
	MEM_SQ		= 0x34000,
	MEM_RQ_RECORD	= 0x35000,
	MEM_RQ		= 0x36000,
	MEM_BUFFERS	= 0x100000,
	MEM_SEND	= 0x400000,

	LOG_CQ		= 6,
	LOG_SQ		= 6,
	LOG_RQ		= 4,
	/* legacy: two buffers for each work request */
	BUFFER		= 2048,
	/* striding: 8 strides for each, of pages behind a key */
	LOG_STRIDES	= 3,
	LOG_STRIDE	= 11,
	WQE_PAGES	= 8,
	HEADROOM	= 64,
};

/**
 * struct guest - the other side of the model
 * @faults: calls of nic_fault()
 * @interrupts: calls of nic_irq()
 * @sent: frames sent; @frame is the last one
 * @in: the input of the next command(); cleared by that
 * @out: output of the last one
 */
struct guest {
	uint8_t *mem;
	unsigned long faults, interrupts, sent;
	bool link;
	uint8_t frame[NIC_FRAME_MAX];
	size_t frame_len;
	uint8_t in[8192], out[8192];
	uint32_t uar, eqn, cqn, rqn, sqn, key, umr_key, rqtn, tirn;
};

extern struct guest g;

/* guest_start - resets the model and makes one of each queue */
void guest_start(bool striding);

/* command - runs what is in g.in; returns its status, or -1 if it was not answered */
int command(uint16_t opcode, size_t in_len, size_t out_len);

/* What the driver writes to BAR 0. */
void reg_write(uint64_t offset, unsigned int size, uint64_t value);
void arm_cq(uint32_t consumer);
void arm_eq(uint32_t consumer);
void ring_sq(uint32_t blocks);

/* make_frame - a packet without checksums; returns the length of its headers */
enum { IPV6 = 1, TCP = 2, VLAN = 4 };
size_t make_frame(uint8_t *frame, size_t len, int kind);

/* receive_frame - gives it to the model as the wire would */
int receive_frame(const uint8_t *frame, size_t len);

const uint8_t *cqe(uint32_t index);

#endif
