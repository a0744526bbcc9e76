/* SPDX-License-Identifier: GPL-2.0 */
/* What a case tells deflect.bpf.c and what it learns from it. */
#ifndef DEFLECT_H
#define DEFLECT_H

#include "script_ops.h"

#define DEFLECT_PORT 7000

struct deflect_state {
	__u32 read;		/* key that the packets have already, but for bare ones */
	__u32 set;		/* key that they are given */
	__u64 right, wrong;	/* packets, by what they had */
	__u64 done;		/* packets that were given something */
};

#endif
