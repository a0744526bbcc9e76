// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
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

static int detach_tc(const char *name)
{
	LIBBPF_OPTS(bpf_tc_hook, hook);
	LIBBPF_OPTS(bpf_tc_opts, opts);
	unsigned int point;
	int err;

	if (sscanf(name, PIN_TC, &hook.ifindex, &point, &opts.priority, &opts.handle) != 4)
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

int pin_dir_undo(const char *dir)
{
	struct dirent *entry;
	const char *path;
	int err = 0;
	DIR *d;

	if (!is_bpf_fs(dir)) {
		complain(0, "%s is not in a bpf file system", dir);
		return -EINVAL;
	}
	d = opendir(dir);
	if (!d)
		return complain(-errno, "%s", dir);
	while (!err && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		err = detach_tc(entry->d_name);
		path = pin_path(dir, "%s", entry->d_name);
		/* The last reference to a link: this detaches it. */
		if (!err && (!path || unlink(path)))
			err = complain(-errno, "%s/%s", dir, entry->d_name);
	}
	closedir(d);
	if (!err && rmdir(dir))
		err = complain(-errno, "%s", dir);
	return err;
}
