/* SPDX-License-Identifier: GPL-2.0 */
/* What xsk_export.bpf.c is told to do with a packet, and what it tells. */
#ifndef XSK_EXPORT_H
#define XSK_EXPORT_H

#include <linux/types.h>

/* A struct xdp_frame lies in front of what headroom programs can have. */
#define EXPORT_FRAME	40
#define EXPORT_FRONT	512	/* the most bytes in front of the packet that are looked at */
#define EXPORT_TIMES	8

struct export_case {
	__u32 room;		/* bytes in front of it, with EXPORT_FRAME; 0: as it came */
	__u32 look;		/* bytes in front of the packet that are told, 1 to EXPORT_FRONT */
	__u32 own;		/* bytes of metadata of its own */
	__u32 values;		/* of the keys below, the first so many are set */
	__u32 times;		/* how often it exports, 1 to EXPORT_TIMES */
	__u64 keys;		/* that it exports */
	__u32 ids[8];
	__u32 sizes[8];
};

struct export_answer {
	__u64 runs;
	__s64 made;		/* 0, or what getting there failed with */
	__s64 ret[EXPORT_TIMES];
	__s64 metadata;		/* bytes of it before the last export; -1: the buffer has none */
	__s64 metadata_after;
	__u8 front[EXPORT_FRONT];	/* look bytes, before it */
	__u8 after[EXPORT_FRONT];
};

#endif
