// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that has traits already is given new ones by a generic XDP program:
 * TC sees the new ones, at its first look.
 */
#include <linux/bpf.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 200

int main(void)
{
	struct script old = { .protocol = 17, .port = 7000, .action = XDP_PASS };
	struct script set, check;
	struct vt_script *first, *second, *tc;
	unsigned int ids[4], i;

	vt_path(3);
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	for (i = 0; i < 4; i++)
		old.op[i] = (struct op){ OP_SET, .key = ids[i], .size = vt_sizes[i],
					 .val = { 1 } };
	first = vt_script("b", "left", VT_XDP, &old);
	second = vt_script("c", "left", VT_XDP_GENERIC, &set);
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	vt_send_seq(tc, "a", vt_path_end(3), 7000, 1, PACKETS, 0);
	vt_script_wait(tc, PACKETS);

	vt_eq(vt_script_sum(first).op[3].ok, PACKETS, "each packet had traits");
	vt_all_right(second, PACKETS, "generic XDP");
	vt_all_right(tc, PACKETS, "TC behind it");
	vt_script_stop(first);
	vt_script_stop(second);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
