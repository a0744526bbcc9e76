/* SPDX-License-Identifier: GPL-2.0 */
/* Loads one BPF object, attaches its programs, and keeps all of it alive by pins. */
#ifndef TRAITS_ATTACH_H
#define TRAITS_ATTACH_H

#include <stddef.h>
#include <bpf/libbpf.h>

enum hook {
	HOOK_XDP,
	HOOK_XDPGENERIC,
	HOOK_XDPBOUND,		/* native, and bound to its device */
	HOOK_INGRESS,
	HOOK_EGRESS,
	HOOK_CGROUP_INGRESS,
	HOOK_CGROUP_EGRESS,
	HOOK_NETFILTER,
	HOOK_TRACE,
};

/* One program to be attached. */
struct job {
	enum hook hook;
	int ifindex;		/* of XDP and TC */
	const char *dev;
	const char *cgroup;	/* a directory */
	int netfilter;		/* hook: NF_INET_... */
	const char *prog;
};

/*
 * All return 0, or a negative errno after having complained. @dir is a directory in a bpf
 * file system. attach_object() leaves nothing behind when it fails.
 */
int attach_object(const char *file, const char *dir, const struct job *jobs, int n);

int pin_dir_make(const char *dir);
int pin_dir_undo(const char *dir);
/* Where to pin something; NULL after having complained that this is too long. */
const char *pin_path(const char *dir, const char *fmt, ...)
	__attribute__((__format__(printf, 2, 3)));
/* How a TC filter is pinned, so that pin_dir_undo() knows what to detach, and where. */
#define PIN_TC "tc-%lu-%d-%u-%u-%u"

#define OWN_NETNS "/proc/self/ns/net"
/* The inode of a network namespace; 0 if @path is none. */
unsigned long netns_of(const char *path);

int complain(int err, const char *fmt, ...) __attribute__((__format__(printf, 2, 3)));

/* Silent while @quiet: for calls that may fail as they please. */
void libbpf_quiet(int quiet);

#endif
