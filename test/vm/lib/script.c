// SPDX-License-Identifier: GPL-2.0

#include "script.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <traits/traits.h>

#include "nic.h"
#include "vt.h"

const unsigned int vt_sizes[4] = { 0, 4, 8, 16 };

struct vt_script {
	struct bpf_object *obj;
	struct bpf_program *prog;
	struct bpf_link *link;
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;
	const char *ns;
	char dev[IFNAMSIZ];
	int ifindex;
	enum vt_place place;
};

static const struct {
	const char *file, *prog;
} programs[] = {
	[VT_XDP] = { "script", "script_xdp" },
	[VT_XDP_GENERIC] = { "script", "script_xdp" },
	[VT_TC_INGRESS] = { "script", "script_tc" },
	[VT_TC_EGRESS] = { "script", "script_tc" },
	[VT_RECEIVE] = { "watch", "watch_receive" },
	[VT_FREE] = { "watch", "watch_free" },
	[VT_FREE_ANY] = { "watch", "watch_free" },
	[VT_LSM] = { "watch", "watch_socket" },
	[VT_XDP_IDLE] = { "script", "script_xdp" },
	[VT_TC_IDLE] = { "script", "script_tc" },
};

static int map_fd(struct vt_script *vs, const char *name)
{
	return bpf_object__find_map_fd_by_name(vs->obj, name);
}

void vt_script_set(struct vt_script *vs, const struct script *script)
{
	struct script_answer no_answer = {};
	struct script_sum no_sum = {};
	__u32 zero = 0, i;

	if (bpf_map_update_elem(map_fd(vs, "sums"), &zero, &no_sum, BPF_ANY) ||
	    bpf_map_update_elem(map_fd(vs, "scripts"), &zero, script, BPF_ANY))
		vt_die("script: writing the maps: %s", strerror(errno));
	for (i = 0; map_fd(vs, "answers") >= 0 && i <= SCRIPT_SLOTS; i++)
		bpf_map_update_elem(map_fd(vs, "answers"), &i, &no_answer, BPF_ANY);
}

static int attach(struct vt_script *vs, struct bpf_program *prog)
{
	int err;

	switch (vs->place) {
	case VT_XDP:
	case VT_XDP_GENERIC:
		return bpf_xdp_attach(vs->ifindex, bpf_program__fd(prog),
				      vs->place == VT_XDP ? XDP_FLAGS_DRV_MODE :
							    XDP_FLAGS_SKB_MODE, NULL);
	case VT_TC_INGRESS:
	case VT_TC_EGRESS:
		vs->hook.sz = sizeof(vs->hook);
		vs->hook.ifindex = vs->ifindex;
		vs->hook.attach_point = vs->place == VT_TC_INGRESS ? BPF_TC_INGRESS :
								     BPF_TC_EGRESS;
		err = bpf_tc_hook_create(&vs->hook);
		if (err && err != -EEXIST)
			return err;
		vs->opts.sz = sizeof(vs->opts);
		vs->opts.prog_fd = bpf_program__fd(prog);
		return bpf_tc_attach(&vs->hook, &vs->opts);
	case VT_XDP_IDLE:
	case VT_TC_IDLE:
	case VT_IDLE:
		return 0;
	default:
		vs->link = bpf_program__attach(prog);
		return vs->link ? 0 : -errno;
	}
}

static void set_device(struct bpf_object *obj, int ifindex)
{
	struct script_device *device;
	struct bpf_map *map;
	struct stat netns;
	size_t size;

	if (stat("/proc/thread-self/ns/net", &netns))
		vt_die("script: network namespace: %s", strerror(errno));
	bpf_object__for_each_map(map, obj) {
		if (!strstr(bpf_map__name(map), ".rodata"))
			continue;
		device = (struct script_device *)bpf_map__initial_value(map, &size);
		if (!device || size != sizeof(*device))
			vt_die("script: unexpected read-only data");
		device->ifindex = ifindex;
		device->netns = netns.st_ino;
	}
}

static struct vt_script *load(const char *ns, const char *dev, enum vt_place place,
			      const char *object, const char *name, const struct script *script)
{
	struct vt_script *vs = calloc(1, sizeof(*vs));
	struct bpf_program *p;
	char file[256];
	int err;

	if (!vs)
		vt_die("script: no memory");
	vs->ns = ns;
	vs->place = place;
	snprintf(vs->dev, sizeof(vs->dev), "%s", dev);
	vs->ifindex = if_nametoindex(dev);
	if (!vs->ifindex)
		vt_die("script: no device %s", dev);

	snprintf(file, sizeof(file), "%s/%s.bpf.o", vt_progs(), object);
	vs->obj = bpf_object__open_file(file, NULL);
	if (!vs->obj)
		vt_die("script: %s: %s", file, strerror(errno));
	vs->prog = bpf_object__find_program_by_name(vs->obj, name);
	bpf_object__for_each_program(p, vs->obj)
		bpf_program__set_autoload(p, p == vs->prog);
	set_device(vs->obj, place == VT_FREE_ANY ? 0 : vs->ifindex);
	err = bpf_object__load(vs->obj);
	if (err)
		vt_die("script: loading %s: %s", file, strerror(-err));
	vt_script_set(vs, script);
	return vs;
}

