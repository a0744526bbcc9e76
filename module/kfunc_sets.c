// SPDX-License-Identifier: GPL-2.0
/* Which programs may call which kfuncs of kfunc.c. */

#include "kfunc.h"

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

#include "generated/kernel-layout.h"

/*
 * Each type of program gets those kfuncs alone whose packet is its context.
 * Where struct xdp_md is not the type of the context, it is to the verifier a
 * struct of numbers, for which any memory of the program will do; and a tracing
 * program can come by a pointer to a struct __sk_buff of user space's making
 * (convert___skb_to_skb()). KF_TRUSTED_ARGS keeps out pointers that were cast.
 */
BTF_KFUNCS_START(xdp_kfunc_ids)
BTF_ID_FLAGS(func, bpf_xdp_trait_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_trait_get, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_trait_is_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_trait_del, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_traits_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_traits_get, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_traits_export, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_traits_import, KF_TRUSTED_ARGS)
BTF_KFUNCS_END(xdp_kfunc_ids)

BTF_KFUNCS_START(skb_kfunc_ids)
BTF_ID_FLAGS(func, bpf_skb_trait_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_trait_get, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_trait_is_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_trait_del, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_traits_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_traits_get, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_sk_buff_trait_get)
BTF_KFUNCS_END(skb_kfunc_ids)

/* It trusts no pointer, so it takes any. */
BTF_KFUNCS_START(read_kfunc_ids)
BTF_ID_FLAGS(func, bpf_sk_buff_trait_get)
BTF_KFUNCS_END(read_kfunc_ids)

#define KFUNC_SET(name)							\
	static const struct btf_kfunc_id_set name##_kfuncs = {		\
		.owner = THIS_MODULE,					\
		.set = &name##_kfunc_ids,				\
	}

KFUNC_SET(xdp);
KFUNC_SET(skb);
KFUNC_SET(read);

/*
 * One program type for each list of kfuncs that a kernel keeps
 * (bpf_prog_type_to_kfunc_hook() maps all cgroup types to one list, and all lwt
 * types to another). Not BPF_PROG_TYPE_UNSPEC, which means all types: the
 * verifier matches a context argument by the name of its type, and a flow
 * dissector's context is called __sk_buff too, but is no skb.
 */
static const struct {
	enum bpf_prog_type type;
	const struct btf_kfunc_id_set *kfuncs;
} prog_types[] = {
	{ BPF_PROG_TYPE_XDP, &xdp_kfuncs },
	{ BPF_PROG_TYPE_SCHED_CLS, &skb_kfuncs },
	{ BPF_PROG_TYPE_TRACING, &read_kfuncs },
#if TRAITS_KFUNC_UNSPEC
	{ BPF_PROG_TYPE_SCHED_ACT, &skb_kfuncs },
	{ BPF_PROG_TYPE_CGROUP_SKB, &skb_kfuncs },
	{ BPF_PROG_TYPE_SOCKET_FILTER, &skb_kfuncs },
	{ BPF_PROG_TYPE_SK_SKB, &skb_kfuncs },
	{ BPF_PROG_TYPE_LWT_IN, &skb_kfuncs },
	{ BPF_PROG_TYPE_NETFILTER, &read_kfuncs },
#endif
};

static bool ids_resolved(const struct btf_id_set8 *set)
{
	u32 i;

	for (i = 0; i < set->cnt; i++) {
		if (!set->pairs[i].id)
			return false;
	}
	return set->cnt;
}

int traits_kfunc_init(void)
{
	unsigned int i;
	int err;

	/* register_btf_kfunc_id_set() returns 0 all the same if there is no BTF. */
	if (!THIS_MODULE->btf_data) {
		pr_err("the module has no BTF, so no BPF program could find its kfuncs; build it with `make module`\n");
		return -ENOEXEC;
	}
	for (i = 0; i < ARRAY_SIZE(prog_types); i++) {
		if (!ids_resolved(prog_types[i].kfuncs->set)) {
			pr_err("the module's BTF ids are not resolved; build it with `make module`\n");
			return -ENOEXEC;
		}
	}
	for (i = 0; i < ARRAY_SIZE(prog_types); i++) {
		err = register_btf_kfunc_id_set(prog_types[i].type, prog_types[i].kfuncs);
		if (err) {
			pr_err("the kernel refuses the kfuncs for BPF program type %d: error %d\n",
			       prog_types[i].type, err);
			return err;
		}
	}
	return 0;
}
