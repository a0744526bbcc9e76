// SPDX-License-Identifier: GPL-2.0
/*
 * The verifier refuses programs that pass memory of their own where a kfunc
 * takes a packet, in each type of program that may call kfuncs of the module.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "vt.h"

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* Loads this one program of the object; returns 0 or -errno. */
static int load(const char *name)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	char *path;
	int err;

	if (asprintf(&path, "%s/forged.bpf.o", vt_progs()) < 0)
		vt_die("out of memory");
	obj = bpf_object__open_file(path, NULL);
	if (!obj)
		vt_die("%s: cannot be opened", path);
	free(path);
	prog = bpf_object__find_program_by_name(obj, name);
	if (!prog)
		vt_die("no program is called %s", name);
	bpf_program__set_autoload(prog, true);
	err = bpf_object__load(obj);
	bpf_object__close(obj);
	return err;
}

int main(void)
{
	libbpf_set_print(quiet);
	vt_eq(load("honest_xdp"), 0, "an XDP program passes its context");
	vt_eq(load("honest_tc"), 0, "a TC program passes its context");
	vt_eq(load("honest_tracing"), 0, "a tracing program passes its argument");
	vt_eq(load("forged_tc"), -EACCES, "a TC program passes memory for an xdp_md");
	vt_eq(load("forged_cgroup"), -EACCES, "a cgroup program passes memory for an xdp_md");
	vt_eq(load("forged_tracing"), -EACCES, "a tracing program passes memory for an xdp_md");
	return vt_done();
}
