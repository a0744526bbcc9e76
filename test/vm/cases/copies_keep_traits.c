// SPDX-License-Identifier: GPL-2.0
/*
 * Traits after each of the kernel's functions that copy an skb or replace its
 * head, which vt_copy.ko calls on packets from XDP. Where the copy has no room,
 * they are gone and counted.
 */
#include <linux/traits.h>

#include <stdio.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 600

static const struct {
	const char *mode;
	int counter;	/* that counts each packet with traits, -1: none */
	bool kept;
} modes[] = {
	{ "none",			-1,				true },
	{ "skb_clone",			-1,				true },
	{ "skb_morph",			-1,				true },
	{ "skb_copy",			TRAITS_STAT_COPY,		true },
	{ "pskb_copy",			TRAITS_STAT_COPY,		true },
	{ "skb_copy_expand",		TRAITS_STAT_COPY,		true },
	{ "skb_copy_shrink",		TRAITS_STAT_LOST_COPY,		false },
	{ "expand_0",			-1,				true },
	{ "expand_64",			TRAITS_STAT_EXPAND,		true },
	{ "expand_6",			TRAITS_STAT_LOST_EXPAND,	false },
	{ "expand_2048",		TRAITS_STAT_LOST_EXPAND,	false },
	{ "skb_realloc_headroom",	TRAITS_STAT_EXPAND,		true },
};

static void run(struct vt_script *tc, const struct script *check, const unsigned int i)
{
	unsigned long long before = 0;
	struct script_sum sum;
	unsigned int k;

	vt_write_file("/sys/module/vt_copy/parameters/mode", modes[i].mode);
	vt_script_set(tc, check);
	if (modes[i].counter >= 0)
		before = vt_stat(modes[i].counter);
	vt_send_seq(tc, "a", vt_path_end(2), 7000, i * 1000, PACKETS, 2);
	vt_script_wait(tc, PACKETS);

	if (modes[i].kept) {
		vt_all_right(tc, PACKETS, modes[i].mode);
	} else {
		sum = vt_script_sum(tc);
		for (k = 0; k < 4; k++) {
			vt_eq(sum.op[k].absent, PACKETS / 2, "%s: absent, size %u",
			      modes[i].mode, vt_sizes[k]);
			vt_eq(sum.op[k].ok, PACKETS / 2, "%s: bare, size %u", modes[i].mode,
			      vt_sizes[k]);
		}
	}
	if (modes[i].counter >= 0)
		vt_eq(vt_stat(modes[i].counter) - before, PACKETS / 2, "%s: counted",
		      modes[i].mode);
}

int main(void)
{
	struct vt_script *xdp, *tc;
	struct script set, check;
	unsigned int ids[4], i;

	vt_path(2);
	vt_run("ip -n b link add vtc0 type dummy");
	vt_run("ip -n b link set vtc0 up");
	vt_insmod("vt_copy");
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "vtc0", VT_TC_INGRESS, &check);

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		run(tc, &check, i);

	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_keys_del();
	vt_run("rmmod vt_copy");
	return vt_done();
}
