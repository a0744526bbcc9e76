/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TRAITS_COMPAT_NET_NETDEV_RX_QUEUE_H
#define TRAITS_COMPAT_NET_NETDEV_RX_QUEUE_H

/* 6.6: struct netdev_rx_queue, which was in linux/netdevice.h before */
#include <linux/netdevice.h>
#if __has_include_next(<net/netdev_rx_queue.h>)
#include_next <net/netdev_rx_queue.h>
#endif

#endif
