/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* What journey.bpf.c tells traits-journey. */
#ifndef JOURNEY_H
#define JOURNEY_H

#include <linux/types.h>

enum journey_place {
	JOURNEY_RECEIVE,	/* enters the stack by a device */
	JOURNEY_SEND,		/* leaves it by a device */
	JOURNEY_SOCKET,		/* is about to be a socket's */
	JOURNEY_DROP,		/* is dropped, for a reason */
};

struct journey_step {
	__u64 time;		/* nanoseconds, as bpf_ktime_get_ns() */
	__u64 begin;		/* the same, when the packet was classified */
	__u32 random[2];	/* with begin, the trace id */
	__u64 service_id;
	__u32 place;
	__u32 reason;		/* of a drop: enum skb_drop_reason of the running kernel */
	__u32 netns;		/* inode number */
	__u32 len;
	char dev[16];
};

#endif
