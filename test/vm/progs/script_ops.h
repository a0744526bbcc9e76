/* SPDX-License-Identifier: GPL-2.0 */
/* What a test asks script.bpf.c and watch.bpf.c to do with each packet, and what they answer. */
#ifndef SCRIPT_OPS_H
#define SCRIPT_OPS_H

#include <linux/types.h>

#define SCRIPT_OPS	12
#define SCRIPT_VAL	64
#define SCRIPT_SLOTS	64	/* packets whose answers are kept one by one */

enum op_kind {
	OP_END,
	OP_SET,		/* key, size, val, arg = flags */
	OP_GET,		/* key, size = room in the buffer */
	OP_IS_SET,	/* key */
	OP_DEL,		/* key */
	OP_SETS,	/* key to key_to, size, val */
	OP_GETS,	/* key to key_to, size = room in the buffer */
	OP_SET_SEQ,	/* key, size: a value made of the packet's sequence number */
	OP_SET_NTH,	/* key, size: the n-th value of that size in val, where n is the sequence number
			 * modulo 64, and the values repeat; only if bit n of arg is set
			 */
	OP_CHECK_SEQ,	/* key, size: does the packet have exactly that value? */
	OP_ADJUST_META,	/* arg = delta (XDP) */
	OP_ADJUST_HEAD,	/* arg = delta (XDP) */
	OP_ADJUST_TAIL,	/* arg = delta (XDP) */
	OP_ENCAP,	/* 50 bytes of Ethernet, IP, UDP (arg = port) and, in the place of a VXLAN
			 * header, the sequence number (XDP)
			 */
	OP_REDIRECT,	/* arg = ifindex; the script's action has to be XDP_REDIRECT (XDP) */
	OP_META_WRITE,	/* val[0..3] to the low end of the metadata (XDP) */
	OP_META_READ,	/* 4 bytes from the low end of the metadata; ret = its length */
	OP_PULL,	/* bpf_skb_pull_data(ctx, 0) (TC) */
	OP_VLAN_PUSH,	/* 802.1Q, id 5 (TC) */
	OP_VLAN_POP,	/* (TC) */
	OP_CHANGE_HEAD,	/* arg = bytes to make room for in front of the packet (TC) */
	OP_REDIRECT_PEER,	/* arg = ifindex; the script's action has to be 7, TC_ACT_REDIRECT (TC) */
	OP_ADJUST_ROOM,	/* arg = delta, behind the MAC header (TC) */
};

struct op {
	__u32 kind;
	__u32 key;
	__u32 key_to;
	__u32 size;
	__s64 arg;
	__u8 val[SCRIPT_VAL];
};

/*
 * Packets that match: IPv4 of this protocol, with this UDP or TCP destination port (0: any port).
 *
 * A UDP payload begins with struct script_seq; the sequence number of a TCP packet is that of its
 * header, which GRO keeps from the first of the packets that it merges.
 */
struct script {
	__u32 protocol;
	__u32 port;		/* host byte order */
	__u32 action;		/* what the program returns for a packet that matches */
	__u32 action_bare;	/* and for one that says that it is bare */
	struct op op[SCRIPT_OPS];
};

struct script_seq {
	__u32 seq;		/* host byte order */
	__u32 bare;		/* OP_SET_SEQ skips this packet, OP_CHECK_SEQ wants no trait */
};

struct script_answer {
	__s64 ret[SCRIPT_OPS];
	__u8 val[SCRIPT_OPS][SCRIPT_VAL];
	__u32 seq;
	__u32 bare;
};

/* Sums over all packets that matched, for each op. */
struct script_count {
	__u64 ok;	/* ret >= 0; OP_CHECK_SEQ: as it should be */
	__u64 absent;	/* OP_CHECK_SEQ: trait should be there, and is not */
	__u64 wrong;	/* OP_CHECK_SEQ: another value, or a trait on a bare packet */
	__u64 error;	/* ret < 0 */
};

struct script_sum {
	__u64 begun;	/* packets that matched */
	__u64 packets;	/* of these, all operations done */
	__u64 merged;	/* of these, made by GRO of more than one */
	__u64 segments;	/* of which all of these are made */
	struct script_count op[SCRIPT_OPS];
};

/* Where watch.bpf.c looks: its read-only data is this and nothing else. */
struct script_device {
	__u32 ifindex;
	__u32 netns;		/* inode number */
};

/* The value that a packet with this sequence number has for this key, as 32-bit words. */
static inline __u32 script_word(__u32 seq, __u32 key, unsigned int word)
{
	return (seq ^ key << 24) * 2654435761U + word * 40503U + 1;
}

#endif
