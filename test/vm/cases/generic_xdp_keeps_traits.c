// SPDX-License-Identifier: GPL-2.0
/*
 * Traits set in b's native XDP are seen in generic XDP on a bridge in c, which
 * has no native XDP. It passes the packets; or sends them to another CPU, or to
 * d, by maps with programs of their own, which see the traits too, and add one.
 * Every third packet is bare, and so it stays.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/traits.h>
#include <stdlib.h>
#include <string.h>

#include <traits/traits.h>

#include "deflect.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	600
#define BARE	(PACKETS / 3)

static unsigned int ids[4], extra;

/* The traits from b, and the one from c */
static struct script look(void)
{
	struct script s = vt_check_seq(ids, DEFLECT_PORT);

	s.op[4] = (struct op){ OP_CHECK_SEQ, .key = extra, .size = 8 };
	return s;
}

static void passed(void)
{
	struct script in_tc = look(), in_xdp = vt_check_seq(ids, DEFLECT_PORT);
	struct vt_script *xdp, *tc;

	in_xdp.op[4] = (struct op){ OP_SET_SEQ, .key = extra, .size = 8 };
	in_xdp.action = in_xdp.action_bare = XDP_PASS;
	xdp = vt_script("c", "br0", VT_XDP_GENERIC, &in_xdp);
	tc = vt_script("c", "br0", VT_TC_INGRESS, &in_tc);
	vt_send_seq(tc, "a", vt_path_end(4), DEFLECT_PORT, 1, PACKETS, 3);
	vt_all_right(xdp, PACKETS, "passed, generic XDP");
	vt_all_right(tc, PACKETS, "passed, TC");
	vt_eq(vt_script_sum(tc).op[4].ok, PACKETS, "passed, TC: the trait from XDP");
	vt_script_stop(xdp);
	vt_script_stop(tc);
}

static int prog_fd(struct bpf_object *obj, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(obj, name));
}

static struct bpf_object *load(void)
{
	struct deflect_state state = { .read = ids[2], .set = extra };
	struct bpf_object *obj;
	__u32 zero = 0;
	char *path;
	int err;

	if (asprintf(&path, "%s/deflect.bpf.o", vt_progs()) < 0)
		vt_die("out of memory");
	obj = bpf_object__open_file(path, NULL);
	err = obj ? bpf_object__load(obj) : -errno;
	if (err)
		vt_die("%s: %s", path, strerror(-err));
	if (bpf_map_update_elem(bpf_object__find_map_fd_by_name(obj, "deflect_state"), &zero,
				&state, 0))
		vt_die("deflect_state: %s", strerror(errno));
	free(path);
	return obj;
}

/* @value: of the one entry of @map, from where the packets come to @ns and @dev */
static void deflected(struct bpf_object *obj, const char *prog, const char *map,
		      const void *value, const char *ns, const char *dev)
{
	int state_fd = bpf_object__find_map_fd_by_name(obj, "deflect_state");
	unsigned int bridge = vt_ifindex("c", "br0");
	struct script s = look();
	struct deflect_state state;
	struct vt_script *tc;
	__u32 zero = 0;
	int here;

	here = vt_ns_enter("c");
	if (bpf_map_update_elem(bpf_object__find_map_fd_by_name(obj, map), &zero, value, 0))
		vt_die("%s: %s", map, strerror(errno));
	if (bpf_xdp_attach(bridge, prog_fd(obj, prog), XDP_FLAGS_SKB_MODE, NULL))
		vt_die("%s cannot be attached", prog);
	vt_ns_leave(here);
	tc = vt_script(ns, dev, VT_TC_INGRESS, &s);
	vt_send_seq(tc, "a", vt_path_end(4), DEFLECT_PORT, 1, PACKETS, 3);

	vt_all_right(tc, PACKETS, prog);
	vt_eq(vt_script_sum(tc).op[4].ok, PACKETS, "%s: the trait from the map's program", prog);
	if (bpf_map_lookup_elem(state_fd, &zero, &state))
		vt_die("deflect_state: %s", strerror(errno));
	vt_eq(state.right, PACKETS, "%s: the map's program sees what was there", prog);
	vt_eq(state.wrong, 0, "%s: and nothing else", prog);
	vt_eq(state.done, PACKETS - BARE, "%s: it sets a trait", prog);
	vt_script_stop(tc);
	here = vt_ns_enter("c");
	bpf_xdp_detach(bridge, XDP_FLAGS_SKB_MODE, NULL);
	vt_ns_leave(here);
	bpf_object__close(obj);
}

int main(void)
{
	uint64_t before[__TRAITS_STAT_MAX], after[__TRAITS_STAT_MAX];
	struct bpf_cpumap_val cpu = { .qsize = 256 };
	struct bpf_devmap_val dev = {};
	struct bpf_object *obj;
	struct vt_script *b;
	struct script set;
	unsigned int i;

	vt_path(4);
	vt_run("ip -n c link add br0 type bridge");
	vt_run("ip -n c link set br0 up");
	vt_run("ip -n c link set left master br0");
	vt_keys_add(ids);
	extra = vt_key_add("extra", 8);
	set = vt_set_seq(ids, DEFLECT_PORT);
	b = vt_script("b", "left", VT_XDP, &set);
	vt_stats(before);

	passed();
	obj = load();
	cpu.bpf_prog.fd = prog_fd(obj, "behind_cpu");
	deflected(obj, "deflect_cpu", "cpus", &cpu, "c", "br0");
	obj = load();
	dev.ifindex = vt_ifindex("c", "right");
	dev.bpf_prog.fd = prog_fd(obj, "behind_dev");
	deflected(obj, "deflect_dev", "devs", &dev, "d", "left");

	vt_stats(after);
	for (i = TRAITS_STAT_LOST_DAMAGED; i < __TRAITS_STAT_MAX; i++)
		vt_eq(after[i] - before[i], 0, "nothing is lost (%s)", traits_stat_name(i));
	vt_script_stop(b);
	vt_keys_del();
	return vt_done();
}
