// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about the function as a whole: versions, capabilities, the flash, the package that programs
 * the device's parser (DDP), shared resources.
 */
#include "ice.h"

enum {
	ICE_CMD_FUNCTION_CAPS	= 0x000a,
	ICE_CMD_DEVICE_CAPS	= 0x000b,
	ICE_CAPABILITY		= 32,	/* bytes of an element of their answers */
};

#define ICE_DEFAULT_PKG "ICE OS Default Package"

static int ice_get_version(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	static const uint8_t firmware[] = { 0, 7, 3, 0 }, api[] = { 0, 1, 7, 0 };

	(void)nic, (void)buf, (void)len;
	ice_put32(&desc->raw[0], 1);
	ice_put32(&desc->raw[4], 1);
	memcpy(&desc->raw[8], firmware, sizeof(firmware));
	memcpy(&desc->raw[12], api, sizeof(api));
	return ICE_AQ_OK;
}

/* Everyone may have every resource: there is one function. */
static int ice_request_resource(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)nic, (void)buf, (void)len;
	ice_put32(&desc->raw[4], 3000);		/* held for so many ms */
	ice_put16(&desc->raw[12], 0);		/* the package may be loaded */
	return ICE_AQ_OK;
}

/* The clock, which this function has: the bits differ between the device's list and the function's. */
static void ice_put_clock(bool is_device, uint8_t element[ICE_CAPABILITY])
{
	enum {
		FUNC_ENABLED = 1 << 0, FUNC_OWNS = 1 << 1, FUNC_RUNS = 1 << 2,
		DEV_OWNED = 1 << 3, DEV_ENABLED = 1 << 24, DEV_RUNS = 1 << 25,
	};

	memset(element, 0, ICE_CAPABILITY);
	ice_put16(&element[0], 0x0046);
	element[2] = 1;
	ice_put32(&element[4], is_device ? DEV_OWNED | DEV_ENABLED | DEV_RUNS :
					   FUNC_ENABLED | FUNC_OWNS | FUNC_RUNS);
	ice_put32(&element[8], 1);		/* ports */
	ice_put32(&element[12], 1);		/* functions that own a clock */
}

static int ice_list_capabilities(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	static const struct {
		uint16_t capability;
		uint32_t number, logical, physical;
	} caps[] = {
		{ 0x0005, 1, 0, 0 },			/* functions: the first */
		{ 0x0017, ICE_VSIS, 0, 0 },
		{ 0x0018, 1, 1, 1 },			/* data center bridging with one traffic class */
		{ 0x0040, ICE_LUT_SIZE, 8, 0 },		/* receive side scaling */
		{ 0x0041, ICE_RXQS, 0, 0 },
		{ 0x0042, ICE_TXQS, 0, 0 },
		{ 0x0043, ICE_VECTORS, 0, 0 },
		{ 0x0045, 2048, 0, 0 },			/* flow director filters */
		{ 0x0047, ICE_FRAME_MAX, 0, 0 },
	};
	size_t i;

	(void)nic;
	if (len < (sizeof(caps) / sizeof(*caps) + 1) * ICE_CAPABILITY)
		return ICE_AQ_EINVAL;
	for (i = 0; i < sizeof(caps) / sizeof(*caps); i++, buf += ICE_CAPABILITY) {
		memset(buf, 0, ICE_CAPABILITY);
		ice_put16(&buf[0], caps[i].capability);
		buf[2] = 1;			/* version */
		ice_put32(&buf[4], caps[i].number);
		ice_put32(&buf[8], caps[i].logical);
		ice_put32(&buf[12], caps[i].physical);
	}
	ice_put_clock(desc->opcode == ICE_CMD_DEVICE_CAPS, buf);
	ice_put32(&desc->raw[4], i + 1);
	return ICE_AQ_OK;
}

