/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
#ifndef _UAPI_LINUX_TRAITS_H
#define _UAPI_LINUX_TRAITS_H

#define TRAITS_GENL_NAME	"traits"
#define TRAITS_GENL_VERSION	1

#define TRAITS_KEYS_MAX		64
#define TRAITS_NAME_MAX		31	/* characters, without the NUL */
#define TRAITS_ID_ANY		0xff

/* Flags of bpf_{xdp,skb}_trait_set() */
#define TRAIT_NOEXIST	1	/* -EEXIST when the packet already has the trait */
#define TRAIT_EXIST	2	/* -ENOENT when the packet does not have the trait yet */

/**
 * enum traits_stat - the counters
 *
 * What was done:
 * @TRAITS_STAT_SET:		values set (a batch counts once)
 * @TRAITS_STAT_DEL:		values deleted
 * @TRAITS_STAT_BIND:		packets from XDP whose traits were tied to their skb
 * @TRAITS_STAT_COPY:		stores carried along when an skb was copied
 * @TRAITS_STAT_EXPAND:		stores carried along when an skb head was expanded
 *
 * What was refused, by errno; nothing was changed on the packet:
 * @TRAITS_STAT_EINVAL:		bad key, length or flags
 * @TRAITS_STAT_ENOKEY:		key not registered
 * @TRAITS_STAT_EEXIST:		%TRAIT_NOEXIST and the trait was there
 * @TRAITS_STAT_ENOENT:		%TRAIT_EXIST, or a delete, and the trait was not there
 * @TRAITS_STAT_ENOSPC:		no room left in the headroom
 * @TRAITS_STAT_EBUSY:		head shared with a clone
 * @TRAITS_STAT_EOPNOTSUPP:	driver without XDP metadata
 *
 * What was lost; each is one store, with all its traits, unless said otherwise:
 * @TRAITS_STAT_LOST_DAMAGED:	something overwrote the store (headers were pushed over it)
 * @TRAITS_STAT_LOST_UNBOUND:	packet came from XDP with traits, and its store did not
 *				come with it (a driver that copies packets)
 * @TRAITS_STAT_LOST_SHARED:	packet from XDP already shared its head when it reached the stack
 * @TRAITS_STAT_LOST_REPLACED:	skb had traits, and an XDP program gave it new ones
 * @TRAITS_STAT_LOST_COPY:	the copy of an skb has too little headroom for the store
 * @TRAITS_STAT_LOST_EXPAND:	the store's new place in an expanded head cannot be expressed
 * @TRAITS_STAT_LOST_EPOCH:	single values dropped on a write because their key was deleted
 *				while the packet was on its way
 */
enum traits_stat {
	TRAITS_STAT_SET,
	TRAITS_STAT_DEL,
	TRAITS_STAT_BIND,
	TRAITS_STAT_COPY,
	TRAITS_STAT_EXPAND,

	TRAITS_STAT_EINVAL,
	TRAITS_STAT_ENOKEY,
	TRAITS_STAT_EEXIST,
	TRAITS_STAT_ENOENT,
	TRAITS_STAT_ENOSPC,
	TRAITS_STAT_EBUSY,
	TRAITS_STAT_EOPNOTSUPP,

	TRAITS_STAT_LOST_DAMAGED,
	TRAITS_STAT_LOST_UNBOUND,
	TRAITS_STAT_LOST_SHARED,
	TRAITS_STAT_LOST_REPLACED,
	TRAITS_STAT_LOST_COPY,
	TRAITS_STAT_LOST_EXPAND,
	TRAITS_STAT_LOST_EPOCH,

	__TRAITS_STAT_MAX,
};

#endif
