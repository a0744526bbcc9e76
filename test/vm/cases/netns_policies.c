// SPDX-License-Identifier: GPL-2.0
/*
 * Packets go from one network namespace to another, in both directions, as skbs
 * and as XDP frames: of a key with the policy "keep" they have the value there,
 * of "drop" they have none. Within a namespace they have both.
 */
#include <linux/traits.h>
#include <net/if.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	400

#define XDP_PASS	2
#define XDP_TX		3
#define XDP_REDIRECT	4
#define TC_ACT_REDIRECT	7

#define OP(...) ((struct op){ __VA_ARGS__ })

static unsigned int keep, drop;

static struct script both(unsigned int kind)
{
	struct script s = { .protocol = 17, .port = 7000 };

	s.op[0] = OP(kind, .key = keep, .size = 8);
	s.op[1] = OP(kind, .key = drop, .size = 16);
	return s;
}

static unsigned int device(const char *ns, const char *name)
{
	int here = vt_ns_enter(ns);
	unsigned int index = if_nametoindex(name);

	vt_ns_leave(here);
	return index;
}

static void here(struct vt_script *vs, const char *what)
{
	struct script_sum sum = vt_script_sum(vs);

	vt_eq(sum.packets, PACKETS, "%s: packets", what);
	vt_eq(sum.op[0].ok, PACKETS, "%s: keep is there", what);
	vt_eq(sum.op[1].ok, PACKETS, "%s: drop is there", what);
}

/* Every second packet is bare, and for it nothing is what is right. */
static void there(struct vt_script *vs, const char *what)
{
	struct script_sum sum = vt_script_sum(vs);

	vt_eq(sum.packets, PACKETS, "%s: packets", what);
	vt_eq(sum.op[0].ok, PACKETS, "%s: keep is there", what);
	vt_eq(sum.op[1].ok, PACKETS / 2, "%s: drop is on none that had it", what);
	vt_eq(sum.op[1].absent, PACKETS / 2, "%s: drop is absent", what);
}

/* From @from to @to through b, whose XDP sets: b's other device leads out of it. */
static void skbs(const char *from, const char *address, const char *in, const char *out,
		 const char *to, const char *dev)
{
	struct script set = both(OP_SET_SEQ), check = both(OP_CHECK_SEQ);
	struct vt_script *xdp, *tx, *rx;

	set.action = set.action_bare = XDP_PASS;
	xdp = vt_script("b", in, VT_XDP, &set);
	tx = vt_script("b", out, VT_TC_EGRESS, &check);
	rx = vt_script(to, dev, VT_TC_INGRESS, &check);
	vt_send_seq(rx, from, address, 7000, 1, PACKETS, 2);
	here(tx, "on the way out");
	there(rx, to);
	vt_script_stop(xdp);
	vt_script_stop(tx);
	vt_script_stop(rx);
}

/* A clone waits in b: what the crossing takes from the packet, it still has. */
static void cloned(void)
{
	struct script set = both(OP_SET_SEQ), check = both(OP_CHECK_SEQ);
	unsigned long long forks = vt_stat(TRAITS_STAT_FORK);
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_FORK);
	struct vt_script *xdp, *rx, *clones;

	vt_run("tc -n b qdisc add dev one root netem delay 1s limit 1000");
	vt_run("tc -n b qdisc replace dev right clsact");
	vt_run("tc -n b filter add dev right egress matchall action mirred egress mirror dev one continue");
	set.action = set.action_bare = XDP_PASS;
	xdp = vt_script("b", "left", VT_XDP, &set);
	rx = vt_script("c", "left", VT_TC_INGRESS, &check);
	clones = vt_script("b", "two", VT_TC_INGRESS, &check);
	vt_send_seq(rx, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	there(rx, "with clones");
	vt_script_wait(clones, PACKETS);
	here(clones, "the clones");
	vt_eq(vt_stat(TRAITS_STAT_FORK) - forks, PACKETS / 2, "with clones: stores without it");
	vt_eq(vt_stat(TRAITS_STAT_LOST_FORK) - lost, 0, "with clones: there was room");
	vt_script_stop(xdp);
	vt_script_stop(rx);
	vt_script_stop(clones);
	vt_run("tc -n b qdisc del dev right clsact");
	vt_run("tc -n b qdisc del dev one root");
}

