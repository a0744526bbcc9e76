// SPDX-License-Identifier: GPL-2.0

#include "attach.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <linux/if_link.h>

#include "vt.h"

struct bpf_object *cost_open(const char *file, const char *const names[])
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	char path[256];
	int i;

	snprintf(path, sizeof(path), "%s/%s.bpf.o", vt_progs(), file);
	obj = bpf_object__open_file(path, NULL);
	if (!obj)
		vt_die("%s: %s", path, strerror(errno));
	bpf_object__for_each_program(prog, obj)
		bpf_program__set_autoload(prog, false);
	for (i = 0; names[i]; i++) {
		prog = bpf_object__find_program_by_name(obj, names[i]);
		if (!prog)
			vt_die("%s has no program %s", path, names[i]);
		bpf_program__set_autoload(prog, true);
	}
	return obj;
}

void cost_load(struct bpf_object *obj)
{
	int err = bpf_object__load(obj);

	if (err)
		vt_die("%s: loading: %s", bpf_object__name(obj), strerror(-err));
}

int cost_prog_fd(const struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	if (!prog || bpf_program__fd(prog) < 0)
		vt_die("%s: program %s is not loaded", bpf_object__name(obj), name);
	return bpf_program__fd(prog);
}

int cost_ifindex(const char *ns, const char *dev)
{
	int here = vt_ns_enter(ns), ifindex = if_nametoindex(dev);

	if (!ifindex)
		vt_die("no device %s in %s", dev, ns);
	vt_ns_leave(here);
	return ifindex;
}

void cost_qdisc(const char *ns, const char *dev)
{
	vt_run("tc -n %s qdisc add dev %s clsact", ns, dev);
}

static int attach_tc(int ifindex, enum cost_place place, int fd)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = place == COST_INGRESS ? BPF_TC_INGRESS : BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 1, .priority = 1);

	if (fd < 0)
		return bpf_tc_detach(&hook, &opts);
	opts.prog_fd = fd;
	return bpf_tc_attach(&hook, &opts);
}

void cost_attach(const char *ns, const char *dev, enum cost_place place, int fd)
{
	int ifindex = cost_ifindex(ns, dev), here = vt_ns_enter(ns), err;

	if (place == COST_XDP)
		err = bpf_xdp_attach(ifindex, fd, XDP_FLAGS_DRV_MODE, NULL);
	else
		err = attach_tc(ifindex, place, fd);
	if (err)
		vt_die("%s of %s in %s: %s", fd < 0 ? "detaching" : "attaching", dev, ns,
		       strerror(-err));
	vt_ns_leave(here);
}
