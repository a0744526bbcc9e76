// SPDX-License-Identifier: GPL-2.0
/*
 * The transmit scheduler: a tree of 5 layers (port, traffic class, entry point, queue groups, queues), in
 * which the driver finds nodes by number (teid). No frame is delayed by it, so that it only has to be
 * consistent: what was added can be read, moved and deleted.
 *
 * Queues are its leaves, so the commands that make them and take them away are here, too.
 */
#include "ice.h"

enum {
	ICE_LAYERS		= 5,
	ICE_NODE_ROOT		= 0,
	ICE_NODE_TC		= 1,
	ICE_NODE_ENTRY		= 2,
	ICE_NODE_FIRST_FREE	= 16,
	ICE_TEID_NONE		= 0xffffffff,
	ICE_TYPE_ROOT		= 1,
	ICE_TYPE_TC		= 2,
	ICE_TYPE_ENTRY		= 4,
	ICE_TYPE_LEAF		= 5,
	ICE_VALID_SECTIONS	= 7,
	ICE_GROUP		= 8,	/* parent's teid, number of elements */
	ICE_PROPS		= 16,	/* an element without the two teids before it */
	ICE_TRAFFIC_CLASSES	= 8,
};

static struct ice_node *ice_find_node(struct ice *ice, uint32_t teid)
{
	unsigned int i;

	for (i = 0; i < ICE_NODES; i++)
		if (ice->pf.node[i].used && ice_get32(&ice->pf.node[i].elem[4]) == teid)
			return &ice->pf.node[i];
	return NULL;
}

static struct ice_node *ice_make_node(struct ice *ice, uint32_t parent, uint32_t teid,
				      const uint8_t props[ICE_PROPS])
{
	unsigned int i;

	for (i = 0; i < ICE_NODES && ice->pf.node[i].used; i++)
		;
	if (i == ICE_NODES)
		return NULL;
	ice->pf.node[i].used = true;
	ice_put32(&ice->pf.node[i].elem[0], parent);
	ice_put32(&ice->pf.node[i].elem[4], teid);
	memcpy(&ice->pf.node[i].elem[8], props, ICE_PROPS);
	return &ice->pf.node[i];
}

void ice_sched_reset(struct ice *ice)
{
	static const uint8_t root[ICE_PROPS] = { ICE_TYPE_ROOT, ICE_VALID_SECTIONS };
	static const uint8_t tc[ICE_PROPS] = { ICE_TYPE_TC, ICE_VALID_SECTIONS };
	static const uint8_t entry[ICE_PROPS] = { ICE_TYPE_ENTRY, ICE_VALID_SECTIONS };

	ice_make_node(ice, ICE_TEID_NONE, ICE_NODE_ROOT, root);
	ice_make_node(ice, ICE_NODE_ROOT, ICE_NODE_TC, tc);
	ice_make_node(ice, ICE_NODE_TC, ICE_NODE_ENTRY, entry);
	ice->pf.next_teid = ICE_NODE_FIRST_FREE;
}

static int ice_get_topology(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	uint32_t teid;

	if (len < ICE_GROUP + 3 * ICE_ELEM)
		return ICE_AQ_EINVAL;
	desc->raw[1] = 1;			/* branches */
	ice_put32(&buf[0], ICE_NODE_ROOT);
	ice_put16(&buf[4], 3);
	buf += ICE_GROUP;
	for (teid = ICE_NODE_ROOT; teid <= ICE_NODE_ENTRY; teid++, buf += ICE_ELEM)
		memcpy(buf, ice_find_node(ice, teid)->elem, ICE_ELEM);
	return ICE_AQ_OK;
}

static int ice_get_limits(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { LAYER = 32, NODES = 512, CHILDREN = 64, PROFILES = 16 };
	unsigned int i;

	(void)nic, (void)desc;
	if (len < LAYER * (1 + ICE_LAYERS))
		return ICE_AQ_EINVAL;
	memset(buf, 0, len);
	ice_put16(&buf[0], ICE_LAYERS);
	ice_put16(&buf[2], ICE_LAYERS);
	buf[5] = buf[6] = 8;			/* congestion domains of the device, of the function */
	for (i = 0; i < ICE_LAYERS; i++) {
		buf += LAYER;
		buf[0] = i;
		buf[1] = 1;
		ice_put16(&buf[2], NODES);
		ice_put16(&buf[4], NODES);
		ice_put16(&buf[10], CHILDREN);
		ice_put16(&buf[12], PROFILES);
		ice_put16(&buf[14], PROFILES);
		ice_put16(&buf[16], PROFILES);
	}
	return ICE_AQ_OK;
}

