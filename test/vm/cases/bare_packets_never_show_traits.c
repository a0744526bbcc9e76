// SPDX-License-Identifier: GPL-2.0
/*
 * Packets with traits that XDP drops leave their traits behind in
 * memory that bare packets are received into right after. These must not show
 * any, also when the XDP program makes room for metadata of its own and does
 * not write to it: the anchor of a dropped packet may lie there.
 */
#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 10000 /* half of them dropped */

/* Every second packet has traits, and is dropped. b's XDP is given skbs, and c's xdp_frames. */
static void run(const unsigned int ids[4], const char *ns, int meta, const char *what)
{
	struct script set = vt_set_seq(ids, 7000), check = vt_check_seq(ids, 7000);
	struct vt_script *xdp, *tc, *top;

	set.action = 1;	/* XDP_DROP */
	/*
	 * Metadata that nobody writes, after the traits: a bare packet's then
	 * lies exactly where the anchor of a packet with traits was.
	 */
	if (meta) {
		set.op[4].kind = OP_ADJUST_META;
		set.op[4].arg = meta;
	}
	xdp = vt_script(ns, "left", VT_XDP, &set);
	tc = vt_script(ns, "left", VT_TC_INGRESS, &check);
	top = vt_script(ns, "left", VT_RECEIVE, &check);

	vt_send_seq(xdp, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	vt_script_wait(xdp, PACKETS);
	vt_script_wait(tc, PACKETS / 2);

	vt_eq(vt_script_sum(xdp).op[0].ok, PACKETS, "%s: XDP set or skipped all", what);
	vt_all_right(tc, PACKETS / 2, what);
	vt_all_right(top, PACKETS / 2, what);

	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(top);
}

int main(void)
{
	struct vt_script *redirect;
	unsigned int ids[4];

	vt_path(3);
	vt_keys_add(ids);
	run(ids, "b", 0, "skbs, no metadata");
	run(ids, "b", -8, "skbs, 8 bytes of metadata never written");
	redirect = vt_redirect("b", "left", "right", 7000);
	run(ids, "c", 0, "no metadata");
	run(ids, "c", -8, "8 bytes of metadata never written");
	run(ids, "c", -16, "16 bytes of metadata never written");
	vt_script_stop(redirect);
	vt_keys_del();
	return vt_done();
}
