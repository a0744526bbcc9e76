// SPDX-License-Identifier: GPL-2.0

#include "verifier.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <bpf/libbpf.h>

#include "vt.h"

static char *said;
static size_t said_len;
static FILE *said_to;

static int keep(enum libbpf_print_level level, const char *text, va_list args)
{
	return level == LIBBPF_DEBUG ? 0 : vfprintf(said_to, text, args);
}

bool vt_accepted(const char *object, const char *name, void (*prepare)(struct bpf_program *prog))
{
	struct bpf_program *prog, *p;
	libbpf_print_fn_t before;
	struct bpf_object *obj;
	char file[256];
	int err;

	free(said);
	said_to = open_memstream(&said, &said_len);
	if (!said_to)
		vt_die("no memory");
	before = libbpf_set_print(keep);
	snprintf(file, sizeof(file), "%s/%s.bpf.o", vt_progs(), object);
	obj = bpf_object__open_file(file, NULL);
	if (!obj)
		vt_die("%s cannot be opened", file);
	prog = bpf_object__find_program_by_name(obj, name);
	if (!prog)
		vt_die("there is no program %s", name);
	if (prepare)
		prepare(prog);
	bpf_object__for_each_program(p, obj)
		bpf_program__set_autoload(p, p == prog);
	err = bpf_object__load(obj);
	bpf_object__close(obj);
	libbpf_set_print(before);
	fclose(said_to);
	return !err;
}

const char *vt_verifier_said(void)
{
	return said;
}
