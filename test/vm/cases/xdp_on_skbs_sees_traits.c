// SPDX-License-Identifier: GPL-2.0
/*
 * Traits that native XDP in b set, and b's TC looked at, are on an skb when the
 * packet comes to c, where XDP runs on that skb: natively in the veth, which
 * copies it if somebody else has its head, and in generic mode. c's program
 * sees, changes, deletes and adds traits; and whoever comes behind it sees the
 * outcome, whether the program passes the packet, sends it back to b, or
 * redirects it to d. Every third packet is bare, and so it stays.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/traits.h>
#include <string.h>

#include <traits/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	300
#define BARE	(PACKETS / 3)
#define CHANGED	0x1d2c3b4a

static unsigned int ids[4], extra;

#define OP(...) ((struct op){ __VA_ARGS__ })

/* What c does to each packet, and what is there afterwards; TRAIT_EXIST keeps off the bare ones. */
static struct script change(unsigned int verdict)
{
	struct script s = vt_check_seq(ids, 7000);
	unsigned int changed = CHANGED;

	s.op[4] = OP(OP_SET_SEQ, .key = extra, .size = 8);
	s.op[5] = OP(OP_SET, .key = ids[1], .size = 4, .arg = TRAIT_EXIST);
	memcpy(s.op[5].val, &changed, sizeof(changed));
	s.op[6] = OP(OP_DEL, .key = ids[2]);
	s.op[7] = OP(OP_REDIRECT, .arg = vt_ifindex("c", "right"));
	s.action = s.action_bare = verdict;
	return s;
}

static struct script look(unsigned int action)
{
	struct script s = { .protocol = 17, .port = 7000, .action = action,
			    .action_bare = action, .op = {
		OP(OP_CHECK_SEQ, .key = ids[0], .size = 0),
		OP(OP_CHECK_SEQ, .key = ids[3], .size = 16),
		OP(OP_CHECK_SEQ, .key = extra, .size = 8),
		OP(OP_CHECK_SEQ, .key = extra, .size = 8),
		OP(OP_GET, .key = ids[1], .size = 4),
		OP(OP_GET, .key = ids[2], .size = 8),
	} };

	return s;
}

static void as_changed(struct vt_script *vs, const char *mode, const char *where)
{
	struct script_sum sum = vt_script_sum(vs);
	struct script_answer answer;
	unsigned int i, value, right = 0;
	char what[96];

	snprintf(what, sizeof(what), "%s, %s", mode, where);
	vt_all_right(vs, PACKETS, what);
	vt_eq(sum.op[4].ok, PACKETS - BARE, "%s: the changed trait is there", what);
	for (i = 0; i < SCRIPT_SLOTS; i++) {
		answer = vt_script_answer(vs, i);
		memcpy(&value, answer.val[4], sizeof(value));
		right += answer.bare ? answer.ret[4] == -ENOENT :
				       answer.ret[4] == 4 && value == CHANGED;
	}
	vt_eq(right, SCRIPT_SLOTS, "%s: with its new value", what);
	vt_eq(sum.op[5].error, PACKETS, "%s: the deleted one is not", what);
}

/* One verdict of c's program, and the two programs that see the packets next */
static void run(struct vt_script *c, unsigned int verdict, const char *mode,
		const char *ns, const char *dev, const char *where)
{
	const struct script s = change(verdict), in_xdp = look(XDP_PASS), in_tc = look(0);
	struct vt_script *xdp = NULL, *tc;
	struct script_sum sum;
	char what[96];

	vt_script_set(c, &s);
	if (verdict != XDP_PASS)
		xdp = vt_script(ns, dev, VT_XDP, &in_xdp);
	tc = vt_script(ns, dev, VT_TC_INGRESS, &in_tc);
	vt_send_seq(tc, "a", vt_path_end(4), 7000, 1, PACKETS, 3);

	snprintf(what, sizeof(what), "%s, %s: c's XDP", mode, where);
	vt_all_right(c, PACKETS, what);
	sum = vt_script_sum(c);
	vt_eq(sum.op[4].ok, PACKETS, "%s adds one trait", what);
	vt_eq(sum.op[5].ok, PACKETS - BARE, "%s changes one", what);
	vt_eq(sum.op[6].ok, PACKETS - BARE, "%s deletes one", what);
	if (xdp)
		as_changed(xdp, mode, where);
	as_changed(tc, mode, where);
	if (xdp)
		vt_script_stop(xdp);
	vt_script_stop(tc);
}

static void runs(enum vt_place place, const char *mode)
{
	struct script s = change(XDP_PASS);
	struct vt_script *c = vt_script("c", "left", place, &s);

	run(c, XDP_PASS, mode, "c", "left", "passed");
	run(c, XDP_TX, mode, "b", "right", "sent back");
	run(c, XDP_REDIRECT, mode, "d", "left", "redirected");
	vt_script_stop(c);
}

int main(void)
{
	struct script set, check;
	struct vt_script *b, *tc;
	uint64_t before[__TRAITS_STAT_MAX], after[__TRAITS_STAT_MAX];
	unsigned int i;
	int tap;

	vt_path(4);
	vt_keys_add(ids);
	extra = vt_key_add("extra", 8);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	b = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "right", VT_TC_EGRESS, &check);
	vt_stats(before);

	runs(VT_XDP, "veth");
	tap = vt_tap("b", "right");
	runs(VT_XDP, "veth that copies");
	vt_untap(tap);
	runs(VT_XDP_GENERIC, "generic");

	vt_all_right(tc, 9 * PACKETS, "TC egress in b");
	vt_stats(after);
	for (i = TRAITS_STAT_LOST_DAMAGED; i < __TRAITS_STAT_MAX; i++)
		vt_eq(after[i] - before[i], 0, "nothing is lost (%s)", traits_stat_name(i));
	vt_script_stop(b);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
