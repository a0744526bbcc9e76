/* SPDX-License-Identifier: GPL-2.0 */
/* What trace.bpf.c tells traitctl of a packet, and the other way round. */
#ifndef TRAITCTL_TRACE_H
#define TRAITCTL_TRACE_H

#include <linux/types.h>

#define TRACE_KEYS	64
#define TRACE_FILTERS	8

enum trace_place {
	TRACE_SET,	/* a trait is set or changed */
	TRACE_DEL,	/* a trait is deleted */
	TRACE_LOST,	/* traits are lost, for a reason */
	TRACE_RECEIVE,	/* the packet enters the stack by a device */
	TRACE_SEND,	/* leaves it by a device */
	TRACE_SOCKET,	/* is about to be a socket's */
	TRACE_DROP,	/* is dropped, for a reason */
};

union trace_value {
	__u8 bytes[16];
	__u32 u32;
	__u64 u64;
};

/* @value: by id; those of keys that are not in @present are not set */
struct trace_step {
	__u64 time;		/* nanoseconds, as bpf_ktime_get_ns() */
	__u64 present;		/* bit k: the packet has a value of key k that is known here */
	__u32 cpu;
	__u32 netns;		/* inode number; 0: not known */
	__u32 place;
	__u32 detail;		/* a key; a loss, enum traits_stat; or a drop, enum skb_drop_reason */
	__u32 len;		/* of the packet; 0: not known */
	__u32 pad;
	char dev[16];
	union trace_value value[TRACE_KEYS];
};

/* A packet has to have the key, and this value of it if one is given. */
struct trace_filter {
	__u32 key;
	__u32 size;		/* bytes of the value that are given; 0: any value */
	union trace_value value;
};

#endif
