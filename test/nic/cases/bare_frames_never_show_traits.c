// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 600
 * A card's buffers are used again and again, and nobody clears their headroom:
 * bare frames are received into memory where frames had traits, which XDP
 * dropped, passed, or sent back. They must not show any, in XDP and behind, also
 * where the program makes room for metadata and does not write it: the anchor of
 * an earlier frame may lie there.
 */
#include <linux/bpf.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <string.h>

#include "flow.h"
#include "nic.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PORT 7000

/* What a datagram may carry, in bytes. */
struct sizes {
	unsigned int least, most;
};

static const struct sizes all = { 20, 1400 };
/* virtio of 6.1 copies short frames, without their traits. */
static const struct sizes large = { 100, 1400 }, small = { 20, 60 };

/* Every second frame is bare. */
static void send_frames(unsigned int n, struct sizes sizes)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	struct vt_wire *wire = vt_wire("a", "right");
	uint8_t frame[VT_FRAME_MAX], payload[1400] = {};
	struct script_seq what;
	unsigned int i;

	for (i = 0; i < n; i++) {
		what = (struct script_seq){ .seq = i + 1, .bare = i % 2 };
		memcpy(payload, &what, sizeof(what));
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, 0, payload,
						       sizes.least + i * 37 %
						       (sizes.most - sizes.least + 1)));
	}
	vt_wire_close(wire);
}

/* Each packet is looked at before some get traits, and what is passed again in TC. */
static struct script set_script(const unsigned int ids[4], unsigned int action, int meta)
{
	struct script s = vt_check_seq(ids, PORT), set = vt_set_seq(ids, PORT);

	memcpy(&s.op[4], &set.op[0], 4 * sizeof(s.op[0]));
	s.action = action;
	s.action_bare = XDP_PASS;
	if (meta)
		s.op[8] = (struct op){ .kind = OP_ADJUST_META, .arg = meta };
	return s;
}

/* Loading these takes longer than some runs. */
static struct vt_script *xdp, *tc, *top;

static void pass_frames(const unsigned int ids[4], unsigned int n, struct sizes sizes,
			unsigned int action, int meta, uint64_t *before)
{
	struct script set = set_script(ids, action, meta), check = vt_check_seq(ids, PORT);

	check.action = check.action_bare = 2;	/* TC_ACT_SHOT */
	vt_script_set(xdp, &set);
	vt_script_set(tc, &check);
	vt_script_set(top, &check);
	vt_stats(before);

	send_frames(n, sizes);
	vt_script_wait(xdp, n);
	vt_script_wait(tc, action == XDP_PASS ? n : n / 2);
}

static void run(const unsigned int ids[4], unsigned int n, struct sizes sizes,
		unsigned int action, int meta, const char *what)
{
	unsigned int i, passed = action == XDP_PASS ? n : n / 2;
	uint64_t before[__TRAITS_STAT_MAX];
	struct script_sum sum;

	pass_frames(ids, n, sizes, action, meta, before);
	sum = vt_script_sum(xdp);
	vt_eq(sum.packets, n, "%s: frames in XDP", what);
	for (i = 0; i < 4; i++) {
		vt_eq(sum.op[i].ok, n / 2, "%s: size %u: bare frames are bare in XDP", what,
		      vt_sizes[i]);
		vt_eq(sum.op[i].wrong, 0, "%s: size %u: no frame has traits yet", what,
		      vt_sizes[i]);
		vt_eq(sum.op[i + 4].ok, n, "%s: size %u: set, or skipped", what, vt_sizes[i]);
	}
	vt_all_right(tc, passed, what);
	vt_all_right(top, passed, what);
	vt_lost_only(before, -1, 0, what);
}

/* Either a driver keeps the headroom of short frames, or each loss is counted. */
static void run_small(const unsigned int ids[4], unsigned int n)
{
	const char *what = "passed, short ones";
	uint64_t before[__TRAITS_STAT_MAX];
	struct script_sum sum;
	unsigned int i;

	pass_frames(ids, n, small, XDP_PASS, 0, before);
	sum = vt_script_sum(tc);
	vt_eq(sum.packets, n, "%s: frames in TC", what);
	for (i = 0; i < 4; i++) {
		vt_eq(sum.op[i].wrong, 0, "%s: size %u: nothing wrong", what, vt_sizes[i]);
		vt_eq(sum.op[i].ok + sum.op[i].absent, n, "%s: size %u: there, or absent", what,
		      vt_sizes[i]);
		vt_eq(sum.op[i].absent, sum.op[0].absent, "%s: size %u: like the others", what,
		      vt_sizes[i]);
	}
	vt_ok(!sum.op[0].absent || (!strcmp(vt_nic_driver("b", "left"), "virtio_net") &&
				    sum.op[0].absent == n / 2),
	      "%s: %llu frames without their traits: none, or for virtio all", what,
	      sum.op[0].absent);
	vt_lost_only(before, TRAITS_STAT_LOST_UNBOUND, sum.op[0].absent, what);
}

int main(void)
{
	const struct script nothing = { .protocol = IPPROTO_ICMP, .action = XDP_PASS };
	unsigned int ids[4], n;

	vt_nic();
	n = vt_nic_short() ? 4000 : 40000;
	vt_path_of(">");
	vt_keys_add(ids);
	xdp = vt_script("b", "left", VT_XDP, &nothing);
	tc = vt_script("b", "left", VT_TC_INGRESS, &nothing);
	top = vt_script("b", "left", VT_RECEIVE, &nothing);
	run(ids, n, all, XDP_DROP, 0, "dropped");
	run(ids, n, all, XDP_DROP, -8, "dropped, 8 bytes of metadata never written");
	run(ids, n, all, XDP_TX, 0, "sent back");
	run(ids, n, large, XDP_PASS, 0, "passed");
	run(ids, n, large, XDP_PASS, -16, "passed, 16 bytes of metadata never written");
	run_small(ids, n);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(top);
	vt_keys_del();
	return vt_done();
}
