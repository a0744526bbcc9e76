// SPDX-License-Identifier: GPL-2.0
/*
 * An XDP program moves the packet's start so far down that it lies over the
 * store, and back again: the traits are absent from then on, in XDP and in TC,
 * and each packet is counted once. Also when nothing is written there
 * meanwhile, and all that changes is that the metadata moves along, over the
 * middle of the store.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 50

/* c's native XDP is given xdp_frames, all others skbs. */
static void run(const unsigned int ids[4], const char *ns, enum vt_place place, int by,
		const char *what)
{
	struct script set = vt_set_seq(ids, 7000), check = vt_check_seq(ids, 7000);
	unsigned long long damaged = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	struct vt_script *xdp, *tc;
	unsigned int i;

	set.op[4] = (struct op){ OP_ADJUST_HEAD, .arg = -by };
	set.op[5] = (struct op){ OP_GET, .key = ids[2], .size = 8 };
	set.op[6] = (struct op){ OP_ADJUST_HEAD, .arg = by };
	set.op[7] = (struct op){ OP_GET, .key = ids[2], .size = 8 };
	xdp = vt_script(ns, "left", place, &set);
	tc = vt_script(ns, "left", VT_TC_INGRESS, &check);
	vt_send_seq(xdp, "a", vt_path_end(3), 7000, 1, PACKETS, 0);
	vt_script_wait(tc, PACKETS);

	for (i = 0; i < PACKETS; i++) {
		struct script_answer answer = vt_script_answer(xdp, i);

		if (answer.ret[4] || answer.ret[5] != -ENOENT || answer.ret[6] ||
		    answer.ret[7] != -ENOENT)
			break;
	}
	vt_eq(i, PACKETS, "%s: absent in XDP, meanwhile and afterwards", what);
	for (i = 0; i < 4; i++)
		vt_eq(vt_script_sum(tc).op[i].absent, PACKETS, "%s: absent in TC, size %u",
		      what, vt_sizes[i]);
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - damaged, PACKETS, "%s: counted once each", what);
	vt_script_stop(xdp);
	vt_script_stop(tc);
}

/*
 * The headroom is 256, with generic XDP on 6.1 a little more. The store is at 40 to 104, and what
 * moves along is @meta bytes in front of the packet: the anchor.
 */
static void runs(const unsigned int ids[4], const char *ns, enum vt_place place, int meta,
		 const char *what)
{
	char text[64];

	snprintf(text, sizeof(text), "%s, head over the store's header", what);
	run(ids, ns, place, 204, text);
	snprintf(text, sizeof(text), "%s, head over the values", what);
	run(ids, ns, place, 164, text);
	snprintf(text, sizeof(text), "%s, head over the canary's last byte", what);
	run(ids, ns, place, 156 - meta, text);
}

/* 4 bytes are left between store and packet: XDP_TX makes an xdp_frame, whose anchor has 8. */
static void no_room_for_anchor(const unsigned int ids[4])
{
	unsigned long long frame = vt_stat(TRAITS_STAT_LOST_FRAME);
	unsigned long long damaged = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	struct script set = vt_set_seq(ids, 7000);
	struct vt_script *xdp;

	set.op[4] = (struct op){ OP_ADJUST_HEAD, .arg = -148 };
	set.op[5] = (struct op){ OP_GET, .key = ids[2], .size = 8 };
	set.action = XDP_TX;
	xdp = vt_script("b", "left", VT_XDP, &set);
	vt_send_seq(xdp, "a", vt_path_end(3), 7000, 1, PACKETS, 0);
	vt_eq(vt_script_sum(xdp).op[5].ok, PACKETS, "no room for the anchor: in XDP all is there");
	vt_script_stop(xdp);
	vt_eq(vt_stat(TRAITS_STAT_LOST_FRAME) - frame, PACKETS, "no room for the anchor: counted");
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - damaged, 0, "no room for the anchor: once");
}

int main(void)
{
	struct vt_script *redirect;
	unsigned int ids[4];

	vt_path(3);
	vt_keys_add(ids);
	runs(ids, "b", VT_XDP, 0, "skbs");
	runs(ids, "b", VT_XDP_GENERIC, 0, "generic XDP");
	no_room_for_anchor(ids);
	redirect = vt_redirect("b", "left", "right", 7000);
	runs(ids, "c", VT_XDP, 8, "xdp_frames");
	vt_script_stop(redirect);
	vt_keys_del();
	return vt_done();
}
