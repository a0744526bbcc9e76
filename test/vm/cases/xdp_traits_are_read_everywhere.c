// SPDX-License-Identifier: GPL-2.0
/*
 * Traits of 0, 4, 8 and 16 bytes set in native XDP on xdp_frames are read in TC
 * ingress, at a tp_btf program at the top of the stack, and at one where the
 * packets are dropped. Every third packet is bare.
 */
#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 3000

int main(void)
{
	struct vt_script *redirect, *xdp, *tc, *top, *drop;
	struct script set, check;
	unsigned int ids[4];
	unsigned long long bound;

	vt_path(3);
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	xdp = vt_script("c", "left", VT_XDP, &set);
	tc = vt_script("c", "left", VT_TC_INGRESS, &check);
	top = vt_script("c", "left", VT_RECEIVE, &check);
	drop = vt_script("c", "left", VT_FREE, &check);
	redirect = vt_redirect("b", "left", "right", 7000);
	bound = vt_stat(TRAITS_STAT_BIND);

	/* They are to b by their MAC address, so that c's stack drops them. */
	vt_send_seq(xdp, "a", vt_path_end(3), 7000, 1, PACKETS, 3);
	vt_script_wait(drop, PACKETS);

	vt_all_right(tc, PACKETS, "TC ingress");
	vt_all_right(top, PACKETS, "tp_btf netif_receive_skb");
	vt_all_right(drop, PACKETS, "tp_btf kfree_skb");
	vt_eq(vt_stat(TRAITS_STAT_BIND) - bound, PACKETS / 3 * 2, "packets bound");

	vt_script_stop(redirect);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(top);
	vt_script_stop(drop);
	vt_keys_del();
	return vt_done();
}
