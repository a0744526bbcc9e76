// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * 64 MB of TCP. Each packet gets traits in XDP, made of its own
 * sequence number. The stream arrives intact, GRO still merges, and each merged
 * packet has the traits of the first one that it is made of: those of its own
 * sequence number.
 */
#include <netinet/in.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define BYTES (64ULL << 20)

int main(void)
{
	struct vt_script *xdp, *tc;
	struct script_sum in, out;
	struct script set, check;
	unsigned int ids[4], i;

	vt_path(2);
	/* veth merges nothing without this. */
	vt_run("ip netns exec b ethtool -K left gro on");
	/* Real packets, as a network would bring them. */
	vt_run("ip netns exec a ethtool -K right tso off gso off");
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7001);
	check = vt_check_seq(ids, 7001);
	set.protocol = IPPROTO_TCP;
	check.protocol = IPPROTO_TCP;
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "left", VT_TC_INGRESS, &check);

	vt_tcp_transfer("a", "b", vt_path_end(2), 7001, BYTES);

	in = vt_script_sum(xdp);
	out = vt_script_sum(tc);
	vt_ok(in.packets > BYTES / 1460, "%llu packets in XDP", in.packets);
	vt_ok(out.packets < in.packets / 4, "%llu packets in TC", out.packets);
	vt_ok(out.merged > out.packets / 2, "%llu of them merged", out.merged);
	for (i = 0; i < 4; i++) {
		vt_eq(in.op[i].ok, in.packets, "size %u set on all", vt_sizes[i]);
		vt_eq(out.op[i].ok, out.packets, "size %u right on all", vt_sizes[i]);
	}

	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
