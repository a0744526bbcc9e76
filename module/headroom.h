/* SPDX-License-Identifier: GPL-2.0 */
/* Room for traits in front of the packets that a device sends. */
#ifndef TRAITS_HEADROOM_H
#define TRAITS_HEADROOM_H

#include <linux/netdevice.h>
#include <linux/types.h>

#include "refusal.h"

/**
 * struct traits_dev - a network device
 * @ifindex:	its index
 * @name:	its name
 * @headroom:	bytes that were asked for in front of its packets; 0: none
 * @needed:	bytes that the stack leaves free now (dev->needed_headroom): @headroom
 *		and what the device itself needs, or one more
 */
struct traits_dev {
	u32 ifindex;
	char name[IFNAMSIZ];
	u32 headroom;
	u32 needed;
};

/**
 * traits_headroom_init() - begin to follow what happens to devices
 *
 * Return: 0 or an error.
 * Context: may sleep; takes the RTNL.
 */
int traits_headroom_init(void);

/**
 * traits_headroom_exit() - take back all headroom that was asked for
 *
 * Context: may sleep; takes the RTNL; no request is being served any more.
 */
void traits_headroom_exit(void);

/**
 * traits_headroom_set() - ask for headroom in front of what a device sends
 * @net:	namespace of the device
 * @dev:	name of the device, or an empty name and its index; filled in on success
 * @headroom:	bytes, on top of what the device itself needs; 0: as if never asked
 * @why:	where a refusal is explained
 *
 * Return: 0, -ENODEV (no such device), -ERANGE (the device itself needs too
 * much) or -ENOMEM.
 * Context: may sleep; takes the RTNL.
 */
int traits_headroom_set(struct net *net, struct traits_dev *dev, u16 headroom,
			struct traits_refusal *why);

/**
 * traits_headroom_get() - look at a device
 * @net:	its namespace
 * @dev:	name of the device, or an empty name and its index; filled in on success
 * @why:	where a refusal is explained
 *
 * Return: 0 or -ENODEV.
 * Context: may sleep; takes the RTNL.
 */
int traits_headroom_get(struct net *net, struct traits_dev *dev, struct traits_refusal *why);

/**
 * traits_headroom_next() - walk over the devices that headroom was asked for
 * @net:	their namespace
 * @ifindex:	index of the last one seen; 0 at first
 * @dev:	filled in when one was found
 * @seq:	filled in always; for genl_dump_check_consistent(), as in traits_key_next()
 *
 * Return: true when there is one with a higher index.
 * Context: may sleep; takes the RTNL.
 */
bool traits_headroom_next(struct net *net, u32 ifindex, struct traits_dev *dev,
			  unsigned int *seq);

#endif
