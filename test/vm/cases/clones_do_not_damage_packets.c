// SPDX-License-Identifier: GPL-2.0
/*
 * A clone that does not see a key gets a store of its own in the headroom that
 * it shares. That headroom ends where the outermost header of any of those begins
 * that share it, and not only of the one that is cloned; vt_copy.ko clones
 * packets whose own headroom is larger, or smaller than nothing. And whose head could
 * not be expanded never sees the store of another.
 */
#include <linux/traits.h>
#include <stdio.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	100
#define SIZE	16

#define OP(...) ((struct op){ __VA_ARGS__ })

static unsigned int keys[3];	/* the last one is not for clones */

static struct script script(unsigned int kind)
{
	struct script s = { .protocol = 17, .port = 7000 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		s.op[i] = OP(kind, .key = keys[i], .size = SIZE);
	return s;
}

static unsigned int damaged(void)
{
	FILE *f = fopen("/sys/module/vt_copy/parameters/damaged", "r");
	unsigned int n;

	if (!f || fscanf(f, "%u", &n) != 1)
		vt_die("vt_copy does not tell what it has seen");
	fclose(f);
	return n;
}

static void run(struct vt_script *tc, const char *mode, unsigned int kept, unsigned int dropped)
{
	struct script check = script(OP_CHECK_SEQ);
	struct script_sum sum;

	vt_write_file("/sys/module/vt_copy/parameters/mode", mode);
	vt_script_set(tc, &check);
	vt_send_seq(tc, "a", vt_path_end(2), 7000, 1, PACKETS, 0);
	sum = vt_script_sum(tc);
	vt_eq(sum.op[0].ok, kept, "%s: first key", mode);
	vt_eq(sum.op[1].ok, kept, "%s: second key", mode);
	vt_eq(sum.op[2].ok, dropped, "%s: key that clones do not see", mode);
	vt_eq(damaged(), 0,
	      "%s: no packet was written to", mode);
}

int main(void)
{
	unsigned long long forks, lost, bad;
	struct script set;
	struct vt_script *xdp, *tc;

	vt_path(2);
	vt_run("ip -n b link add vtc0 type dummy");
	vt_run("ip -n b link set vtc0 up");
	vt_insmod("vt_copy");
	keys[0] = vt_key_add("first", SIZE);
	keys[1] = vt_key_add("second", SIZE);
	keys[2] = vt_key_policy("drop", SIZE, 0, TRAITS_CLONE_DROP, 0);
	set = script(OP_SET_SEQ);
	set.action = set.action_bare = 2;
	xdp = vt_script("b", "left", VT_XDP, &set);
	set = script(OP_CHECK_SEQ);
	tc = vt_script("b", "vtc0", VT_TC_INGRESS, &set);

	forks = vt_stat(TRAITS_STAT_FORK);
	lost = vt_stat(TRAITS_STAT_LOST_FORK);
	run(tc, "clone_after_decap", PACKETS, 0);
	vt_eq(vt_stat(TRAITS_STAT_FORK) - forks, PACKETS, "the first clone had room");
	vt_eq(vt_stat(TRAITS_STAT_LOST_FORK) - lost, PACKETS, "the second one had not");

	lost = vt_stat(TRAITS_STAT_LOST_FORK);
	run(tc, "clone_with_metadata", PACKETS, PACKETS);
	vt_eq(vt_stat(TRAITS_STAT_LOST_FORK) - lost, 2 * PACKETS, "none of the clones had room");

	bad = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	run(tc, "expand_in_vain", 0, 0);
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - bad, PACKETS, "counted");

	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_keys_del();
	vt_run("rmmod vt_copy");
	return vt_done();
}
