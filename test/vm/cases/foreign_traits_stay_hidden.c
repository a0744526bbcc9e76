// SPDX-License-Identifier: GPL-2.0
/*
 * Packets with traits are dropped in XDP; those that come to lie in their
 * buffers have metadata of the program, but no traits. Then TC moves the MAC
 * header, which on some kernels makes the former packet's anchor a part of the
 * metadata. No packet shows traits of another.
 */
#include <linux/bpf.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 1000

/* b's XDP is given skbs, and c's xdp_frames. */
static void run(const unsigned int ids[4], const char *ns)
{
	struct script set = { .protocol = 17, .port = 7000, .action = XDP_DROP,
			      .action_bare = XDP_PASS };
	struct script get = { .protocol = 17, .port = 7000 };
	struct vt_script *xdp, *tc;
	unsigned int i;

	set.op[0] = (struct op){ OP_ADJUST_META, .arg = -8 };
	get.op[0] = (struct op){ OP_CHANGE_HEAD, .arg = 8 };
	for (i = 0; i < 4; i++) {
		set.op[i + 1] = (struct op){ OP_SET_SEQ, .key = ids[i], .size = vt_sizes[i] };
		get.op[i + 1] = (struct op){ OP_CHECK_SEQ, .key = ids[i], .size = vt_sizes[i] };
	}
	xdp = vt_script(ns, "left", VT_XDP, &set);
	tc = vt_script(ns, "left", VT_TC_INGRESS, &get);
	vt_send_seq(xdp, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	vt_script_wait(xdp, PACKETS);
	vt_script_wait(tc, PACKETS / 2);

	vt_eq(vt_script_sum(xdp).op[4].ok, PACKETS, "%s: each packet was given what it should have", ns);
	vt_eq(vt_script_sum(tc).op[0].ok, PACKETS / 2, "%s: the MAC header was moved", ns);
	for (i = 1; i < 5; i++)
		vt_eq(vt_script_sum(tc).op[i].ok, PACKETS / 2, "%s: no foreign traits, size %u",
		      ns, vt_sizes[i - 1]);
	vt_script_stop(xdp);
	vt_script_stop(tc);
}

int main(void)
{
	struct vt_script *redirect;
	unsigned int ids[4];

	vt_path(3);
	vt_keys_add(ids);
	run(ids, "b");
	redirect = vt_redirect("b", "left", "right", 7000);
	run(ids, "c");
	vt_script_stop(redirect);
	vt_keys_del();
	return vt_done();
}
