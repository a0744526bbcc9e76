/* SPDX-License-Identifier: GPL-2.0 */
/* What skb_types.bpf.c can do with a packet besides the operations on traits of script_ops.h. */
#ifndef SKB_OPS_H
#define SKB_OPS_H

#include "script_ops.h"

enum skb_op_kind {
	OP_ROOM = 1000,	/* ret = bytes in front of the packet's first, its MAC header if it has one */
	OP_FILL,	/* key to key_to, size: set one after the other until one is refused; ret = how
			 * many were set, FILL_CHANGED when the headers are not as they were,
			 * FILL_ERROR when the refusal was another than -ENOSPC
			 */
};

#define FILL_CHANGED	(-1000)
#define FILL_ERROR	(-1001)

#endif
