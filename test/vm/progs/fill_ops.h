/* SPDX-License-Identifier: GPL-2.0 */
/* How much fits into a packet's headroom: what fill.bpf.c is told, and what it found. */
#ifndef FILL_OPS_H
#define FILL_OPS_H

#include <linux/types.h>

#define FILL_KEYS	16	/* of 16 bytes each */

struct fill_conf {
	__u32 big[FILL_KEYS];	/* keys of 16 bytes */
	__u32 eight, four, more, flag;	/* of 8, 4, 4 and 0 */
};

struct fill_sum {
	__u64 packets;		/* in XDP */
	__u64 least, most;	/* headroom, in bytes */
	__u64 big[FILL_KEYS + 1];	/* packets on which so many values of 16 bytes fit */
	__u64 refused;		/* on which the next one met -ENOSPC */
	__u64 eight, four;	/* on which one of 8, one of 4 bytes fit then */
	__u64 more;		/* and another of 4, which should not */
	__u64 flag;		/* and one of 0 */
	__u64 bad;		/* errors other than -ENOSPC */
	__u64 read;		/* packets in TC */
	__u64 right, wrong, absent;	/* values there */
};

#endif
