// SPDX-License-Identifier: GPL-2.0
/* traits: typed values that travel with packets. This file is the table of contents. */

#include <linux/module.h>
#include <net/genetlink.h>
#include <uapi/linux/traits.h>

#include "headroom.h"
#include "hooks.h"
#include "kfunc.h"
#include "netlink.h"
#include "pending.h"
#include "registry.h"
#include "sock.h"
#include "sockopt.h"
#include "stats.h"

static int __init traits_init(void)
{
	int err;

	err = traits_stats_init();
	if (err)
		return err;

	err = traits_hooks_init();
	if (err)
		goto err_stats;

	err = traits_kfunc_init();
	if (err)
		goto err_hooks;

	err = traits_headroom_init();
	if (err)
		goto err_hooks;

	err = traits_sock_init();
	if (err)
		goto err_headroom;

	err = traits_sockopt_init();
	if (err)
		goto err_sock;

	/* Last, for with the first key packets begin to have traits. */
	err = traits_netlink_init();
	if (err)
		goto err_sockopt;
	return 0;

err_sockopt:
	traits_sockopt_exit();
err_sock:
	traits_sock_exit();
err_headroom:
	traits_headroom_exit();
err_hooks:
	traits_hooks_exit();
err_stats:
	traits_stats_exit();
	return err;
}

static void __exit traits_exit(void)
{
	traits_netlink_exit();
	traits_sockopt_exit();
	traits_pending_exit();
	traits_headroom_exit();
	traits_registry_exit();
	traits_sock_exit();
	traits_hooks_exit();
	traits_stats_exit();
}

module_init(traits_init);
module_exit(traits_exit);

MODULE_DESCRIPTION("Rich metadata for packets: BPF kfuncs, key registry, carrying");
MODULE_AUTHOR("the traits authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(TRAITS_VERSION);
MODULE_ALIAS_GENL_FAMILY(TRAITS_GENL_NAME);
