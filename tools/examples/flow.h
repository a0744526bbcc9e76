/* SPDX-License-Identifier: GPL-2.0 */
/* What flow.bpf.c and flow.c both know: a struct whose members are traits. */
#include <traits/layout.h>

struct flow {
	__u64 service;
	__u32 zone;
	__u32 hops;
};

#define FLOW_KEYS(KEY)				\
	KEY(flow, service)			\
	KEY(flow, zone)				\
	KEY(flow, hops, .gro = TRAITS_GRO_MAX)

TRAIT_LAYOUT(flow, FLOW_KEYS);