static void frames_redirected(void)
{
	struct script set = both(OP_SET_SEQ), check = both(OP_CHECK_SEQ);
	struct vt_script *b, *c, *tc;

	set.op[2] = OP(OP_REDIRECT, .arg = device("b", "right"));
	set.action = set.action_bare = XDP_REDIRECT;
	b = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	check.action = check.action_bare = XDP_PASS;
	c = vt_script("c", "left", VT_XDP, &check);
	vt_send_seq(tc, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	there(c, "redirected frames, XDP");
	there(tc, "redirected frames, TC");
	vt_script_stop(b);
	vt_script_stop(c);
	vt_script_stop(tc);
}

static void frames_sent_back(void)
{
	struct script set = both(OP_SET_SEQ), check = both(OP_CHECK_SEQ);
	struct vt_script *b, *a;

	set.action = set.action_bare = XDP_TX;
	b = vt_script("b", "left", VT_XDP, &set);
	check.action = check.action_bare = XDP_PASS;
	a = vt_script("a", "right", VT_XDP, &check);
	vt_send_seq(a, "a", vt_path_end(2), 7000, 1, PACKETS, 2);
	there(a, "frames sent back");
	vt_script_stop(b);
	vt_script_stop(a);
}

/* By bpf_redirect_peer(), which is the kernel's shortest way to another namespace. */
static void redirected_to_peer(void)
{
	struct script set = both(OP_SET_SEQ), check = both(OP_CHECK_SEQ);
	struct vt_script *xdp, *tc, *rx;

	set.action = set.action_bare = XDP_PASS;
	xdp = vt_script("b", "left", VT_XDP, &set);
	rx = vt_script("c", "left", VT_TC_INGRESS, &check);
	check.op[2] = OP(OP_REDIRECT_PEER, .arg = device("b", "right"));
	check.action = check.action_bare = TC_ACT_REDIRECT;
	tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	vt_send_seq(rx, "a", vt_path_end(3), 7000, 1, PACKETS, 2);
	here(tc, "before bpf_redirect_peer()");
	there(rx, "behind bpf_redirect_peer()");
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(rx);
}

/* A veth within b is no crossing. */
static void within(void)
{
	struct script set = both(OP_SET_SEQ), check = both(OP_CHECK_SEQ);
	struct vt_script *xdp, *rx;

	vt_run("tc -n b qdisc replace dev left clsact");
	vt_run("tc -n b filter add dev left ingress prio 9 matchall action mirred egress redirect dev one");
	set.action = set.action_bare = XDP_PASS;
	xdp = vt_script("b", "left", VT_XDP, &set);
	rx = vt_script("b", "two", VT_TC_INGRESS, &check);
	vt_send_seq(rx, "a", vt_path_end(2), 7000, 1, PACKETS, 2);
	here(rx, "within a namespace");
	vt_script_stop(xdp);
	vt_script_stop(rx);
}

int main(void)
{
	vt_path(3);
	vt_run("ip -n b link add one type veth peer name two");
	vt_run("ip -n b link set one up && ip -n b link set two up");
	keep = vt_key_policy("keep", 8, 0, 0, TRAITS_NETNS_KEEP);
	drop = vt_key_policy("drop", 16, 0, 0, TRAITS_NETNS_DROP);
	skbs("a", vt_path_end(3), "left", "right", "c", "left");
	skbs("c", "10.1.0.1", "right", "left", "a", "right");
	redirected_to_peer();
	cloned();
	frames_redirected();
	frames_sent_back();
	within();
	vt_keys_del();
	return vt_done();
}
