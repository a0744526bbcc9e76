// SPDX-License-Identifier: GPL-2.0

#include "matrix_prog.h"

#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "vt.h"

struct mx_prog {
	struct mx_place place;
	struct bpf_object *obj;
	struct bpf_program *prog;
	struct bpf_link *link;
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;
	int ifindex;
	bool attached;
	char name[64];
};

static const struct {
	const char *set, *check;
	const char *name;
	enum bpf_attach_type type;	/* of XDP programs in maps */
} kinds[] = {
	[MX_XDP] = { "mx_xdp_set", "mx_xdp_check", "XDP" },
	[MX_XDP_FRAGS] = { "mx_xdp_set", "mx_xdp_check", "xdp.frags" },
	[MX_XDP_GENERIC] = { "mx_xdp_set", "mx_xdp_check", "generic XDP" },
	[MX_TC_INGRESS] = { "mx_tc_set", "mx_tc_check", "TC ingress" },
	[MX_TC_EGRESS] = { "mx_tc_set", "mx_tc_check", "TC egress" },
	[MX_RECEIVE] = { NULL, "mx_receive_check", "tp_btf" },
	[MX_DEVMAP_EGRESS] = { NULL, "mx_xdp_check", "devmap egress", BPF_XDP_DEVMAP },
	[MX_CPUMAP_XDP] = { NULL, "mx_xdp_check", "cpumap", BPF_XDP_CPUMAP },
	[MX_TAIL] = { NULL, "mx_xdp_check", "tail call" },
};

static int map_fd(const struct mx_prog *mp, const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(mp->obj, name);

	if (fd < 0)
		vt_die("matrix: no map %s", name);
	return fd;
}

static void put(int fd, __u32 key, const void *value)
{
	if (bpf_map_update_elem(fd, &key, value, BPF_ANY))
		vt_die("matrix: writing a map: %s", strerror(errno));
}

static unsigned int find_device(const char *ns, const char *dev)
{
	int here = vt_ns_enter(ns);
	unsigned int ifindex = if_nametoindex(dev);

	vt_ns_leave(here);
	if (!ifindex)
		vt_die("matrix: no device %s in %s", dev, ns);
	return ifindex;
}

/* Where the tracing program looks; and no maps that only others use. */
static void prepare(struct mx_prog *mp)
{
	struct mx_device device = { .ifindex = mp->ifindex };
	int here = vt_ns_enter(mp->place.ns);
	struct bpf_program *p;
	struct bpf_map *map;
	struct stat netns;

	if (stat("/proc/thread-self/ns/net", &netns))
		vt_die("matrix: network namespace: %s", strerror(errno));
	vt_ns_leave(here);
	device.netns = netns.st_ino;
	bpf_object__for_each_map(map, mp->obj) {
		if (strstr(bpf_map__name(map), ".rodata") &&
		    bpf_map__set_initial_value(map, &device, sizeof(device)))
			vt_die("matrix: unexpected read-only data");
	}
	bpf_object__for_each_program(p, mp->obj)
		bpf_program__set_autoload(p, p == mp->prog);
}

struct mx_prog *mx_prog_load(const struct mx_place *place, bool set)
{
	struct mx_prog *mp = calloc(1, sizeof(*mp));
	const char *wanted = set ? kinds[place->at].set : kinds[place->at].check;
	char file[256];
	int err;

	if (!mp || !wanted)
		vt_die("matrix: no program for this place");
	mp->place = *place;
	if (place->dev)
		mp->ifindex = find_device(place->ns, place->dev);
	snprintf(mp->name, sizeof(mp->name), "%s %s %s", place->ns ?: "", place->dev ?: "",
		 kinds[place->at].name);

	snprintf(file, sizeof(file), "%s/matrix.bpf.o", vt_progs());
	mp->obj = bpf_object__open_file(file, NULL);
	if (!mp->obj)
		vt_die("matrix: %s: %s", file, strerror(errno));
	mp->prog = bpf_object__find_program_by_name(mp->obj, wanted);
	prepare(mp);
	if (kinds[place->at].type)
		bpf_program__set_expected_attach_type(mp->prog, kinds[place->at].type);
	if (place->at == MX_XDP_FRAGS)
		bpf_program__set_flags(mp->prog,
				       bpf_program__flags(mp->prog) | BPF_F_XDP_HAS_FRAGS);
	err = bpf_object__load(mp->obj);
	if (err)
		vt_die("matrix: loading %s: %s", wanted, strerror(-err));
	return mp;
}

