/* SPDX-License-Identifier: GPL-2.0 */
/* A driver for ice's model that knows just enough, in the model's own process. */
#ifndef TEST_NIC_UNIT_ICE_DRIVER_H
#define TEST_NIC_UNIT_ICE_DRIVER_H

#include "ice.h"
#include "nic.h"
#include "test.h"

/* Bus addresses in the driver's memory, which begins at DRV_BASE and is not where its offsets are. */
enum {
	DRV_BASE	= 0x100000,
	DRV_SIZE	= 0x100000,
	DRV_COMMANDS	= DRV_BASE,
	DRV_EVENTS	= DRV_BASE + 0x1000,
	DRV_BUFFER	= DRV_BASE + 0x2000,	/* of a command */
	DRV_EVENT_BUFS	= DRV_BASE + 0x4000,
	DRV_RX_RING	= DRV_BASE + 0x8000,
	DRV_TX_RING	= DRV_BASE + 0x9000,
	DRV_RX_BUFS	= DRV_BASE + 0x10000,
	DRV_TX_DATA	= DRV_BASE + 0x80000,
	DRV_RING	= 8,			/* entries of the control queues */
	DRV_RX_LEN	= 64,
	DRV_TX_LEN	= 16,
	DRV_RX_BUF	= 2048,
	DRV_RXQ		= 5,
	DRV_TXQ		= 7,
	DRV_FRAME_MAX	= 9022,
	DRV_VECTOR	= 3,
};

struct drv {
	struct nic nic;
	uint8_t *mem;
	int wire;		/* the cable's other end */
	int event;		/* of DRV_VECTOR */
	unsigned int next_command;
	uint32_t parent;	/* of queues, in the scheduler */
	uint16_t vsi;
};

struct drv *drv_start(void);		/* control queues only */
struct drv *drv_open(void);		/* with a VSI and queues */
void drv_stop(struct drv *d);		/* also checks that nothing was a fault */
void drv_stop_with_faults(struct drv *d, unsigned long faults);

uint8_t *drv_mem(struct drv *d, uint64_t addr);
void drv_write(struct drv *d, uint32_t reg, uint32_t value);
uint32_t drv_read(struct drv *d, uint32_t reg);

/*
 * A command with 16 bytes of parameters, of which @params replaces the first 8, and a buffer. Both have the
 * answer afterwards. Returns firmware's error.
 */
int drv_command(struct drv *d, uint16_t opcode, uint8_t params[8], void *buf, size_t len);

/* Offers a frame to the model, as the wire does. */
int drv_receive(struct drv *d, const uint8_t *data, size_t len);

/* The next frame that was transmitted; returns its length, 0 if there is none. */
size_t drv_transmitted(struct drv *d, uint8_t *data, size_t size);

/* Interrupts since the last call */
unsigned int drv_interrupts(struct drv *d);

/*
 * An Ethernet, IPv4 or IPv6, TCP or UDP frame of @len bytes whose checksums are right. @tci: 0 for none.
 * Returns @len.
 */
size_t drv_frame(uint8_t *data, size_t len, int version, bool is_tcp, uint16_t tci);

#endif
