// SPDX-License-Identifier: GPL-2.0
/*
 * Which types of programs may call kfuncs of the module: exactly those for
 * which this kernel keeps a list of kfuncs, and which have a packet to give. A
 * kernel's lists are known by their names in its BTF, so no version is asked
 * for. What is refused is refused at load.
 */
#include <string.h>

#include <bpf/libbpf.h>

#include "kernel.h"
#include "verifier.h"
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

static void make_netfilter(struct bpf_program *prog)
{
	bpf_program__set_type(prog, PROG_TYPE_NETFILTER);
	bpf_program__set_expected_attach_type(prog, ATTACH_NETFILTER);
}

static bool accepted(const char *name)
{
	return vt_accepted("types", name, strcmp(name, "type_netfilter") ? NULL : make_netfilter);
}

/* And not for a mistake of the test's. */
static bool refused_for_its_type(const char *name)
{
	const char *said = vt_verifier_said();

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

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		may = types[i].hook && vt_kfunc_hook(types[i].hook);
		ok = accepted(types[i].prog);
		ok = may ? ok : !ok && refused_for_its_type(types[i].prog);
		if (!vt_ok(ok, "%s %s", types[i].prog, may ? "is accepted" : "is refused"))
			vt_note("%s", vt_verifier_said());
	}
	/* Newer kernels want arguments that they can trust, which those of fentry are not. */
	ok = accepted("type_fentry");
	vt_ok(ok || strstr(vt_verifier_said(), "trusted"), "type_fentry %s",
	      ok ? "is accepted" : "is refused for its argument");
	return vt_done();
}
