// SPDX-License-Identifier: GPL-2.0
/*
 * While a tap holds a clone of each packet, TC cannot change traits: -EBUSY,
 * and the tap's packet is as it was. After bpf_skb_pull_data() it can. Reading
 * works throughout.
 */
#include <errno.h>
#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 50

int main(void)
{
	struct script set, busy = { .protocol = 17, .port = 7000 };
	struct vt_script *xdp, *tc, *after;
	struct script check;
	unsigned int ids[4], i, n;
	unsigned long long ebusy;
	int tap;

	vt_path(2);
	vt_keys_add(ids);
	tap = vt_tap("b", "left");
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);

	busy.op[0] = check.op[2];
	busy.op[1] = (struct op){ OP_SET, .key = ids[2], .size = 8, .val = { 1 } };
	busy.op[2] = (struct op){ OP_DEL, .key = ids[1] };
	busy.op[3] = (struct op){ OP_SETS, .key = ids[2], .key_to = ids[3], .size = 24 };
	busy.op[4] = check.op[2];
	busy.op[5] = (struct op){ .kind = OP_PULL };
	busy.op[6] = check.op[2];
	busy.op[7] = (struct op){ OP_SET, .key = ids[2], .size = 8, .val = { 7 } };
	busy.op[8] = (struct op){ OP_DEL, .key = ids[1] };
	busy.op[9] = (struct op){ OP_GET, .key = ids[2], .size = 8 };
	busy.op[10] = (struct op){ OP_IS_SET, .key = ids[1] };
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "left", VT_TC_INGRESS, &busy);
	after = vt_script("b", "left", VT_FREE, &check);

	ebusy = vt_stat(TRAITS_STAT_EBUSY);
	vt_send_seq(xdp, "a", vt_path_end(2), 7000, 1, PACKETS, 0);
	vt_script_wait(tc, PACKETS);

	for (n = 0, i = 0; i < PACKETS; i++) {
		static const long long want[] = {
			8, -EBUSY, -EBUSY, -EBUSY, 8, 0, 8, 0, 0, 8, 0
		};
		struct script_answer answer = vt_script_answer(tc, i);
		unsigned int k, good = answer.val[9][0] == 7;

		for (k = 0; k < 11; k++) {
			if (answer.ret[k] != want[k]) {
				vt_note("packet %u, op %u: %lld", i, k, (long long)answer.ret[k]);
				good = 0;
			}
		}
		n += good;
	}
	vt_eq(n, PACKETS, "each operation returned what it should");
	vt_eq(vt_script_sum(tc).op[0].ok, PACKETS, "right value before");
	vt_eq(vt_script_sum(tc).op[4].ok, PACKETS, "right value after the refused changes");
	vt_eq(vt_script_sum(tc).op[6].ok, PACKETS, "right value in the head of its own");
	vt_eq(vt_stat(TRAITS_STAT_EBUSY) - ebusy, 3 * PACKETS, "ebusy counted");

	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(after);
	vt_untap(tap);
	vt_keys_del();
	return vt_done();
}
