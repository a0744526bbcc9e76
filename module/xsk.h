/* SPDX-License-Identifier: GPL-2.0 */
/* Traits on their way to and from AF_XDP applications. */
#ifndef TRAITS_XSK_H
#define TRAITS_XSK_H

#include <linux/skbuff.h>
#include <net/xdp.h>

/**
 * traits_xsk_export() - put a packet's traits in front of it, for an AF_XDP application
 * @xdp:	the buffer that an XDP program runs on
 * @keys:	of these only those are told that all applications may read
 *
 * The packet keeps its traits. Only data_meta moves.
 *
 * Return: bytes that the block takes; -ENOSPC without room for it; -EOPNOTSUPP for buffers without
 * metadata.
 * Context: RCU read side.
 */
int traits_xsk_export(struct xdp_buff *xdp, u64 keys);

/**
 * traits_xsk_import() - give a packet the traits of a block that an application made
 * @xdp:	the buffer that an XDP program runs on
 * @keys:	the only ones that it may have, of those that all applications may write
 * @buf:	ends with the block; others may write to it meanwhile
 * @size:	bytes in it
 *
 * Traits that the packet has stay, unless the block has a value for them. On an error nothing
 * was changed, but if a hostile owner of AF_XDP memory damages the packet's store meanwhile.
 *
 * Return: how many traits the block has; -ENOENT when there is none; -EINVAL when it is not
 * well-formed, or has a value of another size than the key's; -ENOKEY when it has a key that is
 * not registered; -EACCES for one that is not in @keys or not open; or as traits_packet_make();
 * -EBUSY when another skb sees the packet's head.
 * Context: RCU read side.
 */
int traits_xsk_import(struct xdp_buff *xdp, u64 keys, const void *buf, u64 size);

/**
 * traits_xsk_sending() - bytes are being copied to an skb, perhaps from AF_XDP memory
 * @skb:	the skb
 * @offset:	where in it
 * @from:	the bytes
 * @len:	how many
 *
 * If they are a packet that an AF_XDP socket sends, the skb gets the traits in front of it.
 *
 * Context: before skb_store_bits() does anything; takes rcu_read_lock().
 */
void traits_xsk_sending(struct sk_buff *skb, int offset, const void *from, int len);

#endif