struct vt_script *vt_script(const char *ns, const char *dev, enum vt_place place,
			    const struct script *script)
{
	int err, here = vt_ns_enter(ns);
	struct vt_script *vs;

	vs = load(ns, dev, place, programs[place].file, programs[place].prog, script);
	err = attach(vs, vs->prog);
	if (err)
		vt_die("script: attaching %s to %s: %s", programs[place].prog, dev,
		       strerror(-err));
	vt_ns_leave(here);
	vt_nic_settle(ns, dev);
	return vs;
}

struct vt_script *vt_script_load(const char *object, const char *prog,
				 const struct script *script)
{
	return load(NULL, "lo", VT_IDLE, object, prog, script);
}

void vt_script_stop(struct vt_script *vs)
{
	int here = vt_ns_enter(vs->ns);

	switch (vs->place) {
	case VT_XDP:
	case VT_XDP_GENERIC:
		bpf_xdp_detach(vs->ifindex, vs->place == VT_XDP ? XDP_FLAGS_DRV_MODE :
								  XDP_FLAGS_SKB_MODE, NULL);
		break;
	case VT_TC_INGRESS:
	case VT_TC_EGRESS:
		vs->opts.flags = vs->opts.prog_fd = vs->opts.prog_id = 0;
		bpf_tc_detach(&vs->hook, &vs->opts);
		break;
	case VT_XDP_IDLE:
	case VT_TC_IDLE:
	case VT_IDLE:
		break;
	default:
		bpf_link__destroy(vs->link);
	}
	bpf_object__close(vs->obj);
	vt_ns_leave(here);
	vt_nic_settle(vs->ns, vs->dev);
	free(vs);
}

unsigned int vt_ifindex(const char *ns, const char *dev)
{
	int here = vt_ns_enter(ns);
	unsigned int index = if_nametoindex(dev);

	vt_ns_leave(here);
	if (!index)
		vt_die("no device %s in %s", dev, ns);
	return index;
}

struct vt_script *vt_redirect(const char *ns, const char *from, const char *to, unsigned int port)
{
	struct script s = { .protocol = IPPROTO_UDP, .port = port,
			    .action = XDP_REDIRECT, .action_bare = XDP_REDIRECT };

	s.op[0] = (struct op){ OP_REDIRECT, .arg = vt_ifindex(ns, to) };
	return vt_script(ns, from, VT_XDP, &s);
}

int vt_script_fd(struct vt_script *vs)
{
	return bpf_program__fd(vs->prog);
}

struct script_sum vt_script_sum(struct vt_script *vs)
{
	struct script_sum sum;
	__u32 zero = 0;

	if (bpf_map_lookup_elem(map_fd(vs, "sums"), &zero, &sum))
		vt_die("script: reading the sums: %s", strerror(errno));
	return sum;
}

struct script_answer vt_script_answer(struct vt_script *vs, unsigned int packet)
{
	struct script_answer answer;

	if (bpf_map_lookup_elem(map_fd(vs, "answers"), &packet, &answer))
		vt_die("script: reading answer %u: %s", packet, strerror(errno));
	return answer;
}

struct waiting {
	struct vt_script *vs;
	unsigned long long packets;
};

static bool enough(void *arg)
{
	struct waiting *w = arg;

	return vt_script_sum(w->vs).packets >= w->packets;
}

void vt_script_wait(struct vt_script *vs, unsigned long long packets)
{
	struct waiting w = { vs, packets };

	if (!vt_wait_until(enough, &w, 60000))
		vt_die("script: saw %llu of %llu packets",
		       (unsigned long long)vt_script_sum(vs).packets, packets);
}

/*
 * A program may run on another CPU while its sums are read. It counts the segments when it
 * begins: sums read after they were all seen have each packet in @begun.
 */
static bool enough_segments(void *arg)
{
	struct waiting *w = arg;
	struct script_sum sum;

	if (vt_script_sum(w->vs).segments < w->packets)
		return false;
	sum = vt_script_sum(w->vs);
	return sum.packets == sum.begun;
}

void vt_script_wait_segments(struct vt_script *vs, unsigned long long segments)
{
	struct waiting w = { vs, segments };

	if (!vt_wait_until(enough_segments, &w, 60000))
		vt_die("script: saw %llu of %llu segments",
		       (unsigned long long)vt_script_sum(vs).segments, segments);
}

