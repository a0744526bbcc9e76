/* SPDX-License-Identifier: GPL-2.0 */
/* What a case tells pull.bpf.c and what it learns from it. */
#ifndef PULL_H
#define PULL_H

#include <linux/types.h>

struct pull_state {
	__u32 key;
	__u32 by;		/* bytes more than there were linear */
	__u64 packets;
	/* of the last packet */
	__s32 set, pulled, got;
	__s32 moved;		/* bytes fewer linear than asked for */
	__u64 val;
	__u32 linear;
};

#endif
