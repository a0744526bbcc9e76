// SPDX-License-Identifier: GPL-2.0
/*
 * VSIs (ports of the device's switch with queues behind them), receive side scaling, switch rules.
 *
 * The driver makes a main VSI and one for flow director whose receive queue has no buffers. What comes from
 * the wire goes to the main one only: the function's VSI with the lowest number.
 */
#include "ice.h"

/* Of a VSI's properties: bits in the first two bytes say which sections a command sets. */
enum {
	ICE_PROP_INNER_VLAN_FLAGS	= 12,
	ICE_PROP_QUEUE_MAP_FLAGS	= 28,
	ICE_PROP_QUEUE_MAP		= 30,
	ICE_PROP_TC_MAP			= 62,
	ICE_VLAN_EMODE_SHIFT		= 3,
	ICE_VLAN_EMODE_NOTHING		= 3,
	ICE_QUEUE_MAP_SCATTERED		= 1 << 0,
	ICE_QUEUE_MAP_MAX		= 16,
};

static const struct {
	uint16_t bit;
	uint8_t first, end;
} ice_sections[] = {
	{ 1 << 0, 2, 6 },	/* switch */
	{ 1 << 1, 6, 8 },	/* security */
	{ 1 << 2, 8, 16 },	/* VLAN */
	{ 1 << 3, 24, 28 },	/* outer tag */
	{ 1 << 4, 16, 20 },	/* priorities, in */
	{ 1 << 5, 20, 24 },	/* out */
	{ 1 << 6, 28, 78 },	/* queue map */
	{ 1 << 7, 78, 84 },	/* RSS and other queue options */
	{ 1 << 8, 84, 88 },	/* outer priorities */
	{ 1 << 11, 90, 100 },	/* flow director */
	{ 1 << 12, 100, 104 },	/* PASID */
};

const struct ice_vsi *ice_main_vsi(struct ice *ice, unsigned int *number)
{
	unsigned int i;

	for (i = 0; i < ICE_VSIS; i++) {
		if (!ice->pf.vsi[i].used || !ice->pf.vsi[i].is_pf)
			continue;
		*number = i;
		return &ice->pf.vsi[i];
	}
	return NULL;
}

bool ice_vsi_strips_vlan(const struct ice_vsi *vsi)
{
	return (vsi->props[ICE_PROP_INNER_VLAN_FLAGS] >> ICE_VLAN_EMODE_SHIFT & 3) !=
	       ICE_VLAN_EMODE_NOTHING;
}

/* The device's queue for a frame with this hash, or -1 */
int ice_vsi_rx_queue(struct ice *ice, const struct ice_vsi *vsi, uint32_t hash)
{
	uint16_t tc = ice_get16(&vsi->props[ICE_PROP_TC_MAP]);
	const uint8_t *map = &vsi->props[ICE_PROP_QUEUE_MAP];
	unsigned int queue;

	if (ice->pf.lut_len)
		queue = ice->pf.lut[hash % ice->pf.lut_len];
	else
		queue = hash % (1u << ice_bits(tc, 11, 4));
	queue += ice_bits(tc, 0, 11);
	if (ice_get16(&vsi->props[ICE_PROP_QUEUE_MAP_FLAGS]) & ICE_QUEUE_MAP_SCATTERED) {
		if (queue >= ICE_QUEUE_MAP_MAX)
			return -1;
		queue = ice_get16(&map[2 * queue]);
	} else {
		queue += ice_get16(map);
	}
	queue &= 0x7ff;
	return queue < ICE_RXQS ? (int)queue : -1;
}

static void ice_answer_vsi(struct ice *ice, struct ice_desc *desc, unsigned int number)
{
	unsigned int i, used = 0;

	for (i = 0; i < ICE_VSIS; i++)
		used += ice->pf.vsi[i].used;
	ice_put16(&desc->raw[0], number);
	ice_put16(&desc->raw[2], 0);
	ice_put16(&desc->raw[4], used);
	ice_put16(&desc->raw[6], ICE_VSIS - used);
}

static int ice_add_vsi(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { TYPE_MASK = 3, TYPE_PF = 2 };
	struct ice *ice = nic_priv(nic);
	unsigned int i;

	if (len < ICE_VSI_PROPS)
		return ICE_AQ_EINVAL;
	for (i = 0; i < ICE_VSIS && ice->pf.vsi[i].used; i++)
		;
	if (i == ICE_VSIS)
		return ICE_AQ_ENOSPC;
	ice->pf.vsi[i].used = true;
	ice->pf.vsi[i].is_pf = (ice_get16(&desc->raw[6]) & TYPE_MASK) == TYPE_PF;
	memcpy(ice->pf.vsi[i].props, buf, ICE_VSI_PROPS);
	ice_answer_vsi(ice, desc, i);
	nic_log(nic, "VSI %u%s", i, ice->pf.vsi[i].is_pf ? " of the function" : "");
	return ICE_AQ_OK;
}

static struct ice_vsi *ice_find_vsi(struct ice *ice, const struct ice_desc *desc)
{
	unsigned int i = ice_get16(&desc->raw[0]) & 0x3ff;

