// SPDX-License-Identifier: GPL-2.0
/* The port: link, MTU, registers, counters; and the pages that the firmware borrows. */
#include "mlx5.h"

enum {
	MTU_DEFAULT	= 1522,		/* 1500 with header, VLAN tag and FCS */
	MTU_MAX		= 10022,

	STATE_DOWN	= 0,
	STATE_UP	= 1,
	OPER_UP		= 1,
	OPER_DOWN	= 2,
	EVENT_PORT	= 8,		/* offset in struct mlx5_eqe_port_state */
	PROTO_ETHERNET	= 4,
	SPEED_100G	= 1 << 20,	/* 100GBASE-CR4 in PTYS */

	REG_PMTU	= 0x5003,
	REG_PTYS	= 0x5004,
	REG_PAOS	= 0x5006,
	REG_PPCNT	= 0x5008,
	GROUP_802_3	= 0,
	GROUP_RFC_2863	= 1,

	PAGES_BOOT	= 1,
	PAGES_INIT	= 2,
	PAGES_GIVE	= 1,
	PAGES_TAKE	= 2,
};

void mlx5_port_reset(struct mlx5 *m)
{
	m->mtu = MTU_DEFAULT;
	m->port_mtu = MTU_DEFAULT;
}

void mlx5_port_event(struct mlx5 *m, bool up)
{
	uint8_t data[EVENT_PORT + 1] = { [EVENT_PORT] = 1 << 4 };

	mlx5_event(m, MLX5_EVENT_PORT, up ? MLX5_PORT_ACTIVE : MLX5_PORT_DOWN, data, sizeof(data));
}

void mlx5_count(struct mlx5_count *count, const uint8_t *frame, size_t len)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned int kind = frame[0] & 1;

	if (!memcmp(frame, broadcast, sizeof(broadcast)))
		kind = 2;
	count->packets[kind]++;
	count->octets[kind] += len;
}

uint8_t mlx5_query_vport_state(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	MLX5_SET(query_vport_state_out, cmd->out, admin_state, STATE_UP);
	MLX5_SET(query_vport_state_out, cmd->out, state,
		 nic_link_up(m->nic) ? STATE_UP : STATE_DOWN);
	return MLX5_OK;
}

uint8_t mlx5_query_nic_vport_context(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint8_t *c = MLX5_AT(query_nic_vport_context_out, cmd->out, nic_vport_context);
	uint8_t *mac = MLX5_AT(nic_vport_context, c, permanent_address);

	MLX5_SET(nic_vport_context, c, mtu, m->mtu);
	memcpy(mac + 2, mlx5_option_mac, 6);
	return MLX5_OK;
}

/* Addresses, VLANs and promiscuity are taken note of by steering, which is not modelled. */
uint8_t mlx5_modify_nic_vport_context(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *c = MLX5_AT(modify_nic_vport_context_in, cmd->in, nic_vport_context);
	uint16_t mtu = MLX5_GET(nic_vport_context, c, mtu);

	if (cmd->in_len < MLX5_BYTES(modify_nic_vport_context_in))
		return MLX5_BAD_INPUT_LEN;
	if (MLX5_GET(modify_nic_vport_context_in, cmd->in, field_select.mtu)) {
		if (mtu > MTU_MAX)
			return MLX5_BAD_PARAM;
		m->mtu = mtu;
	}
	return MLX5_OK;
}

static void traffic_set(uint8_t *counter, const struct mlx5_count *count, unsigned int kind)
{
	MLX5_SET64(traffic_counter, counter, packets, count->packets[kind]);
	MLX5_SET64(traffic_counter, counter, octets, count->octets[kind]);
}

uint8_t mlx5_query_vport_counter(struct mlx5 *m, struct mlx5_cmd *cmd)
{
#define COUNTER(field)	MLX5_AT(query_vport_counter_out, cmd->out, field)
	traffic_set(COUNTER(received_eth_unicast), &m->received, 0);
	traffic_set(COUNTER(received_eth_multicast), &m->received, 1);
	traffic_set(COUNTER(received_eth_broadcast), &m->received, 2);
	traffic_set(COUNTER(transmitted_eth_unicast), &m->transmitted, 0);
	traffic_set(COUNTER(transmitted_eth_multicast), &m->transmitted, 1);
	traffic_set(COUNTER(transmitted_eth_broadcast), &m->transmitted, 2);
#undef COUNTER
	return MLX5_OK;
}

uint8_t mlx5_alloc_q_counter(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	if (m->n_counters >= MLX5_COUNTERS - 1)
		return MLX5_LIMIT;
	MLX5_SET(alloc_q_counter_out, cmd->out, counter_set_id, ++m->n_counters);
	return MLX5_OK;
}

uint8_t mlx5_query_q_counter(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint32_t set = MLX5_GET(query_q_counter_in, cmd->in, counter_set_id);

	if (set > m->n_counters)
		return MLX5_BAD_RESOURCE;
	MLX5_SET(query_q_counter_out, cmd->out, out_of_buffer, m->no_buffer[set]);
	return MLX5_OK;
}

static uint64_t total(const uint64_t *by_kind)
{
	return by_kind[0] + by_kind[1] + by_kind[2];
}