static int ice_read_mac(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)nic;
	if (len < 2 + sizeof(ice_mac))
		return ICE_AQ_EINVAL;
	ice_put16(&desc->raw[0], 1 << 4);	/* the address of the LAN is valid */
	desc->raw[4] = 1;
	buf[0] = 0;
	buf[1] = 0;
	memcpy(&buf[2], ice_mac, sizeof(ice_mac));
	return ICE_AQ_OK;
}

static int ice_get_switch(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)nic;
	if (len < 6)
		return ICE_AQ_EINVAL;
	ice_put16(&desc->raw[2], 0);		/* no more elements follow */
	ice_put16(&desc->raw[4], 1);
	ice_put16(&buf[0], 0);			/* physical port 0 */
	ice_put16(&buf[2], 1);			/* of switch 1 */
	ice_put16(&buf[4], 0);			/* belongs to function 0 */
	return ICE_AQ_OK;
}

/*
 * Resources are numbers. The driver keeps tables that are indexed by some of them, so the lowest free one
 * is given out. The first ones are the package's own.
 */
enum { ICE_RES_FIRST = 10 };

static bool ice_take_resource(uint64_t *used, uint16_t *id)
{
	unsigned int i;

	for (i = ICE_RES_FIRST; i < ICE_RES_IDS; i++) {
		if (used[i / 64] & 1ull << i % 64)
			continue;
		used[i / 64] |= 1ull << i % 64;
		*id = i;
		return true;
	}
	return false;
}

static int ice_alloc_resource(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	uint16_t id;
	unsigned int n, i;

	(void)desc;
	n = len < 4 ? 0 : ice_get16(&buf[2]);
	/* The driver counts what it wants of some types and has room for the first only. */
	for (i = 0; i < n && 4 + 2 * i + 2 <= len; i++) {
		if (!ice_take_resource(ice->pf.resource[ice_get16(buf) % ICE_RES_TYPES], &id))
			return ICE_AQ_ENOSPC;
		ice_put16(&buf[4 + 2 * i], id);
	}
	return i ? ICE_AQ_OK : ICE_AQ_EINVAL;
}

static int ice_free_resource(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	uint64_t *used;
	unsigned int n, i, id;

	(void)desc;
	n = len < 4 ? 0 : ice_get16(&buf[2]);
	if (!n)
		return ICE_AQ_EINVAL;
	used = ice->pf.resource[ice_get16(buf) % ICE_RES_TYPES];
	for (i = 0; i < n && 4 + 2 * i + 2 <= len; i++) {
		id = ice_get16(&buf[4 + 2 * i]);
		if (id >= ICE_RES_IDS || !(used[id / 64] & 1ull << id % 64))
			return ICE_AQ_ENOENT;
		used[id / 64] &= ~(1ull << id % 64);
	}
	return ICE_AQ_OK;
}

/* Flash: 1 MiB of zeros; and its shadow RAM, by words, whose pointers count 4 KiB if bit 15 is set */
enum { ICE_FLASH_SIZE = 1 << 20 };

static uint16_t ice_shadow_word(unsigned int word)
{
	switch (word) {
	case 0x00: return 1 << 6;	/* valid; the first of each two banks is in use */
	case 0x18: return 0x3000;	/* version 3.0 */
	case 0x40: return 0x0100;	/* port feature area */
	case 0x42: return 0x8001;	/* flash bank and its size */
	case 0x43: return 4;
	case 0x44: return 0x8010;	/* boot ROM's */
	case 0x45: return 1;
	case 0x46: return 0x8020;	/* netlist's */
	case 0x47: return 1;
	default: return 0;
	}
}

static int ice_read_flash(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	unsigned int offset = ice_get16(&desc->raw[0]) | desc->raw[2] << 16;
	bool is_flat = desc->raw[3] & 1 << 7;
	size_t i;

	(void)nic;
	if (offset + len > ICE_FLASH_SIZE)
		return ICE_AQ_EINVAL;
	memset(buf, 0, len);
	for (i = 0; !is_flat && i + 2 <= len; i += 2)
		ice_put16(&buf[i], ice_shadow_word((offset + i) / 2));
	return ICE_AQ_OK;
}

