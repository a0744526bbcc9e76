// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <traits/traits.h>

#include "attach.h"

/* Of linux/bpf.h, and younger than the oldest one that this is built with. */
#ifndef BPF_F_XDP_DEV_BOUND_ONLY
#define BPF_F_XDP_DEV_BOUND_ONLY	(1U << 6)
#endif
#define PROG_TYPE_NETFILTER		((enum bpf_prog_type)32)
#define ATTACH_NETFILTER		((enum bpf_attach_type)45)

static int quiet;

static __attribute__((__format__(printf, 2, 0)))
int print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	if (quiet || level == LIBBPF_DEBUG || level == LIBBPF_INFO)
		return 0;
	return vfprintf(stderr, fmt, args);
}

void libbpf_quiet(int be_quiet)
{
	quiet = be_quiet;
}

static int attach_xdp(const struct job *job, struct bpf_program *prog, const char *dir)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts,
		    .flags = job->hook == HOOK_XDPGENERIC ? XDP_FLAGS_SKB_MODE :
							    XDP_FLAGS_DRV_MODE);
	const char *path = pin_path(dir, "xdp-%d", job->ifindex);
	int fd;

	if (!path)
		return -ENAMETOOLONG;
	fd = bpf_link_create(bpf_program__fd(prog), job->ifindex, BPF_XDP, &opts);
	if (fd == -EOPNOTSUPP && job->hook != HOOK_XDPGENERIC)
		return complain(fd, "xdp %s: its driver has no native XDP, xdpgeneric would do",
				job->dev);
	if (fd < 0)
		return complain(fd, "xdp %s %s", job->dev, job->prog);
	/* Closing the descriptor is left to the end of the process, unless nothing holds it. */
	if (bpf_obj_pin(fd, path))
		return complain(-errno, "pin %s", path);
	return 0;
}

static int attach_tc(const struct job *job, struct bpf_program *prog, const char *dir)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = job->ifindex,
		    .attach_point = job->hook == HOOK_INGRESS ? BPF_TC_INGRESS : BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = bpf_program__fd(prog));
	const char *path;
	int err;

	libbpf_quiet(1);
	err = bpf_tc_hook_create(&hook);
	libbpf_quiet(0);
	if (err && err != -EEXIST)
		return complain(err, "clsact on %s", job->dev);
	err = bpf_tc_attach(&hook, &opts);
	if (err)
		return complain(err, "tc %s %s", job->dev, job->prog);

	path = pin_path(dir, PIN_TC, netns_of(OWN_NETNS), job->ifindex, hook.attach_point,
			opts.priority, opts.handle);
	err = path ? 0 : -ENAMETOOLONG;
	if (path && bpf_obj_pin(bpf_program__fd(prog), path))
		err = complain(-errno, "pin %s", path);
	if (err) {
		/* With no pin, nobody else would know of it. */
		opts.prog_fd = 0;
		opts.prog_id = 0;
		bpf_tc_detach(&hook, &opts);
	}
	return err;
}

static int attach_cgroup(const struct job *job, struct bpf_program *prog, const char *dir)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts);
	int ingress = job->hook == HOOK_CGROUP_INGRESS, cgroup, fd;
	const char *path;
	struct stat st;

	cgroup = open(job->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup < 0 || fstat(cgroup, &st))
		return complain(-errno, "cgroup %s", job->cgroup);
	fd = bpf_link_create(bpf_program__fd(prog), cgroup,
			     ingress ? BPF_CGROUP_INET_INGRESS : BPF_CGROUP_INET_EGRESS, &opts);
	close(cgroup);
	if (fd < 0)
		return complain(fd, "cgroup %s %s", job->cgroup, job->prog);
	path = pin_path(dir, "cgroup-%lu-%s-%s", (unsigned long)st.st_ino,
			ingress ? "ingress" : "egress", job->prog);
	if (!path)
		return -ENAMETOOLONG;
	return bpf_obj_pin(fd, path) ? complain(-errno, "pin %s", path) : 0;
}

/* Not by libbpf, which can do it since 1.3 only. */
static int netfilter_link(int prog, int family, int hook)
{
	struct {
		__u32 prog_fd, target_fd, attach_type, flags;
		__u32 pf, hooknum;
		__s32 priority;
		__u32 nf_flags;
	} attr = {
		.prog_fd = prog, .attach_type = ATTACH_NETFILTER, .pf = family, .hooknum = hook,
		.priority = 1,	/* not 0, where the kernel has a place of its own */
	};
	int fd;

	/* Several programs may be at one hook, each with a priority of its own. */
	do
		fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	while (fd < 0 && errno == EBUSY && attr.priority++ < 100);
	return fd < 0 ? -errno : fd;
}

static int attach_netfilter(const struct job *job, struct bpf_program *prog, const char *dir)
{
	static const int families[] = { 2 /* NFPROTO_IPV4 */, 10 /* NFPROTO_IPV6 */ };
	const char *path;
	unsigned int i;
	int fd;

	for (i = 0; i < 2; i++) {
		path = pin_path(dir, "netfilter-%d-%d-%s", families[i], job->netfilter,
				job->prog);
		if (!path)
			return -ENAMETOOLONG;
		fd = netfilter_link(bpf_program__fd(prog), families[i], job->netfilter);
		if (fd < 0)
			return complain(fd, "netfilter %s", job->prog);
		if (bpf_obj_pin(fd, path))
			return complain(-errno, "pin %s", path);
	}
	return 0;
}

static int attach_trace(const struct job *job, struct bpf_program *prog, const char *dir)
{
	const char *path = pin_path(dir, "trace-%s", job->prog);
	struct bpf_link *link;
	int err;

	if (!path)
		return -ENAMETOOLONG;
	link = bpf_program__attach(prog);
	if (!link)
		return complain(-errno, "trace %s", job->prog);
	err = bpf_link__pin(link, path);
	return err ? complain(err, "pin %s", path) : 0;
}

