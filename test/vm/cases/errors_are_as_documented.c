// SPDX-License-Identifier: GPL-2.0
/* Every error of the kfuncs, in XDP and in TC, with the packet as it was before, and its counter. */
#include <errno.h>
#include <linux/traits.h>
#include <string.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PORT 7000

static struct script script;
static long long want[SCRIPT_OPS];
static unsigned int ops;

static void start(void)
{
	memset(&script, 0, sizeof(script));
	script.protocol = 17;
	script.port = PORT;
	ops = 0;
}

static void add(long long ret, struct op op)
{
	script.op[ops] = op;
	want[ops++] = ret;
}

#define OP(...) ((struct op){ __VA_ARGS__ })

static void run(enum vt_place place, const char *what)
{
	struct script_answer answer;
	struct vt_script *vs;
	unsigned int i;

	script.action = place == VT_XDP ? 2 : 0;
	vs = vt_script("b", "left", place, &script);
	vt_send_seq(vs, "a", vt_path_end(2), PORT, 1, 1, 0);
	vt_script_wait(vs, 1);
	answer = vt_script_answer(vs, 0);
	for (i = 0; i < ops; i++)
		vt_eq(answer.ret[i], want[i], "%s: op %u (kind %u, key %u, size %u)", what, i,
		      script.op[i].kind, script.op[i].key, script.op[i].size);
	vt_script_stop(vs);
}

static void arguments(enum vt_place place, unsigned int k8, unsigned int k16, const char *what)
{
	start();
	add(-EINVAL, OP(OP_SET, .key = 64, .size = 8));
	add(-EINVAL, OP(OP_SET, .key = k8, .size = 4));
	add(-EINVAL, OP(OP_SET, .key = k8, .size = 0));
	add(-EINVAL, OP(OP_SET, .key = k8, .size = 8, .arg = 4));
	add(-EINVAL, OP(OP_SET, .key = k8, .size = 8, .arg = TRAIT_EXIST | TRAIT_NOEXIST));
	add(-ENOKEY, OP(OP_SET, .key = 63, .size = 8));
	add(-ENOENT, OP(OP_SET, .key = k8, .size = 8, .arg = TRAIT_EXIST));
	add(-ENOENT, OP(OP_DEL, .key = k8));
	add(-ENOENT, OP(OP_GET, .key = k8, .size = 8));
	add(0, OP(OP_IS_SET, .key = k8));
	add(-EINVAL, OP(OP_GET, .key = 64, .size = 8));
	add(-ENOKEY, OP(OP_GET, .key = 63, .size = 8));
	run(place, what);

	start();
	add(-EINVAL, OP(OP_IS_SET, .key = 64));
	add(-ENOKEY, OP(OP_IS_SET, .key = 63));
	add(-EINVAL, OP(OP_DEL, .key = 64));
	add(-ENOKEY, OP(OP_DEL, .key = 63));
	add(0, OP(OP_SET, .key = k8, .size = 8, .arg = TRAIT_NOEXIST));
	add(-EEXIST, OP(OP_SET, .key = k8, .size = 8, .arg = TRAIT_NOEXIST));
	add(0, OP(OP_SET, .key = k8, .size = 8, .arg = TRAIT_EXIST));
	add(-ENOSPC, OP(OP_GET, .key = k8, .size = 4));
	add(8, OP(OP_GET, .key = k8, .size = 16));
	add(1, OP(OP_IS_SET, .key = k8));
	add(0, OP(OP_DEL, .key = k8));
	add(-ENOENT, OP(OP_GET, .key = k8, .size = 8));
	run(place, what);

	/* Batches; size0, size4, size8, size16 are neighbours. */
	start();
	add(-EINVAL, OP(OP_SETS, .key = k16, .key_to = k8, .size = 24));
	add(-EINVAL, OP(OP_SETS, .key = k8, .key_to = 64, .size = 24));
	add(-EINVAL, OP(OP_SETS, .key = k8, .key_to = k16, .size = 20));
	add(-ENOKEY, OP(OP_SETS, .key = k16, .key_to = k16 + 1, .size = 16));
	add(-ENOENT, OP(OP_GETS, .key = k8, .key_to = k16, .size = 24));
	add(0, OP(OP_SETS, .key = k8, .key_to = k16, .size = 24, .val = { 1, 2, 3, 4, 5 }));
	add(24, OP(OP_GETS, .key = k8, .key_to = k16, .size = 24));
	add(-ENOSPC, OP(OP_GETS, .key = k8, .key_to = k16, .size = 20));
	add(-ENOENT, OP(OP_GETS, .key = k8 - 2, .key_to = k16, .size = 28));
	add(-ENOKEY, OP(OP_GETS, .key = k16, .key_to = k16 + 1, .size = 16));
	add(-EINVAL, OP(OP_GETS, .key = k16, .key_to = k8, .size = 24));
	add(8, OP(OP_GET, .key = k8, .size = 8));
	run(place, what);
}

