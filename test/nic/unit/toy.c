// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "test.h"

struct toy {
	uint64_t reg[TOY_REGISTERS / 8];
	uint8_t buf[TOY_DMA_MAX];
};

static uint64_t *reg(struct nic *nic, uint64_t offset)
{
	return &((struct toy *)nic_priv(nic))->reg[offset / 8];
}

static void reset(struct nic *nic)
{
	memset(nic_priv(nic), 0, sizeof(struct toy));
	*reg(nic, TOY_ID) = TOY_IS;
}

static uint64_t read_register(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size)
{
	uint64_t value;

	(void)size;
	if (bar || offset >= TOY_REGISTERS)
		return 0;
	value = *reg(nic, offset);
	return value >> 8 * (offset % 8);
}

static void send_number(struct nic *nic, uint32_t number)
{
	uint8_t frame[1000] = { 2, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0x88, 0xb6 };
	struct iovec iov = { frame, sizeof(frame) };

	number = htonl(number);
	memcpy(frame + TOY_NUMBER, &number, sizeof(number));
	nic_transmit(nic, &iov, 1);
}

static void act(struct nic *nic, uint64_t offset, uint64_t value)
{
	uint64_t addr = *reg(nic, TOY_ADDR), len = value < TOY_DMA_MAX ? value : TOY_DMA_MAX, sum = 0;
	uint8_t *buf = ((struct toy *)nic_priv(nic))->buf, *touched;

	switch (offset) {
	case TOY_IRQ:
		nic_irq(nic, value);
		break;
	case TOY_FILL:
		memset(buf, TOY_BYTE, len);
		nic_dma_write(nic, addr, buf, len);
		break;
	case TOY_TOUCH:
		touched = nic_dma(nic, addr, value);
		if (touched)
			nic_publish(touched, TOY_BYTE);
		break;
	case TOY_SUM:
		nic_dma_read(nic, addr, buf, len);
		for (uint64_t i = 0; i < len; i++)
			sum += buf[i];
		*reg(nic, TOY_SUM) = sum;
		break;
	case TOY_SEND:
		if (nic_dma_read(nic, addr, buf, len))
			nic_transmit(nic, (struct iovec[]){ { buf, len / 2 },
							    { buf + len / 2, len - len / 2 } }, 2);
		break;
	case TOY_SEND_MANY:
		for (uint32_t i = 0; i < value && i < 1000000; i++)
			send_number(nic, i);
		break;
	case TOY_BUFFERS:
		nic_receive_again(nic);
		break;
	}
}

static void write_register(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size,
			   uint64_t value)
{
	if (bar || offset >= TOY_REGISTERS)
		return;
	if (size < 8) {
		memcpy((uint8_t *)reg(nic, offset) + offset % 8, &value, size);
		return;
	}
	if (offset == TOY_BUFFERS)
		*reg(nic, offset) += value;
	else
		*reg(nic, offset) = value;
	act(nic, offset, value);
}

static int receive(struct nic *nic, const struct nic_frame *frame)
{
	uint32_t number;

	if (!*reg(nic, TOY_BUFFERS))
		return -EAGAIN;
	--*reg(nic, TOY_BUFFERS);
	memcpy(&number, frame->data + TOY_NUMBER, sizeof(number));
	*reg(nic, TOY_GOT_ORDER) += ntohl(number) == *reg(nic, TOY_GOT);
	++*reg(nic, TOY_GOT);
	*reg(nic, TOY_GOT_LEN) = frame->len;
	return 0;
}

static void link_changed(struct nic *nic, bool up)
{
	(void)up;
	++*reg(nic, TOY_LINK);
}

const struct nic_ops toy_ops = {
	.name			= "toy",
	.vendor			= 0x1234,
	.device			= 0x5678,
	.subsystem_vendor	= 0x9abc,
	.subsystem_device	= 0xdef0,
	.revision		= 3,
	.class_code		= 0x020000,
	.bar_size		= { [0] = TOY_BAR, [2] = 64 << 20 },
	.msix_vectors		= TOY_VECTORS,
	.msix_bar		= 2,
	.msix_table		= 0x1000,
	.msix_pba		= 0x2000,
	.priv_size		= sizeof(struct toy),
	.reset			= reset,
	.read			= read_register,
	.write			= write_register,
	.receive		= receive,
	.link			= link_changed,
};
