/* SPDX-License-Identifier: GPL-2.0 */
/* What xsk_hostile.bpf.c is told, and tells. */
#ifndef XSK_HOSTILE_H
#define XSK_HOSTILE_H

#include <linux/types.h>

struct hostile_how {
	__u32 ids[4];		/* neighbouring keys of 0, 4, 8 and 16 bytes */
};

struct hostile_told {
	__u64 at;		/* kernel's address of the packet that it is at */
	__u64 packets;
	__u64 values;		/* that were read */
	__u64 missing;		/* values that had been set, and could not be read */
	__u64 wrong;		/* answers that are none of those which are documented */
	__u64 smashed;		/* bytes next to a buffer were written to */
	__u64 exported;
	__u64 imported;
	__u64 passed;
	__u64 failed;		/* the program could not do what it should */
};

/* Bytes in front of the packet that metadata takes for xsk_wide */
#define HOSTILE_WIDE	216

#endif
