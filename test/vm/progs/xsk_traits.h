/* SPDX-License-Identifier: GPL-2.0 */
/* What xsk_traits.bpf.c is told, and tells. */
#ifndef XSK_TRAITS_H
#define XSK_TRAITS_H

#include <linux/types.h>

struct xsk_how {
	__u64 keys;		/* that may be exported, or imported */
	__u32 ids[4];		/* keys of 0, 4, 8 and 16 bytes */
	__u32 metadata;		/* bytes that are put between block and packet: 0 or 8 */
	__u32 then;		/* where there is no room for the block */
	__u32 full[4];		/* keys of 16 bytes, for packets that say that they are XSK_FULL */
	__u32 fulls;		/* so many of them */
};

enum {
	XSK_DROP,		/* the packet is dropped */
	XSK_EMPTY,		/* it gets a block without traits */
	XSK_SILENT,		/* no packet gets a block */
};

#define XSK_FULL	2	/* script_seq.bare: too many traits for a block besides */

struct xsk_told {
	__u64 packets;
	__u64 bytes;		/* of all blocks */
	__u64 set;		/* errors: values that could not be set */
	__u64 refused;		/* exports or imports that failed */
	__s64 last;		/* what the last one returned */
};

/* What a sender puts in front of a frame, where the socket has no place for a block */
#define XSK_SHIM_TYPE	0x88b5	/* for experiments, IEEE 802 */
#define XSK_SHIM_BLOCK	96	/* bytes; the block is at their end */
#define XSK_SHIM	(14 + 2 + XSK_SHIM_BLOCK)

/* Metadata of the program's own */
#define XSK_OWN		0x6e776f2d6b7378ULL

#endif
