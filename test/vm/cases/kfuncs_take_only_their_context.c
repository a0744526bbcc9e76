// SPDX-License-Identifier: GPL-2.0
/*
 * A kfunc believes that its context argument is what its type says. So the
 * verifier must not accept anything else there, of any program:
 * test/vm/progs/misuse.bpf.c has one program for each way to try.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "vt.h"

static char *said;
static size_t said_len;
static FILE *said_to;

static int keep(enum libbpf_print_level level, const char *text, va_list args)
{
	return level == LIBBPF_DEBUG ? 0 : vfprintf(said_to, text, args);
}

/* What libbpf and the verifier say is kept in @said. */
static bool accepted(const char *name)
{
	struct bpf_program *prog, *p;
	struct bpf_object *obj;
	char file[256];
	int err;

	free(said);
	said_to = open_memstream(&said, &said_len);
	snprintf(file, sizeof(file), "%s/misuse.bpf.o", vt_progs());
	obj = bpf_object__open_file(file, NULL);
	if (!obj)
		vt_die("%s cannot be opened", file);
	prog = bpf_object__find_program_by_name(obj, name);
	if (!prog)
		vt_die("there is no program %s", name);
	bpf_object__for_each_program(p, obj)
		bpf_program__set_autoload(p, p == prog);
	err = bpf_object__load(obj);
	bpf_object__close(obj);
	fclose(said_to);
	return !err;
}

static void expect(const char *name, bool want)
{
	if (!vt_ok(accepted(name) == want, "%s %s", name, want ? "is accepted" : "is refused"))
		vt_note("%s", said);
}

int main(void)
{
	static const char *const good[] = { "good_xdp", "good_tc", "good_tracing" };
	static const char *const bad[] = {
		"tc_xdp_memory", "tc_xdp_ctx", "xdp_xdp_memory", "xdp_skb_ctx",
		"tracing_xdp_memory", "tracing_skb", "sockopt_xdp_memory", "dissector_skb",
		"syscall_xdp_memory",
	};
	/* For kernels that let a program cast pointers. */
	static const char *const casts[] = {
		"xdp_skb_cast", "tc_skb_cast", "tracing_skb_cast", "sockopt_skb_cast",
	};
	struct btf *kernel = btf__load_vmlinux_btf();
	unsigned int i;

	if (!kernel)
		vt_die("the kernel's BTF cannot be read");
	libbpf_set_print(keep);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect(good[i], true);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(bad[i], false);
	if (btf__find_by_name_kind(kernel, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0) {
		expect("good_cast", true);
		for (i = 0; i < sizeof(casts) / sizeof(casts[0]); i++)
			expect(casts[i], false);
	}
	btf__free(kernel);
	return vt_done();
}