/* 256 bytes of headroom: 40 for struct xdp_frame, 8 for the anchor, 36 for an empty store. */
static void no_room(const unsigned int first, unsigned int n)
{
	unsigned int i;

	/* 172 bytes of values: 10 of 16 bytes make 160, one of 8 and one of 4 fill it up. */
	start();
	for (i = 0; i < 10; i++)
		add(0, OP(OP_SET, .key = first + i, .size = 16));
	add(-ENOSPC, OP(OP_SET, .key = first + 10, .size = 16));
	add(160, OP(OP_GETS, .key = first, .key_to = first + 9, .size = 63));
	want[11] = -ENOSPC;
	run(VT_XDP, "XDP, 160 bytes and no more 16");

	start();
	add(0, OP(OP_SETS, .key = first, .key_to = first + 2, .size = 48));
	add(0, OP(OP_SETS, .key = first + 3, .key_to = first + 5, .size = 48));
	add(0, OP(OP_SETS, .key = first + 6, .key_to = first + 8, .size = 48));
	add(0, OP(OP_SET, .key = first + 9, .size = 16));
	add(0, OP(OP_SET, .key = n, .size = 8));
	add(0, OP(OP_SET, .key = n + 1, .size = 4));
	add(-ENOSPC, OP(OP_SET, .key = n + 2, .size = 4));
	add(0, OP(OP_SET, .key = n + 1, .size = 4));
	add(48, OP(OP_GETS, .key = first + 6, .key_to = first + 8, .size = 48));
	add(0, OP(OP_DEL, .key = n + 1));
	add(0, OP(OP_SET, .key = n + 2, .size = 4));
	run(VT_XDP, "XDP, exactly 172 bytes");
}

int main(void)
{
	static const struct {
		unsigned int stat;
		const char *name;
	} counters[] = {
		{ TRAITS_STAT_EINVAL, "einval" }, { TRAITS_STAT_ENOKEY, "enokey" },
		{ TRAITS_STAT_EEXIST, "eexist" }, { TRAITS_STAT_ENOENT, "enoent" },
		{ TRAITS_STAT_ENOSPC, "enospc" },
	};
	enum { N = sizeof(counters) / sizeof(counters[0]) };
	unsigned int ids[4], i, first16 = 0, first;
	unsigned long long before[N];
	struct script nothing = {};
	struct vt_script *xdp;
	char name[16];

	vt_path(2);
	vt_keys_add(ids);
	for (i = 0; i < N; i++)
		before[i] = vt_stat(counters[i].stat);
	arguments(VT_XDP, ids[2], ids[3], "XDP");
	/* With an XDP program attached veth provides headroom; else there is no room in TC. */
	start();
	add(-ENOSPC, OP(OP_SET, .key = ids[2], .size = 8));
	run(VT_TC_INGRESS, "TC, no room");
	nothing.action = 2;
	xdp = vt_script("b", "left", VT_XDP, &nothing);
	arguments(VT_TC_INGRESS, ids[2], ids[3], "TC");
	vt_script_stop(xdp);

	for (i = 0; i < 11; i++) {
		snprintf(name, sizeof(name), "wide%u", i);
		first = vt_key_add(name, 16);
		if (!i)
			first16 = first;
	}
	vt_eq(vt_key_add("eight", 8), first16 + 11, "ids are given out in order");
	vt_key_add("four-a", 4);
	vt_key_add("four-b", 4);
	no_room(first16, first16 + 11);

	/* Reads do not count: only changes that were refused. */
	vt_eq(vt_stat(TRAITS_STAT_EINVAL) - before[0], 2 * (5 + 1 + 3), "einval counted");
	vt_eq(vt_stat(TRAITS_STAT_ENOKEY) - before[1], 2 * (1 + 1 + 1), "enokey counted");
	vt_eq(vt_stat(TRAITS_STAT_EEXIST) - before[2], 2, "eexist counted");
	vt_eq(vt_stat(TRAITS_STAT_ENOENT) - before[3], 2 * 2, "enoent counted");
	vt_eq(vt_stat(TRAITS_STAT_ENOSPC) - before[4], 3, "enospc counted");
	vt_keys_del();
	return vt_done();
}
