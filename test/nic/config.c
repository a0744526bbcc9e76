// SPDX-License-Identifier: GPL-2.0
#include "config.h"

#include <linux/pci_regs.h>
#include <string.h>

enum {
	MSIX = 0x40,		/* where the capabilities are */
	EXPRESS = 0x60,
	POWER = 0xa0,
};

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v;
	p[1] = v >> 8;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v);
	put16(p + 2, v >> 16);
}

/* A BAR's address bits below its size cannot be written: so the size is found out. */
static void bars(struct config *c, const struct nic_ops *ops)
{
	for (unsigned int i = 0; i + 1 < NIC_BARS; i++) {
		unsigned int at = PCI_BASE_ADDRESS_0 + 4 * i;
		uint64_t mask = ~(ops->bar_size[i] - 1);

		if (!ops->bar_size[i])
			continue;
		put32(c->byte + at, PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH);
		put32(c->mask + at, mask & PCI_BASE_ADDRESS_MEM_MASK);
		put32(c->mask + at + 4, mask >> 32);
		i++;
	}
}

static void capabilities(struct config *c, const struct nic_ops *ops)
{
	uint8_t *b = c->byte, *m = c->mask;

	put16(b + PCI_STATUS, PCI_STATUS_CAP_LIST);
	b[PCI_CAPABILITY_LIST] = MSIX;

	b[MSIX] = PCI_CAP_ID_MSIX;
	b[MSIX + 1] = EXPRESS;
	put16(b + MSIX + PCI_MSIX_FLAGS, ops->msix_vectors - 1);
	put16(m + MSIX + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	put32(b + MSIX + PCI_MSIX_TABLE, ops->msix_table | ops->msix_bar);
	put32(b + MSIX + PCI_MSIX_PBA, ops->msix_pba | ops->msix_bar);

	b[EXPRESS] = PCI_CAP_ID_EXP;
	b[EXPRESS + 1] = POWER;
	put16(b + EXPRESS + PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_ENDPOINT << 4);
	put32(b + EXPRESS + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_FLR | PCI_EXP_DEVCAP_RBER | 1);
	put16(m + EXPRESS + PCI_EXP_DEVCTL, 0x7fff);
	put32(b + EXPRESS + PCI_EXP_LNKCAP,
	      PCI_EXP_LNKCAP_SLS_8_0GB | 16 << 4);	/* sixteen lanes */
	put16(m + EXPRESS + PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_ASPMC | PCI_EXP_LNKCTL_CCC);
	put16(b + EXPRESS + PCI_EXP_LNKSTA,
	      PCI_EXP_LNKSTA_CLS_8_0GB | 16 << PCI_EXP_LNKSTA_NLW_SHIFT);

	b[POWER] = PCI_CAP_ID_PM;
	put16(b + POWER + PCI_PM_PMC, 3);
	put16(b + POWER + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);
	put16(m + POWER + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);
}

void config_reset(struct config *c, const struct nic_ops *ops)
{
	memset(c, 0, sizeof(*c));
	put16(c->byte + PCI_VENDOR_ID, ops->vendor);
	put16(c->byte + PCI_DEVICE_ID, ops->device);
	put16(c->mask + PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
	      PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	put32(c->byte + PCI_CLASS_REVISION, ops->class_code << 8 | ops->revision);
	put16(c->byte + PCI_SUBSYSTEM_VENDOR_ID, ops->subsystem_vendor);
	put16(c->byte + PCI_SUBSYSTEM_ID, ops->subsystem_device);
	c->mask[PCI_CACHE_LINE_SIZE] = 0xff;
	c->mask[PCI_INTERRUPT_LINE] = 0xff;
	bars(c, ops);
	capabilities(c, ops);
}

void config_read(const struct config *c, uint32_t off, void *buf, uint32_t len)
{
	memcpy(buf, c->byte + off, len);
}

bool config_write(struct config *c, uint32_t off, const void *buf, uint32_t len)
{
	const uint32_t flr = EXPRESS + PCI_EXP_DEVCTL + 1;	/* the byte that has the bit */
	const uint8_t *from = buf;

	for (uint32_t i = 0; i < len; i++) {
		uint8_t mask = c->mask[off + i];

		c->byte[off + i] = (c->byte[off + i] & ~mask) | (from[i] & mask);
	}
	return off <= flr && flr - off < len && from[flr - off] & PCI_EXP_DEVCTL_BCR_FLR >> 8;
}
