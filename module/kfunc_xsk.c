// SPDX-License-Identifier: GPL-2.0
/* The kfuncs for packets of AF_XDP sockets; see kfunc.c. */

#include <linux/bpf.h>
#include <linux/btf.h>

#include "kfunc.h"
#include "stats.h"
#include "xsk.h"

__bpf_kfunc_start_defs();

__bpf_kfunc int bpf_xdp_traits_export(struct xdp_md *ctx, u64 keys)
{
	return traits_xsk_export((struct xdp_buff *)ctx, keys);
}

__bpf_kfunc int bpf_xdp_traits_import(struct xdp_md *ctx, u64 keys, void *block, u64 block__sz)
{
	int ret = traits_xsk_import((struct xdp_buff *)ctx, keys, block, block__sz);

	if (ret < 0 && ret != -ENOENT)
		traits_count_errno(ret, TRAITS_KEYS_MAX);
	return ret;
}

__bpf_kfunc_end_defs();
