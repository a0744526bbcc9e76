// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "ice_driver.h"

uint8_t *drv_mem(struct drv *d, uint64_t addr)
{
	return d->mem + (addr - DRV_BASE);
}

void drv_write(struct drv *d, uint32_t reg, uint32_t value)
{
	ice_ops.write(&d->nic, 0, reg, 4, value);
}

uint32_t drv_read(struct drv *d, uint32_t reg)
{
	return ice_ops.read(&d->nic, 0, reg, 4);
}

static void start_control(struct drv *d)
{
	struct ice_desc desc = { .flags = 1 << 12, .len = 512 };
	unsigned int i;

	for (i = 0; i < DRV_RING; i++) {
		desc.addr_low = DRV_EVENT_BUFS + 512 * i;
		memcpy(drv_mem(d, DRV_EVENTS + i * sizeof(desc)), &desc, sizeof(desc));
	}
	drv_write(d, ICE_FW_BASE, DRV_COMMANDS);
	drv_write(d, ICE_FW_BASE + 0x200, DRV_RING | ICE_CTLQ_ENABLE);
	drv_write(d, ICE_FW_BASE + 0x80, DRV_EVENTS);
	drv_write(d, ICE_FW_BASE + 0x280, DRV_RING | ICE_CTLQ_ENABLE);
	drv_write(d, ICE_FW_BASE + 0x480, DRV_RING - 1);
}

struct drv *drv_start(void)
{
	struct drv *d = calloc(1, sizeof(*d));
	int fd = memory(DRV_SIZE, &d->mem), pair[2];

	nic_init(&d->nic, &ice_ops);
	nic_reset(&d->nic);
	CHECK(!dma_map(&d->nic.dma, DRV_BASE, DRV_SIZE, 0, DMA_READ | DMA_WRITE, fd), "memory");
	close(fd);
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), "cable");
	d->nic.wire.fd = pair[0];
	d->wire = pair[1];
	d->nic.link_up = true;
	d->event = eventfd(0, EFD_NONBLOCK);
	d->nic.vfu.n_irqs = ICE_VECTORS;
	d->nic.vfu.irq[DRV_VECTOR] = d->event;
	start_control(d);
	return d;
}

int drv_command(struct drv *d, uint16_t opcode, uint8_t params[8], void *buf, size_t len)
{
	struct ice_desc desc = { .opcode = opcode, .len = len };
	uint8_t *slot = drv_mem(d, DRV_COMMANDS + d->next_command * sizeof(desc));

	if (params)
		memcpy(desc.raw, params, 8);
	if (len) {
		desc.flags = 1 << 12;
		desc.addr_low = DRV_BUFFER;
		memcpy(drv_mem(d, DRV_BUFFER), buf, len);
	}
	memcpy(slot, &desc, sizeof(desc));
	d->next_command = (d->next_command + 1) % DRV_RING;
	drv_write(d, ICE_FW_BASE + 0x400, d->next_command);
	CHECK(drv_read(d, ICE_FW_BASE + 0x300) == d->next_command, "command %#x", opcode);
	memcpy(&desc, slot, sizeof(desc));
	CHECK((desc.flags & 3) == 3 && desc.opcode == opcode, "flags %#x", desc.flags);
	if (params)
		memcpy(params, desc.raw, 8);
	if (len)
		memcpy(buf, drv_mem(d, DRV_BUFFER), len);
	return desc.error;
}

static void open_rxq(struct drv *d)
{
	uint32_t context[ICE_QRX_CONTEXT_WORDS] = {
		[1] = DRV_RX_RING >> 7,
		[2] = (uint32_t)DRV_RX_LEN << 25,
		[3] = DRV_RX_LEN >> 7 | (DRV_RX_BUF >> 7) << 6 | 1 << 20,
		[5] = (uint32_t)DRV_FRAME_MAX << 14,
	};
	unsigned int i;
	uint64_t addr;

	for (i = 0; i < DRV_RX_LEN; i++) {
		addr = DRV_RX_BUFS + i * DRV_RX_BUF;
		ice_put64(drv_mem(d, DRV_RX_RING + 32 * i), addr);
	}
	for (i = 0; i < ICE_QRX_CONTEXT_WORDS; i++)
		drv_write(d, ICE_QRX_CONTEXT + i * ICE_QRX_CONTEXT_STRIDE + 4 * DRV_RXQ, context[i]);
	drv_write(d, ICE_QRXFLXP_CNTXT + 4 * DRV_RXQ, 2);
	drv_write(d, ICE_QINT_RQCTL + 4 * DRV_RXQ, DRV_VECTOR | ICE_INT_CTL_ENA);
	drv_write(d, ICE_QRX_CTRL + 4 * DRV_RXQ, ICE_QRX_CTRL_REQ);
	CHECK(drv_read(d, ICE_QRX_CTRL + 4 * DRV_RXQ) & ICE_QRX_CTRL_STAT, "receive queue");
}

