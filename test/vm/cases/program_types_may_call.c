// SPDX-License-Identifier: GPL-2.0
/*
 * Which types of programs may call kfuncs of the module: exactly those for
 * which this kernel keeps a list of kfuncs, and which have a packet to give. A
 * kernel's lists are known by their names in its BTF, so no version is asked
 * for. What is refused is refused at load.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "kernel.h"
#include "vt.h"

/* Of linux/bpf.h, and younger than that of 6.1 */
#define PROG_TYPE_NETFILTER	32
#define ATTACH_NETFILTER	45

static const struct {
	const char *prog;
	const char *hook;	/* NULL: no kernel lets it */
} types[] = {
	{ "type_xdp", "XDP" },
	{ "type_sched_cls", "TC" },
	{ "type_sched_act", "SCHED_ACT" },
	{ "type_cgroup_ingress", "CGROUP" },
	{ "type_cgroup_egress", "CGROUP" },
	{ "type_socket_filter", "SOCKET_FILTER" },
	{ "type_sk_skb_parser", "SK_SKB" },
	{ "type_sk_skb_verdict", "SK_SKB" },
	{ "type_lwt_in", "LWT" },
	{ "type_lwt_out", "LWT" },
	{ "type_lwt_xmit", "LWT" },
	{ "type_lwt_seg6local", "LWT" },
	{ "type_netfilter", "NETFILTER" },
	{ "type_tp_btf", "TRACING" },
	{ "type_lsm", "TRACING" },
	{ "type_flow_dissector", NULL },
	{ "type_sock_ops", NULL },
	{ "type_sk_msg", NULL },
	{ "type_sk_reuseport", NULL },
	{ "type_sk_lookup", NULL },
};

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
	snprintf(file, sizeof(file), "%s/types.bpf.o", vt_progs());
	obj = bpf_object__open_file(file, NULL);
	if (!obj)
		vt_die("%s cannot be opened", file);
	prog = bpf_object__find_program_by_name(obj, name);
	if (!prog)
		vt_die("there is no program %s", name);
	if (!strcmp(name, "type_netfilter")) {
		bpf_program__set_type(prog, PROG_TYPE_NETFILTER);
		bpf_program__set_expected_attach_type(prog, ATTACH_NETFILTER);
	}
	bpf_object__for_each_program(p, obj)
		bpf_program__set_autoload(p, p == prog);
	err = bpf_object__load(obj);
	bpf_object__close(obj);
	fclose(said_to);
	return !err;
}

/* And not for a mistake of the test's. */
static bool refused_for_its_type(const char *name)
{
	/* 6.1 knows no such programs. */
	if (!strcmp(name, "type_netfilter"))
		return strstr(said, "Invalid argument");
	/*
	 * Newer kernels let such a program call what cgroup programs call, if it has a packet that
	 * they trust; on older ones it has none.
	 */
	if (!strcmp(name, "type_sock_ops") &&
	    (strstr(said, "trusted") || !vt_kernel_function("bpf_cast_to_kern_ctx")))
		return true;
	return strstr(said, "is not allowed");
}

int main(void)
{
	unsigned int i;
	bool may, ok;

	libbpf_set_print(keep);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		may = types[i].hook && vt_kfunc_hook(types[i].hook);
		ok = accepted(types[i].prog);
		ok = may ? ok : !ok && refused_for_its_type(types[i].prog);
		if (!vt_ok(ok, "%s %s", types[i].prog, may ? "is accepted" : "is refused"))
			vt_note("%s", said);
	}
	/* Newer kernels want arguments that they can trust, which those of fentry are not. */
	ok = accepted("type_fentry");
	vt_ok(ok || strstr(said, "trusted"), "type_fentry %s",
	      ok ? "is accepted" : "is refused for its argument");
	return vt_done();
}
