/* SPDX-License-Identifier: GPL-2.0 */
/* What matrix.bpf.c is told to do with each packet, and what it counts. */
#ifndef MATRIX_OPS_H
#define MATRIX_OPS_H

#include <linux/types.h>

#define MX_PACKETS	64	/* in a cell, with traits; and as many without */
#define MX_KEYS		12	/* of a packet whose store is full */
#define MX_MAGIC	0x7861746dU
#define MX_BARE		0x80000000U

/*
 * A packet's payload is these 8 bytes, over and over, so that they are also the
 * last of an encapsulated packet, of a fragment and of a merged packet.
 */
struct mx_mark {
	__u32 magic;
	__u32 seq;		/* MX_BARE: gets no traits, and must never have one */
};

enum mx_action {		/* of XDP programs, behind their work */
	MX_PASS,
	MX_TX,
	MX_DEVMAP,
	MX_DEVMAP_HASH,
	MX_BROADCAST,
	MX_CPUMAP,
	MX_TAIL_CALL,
	MX_DROP_SOME,		/* of 16, the second and the tenth, when they come for the first time */
};

struct mx_key {
	__u32 id;
	__u32 size;
};

struct mx_conf {
	__s32 mark;		/* where it is: bytes from the packet's start, or from its end if < 0 */
	__u32 action;		/* for packets with a mark; all others pass */
	__u32 first, n;		/* sequence numbers of this cell */
	__u32 ifindex, netns;	/* where the tracing program looks; netns is an inode number */
	__u32 once;		/* sets only when a packet comes for the first time */
	__u32 keys;
	struct mx_key key[MX_KEYS];
};

struct mx_key_count {
	__u64 ok;		/* set, or read and right */
	__u64 absent;		/* not there */
	__u64 wrong;		/* another value */
	__u64 refused;		/* not set */
};

/* A packet that GRO merged counts as what it was made of. */
struct mx_count {
	__u64 packets;		/* with traits */
	__u64 bare;
	__u64 foreign;		/* traits on bare packets */
	__u64 stray;		/* packets of another cell */
	__u64 merged;		/* packets that were part of a merged one */
	__u64 again;		/* packets, of those above, that came before: TCP sent them again */
	__u64 seqs;		/* sum of sequence numbers from 0 on */
	__u64 queues;		/* XDP: bit n: a packet came by receive queue n */
	__u64 refusals;		/* calls, so that a merged packet counts once */
	__u64 begun, done;	/* runs of the program: it has nothing more to say when they are equal */
	struct mx_key_count key[MX_KEYS];
};

/* The value that a packet with this sequence number has for this key, as 32-bit words. */
static inline __u32 mx_word(__u32 seq, __u32 key, unsigned int word)
{
	return (seq ^ key << 24) * 2654435761U + word * 40503U + 1;
}

#endif
