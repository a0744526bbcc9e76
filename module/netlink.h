/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family through which user space reaches the registry. */
#ifndef TRAITS_NETLINK_H
#define TRAITS_NETLINK_H

/**
 * traits_netlink_init() - open the family; requests are served from here on
 *
 * Return: 0 or an error.
 * Context: may sleep.
 */
int traits_netlink_init(void);

/**
 * traits_netlink_exit() - close the family; no request is being served on return
 *
 * Context: may sleep.
 */
void traits_netlink_exit(void);

#endif
