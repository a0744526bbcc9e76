// SPDX-License-Identifier: GPL-2.0
/*
 * The port: a 100G PHY with a copper cable, whose link follows the cable of the wire and the driver's wish.
 */
#include "ice.h"

#define ICE_PHY_100GBASE_CR4	(1ull << 51)

enum {
	ICE_CMD_LINK_STATUS	= 0x0607,
	ICE_PHY_ENABLE		= 1 << 3,
	ICE_LINK_UP		= 1 << 0,
	ICE_LINK_MEDIA		= 1 << 6,
	ICE_AN_COMPLETED	= 1 << 0,
	ICE_SPEED_100G		= 1 << 10,
	ICE_LINK_STATUS_LEN	= 32,	/* the first version; later ones add the partner's abilities */
};

void ice_link_reset(struct ice *ice)
{
	ice->pf.phy_enabled = true;
}

bool ice_link_is_up(struct nic *nic)
{
	struct ice *ice = nic_priv(nic);

	return ice->pf.phy_enabled && nic_link_up(nic);
}

static void ice_link_status(struct nic *nic, uint8_t status[ICE_LINK_STATUS_LEN])
{
	bool is_up = ice_link_is_up(nic);

	memset(status, 0, ICE_LINK_STATUS_LEN);
	status[2] = ICE_LINK_MEDIA | (is_up ? ICE_LINK_UP : 0);
	status[3] = is_up ? ICE_AN_COMPLETED : 0;
	ice_put16(&status[6], ICE_FRAME_MAX);
	ice_put16(&status[10], is_up ? ICE_SPEED_100G : 0);
	ice_put64(&status[16], is_up ? ICE_PHY_100GBASE_CR4 : 0);
}

/*
 * Events are sent once after the driver has asked for them, which it does by reading the status: so what
 * changes between an event and that reading is not lost either.
 */
void ice_link_changed(struct nic *nic)
{
	struct ice *ice = nic_priv(nic);
	uint8_t status[ICE_LINK_STATUS_LEN];

	if (!ice->pf.wants_link_event)
		return;
	ice_link_status(nic, status);
	ice->pf.link_event_waits = !ice_aq_event(nic, ICE_CMD_LINK_STATUS, status, sizeof(status));
	ice->pf.wants_link_event = ice->pf.link_event_waits;
}

void ice_link_retry_event(struct nic *nic)
{
	struct ice *ice = nic_priv(nic);

	if (ice->pf.link_event_waits)
		ice_link_changed(nic);
}

static int ice_get_link(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { EVENTS_OFF = 2, EVENTS_ON = 3, ARE_ON = 1 };
	struct ice *ice = nic_priv(nic);

	if (len < ICE_LINK_STATUS_LEN)
		return ICE_AQ_EINVAL;
	switch (ice_get16(&desc->raw[2]) & 3) {
	case EVENTS_OFF:
		ice->pf.wants_link_event = false;
		break;
	case EVENTS_ON:
		ice->pf.wants_link_event = true;
		break;
	}
	ice->pf.link_event_waits = false;
	ice_put16(&desc->raw[2], ice->pf.wants_link_event ? ARE_ON : 0);
	memset(buf, 0, len);
	ice_link_status(nic, buf);
	return ICE_AQ_OK;
}

static int ice_get_phy(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { PHY_LEN = 36, REPORT_CURRENT = 1 << 2 };
	struct ice *ice = nic_priv(nic);
	bool is_current = ice_get16(&desc->raw[2]) & REPORT_CURRENT;

	if (len < PHY_LEN)
		return ICE_AQ_EINVAL;
	memset(buf, 0, len);
	ice_put64(&buf[0], ICE_PHY_100GBASE_CR4);
	buf[16] = !is_current || ice->pf.phy_enabled ? ICE_PHY_ENABLE : 0;
	return ICE_AQ_OK;
}

static void ice_enable_phy(struct nic *nic, bool enable)
{
	struct ice *ice = nic_priv(nic);
	bool was_up = ice_link_is_up(nic);

	ice->pf.phy_enabled = enable;
	if (ice_link_is_up(nic) != was_up)
		ice_link_changed(nic);
}

static int ice_set_phy(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)desc;
	if (len < 17)
		return ICE_AQ_EINVAL;
	ice_enable_phy(nic, buf[16] & ICE_PHY_ENABLE);
	return ICE_AQ_OK;
}

static int ice_restart_link(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { LINK_ENABLE = 1 << 2 };

	(void)buf, (void)len;
	ice_enable_phy(nic, desc->raw[2] & LINK_ENABLE);
	return ICE_AQ_OK;
}

/* How lanes can be split into ports: the first lane is a port of 100G, the others are free. */
static int ice_get_lane(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { OPTION = 8, SPEED_100G = 7, ACTIVE_VALID = 1 << 7 };

	(void)nic;
	if (len < OPTION)
		return ICE_AQ_EINVAL;
	memset(buf, 0, len);
	buf[0] = 1;
	buf[1] = SPEED_100G;
	desc->raw[2] = 1;
	desc->raw[4] = desc->raw[0] ? 0 : ACTIVE_VALID;
	desc->raw[5] = 0;
	return ICE_AQ_OK;
}

/* What a port may lack: the driver's caller gets an error, and nothing is wrong. */
static int ice_refuse(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)nic, (void)desc, (void)buf, (void)len;
	return ICE_AQ_ENOSYS;
}

const struct ice_command ice_link_commands[] = {
	{ 0x0302, NULL },			/* query the mode of flow control */
	{ 0x0303, NULL },			/* set it: the answer repeats the mode */
	{ 0x0600, ice_get_phy },
	{ 0x0601, ice_set_phy },
	{ 0x0603, NULL },			/* MAC: frame size */
	{ 0x0605, ice_restart_link },
	{ ICE_CMD_LINK_STATUS, ice_get_link },
	{ 0x0613, NULL },			/* which changes of the link are events */
	{ 0x0620, ice_refuse },			/* loopback in the MAC */
	{ 0x0682, ice_refuse },			/* parameters of the lanes */
	{ 0x06e9, NULL },			/* LED */
	{ 0x06ea, ice_get_lane },
	{ 0x06ee, ice_refuse },			/* module's EEPROM */
	{ 0x0a00, ice_refuse },			/* LLDP in firmware */
	{ 0x0a01, NULL },			/* LLDP, which the driver does itself */
	{ 0x0a05, NULL },
	{ 0x0a06, NULL },
	{ 0x0a08, NULL },
	{ 0x0a09, NULL },
	{ 0x0a0a, NULL },
	{ 0x0a0b, NULL },
	{ 0 }
};
