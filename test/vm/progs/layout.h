/* SPDX-License-Identifier: GPL-2.0 */
/* The layout of layout.bpf.c and its test: members of each size, a policy, an array. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <traits/layout.h>

struct way {
	__u64 id;
	__u32 hops;
	__u32 zone;
	__u8 trace[16];
};

#define WAY_KEYS(KEY)				\
	KEY(way, id)				\
	KEY(way, hops, .gro = TRAITS_GRO_MAX)	\
	KEY(way, zone)				\
	KEY(way, trace)

TRAIT_LAYOUT(way, WAY_KEYS);

/* What the programs found, in map "found" at 0 */
struct found {
	__u64 id_key;		/* ids that the loader has given */
	__u64 trace_key;
	__u64 other_key;
	__u64 bare;		/* packets that had no struct before XDP set it */
	__u64 marked;		/* packets on which XDP set it */
	__u64 same;		/* packets on which TC read what XDP had set */
	__u64 changed;		/* packets whose member TC changed alone */
	__u64 partial;		/* packets that lacked one member: -ENOENT for all */
};

#endif
