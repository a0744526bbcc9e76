// SPDX-License-Identifier: GPL-2.0

#include "object.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>

#include "nic.h"
#include "script.h"
#include "vt.h"

struct bpf_object *vt_object(const char *name)
{
	struct bpf_object *obj;
	char file[256];

	snprintf(file, sizeof(file), "%s/%s.bpf.o", vt_progs(), name);
	obj = bpf_object__open_file(file, NULL);
	if (!obj || bpf_object__load(obj))
		vt_die("%s: %s", file, strerror(errno));
	return obj;
}

int vt_object_prog(struct bpf_object *obj, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(obj, name));
}

int vt_object_map(struct bpf_object *obj, const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(obj, name);

	if (fd < 0)
		vt_die("no map %s", name);
	return fd;
}

static int attach(const char *ns, const char *dev, int prog, unsigned int flags)
{
	unsigned int ifindex = vt_ifindex(ns, dev);
	int here = vt_ns_enter(ns), err;

	err = bpf_xdp_attach(ifindex, prog, flags, NULL);
	vt_ns_leave(here);
	vt_nic_settle(ns, dev);
	return err;
}

int vt_object_xdp(const char *ns, const char *dev, int prog)
{
	return attach(ns, dev, prog, XDP_FLAGS_DRV_MODE);
}

int vt_object_xdp_generic(const char *ns, const char *dev, int prog)
{
	return attach(ns, dev, prog, XDP_FLAGS_SKB_MODE);
}

void vt_object_tc(const char *ns, const char *dev, int prog)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = vt_ifindex(ns, dev),
		    .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = prog);
	int here = vt_ns_enter(ns), err;

	err = bpf_tc_hook_create(&hook);
	if (!err || err == -EEXIST)
		err = bpf_tc_attach(&hook, &opts);
	if (err)
		vt_die("TC on %s: %s", dev, strerror(-err));
	vt_ns_leave(here);
}

void vt_object_detach(const char *ns, const char *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = vt_ifindex(ns, dev),
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	int here = vt_ns_enter(ns);

	bpf_xdp_detach(hook.ifindex, XDP_FLAGS_DRV_MODE, NULL);
	bpf_xdp_detach(hook.ifindex, XDP_FLAGS_SKB_MODE, NULL);
	bpf_tc_hook_destroy(&hook);
	vt_ns_leave(here);
	vt_nic_settle(ns, dev);
}

void vt_object_get(int map, void *value)
{
	unsigned int zero = 0;

	if (bpf_map_lookup_elem(map, &zero, value))
		vt_die("reading a map: %s", strerror(errno));
}

void vt_object_put(int map, const void *value)
{
	unsigned int zero = 0;

	if (bpf_map_update_elem(map, &zero, value, BPF_ANY))
		vt_die("writing a map: %s", strerror(errno));
}
