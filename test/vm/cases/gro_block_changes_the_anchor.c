// SPDX-License-Identifier: GPL-2.0
/*
 * The anchor in the metadata of packets in XDP says which of them GRO may merge:
 * it is the same for equal values of keys that block, however they came about,
 * and whatever the values of other keys are; and it differs for others.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <string.h>
#include <traits/traits.h>

#include "burst.h"
#include "merge.h"
#include "path.h"
#include "vt.h"

#define PACKETS VT_MERGE_PACKETS

/* How many different anchors did the packets have at this operation, and in all at both? */
static unsigned int different(struct vt_script *xdp, unsigned int op, unsigned int other)
{
	unsigned int i, j, n = 0, words = 0;
	__u32 word[2 * PACKETS];

	for (i = 0; i < PACKETS; i++) {
		struct script_answer a = vt_script_answer(xdp, i);

		if (a.ret[op] != 8 || a.ret[other] != 8)
			vt_die("packet %u has no anchor: %lld %lld", i, (long long)a.ret[op],
			       (long long)a.ret[other]);
		memcpy(&word[words++], a.val[op], 4);
		memcpy(&word[words++], a.val[other], 4);
	}
	for (i = 0; i < words; i++) {
		for (j = 0; j < i && word[j] != word[i]; j++)
			;
		n += i == j;
	}
	return n;
}

int main(void)
{
	struct vt_merge_key keys[] = {
		{ 8, TRAITS_GRO_FIRST }, { 8, TRAITS_GRO_BLOCK }, { 0, TRAITS_GRO_BLOCK },
	};
	enum { OTHER, EIGHT, FLAG };
	struct script s = { .protocol = IPPROTO_UDP, .port = 7000, .action = XDP_DROP };
	struct vt_script *xdp, *redirect;

	vt_path(3);
	vt_burst_device("a", "right");
	vt_merge_keys(keys, 3);
#define KEY(k) .key = keys[k].id, .size = keys[k].size
#define VALUES { 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, \
		 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, \
		 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0 }
	s.op[0] = (struct op){ OP_SET_NTH, KEY(OTHER), .arg = 0xff, .val = VALUES };
	s.op[1] = (struct op){ OP_META_READ };
	s.op[2] = (struct op){ OP_SET_NTH, KEY(EIGHT), .arg = 0xff, .val = VALUES };
	s.op[3] = (struct op){ OP_META_READ };
	s.op[4] = (struct op){ OP_SET, KEY(EIGHT), .val = { 9 } };
	s.op[5] = (struct op){ OP_META_READ };
	s.op[6] = (struct op){ OP_SETS, .key = keys[EIGHT].id, .key_to = keys[EIGHT].id, .size = 8,
			       .val = { 8 } };
	s.op[7] = (struct op){ OP_SET_NTH, KEY(FLAG), .arg = 0xf0 };
	s.op[8] = (struct op){ OP_META_READ };
	s.op[9] = (struct op){ OP_DEL, .key = keys[FLAG].id };
	s.op[10] = (struct op){ OP_DEL, .key = keys[EIGHT].id };
	s.op[11] = (struct op){ OP_META_READ };
	/* On skbs there are no anchors. */
	redirect = vt_redirect("b", "left", "right", 7000);
	xdp = vt_script("c", "left", VT_XDP, &s);
	vt_burst_udp(vt_path_end(3), 7000, PACKETS);
	vt_script_wait(xdp, PACKETS);

	/* An anchor has 16 bits for this: one of the 28 pairs of different values may be equal. */
	vt_eq(different(xdp, 1, 1), 1, "another key differs: one anchor");
	vt_ok(different(xdp, 3, 3) >= 7, "a key that blocks differs: %u anchors",
	      different(xdp, 3, 3));
	vt_eq(different(xdp, 5, 5), 1, "its value is the same for all: one anchor");
	vt_ok(different(xdp, 3, 5) >= 8, "and it is a new one");
	vt_eq(different(xdp, 8, 8), 2, "set by a batch, and half of them have a flag: two anchors");
	vt_ok(different(xdp, 3, 8) <= different(xdp, 3, 3) + 1,
	      "set by a batch: without the flag, the anchor that the same value gave");
	vt_eq(different(xdp, 1, 11), 1, "deleted: the first anchor again");
	vt_script_stop(xdp);
	vt_script_stop(redirect);
	vt_keys_del();
	return vt_done();
}
