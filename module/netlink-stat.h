/* SPDX-License-Identifier: GPL-2.0 */
/* The command that reads counters, for the table of commands in netlink.c. */
#ifndef TRAITS_NETLINK_STAT_H
#define TRAITS_NETLINK_STAT_H

#include <net/genetlink.h>
#include <uapi/linux/traits.h>

extern const struct nla_policy traits_stat_policy[TRAITS_A_STAT_KEY + 1];

int traits_stat_do_get(struct sk_buff *skb, struct genl_info *info);
int traits_stat_dump_start(struct netlink_callback *cb);
int traits_stat_dump(struct sk_buff *skb, struct netlink_callback *cb);

#endif
