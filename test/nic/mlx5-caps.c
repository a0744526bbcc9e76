// SPDX-License-Identifier: GPL-2.0
/*
 * Capabilities: what the driver may use. What is not set here is off, and the driver does without
 * it. The names are those of mlx5_ifc.h.
 */
#include "mlx5.h"

enum {
	CAP_GENERAL	= 0,
	CAP_ETHERNET	= 1,
	CAP_FLOW_TABLE	= 7,
	CLOCK_KHZ	= 1000000,	/* nic_now() counts nanoseconds */
	INLINE_NOT_REQUIRED = 2,	/* no header in a send work request */
};

#define CAP(field, value)	MLX5_SET(cmd_hca_cap, cap, field, value)

static void queue_caps(uint8_t *cap)
{
	CAP(log_max_eq, 4);
	CAP(log_max_eq_sz, 16);
	CAP(max_num_eqs, MLX5_EQS);
	CAP(log_max_cq, 9);
	CAP(log_max_cq_sz, 16);
	CAP(cqe_version, 1);
	CAP(cq_moderation, 1);
	CAP(log_max_rq, 6);
	CAP(log_max_sq, 8);
	CAP(log_max_wq_sz, 15);
	CAP(log_max_stride_sz_rq, 12);
	CAP(log_min_stride_sz_rq, 6);
	CAP(log_max_stride_sz_sq, 6);
	CAP(log_min_stride_sz_sq, 6);
	CAP(max_wqe_sz_rq, 1024);
	CAP(max_wqe_sz_sq, 1024);
	CAP(basic_cyclic_rcv_wqe, 1);
	CAP(log_max_tir, 8);
	CAP(log_max_tis, 10);
	CAP(log_max_rqt, 7);
	CAP(log_max_rqt_size, MLX5_LOG_RQT);
	CAP(max_qp_cnt, MLX5_COUNTERS);
	CAP(log_max_qp, 16);
	CAP(log_max_qp_sz, 15);
}

/* A striding receive queue maps its buffers with work requests on a send queue (UMR). */
static void striding_caps(uint8_t *cap)
{
	CAP(striding_rq, 1);
	CAP(ext_stride_num_range, 1);
	CAP(umr_ptr_rlky, 1);
	CAP(umr_modify_entity_size_disabled, 0);
	CAP(fixed_buffer_size, 1);
}

static void general_caps(uint8_t *cap)
{
	CAP(port_type, MLX5_CAP_PORT_TYPE_ETH);
	CAP(num_ports, 1);
	CAP(vhca_id, 1);
	CAP(eth_net_offloads, 1);
	CAP(nic_flow_table, 1);
	CAP(page_request_disable, 1);
	CAP(log_pg_sz, 12);
	CAP(uar_sz, 1);
	CAP(bf, 1);
	CAP(log_bf_reg_size, 9);
	CAP(log_max_mkey, 8);
	CAP(log_max_klm_list_size, 16);
	CAP(terminate_scatter_list_mkey, 1);
	CAP(max_indirection, 16);
	CAP(umr_modify_entity_size_disabled, 1);
	CAP(log_max_pd, 16);
	CAP(log_max_transport_domain, 10);
	CAP(log_max_msg, 30);
	CAP(max_tc, 1);
	CAP(log_max_current_uc_list, 5);
	CAP(log_max_current_mc_list, 5);
	CAP(log_max_vlan_list, 5);
	CAP(vport_counters, 1);
	CAP(device_frequency_khz, CLOCK_KHZ);
	queue_caps(cap);
	if (mlx5_option_striding)
		striding_caps(cap);
}

#undef CAP
#define CAP(field, value)	MLX5_SET(per_protocol_networking_offload_caps, cap, field, value)

/* Large sends cannot be declared off: the driver refuses a device without. */
static void ethernet_caps(uint8_t *cap)
{
	CAP(csum_cap, 1);
	CAP(cqe_checksum_full, 1);
	CAP(vlan_cap, 1);
	CAP(wqe_vlan_insert, 1);
	CAP(max_lso_cap, 16);
	CAP(rss_ind_tbl_cap, MLX5_LOG_RQT);
	CAP(self_lb_en_modifiable, 1);
	CAP(wqe_inline_mode, INLINE_NOT_REQUIRED);
	CAP(reg_umr_sq, 1);
}

#undef CAP
#define CAP(field, value)	MLX5_SET(flow_table_prop_layout, cap, field, value)

/* Steering is accepted and not modelled, so that any rule may be set. */
static void flow_caps(uint8_t *cap)
{
	CAP(ft_support, 1);
	CAP(flow_modify_en, 1);
	CAP(modify_root, 1);
	CAP(identified_miss_table_mode, 1);
	CAP(flow_table_modify, 1);
	CAP(max_ft_level, 64);
	CAP(log_max_ft_size, 20);
	CAP(log_max_ft_num, 10);
	CAP(log_max_destination, 8);
	CAP(log_max_flow, 20);
	memset(MLX5_AT(flow_table_prop_layout, cap, ft_field_support), 0xff,
	       MLX5_BYTES(flow_table_fields_supported));
}

#undef CAP

uint8_t mlx5_query_hca_cap(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	uint8_t *cap = MLX5_AT(query_hca_cap_out, cmd->out, capability);

	/* The lowest bit asks for what is set now or for what could be: they are the same. */
	switch (cmd->op_mod >> 1) {
	case CAP_GENERAL:
		general_caps(cap);
		return MLX5_OK;
	case CAP_ETHERNET:
		ethernet_caps(cap);
		return MLX5_OK;
	case CAP_FLOW_TABLE:
		flow_caps(MLX5_AT(flow_table_nic_cap, cap, flow_table_properties_nic_receive));
		flow_caps(MLX5_AT(flow_table_nic_cap, cap, flow_table_properties_nic_transmit));
		return MLX5_OK;
	default:
		nic_fault(m->nic, "query of capabilities of type %#x", cmd->op_mod >> 1);
		return MLX5_BAD_PARAM;
	}
}