static void open_txq(struct drv *d)
{
	uint8_t add_node[8 + 24] = { 0 }, one[8] = { 1 };
	uint8_t add_queue[8 + 48] = { [4] = 1, [8] = DRV_TXQ };

	add_node[0] = 2;		/* below the entry point */
	add_node[4] = 1;
	CHECK(!drv_command(d, 0x0401, one, add_node, sizeof(add_node)), "node");
	d->parent = ice_get32(&add_node[8 + 4]);
	ice_put32(add_queue, d->parent);
	ice_put32(&add_queue[16], DRV_TX_RING >> 7);
	ice_put32(&add_queue[16 + 16], DRV_TX_LEN << 7);
	memset(one, 0, sizeof(one));
	one[0] = 1;
	CHECK(!drv_command(d, 0x0c30, one, add_queue, sizeof(add_queue)), "transmit queue");
	drv_write(d, ICE_QINT_TQCTL + 4 * DRV_TXQ, DRV_VECTOR | ICE_INT_CTL_ENA);
}

struct drv *drv_open(void)
{
	uint8_t props[ICE_VSI_PROPS] = { 0 }, is_pf[8] = { [6] = 2 };
	struct drv *d = drv_start();

	props[30] = DRV_RXQ;		/* its only queue */
	props[32] = 1;
	CHECK(!drv_command(d, 0x0210, is_pf, props, sizeof(props)), "VSI");
	d->vsi = ice_get16(is_pf);
	open_rxq(d);
	open_txq(d);
	drv_write(d, ICE_GLINT_DYN_CTL + 4 * DRV_VECTOR, ICE_GLINT_DYN_CTL_INTENA);
	return d;
}

void drv_stop_with_faults(struct drv *d, unsigned long faults)
{
	unsigned long seen = d->nic.faults;

	close(d->wire);
	close(d->event);
	d->nic.vfu.irq[DRV_VECTOR] = -1;
	nic_exit(&d->nic);
	munmap(d->mem, DRV_SIZE);
	free(d);
	CHECK(seen == faults, "%lu faults, %lu expected", seen, faults);
}

void drv_stop(struct drv *d)
{
	drv_stop_with_faults(d, 0);
}

int drv_receive(struct drv *d, const uint8_t *data, size_t len)
{
	struct nic_frame frame;

	frame_parse(&frame, data, len);
	frame.timestamp = nic_now();
	return ice_ops.receive(&d->nic, &frame);
}

size_t drv_transmitted(struct drv *d, uint8_t *data, size_t size)
{
	uint32_t len;

	wire_flush(&d->nic);
	if (recv(d->wire, &len, sizeof(len), 0) != sizeof(len))
		return 0;
	len = ntohl(len);
	CHECK(len <= size && recv(d->wire, data, len, 0) == (ssize_t)len, "a frame of %u", len);
	return len;
}

unsigned int drv_interrupts(struct drv *d)
{
	uint64_t n = 0;

	if (read(d->event, &n, sizeof(n)) != sizeof(n))
		return 0;
	return n;
}

static void put_sum(uint8_t *at, uint32_t sum)
{
	ice_put16(at, htons(~frame_fold(sum)));
}

size_t drv_frame(uint8_t *data, size_t len, int version, bool is_tcp, uint16_t tci)
{
	static const uint8_t macs[] = { 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0 };
	unsigned int at = 12, ip_len = version == 4 ? 20 : 40, i;
	uint8_t *ip, *l4, *sum_at;
	size_t l4_len;

	memset(data, 0, len);
	memcpy(data, macs, sizeof(macs));
	if (tci) {
		ice_put16(&data[at], htons(0x8100));
		ice_put16(&data[at + 2], htons(tci));
		at += 4;
	}
	ice_put16(&data[at], htons(version == 4 ? 0x0800 : 0x86dd));
	ip = &data[at + 2];
	l4 = ip + ip_len;
	l4_len = data + len - l4;
	if (version == 4) {
		ip[0] = 0x45;
		ice_put16(&ip[2], htons(ip_len + l4_len));
		ip[8] = 64;
		ip[9] = is_tcp ? 6 : 17;
		memcpy(&ip[12], "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
		put_sum(&ip[10], frame_sum(ip, ip_len, 0));
	} else {
		ip[0] = 0x60;
		ice_put16(&ip[4], htons(l4_len));
		ip[6] = is_tcp ? 6 : 17;
		ip[7] = 64;
		ip[8] = ip[24] = 0xfd;
		ip[39] = 1;
	}
	ice_put16(&l4[0], htons(1000));
	ice_put16(&l4[2], htons(2000));
	if (is_tcp) {
		l4[12] = 0x50;
		l4[13] = 0x10;
	} else {
		ice_put16(&l4[4], htons(l4_len));
	}
	for (i = is_tcp ? 20 : 8; i < l4_len; i++)
		l4[i] = i;
	sum_at = l4 + (is_tcp ? 16 : 6);
	put_sum(sum_at, frame_sum(l4, l4_len, frame_sum(version == 4 ? &ip[12] : &ip[8],
							version == 4 ? 8 : 32, 0) +
						      (is_tcp ? 6 : 17) + l4_len));
	return len;
}