static int attach(const struct job *job, struct bpf_object *obj, const char *dir)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, job->prog);

	switch (job->hook) {
	case HOOK_XDP:
	case HOOK_XDPGENERIC:
	case HOOK_XDPBOUND:
		return attach_xdp(job, prog, dir);
	case HOOK_INGRESS:
	case HOOK_EGRESS:
		return attach_tc(job, prog, dir);
	case HOOK_CGROUP_INGRESS:
	case HOOK_CGROUP_EGRESS:
		return attach_cgroup(job, prog, dir);
	case HOOK_NETFILTER:
		return attach_netfilter(job, prog, dir);
	case HOOK_TRACE:
		return attach_trace(job, prog, dir);
	}
	return -EINVAL;
}

static enum bpf_prog_type type_wanted(const struct job *job, const char **name)
{
	switch (job->hook) {
	case HOOK_XDP:
	case HOOK_XDPGENERIC:
	case HOOK_XDPBOUND:
		*name = "XDP";
		return BPF_PROG_TYPE_XDP;
	case HOOK_INGRESS:
	case HOOK_EGRESS:
		*name = "TC";
		return BPF_PROG_TYPE_SCHED_CLS;
	case HOOK_CGROUP_INGRESS:
	case HOOK_CGROUP_EGRESS:
		*name = "a cgroup";
		return BPF_PROG_TYPE_CGROUP_SKB;
	case HOOK_NETFILTER:
		*name = "netfilter";
		return PROG_TYPE_NETFILTER;
	case HOOK_TRACE:
		break;
	}
	return BPF_PROG_TYPE_UNSPEC;
}

/* Only programs that will be attached have to please this kernel. */
static int select_programs(struct bpf_object *obj, const struct job *jobs, int n)
{
	struct bpf_program *prog;
	int i;

	if (n)
		bpf_object__for_each_program(prog, obj)
			bpf_program__set_autoload(prog, false);
	for (i = 0; i < n; i++) {
		const char *what = NULL;
		enum bpf_prog_type type = type_wanted(&jobs[i], &what);

		prog = bpf_object__find_program_by_name(obj, jobs[i].prog);
		if (!prog) {
			complain(0, "the object has no program \"%s\"", jobs[i].prog);
			return -ENOENT;
		}
		/* libbpf before 1.3 does not know the section's name. */
		if (type == PROG_TYPE_NETFILTER && !bpf_program__type(prog)) {
			bpf_program__set_type(prog, type);
			bpf_program__set_expected_attach_type(prog, ATTACH_NETFILTER);
		}
		if (type && bpf_program__type(prog) != type) {
			complain(0, "program \"%s\" is not for %s", jobs[i].prog, what);
			return -EINVAL;
		}
		bpf_program__set_autoload(prog, true);
		if (jobs[i].hook == HOOK_XDPBOUND) {
			bpf_program__set_ifindex(prog, jobs[i].ifindex);
			bpf_program__set_flags(prog, BPF_F_XDP_DEV_BOUND_ONLY);
		}
	}
	return 0;
}

static int resolve_keys(struct bpf_object *obj)
{
	struct bpf_map *map;
	struct traits *t;
	int n;

	t = traits_open();
	if (!t) {
		/* An object without keys does not need the module. */
		n = -errno;
		bpf_object__for_each_map(map, obj)
			if (strstr(bpf_map__name(map), TRAIT_KEY_SECTION))
				return complain(n, "no connection to the module traits");
		return 0;
	}
	n = traits_resolve(t, obj, TRAITS_RESOLVE_ADD);
	if (n < 0)
		complain(0, "%s", traits_error(t));
	traits_close(t);
	return n < 0 ? n : 0;
}

/* From here on nobody deletes the keys by mistake, also when this process has ended. */
static int hold_keys(struct bpf_object *obj)
{
	struct traits *t = traits_open();
	int err;

	/* Without the module, resolve_keys() has found that the object has no keys. */
	if (!t)
		return 0;
	err = traits_hold(t, obj);
	if (err)
		complain(0, "%s", traits_error(t));
	traits_close(t);
	return err;
}

static int pin_maps(struct bpf_object *obj, const char *dir)
{
	struct bpf_map *map;
	const char *path;
	int err;

	bpf_object__for_each_map(map, obj) {
		/* Sections of the object, with names that a bpf file system does not allow. */
		if (bpf_map__is_internal(map))
			continue;
		path = pin_path(dir, "%s", bpf_map__name(map));
		if (!path)
			return -ENAMETOOLONG;
		err = bpf_map__pin(map, path);
		if (err)
			return complain(err, "pin %s", path);
	}
	return 0;
}

int attach_object(const char *file, const char *dir, const struct job *jobs, int n)
{
	struct bpf_object *obj;
	int i, err;

	libbpf_set_print(print);
	obj = bpf_object__open_file(file, NULL);
	if (!obj)
		return complain(-errno, "%s", file);

	err = select_programs(obj, jobs, n);
	if (!err)
		err = resolve_keys(obj);
	if (err)
		goto out;
	err = bpf_object__load(obj);
	if (err) {
		complain(err, "load %s", file);
		goto out;
	}

	err = hold_keys(obj);
	if (!err)
		err = pin_dir_make(dir);
	if (err)
		goto out;
	err = pin_maps(obj, dir);
	/* TC puts a new filter in front of those that are there. */
	for (i = n - 1; !err && i >= 0; i--)
		err = attach(&jobs[i], obj, dir);
	if (err)
		pin_dir_undo(dir);
out:
	bpf_object__close(obj);
	return err;
}
