// SPDX-License-Identifier: GPL-2.0
/*
 * Control queues. Firmware answers a command before the driver's write of the tail returns, in place: in
 * the command's descriptor and its buffer. Events go into buffers that the driver has queued.
 *
 * The sideband queue leads to other devices on the board, for which drivers of E810 use the command queue
 * as well. At the other end of the mailbox, which is for virtual functions, there is nothing.
 */
#include "ice.h"

enum {
	ICE_DESC_DONE	= 1 << 0,
	ICE_DESC_CMP	= 1 << 1,
	ICE_DESC_ERR	= 1 << 2,
	ICE_DESC_BUF	= 1 << 12,
};

struct ice_ring {
	uint32_t low, high, len, head, tail;	/* registers */
};

static const struct ice_ring ice_fw_commands = {
	ICE_FW_BASE, ICE_FW_BASE + 0x100, ICE_FW_BASE + 0x200, ICE_FW_BASE + 0x300, ICE_FW_BASE + 0x400,
};

static const struct ice_ring ice_fw_events = {
	ICE_FW_BASE + 0x80, ICE_FW_BASE + 0x180, ICE_FW_BASE + 0x280, ICE_FW_BASE + 0x380,
	ICE_FW_BASE + 0x480,
};

static const struct ice_ring ice_sb_commands = {
	ICE_SB_BASE, ICE_SB_BASE + 0x80, ICE_SB_BASE + 0x100, ICE_SB_BASE + 0x180, ICE_SB_BASE + 0x200,
};

enum { ICE_MBX_TAIL = ICE_MBX_BASE + 0x200 };

static const struct ice_command *const ice_commands[] = {
	ice_admin_commands, ice_link_commands, ice_vsi_commands, ice_sched_commands,
	ice_clock_commands, NULL,
};

static const struct ice_command *const ice_sb_tables[] = { ice_clock_commands, NULL };

static const struct ice_command *ice_find_command(const struct ice_command *const *tables,
						  uint16_t opcode)
{
	const struct ice_command *command;

	for (; *tables; tables++)
		for (command = *tables; command->opcode; command++)
			if (command->opcode == opcode)
				return command;
	return NULL;
}

static uint64_t ice_ring_slot(struct nic *nic, const struct ice_ring *ring, unsigned int i)
{
	return ((uint64_t)*ice_reg(nic, ring->high) << 32 | *ice_reg(nic, ring->low)) +
	       i * sizeof(struct ice_desc);
}

/* Number of descriptors, 0 if the queue is off or makes no sense */
static unsigned int ice_ring_len(struct nic *nic, const struct ice_ring *ring)
{
	unsigned int n = *ice_reg(nic, ring->len) & ICE_CTLQ_LEN;

	if (!(*ice_reg(nic, ring->len) & ICE_CTLQ_ENABLE))
		return 0;
	if (*ice_reg(nic, ring->head) >= n || *ice_reg(nic, ring->tail) >= n) {
		nic_fault(nic, "control queue of %u descriptors: head %u, tail %u", n,
			  *ice_reg(nic, ring->head), *ice_reg(nic, ring->tail));
		return 0;
	}
	return n;
}

static bool ice_run_command(struct nic *nic, const struct ice_command *const *tables, uint64_t slot)
{
	const struct ice_command *command;
	uint8_t buf[ICE_AQ_BUF];
	struct ice_desc desc;
	uint64_t addr;
	size_t len;

	if (!nic_dma_read(nic, slot, &desc, sizeof(desc)))
		return false;
	addr = (uint64_t)desc.addr_high << 32 | desc.addr_low;
	len = desc.flags & ICE_DESC_BUF ? desc.len : 0;
	if (len > sizeof(buf)) {
		nic_fault(nic, "command %#06x with %zu bytes", desc.opcode, len);
		return false;
	}
	if (len && !nic_dma_read(nic, addr, buf, len))
		return false;

	command = ice_find_command(tables, desc.opcode);
	desc.error = ICE_AQ_OK;
	if (!command) {
		nic_fault(nic, "unknown command %#06x", desc.opcode);
		desc.error = ICE_AQ_ENOSYS;
	} else if (command->run) {
		desc.error = command->run(nic, &desc, buf, len);
	}
	nic_log(nic, "command %#06x: %zu bytes, error %u", desc.opcode, len, desc.error);

	if (len && !nic_dma_write(nic, addr, buf, len))
		return false;
	desc.flags |= ICE_DESC_DONE | ICE_DESC_CMP | (desc.error ? ICE_DESC_ERR : 0);
	return nic_dma_write(nic, slot, &desc, sizeof(desc));
}

static void ice_run_commands(struct nic *nic, const struct ice_ring *ring,
			     const struct ice_command *const *tables)
{
	unsigned int n = ice_ring_len(nic, ring);
	uint32_t *head = ice_reg(nic, ring->head);

	while (n && *head != *ice_reg(nic, ring->tail)) {
		if (!ice_run_command(nic, tables, ice_ring_slot(nic, ring, *head)))
			return;
		*head = (*head + 1) % n;
	}
}

/* A register was written: is it a control queue's? */
void ice_aq_write(struct nic *nic, uint32_t offset)
{
	if (offset == ice_fw_commands.tail)
		ice_run_commands(nic, &ice_fw_commands, ice_commands);
	else if (offset == ice_sb_commands.tail)
		ice_run_commands(nic, &ice_sb_commands, ice_sb_tables);
	else if (offset == ice_fw_events.tail)
		ice_link_retry_event(nic);
	else if (offset == ICE_MBX_TAIL && *ice_reg(nic, offset))
		nic_fault(nic, "message to a virtual function");
}

/* Puts an event into the driver's next buffer. Returns false if there is none. */
bool ice_aq_event(struct nic *nic, uint16_t opcode, const void *buf, size_t len)
{
	const struct ice_ring *ring = &ice_fw_events;
	unsigned int n = ice_ring_len(nic, ring);
	uint32_t *head = ice_reg(nic, ring->head);
	struct ice_desc desc;
	uint64_t slot;

	if (!n || *head == *ice_reg(nic, ring->tail))
		return false;
	slot = ice_ring_slot(nic, ring, *head);
	if (!nic_dma_read(nic, slot, &desc, sizeof(desc)))
		return false;
	if (!(desc.flags & ICE_DESC_BUF) || desc.len < len) {
		nic_fault(nic, "event %#06x: the driver's buffer has %u bytes", opcode, desc.len);
		return false;
	}
	if (!nic_dma_write(nic, (uint64_t)desc.addr_high << 32 | desc.addr_low, buf, len))
		return false;
	desc.flags |= ICE_DESC_DONE | ICE_DESC_CMP;
	desc.opcode = opcode;
	desc.len = len;
	desc.error = ICE_AQ_OK;
	if (!nic_dma_write(nic, slot, &desc, sizeof(desc)))
		return false;
	*head = (*head + 1) % n;
	ice_cause(nic, ICE_PFINT_FW_CTL);
	return true;
}
