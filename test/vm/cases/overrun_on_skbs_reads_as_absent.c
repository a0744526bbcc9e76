// SPDX-License-Identifier: GPL-2.0
/*
 * A packet with traits comes to a veth whose XDP program moves the packet's
 * start down into the middle of the store, writes there, and moves it back. The
 * traits are absent then, never wrong.
 */
#include <linux/bpf.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 50

int main(void)
{
	struct script set, check, overrun = { .protocol = 17, .port = 7000, .action = XDP_PASS };
	struct vt_script *xdp, *before, *over, *tc;
	unsigned int ids[4], i;

	vt_path(3);
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	/* The headroom is 256; the store is at 40 to 104, and the value of 8 bytes at 76. */
	overrun.op[0] = (struct op){ OP_ADJUST_HEAD, .arg = -176 };
	overrun.op[1] = (struct op){ OP_ADJUST_META, .arg = -4 };
	overrun.op[2] = (struct op){ OP_META_WRITE, .val = { 1, 2, 3, 4 } };
	overrun.op[3] = (struct op){ OP_ADJUST_META, .arg = 4 };
	overrun.op[4] = (struct op){ OP_ADJUST_HEAD, .arg = 176 };
	xdp = vt_script("b", "left", VT_XDP, &set);
	before = vt_script("b", "right", VT_TC_EGRESS, &check);
	over = vt_script("c", "left", VT_XDP, &overrun);
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	vt_send_seq(tc, "a", vt_path_end(3), 7000, 1, PACKETS, 0);
	vt_script_wait(tc, PACKETS);

	vt_all_right(before, PACKETS, "before");
	for (i = 0; i < 5; i++)
		vt_eq(vt_script_sum(over).op[i].ok, PACKETS, "XDP: op %u", i);
	for (i = 0; i < 4; i++)
		vt_eq(vt_script_sum(tc).op[i].absent, PACKETS, "absent in TC, size %u",
		      vt_sizes[i]);
	vt_script_stop(xdp);
	vt_script_stop(before);
	vt_script_stop(over);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