/* Which traffic class has which node: the first one, and the others none */
static int ice_get_ets(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { ETS = 64, SHARES = 8, TEIDS = 32 };
	unsigned int i;

	(void)nic, (void)desc;
	if (len < ETS)
		return ICE_AQ_EINVAL;
	memset(buf, 0, len);
	buf[0] = 1;
	buf[SHARES] = 100;
	for (i = 0; i < ICE_TRAFFIC_CLASSES; i++)
		ice_put32(&buf[TEIDS + 4 * i], i ? ICE_TEID_NONE : ICE_NODE_TC);
	return ICE_AQ_OK;
}

static int ice_add_elements(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	unsigned int groups = ice_get16(&desc->raw[0]), n;
	uint32_t parent;

	ice_put16(&desc->raw[2], groups);
	for (; groups; groups--) {
		if (len < ICE_GROUP)
			return ICE_AQ_EINVAL;
		parent = ice_get32(buf);
		n = ice_get16(&buf[4]);
		buf += ICE_GROUP;
		len -= ICE_GROUP;
		if (len < (size_t)n * ICE_ELEM)
			return ICE_AQ_EINVAL;
		if (!ice_find_node(ice, parent))
			return ICE_AQ_ENOENT;
		for (; n; n--, buf += ICE_ELEM, len -= ICE_ELEM) {
			if (!ice_make_node(ice, parent, ice->pf.next_teid, &buf[8]))
				return ICE_AQ_ENOSPC;
			ice_put32(&buf[4], ice->pf.next_teid++);
		}
	}
	return ICE_AQ_OK;
}

static int ice_get_elements(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	unsigned int n = ice_get16(&desc->raw[0]);
	const struct ice_node *node;

	ice_put16(&desc->raw[2], n);
	if (len < (size_t)n * ICE_ELEM)
		return ICE_AQ_EINVAL;
	for (; n; n--, buf += ICE_ELEM) {
		node = ice_find_node(ice, ice_get32(&buf[4]));
		if (!node)
			return ICE_AQ_ENOENT;
		memcpy(buf, node->elem, ICE_ELEM);
	}
	return ICE_AQ_OK;
}

static int ice_set_elements(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	struct ice *ice = nic_priv(nic);
	unsigned int n = ice_get16(&desc->raw[0]);
	struct ice_node *node;

	ice_put16(&desc->raw[2], n);
	if (len < (size_t)n * ICE_ELEM)
		return ICE_AQ_EINVAL;
	for (; n; n--, buf += ICE_ELEM) {
		node = ice_find_node(ice, ice_get32(&buf[4]));
		if (!node)
			return ICE_AQ_ENOENT;
		/* The type, the first byte of the properties, is no one's to change. */
		memcpy(&node->elem[9], &buf[9], ICE_PROPS - 1);
	}
	return ICE_AQ_OK;
}

/* Groups of teids: @run for each node in them */
static int ice_for_groups(struct ice *ice, struct ice_desc *desc, uint8_t *buf, size_t len,
			  size_t header, unsigned int count_at,
			  void (*run)(struct ice_node *node, const uint8_t *group))
{
	unsigned int groups = ice_get16(&desc->raw[0]), n, i;
	struct ice_node *node;

	ice_put16(&desc->raw[2], groups);
	for (; groups; groups--) {
		n = len < header ? 0 : ice_get16(&buf[count_at]);
		if (!n || len < header + 4 * (size_t)n)
			return ICE_AQ_EINVAL;
		for (i = 0; i < n; i++) {
			node = ice_find_node(ice, ice_get32(&buf[header + 4 * i]));
			if (!node)
				return ICE_AQ_ENOENT;
			run(node, buf);
		}
		buf += header + 4 * (size_t)n;
		len -= header + 4 * (size_t)n;
	}
	return ICE_AQ_OK;
}

static void ice_delete_node(struct ice_node *node, const uint8_t *group)
{
	(void)group;
	node->used = false;
}

static void ice_move_node(struct ice_node *node, const uint8_t *group)
{
	ice_put32(node->elem, ice_get32(&group[4]));
}

static int ice_delete_elements(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	return ice_for_groups(nic_priv(nic), desc, buf, len, ICE_GROUP, 4, ice_delete_node);
}

static int ice_move_elements(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	return ice_for_groups(nic_priv(nic), desc, buf, len, 12, 8, ice_move_node);
}

static int ice_count_elements(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	(void)nic, (void)buf, (void)len;
	ice_put16(&desc->raw[2], ice_get16(&desc->raw[0]));
	return ICE_AQ_OK;
}