static struct traits *connection;

static struct traits *registry(void)
{
	if (!connection)
		connection = traits_open();
	if (!connection)
		vt_die("registry: %s", strerror(errno));
	return connection;
}

void vt_registry_close(void)
{
	traits_close(connection);
	connection = NULL;
}

unsigned int vt_key_add(const char *name, unsigned int size)
{
	struct traits_key key;

	if (traits_key_add(registry(), name, size, NULL, &key))
		vt_die("registry: adding %s: %s", name, traits_error(registry()));
	return key.id;
}

unsigned int vt_key_policy(const char *name, unsigned int size, unsigned int gro,
			   unsigned int clone, unsigned int netns)
{
	struct traits_key key = {
		.id = TRAITS_ID_ANY, .size = size, .gro = gro, .clone = clone, .netns = netns,
	};

	snprintf(key.name, sizeof(key.name), "%s", name);
	if (traits_key_register(registry(), &key))
		vt_die("registry: adding %s: %s", name, traits_error(registry()));
	return key.id;
}

struct deletion {
	const char *name;
	int err;
};

static bool is_over(void *arg)
{
	struct deletion *d = arg;

	d->err = traits_key_del(registry(), d->name);
	return d->err != -EBUSY;
}

/* A program that declares the key is unloaded by a worker, when the last link to it is gone. */
void vt_key_del(const char *name)
{
	struct deletion d = { .name = name };

	vt_wait_until(is_over, &d, 20000);
	if (d.err)
		vt_die("registry: deleting %s: %s", name, traits_error(registry()));
}

void vt_keys_add(unsigned int ids[4])
{
	char name[16];
	int i;

	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "size%u", vt_sizes[i]);
		ids[i] = vt_key_add(name, vt_sizes[i]);
	}
}

void vt_keys_del(void)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
	int n = traits_key_dump(registry(), keys);

	if (n < 0)
		vt_die("registry: %s", traits_error(registry()));
	while (n--)
		vt_key_del(keys[n].name);
}

void vt_stats(uint64_t *counts)
{
	if (traits_stat_get(registry(), counts, __TRAITS_STAT_MAX))
		vt_die("registry: %s", traits_error(registry()));
}

void vt_lost_only(const uint64_t *before, int stat, unsigned long long n, const char *what)
{
	uint64_t now[__TRAITS_STAT_MAX], want;
	bool ok = true;
	int i;

	vt_stats(now);
	for (i = TRAITS_STAT_EINVAL; i < __TRAITS_STAT_MAX; i++) {
		want = i == stat ? n : 0;
		if (now[i] - before[i] == want)
			continue;
		vt_note("%s is %llu, not %llu", traits_stat_name(i),
			(unsigned long long)(now[i] - before[i]), (unsigned long long)want);
		ok = false;
	}
	vt_ok(ok, "%s: refused and lost: %llu", what, n);
}

unsigned long long vt_stat(unsigned int stat)
{
	uint64_t counts[__TRAITS_STAT_MAX];

	vt_stats(counts);
	return counts[stat];
}

static struct script seq_script(enum op_kind kind, const unsigned int ids[4], unsigned int port)
{
	struct script s = { .protocol = IPPROTO_UDP, .port = port };
	bool xdp = kind == OP_SET_SEQ;
	int i;

	s.action = s.action_bare = xdp ? 2 /* XDP_PASS */ : 0 /* TC_ACT_OK */;
	for (i = 0; i < 4; i++) {
		s.op[i].kind = kind;
		s.op[i].key = ids[i];
		s.op[i].size = vt_sizes[i];
	}
	return s;
}

struct script vt_set_seq(const unsigned int ids[4], unsigned int port)
{
	return seq_script(OP_SET_SEQ, ids, port);
}

struct script vt_check_seq(const unsigned int ids[4], unsigned int port)
{
	return seq_script(OP_CHECK_SEQ, ids, port);
}

void vt_all_right(struct vt_script *vs, unsigned long long packets, const char *what)
{
	struct script_sum sum = vt_script_sum(vs);
	bool ok = sum.packets == packets;
	int i;

	for (i = 0; i < 4; i++)
		ok &= sum.op[i].ok == packets;
	vt_ok(ok, "%s: %llu packets, ok/absent/wrong %llu/%llu/%llu %llu/%llu/%llu %llu/%llu/%llu %llu/%llu/%llu",
	      what, sum.packets,
	      sum.op[0].ok, sum.op[0].absent, sum.op[0].wrong,
	      sum.op[1].ok, sum.op[1].absent, sum.op[1].wrong,
	      sum.op[2].ok, sum.op[2].absent, sum.op[2].wrong,
	      sum.op[3].ok, sum.op[3].absent, sum.op[3].wrong);
}
