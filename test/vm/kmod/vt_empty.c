// SPDX-License-Identifier: GPL-2.0
/*
 * For tests only: kfuncs with the arguments of those of traits, and nothing
 * inside. What a call of them costs is what no kfunc can do without.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

__bpf_kfunc_start_defs();

__bpf_kfunc int bpf_xdp_empty_set(struct xdp_md *ctx, u64 key, const void *val, u64 val__sz,
				  u64 flags)
{
	return 0;
}

__bpf_kfunc int bpf_xdp_empty_get(struct xdp_md *ctx, u64 key, void *val, u64 val__sz)
{
	return 0;
}

__bpf_kfunc int bpf_xdp_empty_del(struct xdp_md *ctx, u64 key)
{
	return 0;
}

__bpf_kfunc int bpf_skb_empty_set(struct __sk_buff *ctx, u64 key, const void *val, u64 val__sz,
				  u64 flags)
{
	return 0;
}

__bpf_kfunc int bpf_skb_empty_get(struct __sk_buff *ctx, u64 key, void *val, u64 val__sz)
{
	return 0;
}

__bpf_kfunc int bpf_skb_empty_del(struct __sk_buff *ctx, u64 key)
{
	return 0;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(xdp_empty_ids)
BTF_ID_FLAGS(func, bpf_xdp_empty_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_empty_get, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_xdp_empty_del, KF_TRUSTED_ARGS)
BTF_KFUNCS_END(xdp_empty_ids)

BTF_KFUNCS_START(skb_empty_ids)
BTF_ID_FLAGS(func, bpf_skb_empty_set, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_empty_get, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, bpf_skb_empty_del, KF_TRUSTED_ARGS)
BTF_KFUNCS_END(skb_empty_ids)

static const struct btf_kfunc_id_set xdp_empty = {
	.owner = THIS_MODULE,
	.set = &xdp_empty_ids,
};

static const struct btf_kfunc_id_set skb_empty = {
	.owner = THIS_MODULE,
	.set = &skb_empty_ids,
};

static int __init vt_empty_init(void)
{
	int err = register_btf_kfunc_id_set(BPF_PROG_TYPE_XDP, &xdp_empty);

	return err ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SCHED_CLS, &skb_empty);
}

static void __exit vt_empty_exit(void)
{
}

module_init(vt_empty_init);
module_exit(vt_empty_exit);

MODULE_DESCRIPTION("Test equipment of traits: kfuncs that do nothing");
MODULE_AUTHOR("the traits authors");
MODULE_LICENSE("GPL");
