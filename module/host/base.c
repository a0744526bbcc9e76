// SPDX-License-Identifier: GPL-2.0
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base.h"
#include "sentence.h"
#include "vmlinuz.h"

#define BTF_MAGIC_LE "\x9f\xeb"

static bool starts_with_btf_or_elf(const char *path)
{
	char magic[SELFMAG] = "";
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		fail("%s cannot be read: %s", path, strerror(errno));
	n = fread(magic, 1, sizeof(magic), f);
	fclose(f);
	return n == sizeof(magic) && (!memcmp(magic, BTF_MAGIC_LE, 2) ||
				      !memcmp(magic, ELFMAG, SELFMAG));
}

static struct btf *parse(const char *path, const char *name)
{
	struct btf *btf = btf__parse(path, NULL);

	if (!btf && (errno == ENOENT || errno == ENODATA))
		fail("%s has no section .BTF: a kernel built with CONFIG_DEBUG_INFO_BTF=y is needed",
		     name);
	if (!btf)
		fail("%s has BTF that libbpf %s cannot read (%s): it is damaged or newer than libbpf",
		     name, libbpf_version_string(), strerror(errno));
	if (btf__type_cnt(btf) < 2)
		fail("%s has BTF without any type", name);
	return btf;
}

static struct btf *load(const struct base_request *req, const char *path)
{
	char version[256];
	struct btf *btf;

	if (starts_with_btf_or_elf(path))
		return parse(path, path);

	vmlinuz_unpack(path, req->scratch, version, sizeof(version));
	if (strcmp(version, req->release)) {
		if (!req->file)
			fail("%s is the image of kernel %s, not of %s", path,
			     *version ? version : "(unknown)", req->release);
		fprintf(stderr, "traits: note: %s is of kernel %s, the headers are of %s\n",
			path, *version ? version : "(unknown)", req->release);
	}
	btf = parse(req->scratch, path);
	unlink(req->scratch);
	return btf;
}

struct btf *base_load(const struct base_request *req, const char **found)
{
	static char path[PATH_MAX];
	struct utsname running;

	*found = path;
	if (req->file) {
		snprintf(path, sizeof(path), "%s", req->file);
		return load(req, path);
	}

	if (req->kdir) {
		snprintf(path, sizeof(path), "%s/vmlinux", req->kdir);
		if (!access(path, F_OK))
			return load(req, path);
	}

	snprintf(path, sizeof(path), "/sys/kernel/btf/vmlinux");
	if (!uname(&running) && !strcmp(running.release, req->release) && !access(path, F_OK))
		return load(req, path);

	snprintf(path, sizeof(path), "/boot/vmlinuz-%s", req->release);
	if (!access(path, F_OK))
		return load(req, path);
	snprintf(path, sizeof(path), "/lib/modules/%s/vmlinuz", req->release);
	if (!access(path, F_OK))
		return load(req, path);

	fail("the types (BTF) of kernel %s are nowhere to be found: there is no vmlinux in %s and no /boot/vmlinuz-%s (install the kernel image, or name a file with BTF=)",
	     req->release, req->kdir ? req->kdir : "the headers", req->release);
}
