/* SPDX-License-Identifier: GPL-2.0 */
/* The commands about network devices, for the table of commands in netlink.c. */
#ifndef TRAITS_NETLINK_DEV_H
#define TRAITS_NETLINK_DEV_H

#include <net/genetlink.h>
#include <uapi/linux/traits.h>

/* Up to TRAITS_A_DEV_IFNAME for a device, up to TRAITS_A_DEV_HEADROOM to set it. */
extern const struct nla_policy traits_dev_policy[TRAITS_A_DEV_HEADROOM + 1];

int traits_dev_do_set(struct sk_buff *skb, struct genl_info *info);
int traits_dev_do_get(struct sk_buff *skb, struct genl_info *info);
int traits_dev_dump_start(struct netlink_callback *cb);
int traits_dev_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif
