// SPDX-License-Identifier: GPL-2.0
/*
 * TC mirrors each packet, and while the clone waits in a queue looks at the
 * packet: of a key with the policy "share" both have the value, and it cannot be
 * written; of "copy" each has its own; of "drop" the clone has none, even if the
 * module does not get to know of the clone: then the packet has none, either.
 */
#include <errno.h>
#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	50
#define KPROBES	"/sys/kernel/debug/kprobes/enabled"
#define SHOT	2	/* TC_ACT_SHOT */

#define OP(...) ((struct op){ __VA_ARGS__ })

static const unsigned int sizes[] = { 4, 4, 0 };	/* of share, copy and drop */
static unsigned int id[3];

static struct op on(unsigned int kind, unsigned int key)
{
	return OP(kind, .key = id[key], .size = sizes[key]);
}

static struct script script(void)
{
	return (struct script){ .protocol = 17, .port = 7000 };
}

static void each(struct vt_script *vs, const long long *want, unsigned int n, const char *what)
{
	unsigned int i, k, right = 0;

	for (i = 0; i < PACKETS; i++) {
		struct script_answer answer = vt_script_answer(vs, i);

		for (k = 0; k < n && answer.ret[k] == want[k]; k++)
			;
		if (k < n)
			vt_note("packet %u, op %u: %lld", i, k, (long long)answer.ret[k]);
		right += k == n;
	}
	vt_eq(right, PACKETS, "%s: each operation returned what it should", what);
}

/* What @tc returned, and what the clones have at the end. */
static void run(struct script tc_script, const long long *want, unsigned int n,
		const char *what)
{
	struct script set = script(), check = script();
	struct vt_script *xdp, *tc, *clones;
	unsigned int i;

	set.action = set.action_bare = 2;
	for (i = 0; i < 3; i++) {
		set.op[i] = on(OP_SET_SEQ, i);
		check.op[i] = on(OP_CHECK_SEQ, i);
	}
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc_script.action = SHOT;
	tc = vt_script("b", "left", VT_TC_INGRESS, &tc_script);
	clones = vt_script("b", "two", VT_TC_INGRESS, &check);
	vt_send_seq(tc, "a", vt_path_end(2), 7000, 1, PACKETS, 0);
	each(tc, want, n, what);
	vt_script_stop(tc);
	vt_script_wait(clones, PACKETS);
	vt_eq(vt_script_sum(clones).op[0].ok, PACKETS, "%s: share: clones have the value", what);
	vt_eq(vt_script_sum(clones).op[1].ok, PACKETS, "%s: copy: clones have their own", what);
	vt_eq(vt_script_sum(clones).op[2].absent, PACKETS, "%s: drop: clones have none", what);
	vt_script_stop(clones);
	vt_script_stop(xdp);
}

int main(void)
{
	static const long long read_returns[] = { 4, 4, 0 };
	static const long long write_returns[] = { -EBUSY, 0, 4, -EBUSY, 0, 4, 0 };
	static const long long missed_returns[] = { 4, 4, -ENOENT };
	static const long long delete_returns[] = { -EBUSY, 0, 0, -ENOENT, 0, 4, 0 };
	unsigned long long forks = vt_stat(TRAITS_STAT_FORK);
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_FORK);
	struct script tc;
	unsigned int i;

	vt_path(2);
	vt_run("ip -n b link add one type veth peer name two");
	vt_run("ip -n b link set one up && ip -n b link set two up");
	vt_run("tc -n b qdisc add dev one root netem delay 1s limit 1000");
	vt_run("tc -n b qdisc add dev left clsact");
	/* Filters of libbpf come behind this one: they get a higher number. */
	vt_run("tc -n b filter add dev left ingress prio 1 matchall action mirred egress mirror"
	       " dev one continue");
	id[0] = vt_key_policy("share", sizes[0], 0, TRAITS_CLONE_SHARE, 0);
	id[1] = vt_key_policy("copy", sizes[1], 0, TRAITS_CLONE_COPY, 0);
	id[2] = vt_key_policy("drop", sizes[2], 0, TRAITS_CLONE_DROP, 0);

	tc = script();
	for (i = 0; i < 3; i++)
		tc.op[i] = on(OP_CHECK_SEQ, i);
	run(tc, read_returns, 3, "read");
	vt_eq(vt_stat(TRAITS_STAT_FORK) - forks, PACKETS, "read: one store more for each clone");

	tc = script();
	tc.op[0] = OP(OP_SET, .key = id[0], .size = 4, .val = { 1 });
	tc.op[1] = OP(OP_SET, .key = id[1], .size = 4, .val = { 2 });
	tc.op[2] = on(OP_GET, 1);
	tc.op[3] = OP(OP_DEL, .key = id[2]);
	tc.op[4] = OP(OP_SET, .key = id[1], .size = 4, .val = { 3 });
	tc.op[5] = on(OP_GET, 0);
	tc.op[6] = on(OP_GET, 2);
	run(tc, write_returns, 7, "write");
	vt_eq(vt_stat(TRAITS_STAT_FORK) - forks, 3 * PACKETS,
	      "write: and one for each writer, not for each write");

	tc = script();
	tc.op[0] = OP(OP_DEL, .key = id[0]);
	tc.op[1] = OP(OP_DEL, .key = id[1]);
	tc.op[2] = OP(OP_IS_SET, .key = id[1]);
	tc.op[3] = OP(OP_DEL, .key = id[1]);
	tc.op[4] = OP(OP_SET, .key = id[1], .size = 4, .val = { 4 });
	tc.op[5] = on(OP_GET, 0);
	tc.op[6] = on(OP_GET, 2);
	run(tc, delete_returns, 7, "delete");
	/* As if each return of skb_clone() was missed. */
	vt_run("echo 0 > " KPROBES);
	tc = script();
	for (i = 0; i < 3; i++)
		tc.op[i] = on(OP_CHECK_SEQ, i);
	run(tc, missed_returns, 3, "missed");
	vt_run("echo 1 > " KPROBES);
	vt_eq(vt_stat(TRAITS_STAT_LOST_FORK) - lost, 0, "there was room for all");
	vt_keys_del();
	return vt_done();
}
