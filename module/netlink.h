/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_NETLINK_H
#define TRAITS_NETLINK_H

int traits_netlink_init(void);
void traits_netlink_exit(void);

#endif