/* A buffer of the package: sections behind a table. Only who the package is matters here. */
static int ice_load_package(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { TABLE = 4, ENTRY = 8, METADATA = 1, METADATA_SIZE = 36 };
	struct ice *ice = nic_priv(nic);
	unsigned int i, n, offset;

	(void)desc;
	n = len < TABLE ? 0 : ice_get16(buf);
	if (len < TABLE + (size_t)n * ENTRY)
		return ICE_AQ_EINVAL;
	for (i = 0; i < n; i++) {
		const uint8_t *entry = &buf[TABLE + i * ENTRY];

		offset = ice_get16(&entry[4]);
		if (ice_get32(entry) != METADATA || offset + METADATA_SIZE > len)
			continue;
		memcpy(ice->pkg.version, &buf[offset], sizeof(ice->pkg.version));
		memcpy(ice->pkg.name, &buf[offset + 4], sizeof(ice->pkg.name));
		ice->pkg.track_id = ice_get32(&buf[offset + 32]);
		ice->pkg.active = 1;
	}
	return ICE_AQ_OK;
}

static int ice_list_packages(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	static const struct ice_pkg_info in_flash = {
		.version = { 1, 3, 0, 0 }, .name = ICE_DEFAULT_PKG, .in_nvm = 1, .active_at_boot = 1,
	};
	struct ice *ice = nic_priv(nic);
	struct ice_pkg_info infos[2] = { in_flash, ice->pkg };

	(void)desc;
	if (len < 4 + sizeof(infos))
		return ICE_AQ_EINVAL;
	infos[0].active = !ice->pkg.active;
	ice_put32(buf, ice->pkg.active ? 2 : 1);
	memcpy(&buf[4], infos, sizeof(infos));
	return ICE_AQ_OK;
}

static int ice_find_part(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)nic, (void)desc, (void)buf, (void)len;
	return ICE_AQ_ENOENT;	/* the netlist is empty: no clock, no external PHY */
}

const struct ice_command ice_admin_commands[] = {
	{ 0x0001, ice_get_version },
	{ 0x0002, NULL },			/* driver's version */
	{ 0x0003, NULL },			/* shut down the queue */
	{ 0x0008, ice_request_resource },
	{ 0x0009, NULL },			/* release it */
	{ ICE_CMD_FUNCTION_CAPS, ice_list_capabilities },
	{ ICE_CMD_DEVICE_CAPS, ice_list_capabilities },
	{ 0x0107, ice_read_mac },
	{ 0x0108, NULL },			/* write the MAC address, for wake on LAN */
	{ 0x0110, NULL },			/* leave PXE mode */
	{ 0x0200, ice_get_switch },
	{ 0x0203, NULL },			/* set port parameters */
	{ 0x0208, ice_alloc_resource },
	{ 0x0209, ice_free_resource },
	{ 0x020b, NULL },			/* share a resource */
	{ 0x020c, NULL },			/* set VLAN mode */
	{ 0x020d, NULL },			/* get it: single */
	{ 0x02a4, NULL },			/* clear the function's configuration */
	{ 0x06e0, ice_find_part },
	{ 0x0701, ice_read_flash },
	{ 0x0c40, ice_load_package },
	{ 0x0c41, NULL },			/* read a section of it */
	{ 0x0c42, NULL },			/* change a section of it */
	{ 0x0c43, ice_list_packages },
	{ 0x0c90, NULL },			/* parameters shared with other drivers */
	{ 0xff09, NULL },			/* firmware's log, as 6.1 asks */
	{ 0xff20, NULL },			/* health events */
	{ 0xff30, NULL },			/* firmware's log */
	{ 0xff31, NULL },
	{ 0xff32, NULL },
	{ 0 }
};
