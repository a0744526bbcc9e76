// SPDX-License-Identifier: GPL-2.0
/*
 * The PTP clock: the host's monotonic clock, moved to where the driver sets it. It runs at the host's rate
 * whatever the driver wants, and has neither pins nor timestamps of transmitted frames.
 *
 * The driver sets a second clock, the PHY's, by messages. Receive descriptors have the times of one clock
 * only, so what the PHY is told needs no more than an answer; what is read from it is 0.
 */
#include "ice.h"

enum {
	ICE_GLTSYN_CMD_TIME	= 1 << 0,
	ICE_GLTSYN_CMD_RATE	= 1 << 1,
	ICE_GLTSYN_CMD_ADJUST	= 1 << 2,
	ICE_GLTSYN_CMD_READ	= 1 << 7,
	ICE_GLTSYN_CMD_MASK	= 0xff,
	ICE_GLTSYN_EXECUTE	= 3,
};

/* The clock's value at the host's time @now, ns */
uint64_t ice_clock_at(const struct ice *ice, uint64_t now)
{
	return now + ice->clock_offset;
}

static void ice_clock_command(struct nic *nic)
{
	unsigned int cmd = *ice_reg(nic, ICE_GLTSYN_CMD) & ICE_GLTSYN_CMD_MASK;
	struct ice *ice = nic_priv(nic);
	uint64_t value;

	switch (cmd) {
	case ICE_GLTSYN_CMD_TIME:
		value = (uint64_t)*ice_reg(nic, ICE_GLTSYN_SHTIME_H) << 32 |
			*ice_reg(nic, ICE_GLTSYN_SHTIME_L);
		ice->clock_offset = value - nic_now();
		ice->clock_is_set = true;
		break;
	case ICE_GLTSYN_CMD_ADJUST:
		ice->clock_offset += (int32_t)*ice_reg(nic, ICE_GLTSYN_SHADJ_H);
		break;
	case ICE_GLTSYN_CMD_RATE:
	case ICE_GLTSYN_CMD_READ:
		break;
	default:
		nic_fault(nic, "command %#x of the clock", cmd);
	}
}

void ice_clock_write(struct nic *nic, uint32_t offset, uint32_t value)
{
	if (offset == ICE_GLTSYN_CMD_SYNC && value == ICE_GLTSYN_EXECUTE)
		ice_clock_command(nic);
}

/* Puts the time where the driver reads it: its low half first, whose reading holds the other one. */
void ice_clock_read(struct nic *nic, uint32_t offset)
{
	struct ice *ice = nic_priv(nic);
	uint64_t now;

	if (offset != ICE_GLTSYN_TIME_L)
		return;
	now = ice_clock_at(ice, nic_now());
	*ice_reg(nic, ICE_GLTSYN_TIME_L) = now;
	*ice_reg(nic, ICE_GLTSYN_TIME_H) = now >> 32;
}

/* A register of a device on the board: bytes 4 to 7 of the answer are its value. */
static int ice_ask_board(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { OPCODE_AT = 2, READ = 0, DATA_AT = 4 };

	(void)nic, (void)desc;
	if (len < DATA_AT + 4)
		return ICE_AQ_EINVAL;
	if (buf[OPCODE_AT] == READ)
		ice_put32(&buf[DATA_AT], 0);
	return ICE_AQ_OK;
}

const struct ice_command ice_clock_commands[] = {
	{ 0x0c00, ice_ask_board },
	{ 0 }
};
