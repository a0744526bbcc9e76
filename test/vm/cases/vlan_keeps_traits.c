// SPDX-License-Identifier: GPL-2.0
/*
 * b gives packets traits in XDP, pushes a VLAN tag onto them with a VLAN
 * device, and c takes it off; in between TC in c pops and pushes it once more.
 */
#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 1000

int main(void)
{
	struct vt_script *xdp, *tagged, *tap, *untagged;
	struct script set, check, poppush;
	unsigned int ids[4], i;

	vt_path(3);
	vt_run("ip -n b link add link right name v5 type vlan id 5");
	vt_run("ip -n c link add link left name v5 type vlan id 5");
	vt_run("ip -n b addr add 10.55.0.1/24 dev v5");
	vt_run("ip -n c addr add 10.55.0.2/24 dev v5");
	vt_run("ip -n b link set v5 up");
	vt_run("ip -n c link set v5 up");
	vt_run("ip -n b neigh replace 10.55.0.2 lladdr 02:00:00:00:02:02 dev v5 nud permanent");
	vt_run("ip -n a route add 10.55.0.0/24 via 10.1.0.2");

	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	poppush = check;
	for (i = 0; i < 4; i++)
		poppush.op[i + 2] = check.op[i];
	poppush.op[0].kind = OP_VLAN_POP;
	poppush.op[1].kind = OP_VLAN_PUSH;
	/* With the tag in the packet's bytes, so that headers are really moved. */
	vt_run("ip netns exec c ethtool -K left rxvlan off");
	vt_run("ip netns exec b ethtool -K right txvlan off");

	xdp = vt_script("b", "left", VT_XDP, &set);
	tagged = vt_script("b", "right", VT_TC_EGRESS, &check);
	tap = vt_script("c", "left", VT_TC_INGRESS, &poppush);
	untagged = vt_script("c", "v5", VT_TC_INGRESS, &check);

	vt_send_seq(xdp, "a", "10.55.0.2", 7000, 1, PACKETS, 2);
	vt_script_wait(untagged, PACKETS);

	vt_all_right(tagged, PACKETS, "tag pushed");
	vt_eq(vt_script_sum(tap).op[0].ok, PACKETS, "popped in TC");
	vt_eq(vt_script_sum(tap).op[1].ok, PACKETS, "pushed in TC");
	for (i = 0; i < 4; i++)
		vt_eq(vt_script_sum(tap).op[i + 2].ok, PACKETS, "after pop and push, size %u",
		      vt_sizes[i]);
	vt_all_right(untagged, PACKETS, "tag taken off");

	vt_script_stop(xdp);
	vt_script_stop(tagged);
	vt_script_stop(tap);
	vt_script_stop(untagged);
	vt_keys_del();
	return vt_done();
}
