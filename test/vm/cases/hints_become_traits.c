// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/rxhints.bpf.c makes traits of what the driver knows: veth knows a
 * hash of each flow, and has no clock. Where the kernel has no such hints the
 * program loads and does nothing; a program that is bound to a device is
 * refused there, and one that is not is refused where it would be needed.
 */
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "path.h"
#include "recipe.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define PACKETS	20

static struct script get_script(unsigned int hash, unsigned int time)
{
	struct script s = { .protocol = IPPROTO_UDP };

	s.op[0] = (struct op){ .kind = OP_GET, .key = hash, .size = 4 };
	s.op[1] = (struct op){ .kind = OP_GET, .key = time, .size = 8 };
	return s;
}

static unsigned int hash_of(struct vt_script *vs, unsigned int packet)
{
	struct script_answer answer = vt_script_answer(vs, packet);
	unsigned int hash;

	memcpy(&hash, answer.val[0], sizeof(hash));
	return hash;
}

int main(void)
{
	bool has = vt_kernel_function("bpf_xdp_metadata_rx_hash");
	unsigned int hash = vt_key_add("rx_hash", 4), time = vt_key_add("rx_time", 8);
	struct script get = get_script(hash, time);
	struct vt_script *tc;
	unsigned int i, same = 0, zero = 0, one = 1;
	int map;

	vt_path(2);
	vt_eq(vt_recipe_try("b", "rxhints", has ? "xdp left rxhints" : "xdpbound left rxhints"), 2,
	      has ? "not bound to a device: refused" : "no programs bound to devices: refused");
	vt_ok(access(vt_recipe_dir("rxhints"), F_OK), "nothing is pinned");
	vt_recipe("b", "rxhints", has ? "xdpbound left rxhints" : "xdp left rxhints");
	map = vt_recipe_map("rxhints", "hints");
	tc = vt_script("b", "left", VT_TC_INGRESS, &get);

	/* Two flows. */
	vt_send_seq(tc, "a", "10.1.0.2", PORT, 1, PACKETS, 0);
	vt_send_seq(tc, "a", "10.1.0.2", PORT + 1, 1, PACKETS, 0);
	vt_eq(vt_script_sum(tc).op[0].ok, has ? 2 * PACKETS : 0, "packets with a hash");
	vt_eq(vt_map_count(map, &zero), has ? 2 * PACKETS : 0, "hashes that XDP was told");
	vt_eq(vt_script_sum(tc).op[1].ok, 0, "packets with a time");
	vt_eq(vt_map_count(map, &one), 0, "times that XDP was told");
	for (i = 0; i < PACKETS; i++)
		same += hash_of(tc, i) == hash_of(tc, 0) &&
			hash_of(tc, PACKETS + i) == hash_of(tc, PACKETS);
	vt_eq(same, PACKETS, "packets of a flow have the same hash");
	vt_eq(hash_of(tc, 0) != hash_of(tc, PACKETS), has, "two flows have two");

	close(map);
	vt_script_stop(tc);
	vt_recipe_end("b", "rxhints");
	vt_keys_del();
	return vt_done();
}
