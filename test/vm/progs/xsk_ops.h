/* SPDX-License-Identifier: GPL-2.0 */
/* What xsk.bpf.c counts. */
#ifndef XSK_OPS_H
#define XSK_OPS_H

#include <linux/types.h>

#define XSK_QUEUES	16

struct xsk_seen {
	__u64 packets;
	__u64 set;
	__u64 errors;
};

#endif