static void port_counters(struct mlx5 *m, uint8_t *reg)
{
	uint8_t *set = MLX5_AT(ppcnt_reg, reg, counter_set);

#define COUNTER(group, field, value)	MLX5_SET64(group, set, field##_high, value)
	switch (MLX5_GET(ppcnt_reg, reg, grp)) {
	case GROUP_802_3:
		COUNTER(eth_802_3_cntrs_grp_data_layout, a_frames_received_ok,
			total(m->received.packets));
		COUNTER(eth_802_3_cntrs_grp_data_layout, a_octets_received_ok,
			total(m->received.octets));
		COUNTER(eth_802_3_cntrs_grp_data_layout, a_frames_transmitted_ok,
			total(m->transmitted.packets));
		COUNTER(eth_802_3_cntrs_grp_data_layout, a_octets_transmitted_ok,
			total(m->transmitted.octets));
		COUNTER(eth_802_3_cntrs_grp_data_layout, a_frame_too_long_errors, m->too_long);
		break;
	case GROUP_RFC_2863:
		COUNTER(eth_2863_cntrs_grp_data_layout, if_in_octets, total(m->received.octets));
		COUNTER(eth_2863_cntrs_grp_data_layout, if_out_octets,
			total(m->transmitted.octets));
		break;
	}
#undef COUNTER
}

static void link_mode(struct mlx5 *m, uint8_t *reg)
{
	MLX5_SET(ptys_reg, reg, proto_mask, PROTO_ETHERNET);
	MLX5_SET(ptys_reg, reg, eth_proto_capability, SPEED_100G);
	MLX5_SET(ptys_reg, reg, eth_proto_admin, SPEED_100G);
	MLX5_SET(ptys_reg, reg, eth_proto_oper, nic_link_up(m->nic) ? SPEED_100G : 0);
}

static void port_mtu(struct mlx5 *m, uint8_t *reg, bool is_write)
{
	if (is_write)
		m->port_mtu = MLX5_GET(pmtu_reg, reg, admin_mtu);
	MLX5_SET(pmtu_reg, reg, max_mtu, MTU_MAX);
	MLX5_SET(pmtu_reg, reg, admin_mtu, m->port_mtu);
	MLX5_SET(pmtu_reg, reg, oper_mtu, m->port_mtu);
}

/* A register that is not modelled holds what was written while the command runs. */
uint8_t mlx5_access_register(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint32_t id = MLX5_GET(access_register_in, cmd->in, register_id);
	uint8_t *reg = MLX5_AT(access_register_out, cmd->out, register_data);
	size_t fixed = MLX5_BYTES(access_register_in), len;

	if (cmd->in_len < fixed || cmd->out_len < MLX5_BYTES(access_register_out))
		return MLX5_BAD_INPUT_LEN;
	len = cmd->in_len - fixed;
	if (len > cmd->out_len - MLX5_BYTES(access_register_out))
		len = cmd->out_len - MLX5_BYTES(access_register_out);
	memcpy(reg, cmd->in + fixed, len);
	switch (id) {
	case REG_PMTU:
		port_mtu(m, reg, !cmd->op_mod);
		break;
	case REG_PTYS:
		link_mode(m, reg);
		break;
	case REG_PAOS:
		MLX5_SET(paos_reg, reg, admin_status, OPER_UP);
		MLX5_SET(paos_reg, reg, oper_status, nic_link_up(m->nic) ? OPER_UP : OPER_DOWN);
		break;
	case REG_PPCNT:
		port_counters(m, reg);
		break;
	default:
		nic_log(m->nic, "register %#x is not modelled", id);
	}
	return MLX5_OK;
}

uint8_t mlx5_query_pages(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint32_t n = cmd->op_mod == PAGES_BOOT ? 4 : cmd->op_mod == PAGES_INIT ? 16 : 0;

	(void)m;
	MLX5_SET(query_pages_out, cmd->out, num_pages, n);
	return MLX5_OK;
}

/* The firmware wants no page for itself; it only gives back those that it got. */
uint8_t mlx5_manage_pages(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint32_t n = MLX5_GET(manage_pages_in, cmd->in, input_num_entries), i;
	const uint8_t *given = cmd->in + MLX5_BYTES(manage_pages_in);
	uint8_t *taken = cmd->out + MLX5_BYTES(manage_pages_out);

	switch (cmd->op_mod) {
	case PAGES_GIVE:
		if (n > MLX5_LENT_PAGES - m->n_lent ||
		    cmd->in_len < MLX5_BYTES(manage_pages_in) + n * 8)
			return MLX5_BAD_PARAM;
		for (i = 0; i < n; i++)
			m->lent[m->n_lent++] = mlx5_be64(given + i * 8);
		return MLX5_OK;
	case PAGES_TAKE:
		if (n > m->n_lent)
			n = m->n_lent;
		if (cmd->out_len < MLX5_BYTES(manage_pages_out) + n * 8)
			return MLX5_BAD_PARAM;
		for (i = 0; i < n; i++)
			mlx5_be64_set(taken + i * 8, m->lent[--m->n_lent]);
		MLX5_SET(manage_pages_out, cmd->out, output_num_entries, n);
		return MLX5_OK;
	default:
		nic_fault(m->nic, "the driver could not give a page");
		return MLX5_OK;
	}
}
