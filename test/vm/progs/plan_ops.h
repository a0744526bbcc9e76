/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test asks plan.bpf.c to do: the n-th packet gets the step n modulo the number of
 * steps. So packets that are alike in each byte can be told apart by their order alone.
 */
#ifndef PLAN_OPS_H
#define PLAN_OPS_H

#include <linux/types.h>

#define PLAN_STEPS	16
#define PLAN_AHEAD	4096	/* packets between XDP and TC at most */

enum {
	STEP_SET = 1,		/* set the traits; else the packet is bare */
	STEP_DROP = 2,
	STEP_REDIRECT = 4,	/* to plan.ifindex */
	STEP_TX = 8,
	STEP_WRITE = 16,	/* change the packet after that */
	STEP_PUSH = 32,		/* 4 bytes in front of the packet, and away again */
	STEP_OVERRUN = 64,	/* move the head into the store, and back again */
};

struct plan {
	__u32 n;
	__u32 step[PLAN_STEPS];
	__u32 keys;		/* bit i: ids[i] is set; of 0, 4, 8, 16 bytes */
	__u32 ids[4];
	__u32 ifindex;
};

struct plan_sum {
	__u64 seen;		/* packets in XDP */
	__u64 set;		/* of these, with traits */
	__u64 passed;
	__u64 bad;		/* something in XDP was not as it should be */
	__u64 read;		/* packets in TC */
	__u64 ok[4];		/* for each key, packets that had what they should */
	__u64 absent[4];
	__u64 wrong[4];		/* another value, or one on a bare packet */
};

#endif
