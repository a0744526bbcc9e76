// SPDX-License-Identifier: GPL-2.0
/*
 * A packet with traits that is larger than its device sends is cut into
 * segments, and each of them has the traits: TCP as a sender makes it, and
 * packets that GRO merged and that are sent on.
 */
#include <linux/traits.h>
#include <netinet/in.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define BYTES	(4ULL << 20)

#define OP(...) ((struct op){ __VA_ARGS__ })

static unsigned int ids[4];

static struct script tcp(unsigned int port)
{
	return (struct script){ .protocol = IPPROTO_TCP, .port = port };
}

/* One constant value for each size; the flag has none. */
static struct script set_constants(unsigned int port)
{
	struct script set = tcp(port);
	unsigned int i;

	for (i = 0; i < 4; i++)
		set.op[i] = OP(OP_SET, .key = ids[i], .size = vt_sizes[i], .val = { 11, 22, 33, 44,
			       55, 66, 77, 88, 99 });
	return set;
}

static struct script get_constants(unsigned int port)
{
	struct script get = tcp(port);
	unsigned int i;

	for (i = 0; i < 4; i++)
		get.op[i] = OP(OP_GET, .key = ids[i], .size = vt_sizes[i]);
	return get;
}

static void all_have_them(struct vt_script *tc, unsigned int but, const char *what)
{
	static const unsigned char value[16] = { 11, 22, 33, 44, 55, 66, 77, 88, 99 };
	struct script_sum sum = vt_script_sum(tc);
	unsigned int i, k, wrong = 0;

	for (i = 0; i < 4; i++)
		vt_eq(sum.op[i].ok, sum.packets - but, "%s: size %u on each", what, vt_sizes[i]);
	for (k = 0; k < SCRIPT_SLOTS; k++) {
		struct script_answer answer = vt_script_answer(tc, k);

		for (i = 0; i < 4; i++)
			wrong += answer.ret[i] != vt_sizes[i] ||
				 __builtin_memcmp(answer.val[i], value, vt_sizes[i]);
	}
	vt_eq(wrong, 0, "%s: the values of the first %u are right", what, SCRIPT_SLOTS);
}

/*
 * TC at a's egress sees what the socket sent; what b receives was cut. The last
 * acknowledgement may come after the socket's end: the kernel makes that one
 * with next to no headroom.
 */
static void sent(void)
{
	struct script set = set_constants(7001), get = get_constants(7001);
	unsigned long long copies = vt_stat(TRAITS_STAT_COPY);
	struct script_sum out, in;
	struct vt_script *tx, *rx;

	vt_run("ip netns exec a ethtool -K right tso off gso on");
	tx = vt_script("a", "right", VT_TC_EGRESS, &set);
	rx = vt_script("b", "left", VT_TC_INGRESS, &get);
	vt_tcp_transfer("a", "b", vt_path_end(2), 7001, BYTES);
	out = vt_script_sum(tx);
	in = vt_script_sum(rx);
	vt_ok(in.packets > BYTES / 1460, "sent: %llu segments", in.packets);
	vt_ok(out.packets < in.packets / 2, "sent: of %llu packets", out.packets);
	vt_ok(out.op[3].error <= 1, "sent: %llu were given no traits", out.op[3].error);
	all_have_them(rx, out.op[3].error, "sent");
	vt_ok(vt_stat(TRAITS_STAT_COPY) - copies > in.packets / 2, "sent: carrying is counted");
	vt_script_stop(tx);
	vt_script_stop(rx);
}

/* XDP in b sets, GRO in b merges, b's other device cuts, c receives. */
static void forwarded(void)
{
	struct script set = set_constants(7002), get = get_constants(7002);
	struct vt_script *xdp, *tc, *rx;
	struct script_sum merged;

	set.action = set.action_bare = 2;
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "right", VT_TC_EGRESS, &get);
	rx = vt_script("c", "left", VT_TC_INGRESS, &get);
	vt_tcp_transfer("a", "c", vt_path_end(3), 7002, BYTES);
	merged = vt_script_sum(tc);
	vt_ok(merged.merged > merged.packets / 2, "forwarded: %llu of %llu are merged",
	      merged.merged, merged.packets);
	vt_ok(vt_script_sum(rx).packets > BYTES / 1460, "forwarded: all were cut");
	all_have_them(rx, 0, "forwarded");
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(rx);
}

/* The same, and what TC takes from the merged packet no segment has. */
static void deleted(void)
{
	struct script set = set_constants(7003), get = get_constants(7003), del = tcp(7003);
	struct vt_script *xdp, *tc, *rx;

	del.op[0] = OP(OP_DEL, .key = ids[2]);
	del.op[1] = OP(OP_DEL, .key = ids[3]);
	set.action = set.action_bare = 2;
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "right", VT_TC_EGRESS, &del);
	rx = vt_script("c", "left", VT_TC_INGRESS, &get);
	vt_tcp_transfer("a", "c", vt_path_end(3), 7003, BYTES / 4);
	vt_eq(vt_script_sum(tc).op[1].ok, vt_script_sum(tc).packets, "deleted: from all");
	vt_eq(vt_script_sum(rx).op[1].ok, vt_script_sum(rx).packets, "deleted: others are there");
	vt_eq(vt_script_sum(rx).op[2].ok, 0, "deleted: size 8 on none");
	vt_eq(vt_script_sum(rx).op[3].ok, 0, "deleted: size 16 on none");
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(rx);
}

int main(void)
{
	unsigned long long damaged, copy;

	vt_path(3);
	vt_keys_add(ids);
	/* Other cases may have lost some on purpose. */
	damaged = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	copy = vt_stat(TRAITS_STAT_LOST_COPY);
	sent();
	vt_run("ip netns exec a ethtool -K right tso off gso off");
	vt_run("ip netns exec b ethtool -K left gro on");
	vt_run("ip netns exec b ethtool -K right tso off gso on");
	forwarded();
	deleted();
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED), damaged, "nothing is damaged");
	vt_eq(vt_stat(TRAITS_STAT_LOST_COPY), copy, "there was room in all segments");
	vt_keys_del();
	return vt_done();
}
