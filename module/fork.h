/* SPDX-License-Identifier: GPL-2.0 */
/* Skbs that share a head, and yet do not see the same traits. */
#ifndef TRAITS_FORK_H
#define TRAITS_FORK_H

#include "packet.h"

/**
 * traits_fork() - give a packet a store of its own in a head that it shares
 * @p:		packet with a store
 * @keep:	keys whose values the new store has
 * @grow:	bytes for values that it is to get
 *
 * The skbs that it shares the head with keep the store that they have. For heads
 * that were shared when no traits_fork_cloning() was called, it is not known how
 * much of the headroom is free, and there is none.
 *
 * Return: 0, and @p tells of the new store; -EBUSY when the headroom does not
 * hold it, and nothing was changed.
 * Context: inside rcu_read_lock(); the caller owns the skb.
 */
int traits_fork(struct traits_packet *p, u64 keep, u32 grow);

/**
 * traits_fork_owns() - has the packet got a store that no other skb sees
 * @p:	packet with a store
 *
 * Return: false also when it is not known.
 * Context: inside rcu_read_lock().
 */
bool traits_fork_owns(const struct traits_packet *p);

/**
 * traits_fork_cloning() - an skb is about to be cloned
 * @skb:	the original
 * @hide:	traits_fork_cloned() will be called, if nothing goes wrong
 *
 * From now on, its store is seen by two, and so is its headroom.
 *
 * Context: at entry of skb_clone() and skb_morph(), while a key exists for which
 * traits_fork() may be called; takes rcu_read_lock().
 */
void traits_fork_cloning(const struct sk_buff *skb, bool hide);

/**
 * traits_fork_cloned() - take from a clone what clones do not see
 * @skb:	the original, as given to traits_fork_cloning() with hide
 * @clone:	the clone; NULL if none was made
 *
 * Context: at return of skb_clone(); takes rcu_read_lock().
 */
void traits_fork_cloned(const struct sk_buff *skb, struct sk_buff *clone);

#endif
