// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "attach.h"

#define BPF_FS "/sys/fs/bpf"

static bool is_bpf_fs(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && (unsigned long)fs.f_type == BPF_FS_MAGIC;
}

int pin_dir_make(const char *dir)
{
	if (!strncmp(dir, BPF_FS "/", strlen(BPF_FS "/")) && !is_bpf_fs(BPF_FS)) {
		if (mount("bpf", BPF_FS, "bpf", 0, NULL))
			return complain(-errno, "mount " BPF_FS);
		fprintf(stderr, "traits-attach: mounted a bpf file system at " BPF_FS "\n");
	}
	if (mkdir(dir, 0700))
		return complain(-errno, "%s", dir);
	if (!is_bpf_fs(dir)) {
		rmdir(dir);
		complain(0, "%s is not in a bpf file system", dir);
		return -EINVAL;
	}
	return 0;
}

const char *pin_path(const char *dir, const char *fmt, ...)
{
	static char path[512];
	va_list args;
	int len, more;

	len = snprintf(path, sizeof(path), "%s/", dir);
	if (len >= (int)sizeof(path))
		goto too_long;
	va_start(args, fmt);
	more = vsnprintf(path + len, sizeof(path) - len, fmt, args);
	va_end(args);
	if (len + more < (int)sizeof(path))
		return path;
too_long:
	complain(-ENAMETOOLONG, "%s", dir);
	return NULL;
}

unsigned long netns_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

/* The first entry of @dir where file @below is network namespace @ino */
static bool find_netns(unsigned long ino, const char *dir, const char *below, char found[256])
{
	struct dirent *entry;
	char path[512];
	DIR *d = opendir(dir);
	bool is = false;

	while (d && !is && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", dir, entry->d_name, below);
		is = netns_of(path) == ino;
		if (is)
			snprintf(found, 256, "%s", entry->d_name);
	}
	if (d)
		closedir(d);
	return is;
}

/* A TC filter can only be detached in its own namespace. It is gone with one that nobody has. */
static int check_netns(const char *dir, const char *name)
{
	unsigned long ino;
	char found[256];

	if (sscanf(name, "tc-%lu-", &ino) != 1 || ino == netns_of(OWN_NETNS))
		return 0;
	if (find_netns(ino, "/run/netns", "", found))
		complain(0, "%s was attached in network namespace %s: give -n %s", dir, found, found);
	else if (find_netns(ino, "/proc", "/ns/net", found))
		complain(0, "%s was attached in the network namespace of process %s", dir, found);
	else
		return 0;
	return -EXDEV;
}

static int detach_tc(const char *name)
{
	LIBBPF_OPTS(bpf_tc_hook, hook);
	LIBBPF_OPTS(bpf_tc_opts, opts);
	unsigned int point;
	unsigned long ino;
	int err;

	if (sscanf(name, PIN_TC, &ino, &hook.ifindex, &point, &opts.priority, &opts.handle) != 5 ||
	    ino != netns_of(OWN_NETNS))
		return 0;
	hook.attach_point = point;
	libbpf_quiet(1);
	err = bpf_tc_detach(&hook, &opts);
	libbpf_quiet(0);
	/* The device or the filter went away before. */
	if (err == -ENODEV || err == -ENOENT || err == -EINVAL)
		return 0;
	return err ? complain(err, "detach %s", name) : 0;
}

static int undo(const char *dir, const char *name)
{
	const char *path;
	int err = detach_tc(name);

	if (err)
		return err;
	path = pin_path(dir, "%s", name);
	/* The last reference to a link: this detaches it. */
	return !path || unlink(path) ? complain(-errno, "%s/%s", dir, name) : 0;
}

static int for_each_pin(const char *dir, int (*call)(const char *dir, const char *name))
{
	struct dirent *entry;
	int err = 0;
	DIR *d;

	d = opendir(dir);
	if (!d)
		return complain(-errno, "%s", dir);
	while (!err && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			err = call(dir, entry->d_name);
	closedir(d);
	return err;
}

int pin_dir_undo(const char *dir)
{
	int err;

	if (!is_bpf_fs(dir)) {
		complain(0, "%s is not in a bpf file system", dir);
		return -EINVAL;
	}
	err = for_each_pin(dir, check_netns);
	if (!err)
		err = for_each_pin(dir, undo);
	if (!err && rmdir(dir))
		err = complain(-errno, "%s", dir);
	return err;
}
