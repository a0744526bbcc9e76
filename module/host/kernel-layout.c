// SPDX-License-Identifier: GPL-2.0
/*
 * Proves that the module fits the target kernel, and writes what its sources need to
 * know of that kernel's private layout. Everything is read from the kernel's BTF.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base.h"
#include "holes.h"
#include "prototype.h"
#include "sentence.h"
#include "xsk.h"

#define XDP_FRAME_SIZE 40	/* traits are stored behind it, see module/packet.c */

static void check_release(const char *release)
{
	unsigned int major, minor;

	if (sscanf(release, "%u.%u", &major, &minor) != 2)
		fail("\"%s\" is not the release of a kernel", release);
	if (major < 6 || (major == 6 && minor < 1))
		fail("kernel %s is too old: traits needs Linux 6.1 or newer (kfuncs of modules)",
		     release);
}

static void check_xdp_frame(const struct btf *btf, const char *release)
{
	int id = btf__find_by_name_kind(btf, "xdp_frame", BTF_KIND_STRUCT);
	unsigned int size;

	if (id < 0)
		fail("struct xdp_frame is missing in the types of kernel %s", release);
	size = btf__type_by_id(btf, id)->size;
	if (size != XDP_FRAME_SIZE)
		fail("struct xdp_frame of kernel %s has %u bytes instead of %u, and would overlap the traits behind it",
		     release, size, XDP_FRAME_SIZE);
}

static bool has_enumerator(const struct btf *btf, const char *type, const char *name)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM);
	const struct btf_type *t;

	if (id < 0)
		return false;
	t = btf__type_by_id(btf, id);
	for (int i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_enum(t)[i].name_off), name))
			return true;
	return false;
}

static bool same_content(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "r");
	bool same = false;
	char *old;

	if (!f)
		return false;
	old = malloc(len + 1);
	if (old)
		same = fread(old, 1, len + 1, f) == len && !memcmp(old, data, len);
	free(old);
	fclose(f);
	return same;
}

/* A file that stays as it was keeps its time, and nothing is compiled anew */
static void write_if_changed(const char *path, const void *data, size_t len)
{
	char tmp[PATH_MAX];
	FILE *f;

	if (same_content(path, data, len))
		return;
	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "w");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f) || rename(tmp, path))
		fail("%s cannot be written: %s", path, strerror(errno));
}

static void write_header(const struct btf *btf, const char *release, const struct holes *h,
			 const struct module_file *modules, const char *path)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		fail("out of memory");
	fprintf(f,
		"/* SPDX-License-Identifier: GPL-2.0 */\n"
		"/* Made by module/host/kernel-layout from the BTF of kernel %s. */\n"
		"#ifndef TRAITS_KERNEL_LAYOUT_H\n"
		"#define TRAITS_KERNEL_LAYOUT_H\n"
		"\n"
		"#include <linux/build_bug.h>\n"
		"#include <linux/skbuff.h>\n"
		"\n"
		"/* Unused bytes of struct sk_buff in its group \"headers\" */\n"
		"#define TRAITS_SKB_LOC_OFFSET %u\n"
		"#define TRAITS_SKB_NONCE_OFFSET %u\n"
		"\n"
		"/* The headers compiled with are of the kernel that the BTF is of */\n"
		"static_assert(sizeof(struct sk_buff) == %u);\n"
		"static_assert(offsetof(struct sk_buff, headers) == %u);\n"
		"static_assert(offsetofend(struct sk_buff, headers) == %u);\n"
		"\n"
		"/* kfuncs registered for BPF_PROG_TYPE_UNSPEC serve all program types */\n"
		"#define TRAITS_KFUNC_UNSPEC %d\n"
		"\n"
		"/* Functions of modules, whose prototypes were compared: may be hooked */\n",
		release, h->byte, h->pair, h->size, h->start, h->end,
		has_enumerator(btf, "btf_kfunc_hook", "BTF_KFUNC_HOOK_COMMON"));
	prototypes_prove(f, btf, modules, release);
	xsk_write(f, btf);
	fputs("\n#endif\n", f);
	if (fclose(f))
		fail("out of memory");
	write_if_changed(path, text, len);
	free(text);
}

/* NAME=FILE */
static struct module_file *add_module(struct module_file *list, char *arg)
{
	struct module_file *m = calloc(1, sizeof(*m));
	char *path = strchr(arg, '=');

	if (!m)
		fail("out of memory");
	if (!path)
		fail("\"%s\" is not of the form NAME=FILE", arg);
	*path++ = '\0';
	m->name = arg;
	m->path = path;
	m->next = list;
	return m;
}

static void free_modules(struct module_file *list)
{
	struct module_file *next;

	for (; list; list = next) {
		next = list->next;
		free(list);
	}
}

static void usage(FILE *f)
{
	fputs("Usage: kernel-layout -r RELEASE [-k KDIR] [-f FILE] -o HEADER [-b BTF]\n"
	      "                     [-m NAME=FILE]...\n"
	      "\n"
	      "  -r RELEASE  the target kernel, as `uname -r` tells it there\n"
	      "  -k KDIR     its headers\n"
	      "  -f FILE     its raw BTF, vmlinux or vmlinuz; searched for if not given\n"
	      "  -o HEADER   C header to write\n"
	      "  -b BTF      also write its raw BTF, for pahole --btf_base\n"
	      "  -m NAME=FILE  one of its modules, not compressed\n", f);
}

int main(int argc, char **argv)
{
	const char *header = NULL, *raw = NULL, *found;
	struct module_file *modules = NULL;
	struct base_request req = {};
	char scratch[PATH_MAX];
	struct holes holes;
	struct btf *btf;
	const void *data;
	__u32 size;
	int opt;

	while ((opt = getopt(argc, argv, "r:k:f:o:b:m:h")) != -1) {
		switch (opt) {
		case 'r':
			req.release = optarg;
			break;
		case 'k':
			req.kdir = optarg;
			break;
		case 'f':
			req.file = optarg;
			break;
		case 'o':
			header = optarg;
			fail_removes(header);
			break;
		case 'b':
			raw = optarg;
			fail_removes(raw);
			break;
		case 'm':
			modules = add_module(modules, optarg);
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (!req.release || !header || optind != argc) {
		usage(stderr);
		return 2;
	}

	libbpf_set_print(NULL);
	check_release(req.release);
	snprintf(scratch, sizeof(scratch), "%s.vmlinux", header);
	req.scratch = scratch;
	fail_removes(scratch);
	btf = base_load(&req, &found);

	prototypes_check(btf, req.release);
	check_xdp_frame(btf, req.release);
	holes_find(btf, req.release, &holes);

	if (raw) {
		data = btf__raw_data(btf, &size);
		if (!data)
			fail("out of memory");
		write_if_changed(raw, data, size);
	}
	write_header(btf, req.release, &holes, modules, header);
	printf("kernel %s: skb tag at bytes %u and %u-%u (types from %s)\n", req.release,
	       holes.byte, holes.pair, holes.pair + 1, found);
	btf__free(btf);
	free_modules(modules);
	return 0;
}
