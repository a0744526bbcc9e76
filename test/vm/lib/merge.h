/* SPDX-License-Identifier: GPL-2.0 */
/* Keys with GRO policies, values for each packet of a burst, and what merging makes of them. */
#ifndef VT_MERGE_H
#define VT_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "script.h"

#define VT_MERGE_PACKETS	8

struct vt_merge_key {
	unsigned int size;
	unsigned int gro;	/* enum traits_gro */
	unsigned int packets;	/* bit n set: packet n has a value */
	uint64_t val[VT_MERGE_PACKETS];	/* for 16 bytes: twice; packet n has val[n & 3] */
	unsigned int id;	/* filled in by vt_merge_keys() */
};

/* How packets are merged */
enum vt_merge_way {
	VT_MERGE_UDP,		/* skb_gro_receive() */
	VT_MERGE_UDP_LIST,	/* skb_gro_receive_list() */
	VT_MERGE_TCP,
	VT_MERGE_TCP_LIST,	/* the same as TCP on 6.1 */
	VT_MERGE_WAYS,
};

/* Where the packets of a burst have got their traits; they are merged in d */
enum vt_merge_place {
	VT_MERGE_FRAME,		/* in d, in XDP on xdp_frames: they are not bound to an skb yet */
	VT_MERGE_SKB,		/* in d, in XDP on skbs, whose tag tells where they are */
	VT_MERGE_FORWARDED,	/* in c, which has forwarded them */
	VT_MERGE_PLACES,
};

/* A path of four namespaces. Loading scripts takes long, so this is done once for all ways. */
struct vt_merge {
	enum vt_merge_way way;
	enum vt_merge_place place;
	struct vt_script *xdp_c, *xdp_d, *tc;
	char what[64];
};

/* Registers @n keys, at most SCRIPT_OPS; vt_keys_del() ends them. */
void vt_merge_keys(struct vt_merge_key *keys, unsigned int n);

void vt_merge_start(struct vt_merge *m);
void vt_merge_stop(struct vt_merge *m);

/* What is sent from now on is merged in this way, after it has got its traits at this place. */
void vt_merge_at(struct vt_merge *m, enum vt_merge_way way, enum vt_merge_place place);

/* Sends a burst whose packets have these values, and waits until all of them have arrived. */
void vt_merge_send(struct vt_merge *m, const struct vt_merge_key *keys, unsigned int n);

/*
 * One KTAP line for the packets that arrived, as many as @heads has bits: bit n set means that
 * packet n was the first that one of them is made of. One line for each key: all of them have
 * of it what the policy says.
 */
void vt_merge_check(struct vt_merge *m, const struct vt_merge_key *keys, unsigned int n,
		    unsigned int heads);

#endif