	return i < ICE_VSIS && ice->pf.vsi[i].used ? &ice->pf.vsi[i] : NULL;
}

static int ice_update_vsi(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	struct ice_vsi *vsi = ice_find_vsi(ice, desc);
	size_t i;

	if (!vsi)
		return ICE_AQ_ENOENT;
	if (len < ICE_VSI_PROPS)
		return ICE_AQ_EINVAL;
	for (i = 0; i < sizeof(ice_sections) / sizeof(*ice_sections); i++)
		if (ice_get16(buf) & ice_sections[i].bit)
			memcpy(&vsi->props[ice_sections[i].first], &buf[ice_sections[i].first],
			       ice_sections[i].end - ice_sections[i].first);
	ice_answer_vsi(ice, desc, vsi - ice->pf.vsi);
	nic_receive_again(nic);	/* it may go to another queue now */
	return ICE_AQ_OK;
}

static int ice_free_vsi(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	struct ice_vsi *vsi = ice_find_vsi(ice, desc);

	(void)buf, (void)len;
	if (!vsi)
		return ICE_AQ_ENOENT;
	vsi->used = false;
	ice_answer_vsi(ice, desc, vsi - ice->pf.vsi);
	nic_receive_again(nic);
	return ICE_AQ_OK;
}

static bool ice_is_main(struct ice *ice, const struct ice_desc *desc)
{
	unsigned int number;

	return ice_main_vsi(ice, &number) && number == (ice_get16(&desc->raw[0]) & 0x3ff);
}

static int ice_set_lut(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);

	if (!len || len > ICE_LUT_SIZE)
		return ICE_AQ_EINVAL;
	if (ice_is_main(ice, desc)) {
		memcpy(ice->pf.lut, buf, len);
		ice->pf.lut_len = len;
	}
	nic_receive_again(nic);
	return ICE_AQ_OK;
}

static int ice_get_lut(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);

	if (!ice_is_main(ice, desc) || len > ICE_LUT_SIZE)
		return ICE_AQ_EINVAL;
	memcpy(buf, ice->pf.lut, len);
	return ICE_AQ_OK;
}

/* Kept for who reads it. What hashes is the wire, with a key of its own: see struct nic_frame. */
static int ice_set_key(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);

	(void)desc;
	if (len != ICE_RSS_KEY)
		return ICE_AQ_EINVAL;
	memcpy(ice->pf.rss_key, buf, len);
	return ICE_AQ_OK;
}

static int ice_get_key(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);

	(void)desc;
	if (len != ICE_RSS_KEY)
		return ICE_AQ_EINVAL;
	memcpy(buf, ice->pf.rss_key, len);
	return ICE_AQ_OK;
}

/* Bytes of the switch rule at @rule and where its index is; 0 if it makes no sense */
static size_t ice_rule_size(const uint8_t *rule, size_t len, unsigned int *index_at)
{
	enum { LOOKUP_RX, LOOKUP_TX, LARGE_ACTION, VSI_LIST_SET, VSI_LIST_END = 6 };
	unsigned int type = len < 8 ? ~0u : ice_get16(rule);
	size_t size;

	if (type <= LOOKUP_TX) {
		*index_at = 12;
		size = len < 16 ? 0 : 16 + ice_get16(&rule[14]);
	} else if (type == LARGE_ACTION) {
		*index_at = 4;
		size = 8 + 4 * ice_get16(&rule[6]);
	} else if (type <= VSI_LIST_END) {
		*index_at = 0;		/* the driver's list has its index already */
		size = 8 + 2 * ice_get16(&rule[6]);
	} else {
		size = 0;
	}
	return size <= len ? size : 0;
}

static int ice_add_rules(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	unsigned int n = ice_get16(&desc->raw[0]), index_at;
	size_t size;

	for (; n; n--, buf += size, len -= size) {
		size = ice_rule_size(buf, len, &index_at);
		if (!size) {
			nic_fault(nic, "switch rule of type %#x in %zu bytes",
				  len < 2 ? 0 : ice_get16(buf), len);
			return ICE_AQ_EINVAL;
		}
		if (index_at)
			ice_put16(&buf[index_at], ++ice->pf.next_rule);
	}
	return ICE_AQ_OK;
}

const struct ice_command ice_vsi_commands[] = {
	{ 0x0210, ice_add_vsi },
	{ 0x0211, ice_update_vsi },
	{ 0x0213, ice_free_vsi },
	{ 0x0290, NULL },			/* recipes: how rules look at frames */
	{ 0x0291, NULL },
	{ 0x0292, NULL },
	{ 0x0293, NULL },
	{ 0x02a0, ice_add_rules },
	{ 0x02a1, NULL },			/* update rules */
	{ 0x02a2, NULL },			/* remove them */
	{ 0x0b02, ice_set_key },
	{ 0x0b03, ice_set_lut },
	{ 0x0b04, ice_get_key },
	{ 0x0b05, ice_get_lut },
	{ 0 }
};
