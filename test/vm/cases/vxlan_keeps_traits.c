// SPDX-License-Identifier: GPL-2.0
/*
 * Packets from a get traits in XDP in b, which encapsulates them in VXLAN for
 * d; c forwards, d decapsulates. The traits are there in c, on the outer
 * packet, and on d's VXLAN device.
 */
#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 1000

static void vxlan(const char *ns, const char *local, const char *remote, const char *address)
{
	vt_run("ip -n %s link add vx0 type vxlan id 7 local %s remote %s dstport 4789 dev %s",
	       ns, local, remote, *ns == 'b' ? "right" : "left");
	vt_run("ip -n %s addr add %s/24 dev vx0", ns, address);
	vt_run("ip -n %s link set vx0 address 02:00:00:00:aa:%02x up", ns, *ns);
}

int main(void)
{
	struct vt_script *xdp, *outer, *inner;
	struct script set, check, check_outer;
	unsigned int ids[4], i;

	vt_path(4);
	vxlan("b", "10.2.0.1", "10.3.0.2", "10.77.0.1");
	vxlan("d", "10.3.0.2", "10.2.0.1", "10.77.0.2");
	vt_run("ip -n b neigh replace 10.77.0.2 lladdr 02:00:00:00:aa:%02x dev vx0 nud permanent",
	       'd');
	vt_run("ip -n d neigh replace 10.77.0.1 lladdr 02:00:00:00:aa:%02x dev vx0 nud permanent",
	       'b');
	vt_run("ip -n a route add 10.77.0.0/24 via 10.1.0.2");
	vt_run("ip -n d route replace 10.1.0.0/24 via 10.77.0.1");

	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	/* The outer packet's payload is no sequence number: see only whether the traits are there. */
	check_outer = check;
	check_outer.port = 4789;
	for (i = 0; i < 4; i++) {
		check_outer.op[i].kind = OP_GET;
		check_outer.op[i].size = 16;
	}
	xdp = vt_script("b", "left", VT_XDP, &set);
	outer = vt_script("c", "left", VT_TC_INGRESS, &check_outer);
	inner = vt_script("d", "vx0", VT_TC_INGRESS, &check);

	vt_send_seq(xdp, "a", "10.77.0.2", 7000, 1, PACKETS, 2);
	vt_script_wait(inner, PACKETS);

	vt_eq(vt_script_sum(outer).packets, PACKETS, "outer packets");
	for (i = 0; i < 4; i++) {
		vt_eq(vt_script_sum(outer).op[i].ok, PACKETS / 2, "outer packets with size %u",
		      vt_sizes[i]);
		vt_eq(vt_script_sum(outer).op[i].error, PACKETS / 2, "outer packets without size %u",
		      vt_sizes[i]);
	}
	vt_all_right(inner, PACKETS, "decapsulated");

	vt_script_stop(xdp);
	vt_script_stop(outer);
	vt_script_stop(inner);
	vt_keys_del();
	return vt_done();
}
