// SPDX-License-Identifier: GPL-2.0

#include "plan.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/traits.h>

#include "script.h"
#include "vt.h"

struct vt_plan {
	struct bpf_object *obj;
	int ifindex;
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;
};

static int map_fd(struct vt_plan *vp, const char *name)
{
	return bpf_object__find_map_fd_by_name(vp->obj, name);
}

static int prog_fd(struct vt_plan *vp, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(vp->obj, name));
}

struct vt_plan *vt_plan(const char *dev, const char *read)
{
	struct vt_plan *vp = calloc(1, sizeof(*vp));
	char file[256];
	int err;

	if (!vp)
		vt_die("plan: no memory");
	snprintf(file, sizeof(file), "%s/plan.bpf.o", vt_progs());
	vp->obj = bpf_object__open_file(file, NULL);
	if (!vp->obj || bpf_object__load(vp->obj))
		vt_die("plan: %s: %s", file, strerror(errno));

	vp->ifindex = if_nametoindex(dev);
	err = bpf_xdp_attach(vp->ifindex, prog_fd(vp, "plan_xdp"), XDP_FLAGS_DRV_MODE, NULL);
	if (err)
		vt_die("plan: XDP on %s: %s", dev, strerror(-err));
	vp->hook.sz = sizeof(vp->hook);
	vp->hook.ifindex = if_nametoindex(read ?: dev);
	vp->hook.attach_point = BPF_TC_INGRESS;
	err = bpf_tc_hook_create(&vp->hook);
	vp->opts.sz = sizeof(vp->opts);
	vp->opts.prog_fd = prog_fd(vp, "plan_tc");
	if (!err || err == -EEXIST)
		err = bpf_tc_attach(&vp->hook, &vp->opts);
	if (err)
		vt_die("plan: TC on %s: %s", read ?: dev, strerror(-err));
	return vp;
}

void vt_plan_stop(struct vt_plan *vp)
{
	bpf_xdp_detach(vp->ifindex, XDP_FLAGS_DRV_MODE, NULL);
	vp->opts.flags = vp->opts.prog_fd = vp->opts.prog_id = 0;
	bpf_tc_detach(&vp->hook, &vp->opts);
	bpf_object__close(vp->obj);
	free(vp);
}

void vt_plan_set(struct vt_plan *vp, const struct plan *plan)
{
	struct plan_sum none = {};
	__u32 zero = 0;

	if (bpf_map_update_elem(map_fd(vp, "sums"), &zero, &none, BPF_ANY) ||
	    bpf_map_update_elem(map_fd(vp, "plans"), &zero, plan, BPF_ANY))
		vt_die("plan: writing the maps: %s", strerror(errno));
}

struct plan_sum vt_plan_sum(struct vt_plan *vp)
{
	struct plan_sum sum;
	__u32 zero = 0;

	if (bpf_map_lookup_elem(map_fd(vp, "sums"), &zero, &sum))
		vt_die("plan: reading the sums: %s", strerror(errno));
	return sum;
}

struct waiting {
	struct vt_plan *vp;
	unsigned long long packets;
};

static bool enough(void *arg)
{
	struct waiting *w = arg;
	struct plan_sum sum = vt_plan_sum(w->vp);

	return sum.seen >= w->packets && sum.read >= sum.passed;
}

void vt_plan_wait(struct vt_plan *vp, unsigned long long packets)
{
	struct waiting w = { vp, packets };
	struct plan_sum sum;

	if (vt_wait_until(enough, &w, 60000))
		return;
	sum = vt_plan_sum(vp);
	vt_die("plan: %llu of %llu packets in XDP; %llu of %llu in TC", sum.seen, packets,
	       sum.read, sum.passed);
}

void vt_plan_right(struct vt_plan *vp, unsigned long long packets, unsigned long long absent,
		   const char *what)
{
	struct plan_sum s = vt_plan_sum(vp);
	bool ok = s.seen == packets && s.read == s.passed && !s.bad;
	struct plan plan;
	__u32 zero = 0;
	int i;

	if (bpf_map_lookup_elem(map_fd(vp, "plans"), &zero, &plan))
		vt_die("plan: reading the plan: %s", strerror(errno));
	for (i = 0; i < 4; i++)
		ok &= !s.wrong[i] && s.absent[i] == (plan.keys & 1 << i ? absent : 0) &&
		      s.ok[i] + s.absent[i] == s.read;
	vt_ok(ok, "%s: %llu packets, %llu with traits, %llu bad; %llu read, ok/absent/wrong %llu/%llu/%llu %llu/%llu/%llu %llu/%llu/%llu %llu/%llu/%llu",
	      what, s.seen, s.set, s.bad, s.read, s.ok[0], s.absent[0], s.wrong[0],
	      s.ok[1], s.absent[1], s.wrong[1], s.ok[2], s.absent[2], s.wrong[2],
	      s.ok[3], s.absent[3], s.wrong[3]);
}

int vt_plan_socket(const char *dev)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(dev) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&at, sizeof(at)))
		vt_die("packet socket on %s: %s", dev, strerror(errno));
	return fd;
}

bool vt_plan_followed(void)
{
	return !vt_try("traitctl -j info | jq -e '.hook[] | select(.name == \"napi_poll\").attached'"
		       " > /dev/null");
}

struct meeting {
	void (*send)(void *arg);
	void *arg;
	unsigned int refused;
};

static bool is_taken(void *arg)
{
	unsigned long long before = vt_stat(TRAITS_STAT_EOPNOTSUPP);
	struct meeting *m = arg;

	m->send(m->arg);
	if (vt_stat(TRAITS_STAT_EOPNOTSUPP) == before)
		return true;
	m->refused++;
	return false;
}

unsigned int vt_plan_meet(void (*send)(void *arg), void *arg)
{
	struct meeting m = { send, arg };

	if (!vt_wait_until(is_taken, &m, 30000))
		vt_die("%u packets were refused", m.refused);
	return m.refused;
}