void mx_prog_ports(struct mx_prog *redirecting, const struct mx_event *event,
		   struct mx_prog *reader)
{
	struct bpf_cpumap_val cpu = { .qsize = 1024 };
	struct bpf_devmap_val port = { .bpf_prog.fd = -1 };
	int fd = reader ? bpf_program__fd(reader->prog) : -1;
	__u32 i;

	if (reader && reader->place.at == MX_TAIL)
		put(map_fd(redirecting, "next"), 0, &fd);
	if (reader && reader->place.at == MX_DEVMAP_EGRESS)
		port.bpf_prog.fd = fd;
	if (reader && reader->place.at == MX_CPUMAP_XDP)
		cpu.bpf_prog.fd = fd;
	for (i = 0; i < MX_PORTS && event->port[i].dev; i++) {
		int here = vt_ns_enter(event->port[i].ns);

		port.ifindex = if_nametoindex(event->port[i].dev);
		put(map_fd(redirecting, "devmap"), i, &port);
		put(map_fd(redirecting, "devmap_hash"), i, &port);
		vt_ns_leave(here);
	}
	if (event->set.action == MX_CPUMAP)
		put(map_fd(redirecting, "cpumap"), 0, &cpu);
}

static int attach_tc(struct mx_prog *mp)
{
	int err;

	mp->hook.sz = sizeof(mp->hook);
	mp->hook.ifindex = mp->ifindex;
	mp->hook.attach_point = mp->place.at == MX_TC_INGRESS ? BPF_TC_INGRESS : BPF_TC_EGRESS;
	err = bpf_tc_hook_create(&mp->hook);
	if (err && err != -EEXIST)
		return err;
	mp->opts.sz = sizeof(mp->opts);
	mp->opts.prog_fd = bpf_program__fd(mp->prog);
	return bpf_tc_attach(&mp->hook, &mp->opts);
}

static __u32 xdp_flags(const struct mx_prog *mp)
{
	return mp->place.at == MX_XDP_GENERIC ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
}

void mx_prog_attach(struct mx_prog *mp)
{
	int here = vt_ns_enter(mp->place.ns), err = 0;

	switch (mp->place.at) {
	case MX_XDP:
	case MX_XDP_FRAGS:
	case MX_XDP_GENERIC:
		err = bpf_xdp_attach(mp->ifindex, bpf_program__fd(mp->prog), xdp_flags(mp), NULL);
		break;
	case MX_TC_INGRESS:
	case MX_TC_EGRESS:
		err = attach_tc(mp);
		break;
	case MX_RECEIVE:
		mp->link = bpf_program__attach(mp->prog);
		err = mp->link ? 0 : -errno;
		break;
	case MX_DEVMAP_EGRESS:
	case MX_CPUMAP_XDP:
	case MX_TAIL:
		break;
	}
	if (err)
		vt_die("matrix: attaching to %s: %s", mp->name, strerror(-err));
	mp->attached = true;
	vt_ns_leave(here);
}

static void detach(struct mx_prog *mp)
{
	int here = vt_ns_enter(mp->place.ns);

	switch (mp->place.at) {
	case MX_XDP:
	case MX_XDP_FRAGS:
	case MX_XDP_GENERIC:
		bpf_xdp_detach(mp->ifindex, xdp_flags(mp), NULL);
		break;
	case MX_TC_INGRESS:
	case MX_TC_EGRESS:
		mp->opts.flags = mp->opts.prog_fd = mp->opts.prog_id = 0;
		bpf_tc_detach(&mp->hook, &mp->opts);
		break;
	default:
		bpf_link__destroy(mp->link);
	}
	vt_ns_leave(here);
}

void mx_prog_free(struct mx_prog *mp)
{
	if (mp->attached)
		detach(mp);
	bpf_object__close(mp->obj);
	free(mp);
}

void mx_prog_begin(struct mx_prog *mp, const struct mx_conf *cell)
{
	struct mx_count none = {};
	struct mx_conf conf = *cell;

	conf.mark = mp->place.mark ?: -(int)sizeof(struct mx_mark);
	conf.action = mp->place.action;
	put(map_fd(mp, "confs"), 0, &conf);
	put(map_fd(mp, "counts"), 0, &none);
}

struct mx_count mx_prog_count(const struct mx_prog *mp)
{
	struct mx_count count;
	__u32 zero = 0;

	if (bpf_map_lookup_elem(map_fd(mp, "counts"), &zero, &count))
		vt_die("matrix: reading counts: %s", strerror(errno));
	return count;
}

const struct mx_place *mx_prog_place(const struct mx_prog *mp)
{
	return &mp->place;
}

const char *mx_prog_name(const struct mx_prog *mp)
{
	return mp->name;
}
