// SPDX-License-Identifier: GPL-2.0
/*
 * GRO of packets that XDP redirected to another CPU: eight packets, of which
 * the first four have another value than the rest, become two where the key
 * blocks, and one where it does not.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <netinet/in.h>
#include <traits/traits.h>

#include "burst.h"
#include "merge.h"
#include "path.h"
#include "vt.h"

#define PACKETS VT_MERGE_PACKETS

static struct bpf_object *obj;
static struct vt_script *tc;

static int map_fd(const char *name)
{
	return bpf_object__find_map_fd_by_name(obj, name);
}

static int attach(void)
{
	struct bpf_cpumap_val cpu = { .qsize = 64 };
	int here = vt_ns_enter("b"), dev = if_nametoindex("left");
	__u32 zero = 0;
	char file[256];

	snprintf(file, sizeof(file), "%s/halves.bpf.o", vt_progs());
	obj = bpf_object__open_file(file, NULL);
	if (!obj || bpf_object__load(obj))
		vt_die("%s cannot be loaded", file);
	if (bpf_map_update_elem(map_fd("halves_cpus"), &zero, &cpu, BPF_ANY) ||
	    bpf_xdp_attach(dev, bpf_program__fd(bpf_object__next_program(obj, NULL)),
			   XDP_FLAGS_DRV_MODE, NULL))
		vt_die("%s cannot be attached: %s", file, strerror(errno));
	vt_ns_leave(here);
	return dev;
}

/* Returns how many packets arrived. */
static unsigned int burst(unsigned int gro)
{
	struct vt_merge_key key = { 4, gro };
	struct script get = { .protocol = IPPROTO_TCP, .port = 7000, .action = TC_ACT_SHOT };
	__u32 zero = 0;

	vt_merge_keys(&key, 1);
	get.op[0] = (struct op){ OP_GET, .key = key.id, .size = 4 };
	vt_script_set(tc, &get);
	bpf_map_update_elem(map_fd("halves_key"), &zero, &key.id, BPF_ANY);
	vt_burst_tcp(vt_path_end(2), 7000, PACKETS);
	vt_script_wait_segments(tc, PACKETS);
	vt_keys_del();
	return vt_script_sum(tc).packets;
}

static void detach(int dev)
{
	int here = vt_ns_enter("b");

	bpf_xdp_detach(dev, XDP_FLAGS_DRV_MODE, NULL);
	vt_ns_leave(here);
	bpf_object__close(obj);
	vt_script_stop(tc);
}

int main(void)
{
	struct script nothing = { .protocol = IPPROTO_TCP, .port = 7000 };
	unsigned int merged, i;
	int dev;

	vt_path(2);
	vt_burst_device("a", "right");
	/* GRO looks at the checksums of packets without an skb's past. */
	vt_run("ip netns exec a ethtool -K right tx off");
	vt_run("ip netns exec b ethtool -K left gro on");
	tc = vt_script("b", "left", VT_TC_INGRESS, &nothing);
	dev = attach();

	merged = burst(TRAITS_GRO_FIRST);
	if (merged == PACKETS) {
		detach(dev);
		vt_skip("this kernel has no GRO in cpumap");
	}
	vt_eq(merged, 1, "first: one packet");
	vt_eq(*(__u32 *)vt_script_answer(tc, 0).val[0], 0, "with the first one's value");
	vt_eq(burst(TRAITS_GRO_OR), 1, "or: one packet");
	vt_eq(*(__u32 *)vt_script_answer(tc, 0).val[0], 1, "with the value of all");
	vt_eq(burst(TRAITS_GRO_BLOCK), 2, "block: two packets");
	for (i = 0; i < 2; i++) {
		struct script_answer a = vt_script_answer(tc, i);

		vt_eq(a.seq & 63, 4 * i, "packet %u begins", i);
		vt_eq(a.ret[0], 4, "it has a value");
		vt_eq(*(__u32 *)a.val[0], i, "which is its own");
	}
	detach(dev);
	return vt_done();
}
