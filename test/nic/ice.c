// SPDX-License-Identifier: GPL-2.0
/*
 * The E810 as a PCI function: identity, registers, resets and interrupts.
 */
#include <errno.h>
#include <stdio.h>

#include "ice.h"

enum { ICE_RESET_CORER = 1, ICE_RESET_GLOBR = 2 };

enum {
	ICE_BAR		= 0,
	ICE_BAR_MSIX	= 3,
	ICE_MSIX_PBA	= 0x8000,
};

/* The counters survive a reset of the function, as in hardware: the driver goes on from what it saw. */
enum { ICE_COUNT_FIRST = 0x300000, ICE_COUNT_END = 0x3c0000 };

static void ice_reset_function(struct nic *nic)
{
	struct ice *ice = nic_priv(nic);

	memset(ice->reg, 0, ICE_COUNT_FIRST);
	memset(&ice->reg[ICE_COUNT_END / 4], 0, ICE_REG_END - ICE_COUNT_END);
	memset(&ice->pf, 0, sizeof(ice->pf));

	*ice_reg(nic, ICE_GLNVM_ULD) = ICE_GLNVM_ULD_DONE;
	*ice_reg(nic, ICE_GLNVM_GENS) = 6 << ICE_GLNVM_GENS_SR_SIZE_SHIFT;
	*ice_reg(nic, ICE_GLNVM_FLA) = ICE_GLNVM_FLA_LOCKED;
	*ice_reg(nic, ICE_PRTDCB_GENS) = ICE_PRTDCB_GENS_DISABLED;
	*ice_reg(nic, ICE_GLQF_FD_SIZE) = 1024 | 1024 << 16;
	*ice_reg(nic, ICE_PFINT_ALLOC) =
		ICE_PFINT_ALLOC_VALID | (ICE_VECTORS - 1) << ICE_PFINT_ALLOC_LAST_SHIFT;
	ice_sched_reset(ice);
	ice_link_reset(ice);
}

static void ice_reset(struct nic *nic)
{
	ice_reset_function(nic);
	nic_receive_again(nic);
}

static void ice_fire(struct nic *nic, unsigned int vector)
{
	struct ice *ice = nic_priv(nic);
	uint32_t *ctl = ice_reg(nic, ICE_GLINT_DYN_CTL + 4 * vector);

	if (!(*ctl & ICE_GLINT_DYN_CTL_INTENA)) {
		ice->pf.irq_pending[vector] = true;
		return;
	}
	/* The device masks a vector that it has raised; the driver's poll function enables it again. */
	*ctl &= ~ICE_GLINT_DYN_CTL_INTENA;
	ice->pf.irq_pending[vector] = false;
	nic_irq(nic, vector);
}

void ice_cause(struct nic *nic, uint32_t ctl)
{
	uint32_t value = *ice_reg(nic, ctl);
	unsigned int vector = value & ICE_INT_CTL_VECTOR;

	if (!(value & ICE_INT_CTL_ENA))
		return;
	if (vector >= ICE_VECTORS) {
		nic_fault(nic, "cause %#x has vector %u", ctl, vector);
		return;
	}
	ice_fire(nic, vector);
}

/*
 * CLEARPBA is not obeyed for what happened since the vector was raised: the driver sets it whenever it
 * enables a vector, and a completion between its last look at the ring and that write must not get lost.
 */
void ice_vector_write(struct nic *nic, unsigned int vector, uint32_t value)
{
	struct ice *ice = nic_priv(nic);
	uint32_t *ctl = ice_reg(nic, ICE_GLINT_DYN_CTL + 4 * vector);

	if (value & ICE_GLINT_DYN_CTL_INTENA_MSK)
		value = (value & ~ICE_GLINT_DYN_CTL_INTENA) | (*ctl & ICE_GLINT_DYN_CTL_INTENA);
	*ctl = value & ~(ICE_GLINT_DYN_CTL_SWINT | ICE_GLINT_DYN_CTL_CLEARPBA);
	if (value & ICE_GLINT_DYN_CTL_SWINT || ice->pf.irq_pending[vector])
		ice_fire(nic, vector);
}

static void ice_global_reset(struct nic *nic, unsigned int type)
{
	uint32_t causes = *ice_reg(nic, ICE_PFINT_OICR_ENA);

	nic_log(nic, "global reset %u", type);
	/* The driver is told by an interrupt, before the reset takes its vector away. */
	if (causes & ICE_PFINT_OICR_GRST)
		ice_cause(nic, ICE_PFINT_OICR_CTL);
	ice_reset_function(nic);
	*ice_reg(nic, ICE_GLGEN_RSTAT) = type << ICE_GLGEN_RSTAT_TYPE_SHIFT;
	*ice_reg(nic, ICE_PFINT_OICR) = causes & ICE_PFINT_OICR_GRST;
	*ice_reg(nic, ICE_PFINT_OICR_ENA) = causes;
	nic_receive_again(nic);
}

