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

#include "nic.h"
#include "vt.h"

struct mx_prog {
	struct mx_prog *next;		/* of those that are not in use */
	struct mx_place place;
	bool sets;
	struct bpf_object *obj;
	struct bpf_program *prog;
	struct bpf_link *link;
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;
	unsigned int ifindex, netns;
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
	[MX_DISPATCHED] = { "mx_ext_set", "mx_ext_check", "behind a dispatcher" },
	[MX_TC_INGRESS] = { "mx_tc_set", "mx_tc_check", "TC ingress" },
	[MX_TC_EGRESS] = { "mx_tc_set", "mx_tc_check", "TC egress" },
	[MX_RECEIVE] = { NULL, "mx_receive_check", "tp_btf" },
	[MX_FREE] = { NULL, "mx_free_check", "kfree_skb" },
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

/* Loading a program takes longer than all cells of a row, so they are used again. */
static struct mx_prog *idle;

static struct mx_prog *take_idle(enum mx_at at, bool set)
{
	struct mx_prog **at_it, *mp;

	for (at_it = &idle; *at_it; at_it = &mp->next) {
		mp = *at_it;
		if (mp->place.at == at && mp->sets == set) {
			*at_it = mp->next;
			return mp;
		}
	}
	return NULL;
}

static struct bpf_object *open_object(const char *name)
{
	struct bpf_object *obj;
	char file[256];

	snprintf(file, sizeof(file), "%s/%s.bpf.o", vt_progs(), name);
	obj = bpf_object__open_file(file, NULL);
	if (!obj)
		vt_die("matrix: %s: %s", file, strerror(errno));
	return obj;
}

static struct bpf_object *dispatcher;

static int dispatcher_fd(void)
{
	if (!dispatcher) {
		dispatcher = open_object("matrix_dispatch");
		if (bpf_object__load(dispatcher))
			vt_die("matrix: loading the dispatcher: %s", strerror(errno));
	}
	return bpf_program__fd(bpf_object__find_program_by_name(dispatcher, "dispatch"));
}

static struct mx_prog *load(enum mx_at at, bool set)
{
	const char *wanted = set ? kinds[at].set : kinds[at].check;
	struct mx_prog *mp = calloc(1, sizeof(*mp));
	struct bpf_program *p;
	int err;

	if (!mp || !wanted)
		vt_die("matrix: no program for this place");
	mp->sets = set;
	mp->obj = open_object("matrix");
	mp->prog = bpf_object__find_program_by_name(mp->obj, wanted);
	bpf_object__for_each_program(p, mp->obj)
		bpf_program__set_autoload(p, p == mp->prog);
	if (kinds[at].type)
		bpf_program__set_expected_attach_type(mp->prog, kinds[at].type);
	if (at == MX_XDP_FRAGS)
		bpf_program__set_flags(mp->prog,
				       bpf_program__flags(mp->prog) | BPF_F_XDP_HAS_FRAGS);
	if (at == MX_DISPATCHED)
		bpf_program__set_attach_target(mp->prog, dispatcher_fd(), set ? "first" : "second");
	err = bpf_object__load(mp->obj);
	if (err)
		vt_die("matrix: loading %s: %s", wanted, strerror(-err));
	return mp;
}

static void find_device(struct mx_prog *mp)
{
	int here = vt_ns_enter(mp->place.ns);
	struct stat netns;

	mp->ifindex = if_nametoindex(mp->place.dev);
	if (!mp->ifindex || stat("/proc/thread-self/ns/net", &netns))
		vt_die("matrix: no device %s in %s", mp->place.dev, mp->place.ns);
	mp->netns = netns.st_ino;
	vt_ns_leave(here);
}

struct mx_prog *mx_prog_load(const struct mx_place *place, bool set)
{
	struct mx_prog *mp = take_idle(place->at, set) ?: load(place->at, set);

