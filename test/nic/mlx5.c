// SPDX-License-Identifier: GPL-2.0
/*
 * BAR 0 of an mlx5 function: the init segment at its begin, then pages of doorbells (UARs). All
 * numbers in it are big endian.
 */
#include <errno.h>
#include <stdio.h>

#include "mlx5.h"

enum {
	FW_REV		= 0x00,
	CMDIF_REV	= 0x04,
	CMDQ_HIGH	= 0x10,
	CMDQ_LOW	= 0x14,
	CMD_DOORBELL	= 0x18,
	TIMER_HIGH	= 0x1000,
	TIMER_LOW	= 0x1004,
	HEALTH		= 0x1010,

	CMDQ_STATE	= 0x700,
	CMDQ_SIZE	= 5 << 4 | 6,	/* 2^5 slots of 2^6 bytes */

	LOG_UAR		= 12,
	UAR_CQ		= 0x20,
	UAR_EQ_ARM	= 0x40,
	UAR_EQ		= 0x48,
	UAR_SQ		= 0x800,

	BAR_SIZE	= 0x200000,
	MSIX_TABLE	= 0x100000,
	MSIX_PBA	= 0x101000,
	MSIX_VECTORS	= MLX5_EQS,
};

bool mlx5_option_striding;
uint8_t mlx5_option_mac[6] = { 0x02 };

static int option(struct nic *nic, const char *name, const char *value)
{
	uint8_t mac[6];
	char end;

	(void)nic;
	if (!strcmp(name, "rq") && (!strcmp(value, "legacy") || !strcmp(value, "striding"))) {
		mlx5_option_striding = value[0] == 's';
		return 0;
	}
	if (!strcmp(name, "mac") &&
	    sscanf(value, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &mac[0], &mac[1], &mac[2],
		   &mac[3], &mac[4], &mac[5], &end) == 6) {
		memcpy(mlx5_option_mac, mac, sizeof(mac));
		return 0;
	}
	return -EINVAL;
}

static void reset(struct nic *nic)
{
	struct mlx5 *m = nic_priv(nic);

	memset(m, 0, sizeof(*m));
	m->nic = nic;
	mlx5_mkey_reset();
	mlx5_port_reset(m);
}

static uint32_t init_segment(struct mlx5 *m, uint64_t offset)
{
	switch (offset) {
	case FW_REV:
		return 35 << 16 | 16;
	case CMDIF_REV:
		return 5 << 16 | 1000;
	case CMDQ_HIGH:
		return m->cmdq >> 32;
	case CMDQ_LOW:
		return (m->cmdq & ~0xffULL) | CMDQ_SIZE;
	case TIMER_HIGH:
		return nic_now() >> 32;
	case TIMER_LOW:
		return nic_now();
	case HEALTH:
		/* Must move between two looks of the driver, a few hundred ms apart. */
		return nic_now() / 10000000 & 0xffffff;
	default:
		return 0;
	}
}

static uint64_t bar_read(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size)
{
	struct mlx5 *m = nic_priv(nic);
	uint8_t dword[4];
	uint64_t value = 0;

	(void)bar;
	if (size > 4)
		return bar_read(nic, bar, offset, 4) | bar_read(nic, bar, offset + 4, 4) << 32;
	mlx5_be32_set(dword, init_segment(m, offset & ~3ULL));
	memcpy(&value, dword + (offset & 3), size);
	return le64toh(value);
}

static void uar_write(struct mlx5 *m, unsigned int uar, uint32_t offset, unsigned int size,
		      const uint8_t *data)
{
	if (uar >= MLX5_UAR_END || !m->uars[uar])
		nic_fault(m->nic, "doorbell in page %#x, which is not allocated", uar);
	else if (offset == UAR_CQ && size == 8)
		mlx5_cq_doorbell(m, mlx5_be32(data), mlx5_be32(data + 4));
	else if ((offset == UAR_EQ_ARM || offset == UAR_EQ) && size == 4)
		mlx5_eq_doorbell(m, mlx5_be32(data), offset == UAR_EQ_ARM);
	else if (offset >= UAR_SQ && size == 8)
		mlx5_sq_doorbell(m, mlx5_be32(data + 4) >> 8);
	else
		nic_fault(m->nic, "doorbell of %u bytes at %#x", size, offset);
}

static void bar_write(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t value)
{
	struct mlx5 *m = nic_priv(nic);
	uint8_t data[8];
	uint32_t dword;

	(void)bar;
	value = htole64(value);
	memcpy(data, &value, sizeof(data));
	if (offset >> LOG_UAR >= MLX5_UAR_FIRST) {
		uar_write(m, offset >> LOG_UAR, offset & ((1 << LOG_UAR) - 1), size, data);
		return;
	}
	dword = mlx5_be32(data);
	if (size == 4 && offset == CMDQ_HIGH)
		m->cmdq = (m->cmdq & UINT32_MAX) | (uint64_t)dword << 32;
	else if (size == 4 && offset == CMDQ_LOW)
		m->cmdq = (m->cmdq & ~(uint64_t)UINT32_MAX) | (dword & (~0xfffU | CMDQ_STATE));
	else if (size == 4 && offset == CMD_DOORBELL)
		mlx5_cmd_doorbell(m, dword);
	else
		nic_fault(nic, "write of %u bytes to the init segment at %#llx", size,
			  (unsigned long long)offset);
}

static void set_link(struct nic *nic, bool up)
{
	mlx5_port_event(nic_priv(nic), up);
}

/* New buffers are announced in memory only (mlx5-rq.c). */
static void tick(struct nic *nic)
{
	nic_receive_again(nic);
}

const struct nic_ops mlx5_ops = {
	.name			= "mlx5",
	.vendor			= 0x15b3,
	.device			= 0x101e,
	.subsystem_vendor	= 0x15b3,
	.subsystem_device	= 0x0058,
	.class_code		= 0x020000,
	.bar_size		= { BAR_SIZE },
	.msix_vectors		= MSIX_VECTORS,
	.msix_bar		= 0,
	.msix_table		= MSIX_TABLE,
	.msix_pba		= MSIX_PBA,
	.priv_size		= sizeof(struct mlx5),
	.option			= option,
	.reset			= reset,
	.read			= bar_read,
	.write			= bar_write,
	.receive		= mlx5_receive,
	.link			= set_link,
	.tick			= tick,
};