/* One queue of the command: its number, its context in bits, its place in the tree */
static int ice_add_queue(struct nic *nic, uint32_t parent, uint8_t *entry)
{
	enum { CONTEXT = 8, LEN_AT = CONTEXT + 16, PROPS = 32 };	/* offsets */
	unsigned int number = ice_get16(entry);
	struct ice *ice = nic_priv(nic);
	struct ice_node *leaf;
	struct ice_txq *q;

	if (number >= ICE_TXQS || ice->pf.txq[number].enabled) {
		nic_fault(nic, "transmit queue %u made twice or out of range", number);
		return ICE_AQ_EINVAL;
	}
	q = &ice->pf.txq[number];
	q->base = ice_bits(ice_get64(&entry[CONTEXT]), 0, 57) << 7;
	q->len = ice_bits(ice_get32(&entry[LEN_AT]), 7, 13);
	if (!q->len) {
		nic_fault(nic, "transmit queue %u without descriptors", number);
		return ICE_AQ_EINVAL;
	}
	leaf = ice_make_node(ice, parent, ice->pf.next_teid, &entry[PROPS]);
	if (!leaf)
		return ICE_AQ_ENOSPC;
	leaf->elem[8] = ICE_TYPE_LEAF;
	q->teid = ice->pf.next_teid++;
	q->next = 0;
	q->enabled = true;
	ice_put32(&entry[4], q->teid);
	*ice_reg(nic, ICE_QTX_COMM_HEAD + 4 * number) = 0;
	nic_log(nic, "transmit queue %u: %u descriptors at %#llx", number, q->len,
		(unsigned long long)q->base);
	return ICE_AQ_OK;
}

static int ice_add_queues(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { ENTRY = 48 };
	unsigned int groups = desc->raw[0], n;
	struct ice *ice = nic_priv(nic);
	uint32_t parent;
	int error;

	for (; groups; groups--) {
		if (len < ICE_GROUP)
			return ICE_AQ_EINVAL;
		parent = ice_get32(buf);
		n = buf[4];
		buf += ICE_GROUP;
		len -= ICE_GROUP;
		if (len < (size_t)n * ENTRY)
			return ICE_AQ_EINVAL;
		if (!ice_find_node(ice, parent))
			return ICE_AQ_ENOENT;
		for (; n; n--, buf += ENTRY, len -= ENTRY) {
			error = ice_add_queue(nic, parent, buf);
			if (error)
				return error;
		}
	}
	return ICE_AQ_OK;
}

static int ice_remove_queues(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len)
{
	enum { HEADER = 6, NUMBER = 0x7fff };
	unsigned int groups = desc->raw[1], n, i, number;
	struct ice *ice = nic_priv(nic);
	struct ice_node *leaf;
	size_t size;

	for (; groups; groups--, buf += size, len -= size) {
		n = len < HEADER ? 0 : buf[4];
		/* A group begins at a multiple of 4 bytes. */
		size = (HEADER + 2 * (size_t)n + 3) & ~(size_t)3;
		if (!n || len < HEADER + 2 * (size_t)n)
			return ICE_AQ_EINVAL;
		if (size > len)
			size = len;
		for (i = 0; i < n; i++) {
			number = ice_get16(&buf[HEADER + 2 * i]) & NUMBER;
			if (number >= ICE_TXQS || !ice->pf.txq[number].enabled)
				return ICE_AQ_ENOENT;
			leaf = ice_find_node(ice, ice->pf.txq[number].teid);
			if (leaf)
				leaf->used = false;
			ice->pf.txq[number].enabled = false;
			nic_log(nic, "transmit queue %u is gone", number);
		}
	}
	return ICE_AQ_OK;
}

const struct ice_command ice_sched_commands[] = {
	{ 0x0400, ice_get_topology },
	{ 0x0401, ice_add_elements },
	{ 0x0403, ice_set_elements },
	{ 0x0404, ice_get_elements },
	{ 0x0408, ice_move_elements },
	{ 0x0409, ice_count_elements },		/* suspend */
	{ 0x040a, ice_count_elements },		/* resume */
	{ 0x040e, ice_get_ets },
	{ 0x040f, ice_delete_elements },
	{ 0x0410, ice_count_elements },		/* rate limits: accepted, not obeyed */
	{ 0x0412, ice_get_limits },
	{ 0x0415, ice_count_elements },
	{ 0x0c30, ice_add_queues },
	{ 0x0c31, ice_remove_queues },
	{ 0 }
};
