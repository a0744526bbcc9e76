// SPDX-License-Identifier: GPL-2.0
/*
 * An XDP program that encapsulates or decapsulates a packet, changes its end,
 * sends it back, or sends it to another device does not lose the traits,
 * whether it set them before or after.
 */
#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	600
#define OUTER	4789

#define XDP_PASS	2
#define XDP_TX		3
#define XDP_REDIRECT	4

static unsigned int ids[4];

#define OP(...) ((struct op){ __VA_ARGS__ })

/* @before, then the traits, then @after; b's TC finds the packets at @port. */
static void move(struct op before, struct op after, unsigned int port, const char *what)
{
	struct script set = { .protocol = 17, .port = 7000, .action = XDP_PASS,
			      .action_bare = XDP_PASS };
	struct script check = vt_check_seq(ids, port);
	struct vt_script *xdp, *tc, *top;
	unsigned int i, n = 0;

	if (before.kind != OP_END)
		set.op[n++] = before;
	for (i = 0; i < 4; i++)
		set.op[n++] = vt_set_seq(ids, 7000).op[i];
	if (after.kind != OP_END)
		set.op[n++] = after;
	for (i = 0; i < 4; i++)
		set.op[n++] = vt_check_seq(ids, 7000).op[i];

	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	top = vt_script("b", "left", VT_RECEIVE, &check);
	vt_send_seq(tc, "a", vt_path_end(2), 7000, 1, PACKETS, 2);
	for (i = 0; i < n; i++)
		vt_eq(vt_script_sum(xdp).op[i].ok, PACKETS, "%s: XDP, op %u", what, i);
	vt_all_right(tc, PACKETS, what);
	vt_all_right(top, PACKETS, what);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(top);
}

/* XDP in b sends all packets back to a, whose XDP and TC look at them. */
static void send_back(void)
{
	struct script set = vt_set_seq(ids, 7000), check = vt_check_seq(ids, 7000);
	struct vt_script *b, *a, *tc;

	set.action = set.action_bare = XDP_TX;
	b = vt_script("b", "left", VT_XDP, &set);
	check.action = check.action_bare = XDP_PASS;
	a = vt_script("a", "right", VT_XDP, &check);
	check.action = check.action_bare = 0;
	tc = vt_script("a", "right", VT_TC_INGRESS, &check);
	vt_send_seq(tc, "a", vt_path_end(2), 7000, 1, PACKETS, 2);
	vt_all_right(a, PACKETS, "XDP_TX, XDP at the other end");
	vt_all_right(tc, PACKETS, "XDP_TX, TC at the other end");
	vt_script_stop(b);
	vt_script_stop(a);
	vt_script_stop(tc);
}

/*
 * XDP in b redirects to the pair of b and c; c's program there, without which
 * veth takes no frames, may set one more trait.
 */
static void redirect(bool more, const char *what)
{
	struct script set = vt_set_seq(ids, 7000), check = vt_check_seq(ids, 7000), in_c = {};
	struct vt_script *b, *c, *tc;
	unsigned int extra, i;

	extra = vt_key_add("extra", 8);
	set.op[4] = OP(OP_REDIRECT, .arg = vt_ifindex("b", "right"));
	set.action = set.action_bare = XDP_REDIRECT;
	in_c = check;
	in_c.action = in_c.action_bare = XDP_PASS;
	if (more) {
		in_c.op[4] = OP(OP_SET_SEQ, .key = extra, .size = 8);
		check.op[4] = OP(OP_CHECK_SEQ, .key = extra, .size = 8);
	}
	b = vt_script("b", "left", VT_XDP, &set);
	c = vt_script("c", "left", VT_XDP, &in_c);
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	vt_send_seq(tc, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	vt_eq(vt_script_sum(b).op[4].ok, PACKETS, "%s: redirected", what);
	vt_all_right(c, PACKETS, what);
	vt_all_right(tc, PACKETS, what);
	if (more)
		vt_eq(vt_script_sum(tc).op[4].ok, PACKETS, "%s: and the one from c", what);
	for (i = 0; i < 4; i++)
		vt_eq(vt_script_sum(tc).op[i].wrong, 0, "%s: nothing is wrong", what);
	vt_script_stop(b);
	vt_script_stop(c);
	vt_script_stop(tc);
	vt_key_del("extra");
}

int main(void)
{
	const struct op none = {}, encap = OP(OP_ENCAP, .arg = OUTER);

	vt_path(3);
	vt_keys_add(ids);
	move(none, encap, OUTER, "traits, then 50 bytes of headers");
	move(encap, none, OUTER, "50 bytes of headers, then traits");
	move(encap, OP(OP_ADJUST_HEAD, .arg = 50), 7000, "headers, traits, headers off again");
	move(none, OP(OP_ADJUST_TAIL, .arg = -40), 7000, "traits, then 40 bytes off the end");
	move(OP(OP_ADJUST_TAIL, .arg = -40), none, 7000, "40 bytes off the end, then traits");
	send_back();
	redirect(false, "redirect");
	redirect(true, "redirect, and another trait");
	vt_keys_del();
	return vt_done();
}
