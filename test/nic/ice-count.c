// SPDX-License-Identifier: GPL-2.0
/*
 * Counters in registers, which the driver reads about once in a second: those of the port and those of the
 * main VSI. Bytes are counted with the frame check sequence, as hardware does.
 */
#include "ice.h"

enum { ICE_COUNTER = 8 };

static void ice_add(struct nic *nic, uint32_t reg, uint64_t n)
{
	uint32_t *at = ice_reg(nic, reg);

	ice_put64(at, ice_get64(at) + n);
}

/* One of three counters, for unicast, multicast and broadcast */
static void ice_add_cast(struct nic *nic, const uint8_t *frame, uint32_t unicast, uint32_t multicast,
			 uint32_t broadcast)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	if (!(frame[0] & 1))
		ice_add(nic, unicast, 1);
	else
		ice_add(nic, memcmp(frame, all, sizeof(all)) ? multicast : broadcast, 1);
}

static void ice_add_class(struct nic *nic, uint32_t first, size_t len)
{
	static const size_t up_to[] = { 64, 127, 255, 511, 1023, 1522 };
	unsigned int i;

	for (i = 0; i < sizeof(up_to) / sizeof(*up_to) && len > up_to[i]; i++)
		;
	ice_add(nic, first + i * ICE_GLPRT_CLASS_STRIDE, 1);
}

void ice_count_rx(struct nic *nic, unsigned int vsi, const uint8_t *frame, size_t len)
{
	uint32_t v = ICE_COUNTER * vsi;

	len += ICE_FCS;
	ice_add(nic, ICE_GLPRT_GORC, len);
	ice_add(nic, ICE_GLV_GORC + v, len);
	ice_add_class(nic, ICE_GLPRT_PRC64, len);
	ice_add_cast(nic, frame, ICE_GLPRT_UPRC, ICE_GLPRT_MPRC, ICE_GLPRT_BPRC);
	ice_add_cast(nic, frame, ICE_GLV_UPRC + v, ICE_GLV_MPRC + v, ICE_GLV_BPRC + v);
}

void ice_count_tx(struct nic *nic, const uint8_t *frame, size_t len)
{
	unsigned int number;
	uint32_t v;

	len += ICE_FCS;
	ice_add(nic, ICE_GLPRT_GOTC, len);
	ice_add_class(nic, ICE_GLPRT_PTC64, len);
	ice_add_cast(nic, frame, ICE_GLPRT_UPTC, ICE_GLPRT_MPTC, ICE_GLPRT_BPTC);
	if (!ice_main_vsi(nic_priv(nic), &number))
		return;
	v = ICE_COUNTER * number;
	ice_add(nic, ICE_GLV_GOTC + v, len);
	ice_add_cast(nic, frame, ICE_GLV_UPTC + v, ICE_GLV_MPTC + v, ICE_GLV_BPTC + v);
}

void ice_count_oversize(struct nic *nic)
{
	ice_add(nic, ICE_GLPRT_ROC, 1);
}