	mp->place = *place;
	if (place->dev)
		find_device(mp);
	snprintf(mp->name, sizeof(mp->name), "%s %s %s", place->ns ?: "", place->dev ?: "",
		 kinds[place->at].name);
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
	if (redirecting->place.action == MX_CPUMAP)
		put(map_fd(redirecting, "cpumap"), 0, &cpu);
}

static int attach_tc(struct mx_prog *mp)
{
	int err;

	memset(&mp->hook, 0, sizeof(mp->hook));
	memset(&mp->opts, 0, sizeof(mp->opts));
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

static int attach(struct mx_prog *mp)
{
	int here = vt_ns_enter(mp->place.ns), err = 0;

	switch (mp->place.at) {
	case MX_XDP:
	case MX_XDP_FRAGS:
	case MX_XDP_GENERIC:
		err = bpf_xdp_attach(mp->ifindex, bpf_program__fd(mp->prog), xdp_flags(mp), NULL);
		vt_nic_settle(mp->place.ns, mp->place.dev);
		break;
	case MX_DISPATCHED:
		mp->link = bpf_program__attach_freplace(mp->prog, 0, NULL);
		err = mp->link ? 0 : -errno;
		if (!err && mp->sets)
			err = bpf_xdp_attach(mp->ifindex, dispatcher_fd(), XDP_FLAGS_DRV_MODE, NULL);
		break;
	case MX_TC_INGRESS:
	case MX_TC_EGRESS:
		err = attach_tc(mp);
		break;
	case MX_RECEIVE:
	case MX_FREE:
		mp->link = bpf_program__attach(mp->prog);
		err = mp->link ? 0 : -errno;
		break;
	case MX_DEVMAP_EGRESS:
	case MX_CPUMAP_XDP:
	case MX_TAIL:
		break;
	}
	vt_ns_leave(here);
	return err;
}

void mx_prog_attach(struct mx_prog *mp)
{
	int err = attach(mp);

	if (err)
		vt_die("matrix: attaching to %s: %s", mp->name, strerror(-err));
}

bool mx_attachable(const struct mx_place *place)
{
	struct mx_prog *mp = mx_prog_load(place, true);
	int err = attach(mp);

	if (err)
		vt_note("%s: %s", mp->name, strerror(-err));
	else
		mx_prog_free(mp);
	return !err;
}

static void detach(struct mx_prog *mp)
{
	int here = vt_ns_enter(mp->place.ns);

	switch (mp->place.at) {
	case MX_XDP:
	case MX_XDP_FRAGS:
	case MX_XDP_GENERIC:
		bpf_xdp_detach(mp->ifindex, xdp_flags(mp), NULL);
		vt_nic_settle(mp->place.ns, mp->place.dev);
		break;
	case MX_TC_INGRESS:
	case MX_TC_EGRESS:
		mp->opts.flags = mp->opts.prog_fd = mp->opts.prog_id = 0;
		bpf_tc_detach(&mp->hook, &mp->opts);
		break;
	case MX_DISPATCHED:
		if (mp->sets)
			bpf_xdp_detach(mp->ifindex, XDP_FLAGS_DRV_MODE, NULL);
		/* fall through */
	default:
		bpf_link__destroy(mp->link);
		mp->link = NULL;
	}
	vt_ns_leave(here);
}

/* A device must not be found in the map of another row. */
static void forget_ports(struct mx_prog *mp)
{
	static const char *const maps[] = { "devmap", "devmap_hash", "cpumap", "next" };
	unsigned int m;
	__u32 i;

	for (m = 0; m < sizeof(maps) / sizeof(maps[0]); m++) {
		for (i = 0; i < MX_PORTS; i++)
			bpf_map_delete_elem(map_fd(mp, maps[m]), &i);
	}
}

void mx_prog_free(struct mx_prog *mp)
{
	detach(mp);
	forget_ports(mp);
	mp->next = idle;
	idle = mp;
}

void mx_prog_exit(void)
{
	struct mx_prog *mp;

	while ((mp = idle)) {
		idle = mp->next;
		bpf_object__close(mp->obj);
		free(mp);
	}
	bpf_object__close(dispatcher);
	dispatcher = NULL;
}

void mx_prog_begin(struct mx_prog *mp, const struct mx_conf *cell)
{
	struct mx_count none = {};
	struct mx_conf conf = *cell;
	__u64 unseen = 0;
	__u32 i;

	conf.mark = mp->place.mark ?: -(int)sizeof(struct mx_mark);
	conf.action = mp->place.action;
	conf.once = mp->place.once;
	conf.ifindex = mp->ifindex;
	conf.netns = mp->netns;
	for (i = 0; i < 2 * MX_PACKETS; i++)
		put(map_fd(mp, "seen"), i, &unseen);
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