/* Index into a register array of @n that begins at @first, or -1 */
static int ice_index(uint32_t offset, uint32_t first, unsigned int n)
{
	return offset >= first && offset < first + 4 * n ? (int)(offset - first) / 4 : -1;
}

static void ice_write32(struct nic *nic, uint32_t offset, uint32_t value)
{
	int i;

	switch (offset) {
	case ICE_PFGEN_CTRL:
		if (value & ICE_PFGEN_CTRL_PFSWR) {
			nic_log(nic, "reset of the function");
			ice_reset_function(nic);
			nic_receive_again(nic);
		}
		return;
	case ICE_GLGEN_RTRIG:
		if (value & ICE_GLGEN_RTRIG_CORER)
			ice_global_reset(nic, ICE_RESET_CORER);
		else if (value & ICE_GLGEN_RTRIG_GLOBR)
			ice_global_reset(nic, ICE_RESET_GLOBR);
		return;
	case ICE_PFINT_OICR:	/* the driver sets causes in this way */
		*ice_reg(nic, offset) |= value;
		ice_cause(nic, ICE_PFINT_OICR_CTL);
		return;
	}
	i = ice_index(offset, ICE_GLINT_DYN_CTL, ICE_VECTORS);
	if (i >= 0) {
		ice_vector_write(nic, i, value);
		return;
	}
	i = ice_index(offset, ICE_QRX_CTRL, ICE_RXQS);
	if (i >= 0) {
		ice_rxq_control(nic, i, value);
		return;
	}
	*ice_reg(nic, offset) = value;
	if (ice_index(offset, ICE_QRX_TAIL, ICE_RXQS) >= 0)
		nic_receive_again(nic);
	i = ice_index(offset, ICE_QTX_COMM_DBELL, ICE_TXQS);
	if (i >= 0)
		ice_txq_doorbell(nic, i, value);
	ice_aq_write(nic, offset);
	ice_clock_write(nic, offset, value);
}

static uint32_t ice_read32(struct nic *nic, uint32_t offset)
{
	uint32_t value;

	ice_clock_read(nic, offset);
	value = *ice_reg(nic, offset);
	if (offset == ICE_PFINT_OICR)	/* cleared by reading */
		*ice_reg(nic, offset) = 0;
	return value;
}

static void ice_write(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t value)
{
	if (bar != ICE_BAR || offset + size > ICE_REG_END || size < 4) {
		nic_fault(nic, "write of %u bytes at %u:%#llx", size, bar,
			  (unsigned long long)offset);
		return;
	}
	ice_write32(nic, offset, value);
	if (size == 8)
		ice_write32(nic, offset + 4, value >> 32);
}

static uint64_t ice_read(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size)
{
	uint64_t value;

	if (bar != ICE_BAR || offset + size > ICE_REG_END || size < 4) {
		nic_fault(nic, "read of %u bytes at %u:%#llx", size, bar,
			  (unsigned long long)offset);
		return 0;
	}
	value = ice_read32(nic, offset);
	if (size == 8)
		value |= (uint64_t)ice_read32(nic, offset + 4) << 32;
	return value;
}

static void ice_link(struct nic *nic, bool up)
{
	nic_log(nic, "cable %s", up ? "plugged in" : "pulled");
	ice_link_changed(nic);
}

/* Outside of what a reset clears: options are read once. */
uint8_t ice_mac[6] = { 0x02, 0, 0, 0, 0, 0 };

static int ice_option(struct nic *nic, const char *name, const char *value)
{
	char end;

	(void)nic;
	if (strcmp(name, "mac"))
		return -EINVAL;
	if (sscanf(value, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &ice_mac[0], &ice_mac[1], &ice_mac[2],
		   &ice_mac[3], &ice_mac[4], &ice_mac[5], &end) != 6)
		return -EINVAL;
	return 0;
}

const struct nic_ops ice_ops = {
	.name			= "ice",
	.vendor			= 0x8086,
	.device			= 0x1592,	/* E810-C, QSFP */
	.subsystem_vendor	= 0x8086,
	.subsystem_device	= 0x0001,
	.revision		= 2,
	.class_code		= 0x020000,
	.bar_size		= { [ICE_BAR] = 64 << 20, [ICE_BAR_MSIX] = 64 << 10 },
	.msix_vectors		= ICE_VECTORS,
	.msix_bar		= ICE_BAR_MSIX,
	.msix_table		= 0,
	.msix_pba		= ICE_MSIX_PBA,
	.priv_size		= sizeof(struct ice),
	.option			= ice_option,
	.reset			= ice_reset,
	.read			= ice_read,
	.write			= ice_write,
	.receive		= ice_receive,
	.link			= ice_link,
};
