/* SPDX-License-Identifier: GPL-2.0 */
/* The 64 keys: names, sizes, lifetime; and the read-only view of them that the fast path uses. */
#ifndef TRAITS_REGISTRY_H
#define TRAITS_REGISTRY_H

#include <linux/rcupdate.h>
#include <linux/types.h>
#include <uapi/linux/traits.h>

#include "access.h"
#include "key.h"
#include "refusal.h"
#include "store.h"

#define TRAITS_EPOCHS 16

struct traits_hold;

/**
 * struct traits_view - all that the fast path knows of the registry
 * @known:	bit k set: key k is registered
 * @lo:		low bit of each key's size class, 0 for keys not in @known
 * @hi:		high bit of each key's size class
 * @gro:	for each &enum traits_gro but the first, the keys that have this policy
 * @copy:	keys of which each clone has its own copy
 * @drop:	keys that clones do not see
 * @netns:	keys that do not leave their network namespace
 * @access:	keys that applications may read and write
 * @secret:	what magic and canary of stores are made from
 * @umem_secret: the same, for stores in memory of AF_XDP applications
 * @tag:	boot-random mark of an anchor in XDP metadata
 * @epoch:	number of deletions so far; a store remembers the epoch it was made in
 * @gone:	@gone[e % TRAITS_EPOCHS]: the keys deleted since epoch e, for the last
 *		TRAITS_EPOCHS epochs; see traits_view_gone()
 * @rcu:	for kfree_rcu()
 *
 * A view never changes once it is published: a change of the registry publishes
 * a new one, so that whoever holds rcu_read_lock() sees one consistent state.
 * Deleting a key waits for an RCU grace period before the id can be given out
 * again, so no reader can store a value under a key's former meaning after the
 * id has a new one.
 */
struct traits_view {
	u64 known;
	u64 lo;
	u64 hi;
	u64 gro[__TRAITS_GRO_MAX];
	u64 copy;
	u64 drop;
	u64 netns;
	struct traits_access access;
	struct traits_secret secret;
	struct traits_secret umem_secret;
	u32 tag;
	u16 epoch;
	u64 gone[TRAITS_EPOCHS];
	struct rcu_head rcu;
};

extern struct traits_view __rcu *traits_view;

/**
 * traits_view_get() - the current view
 *
 * Return: the view, or NULL while no key is registered.
 * Context: RCU read side, of which sections with BH disabled are a kind; the view
 * is valid until its end.
 */
static inline const struct traits_view *traits_view_get(void)
{
	return rcu_dereference_check(traits_view, rcu_read_lock_bh_held());
}

/**
 * traits_view_gone() - which values of an older store are to be ignored
 * @v:		current view
 * @epoch:	the store's epoch
 *
 * Return: mask of keys that were deleted since @epoch (and may have been given
 * out again since); all keys when @epoch is too old to be known.
 */
static inline u64 traits_view_gone(const struct traits_view *v, u16 epoch)
{
	u16 age = v->epoch - epoch;

	if (likely(!age))
		return 0;
	return age < TRAITS_EPOCHS ? v->gone[epoch % TRAITS_EPOCHS] : ~0ULL;
}

/**
 * traits_key_add() - register a key
 * @key:	name, size and policies, all valid; @key->id is the wanted id or TRAITS_ID_ANY, and
 *		is the id given out on success
 * @why:	where a refusal is explained
 *
 * Attaches the hooks that this key is the first to need.
 *
 * Return: 0, -EINVAL (the policy is not for keys of this size), -EEXIST (name
 * taken), -EADDRINUSE (id taken), -ENOSPC (64 keys exist), -ENOMEM, or the error
 * of a hook that could not be attached.
 * Context: may sleep.
 */
int traits_key_add(struct traits_key *key, struct traits_refusal *why);

/**
 * traits_key_claim() - register a key, or find it registered as it should be
 * @key:	name, size, and what @fields say, all valid, the rest 0 or TRAITS_*_ANY; filled in
 *		on success
 * @fields:	mask of enum traits_key_field: what a key of this name has to have
 * @why:	where a refusal is explained
 *
 * Return: 1 when it was there, or as traits_key_add(); -EEXIST only if it differs.
 * Context: may sleep.
 */
int traits_key_claim(struct traits_key *key, u32 fields, struct traits_refusal *why);

/**
 * traits_key_set() - change a key
 * @key:	name of the key, or an empty name and its id, and what @fields say, valid;
 *		filled in on success
 * @fields:	mask of enum traits_key_field without TRAITS_FIELD_ID: what is to be changed
 * @why:	where a refusal is explained
 *
 * Packets on their way keep their values. Attaches hooks that a new policy is the first to
 * need; detaches, behind a grace period, what an old one was the last to need.
 *
 * Return: 0; 1 when it had all that already; -ENOENT, -EINVAL (the policy is not for keys of
 * this size), -ENOMEM, or the error of a hook that could not be attached.
 * Context: may sleep.
 */
int traits_key_set(struct traits_key *key, u32 fields, struct traits_refusal *why);

/**
 * traits_key_del() - unregister a key
 * @key:	name of the key, or an empty name and its id; filled in on success
 * @force:	also if it is held
 * @why:	where a refusal is explained
 *
 * Values in flight are not touched: they read as absent from now on. Hooks that
 * no other key needs are detached. Returns after an RCU grace period.
 *
 * Return: 0, -ENOENT (no such key), -EBUSY (a loaded BPF program declares it) or -ENOMEM.
 * Context: may sleep.
 */
int traits_key_del(struct traits_key *key, bool force, struct traits_refusal *why);

/**
 * traits_key_hold() - keys that a BPF program declares are not to be deleted
 * @hold:	of traits_hold_make(); taken over, also on failure
 * @why:	where a refusal is explained
 *
 * Return: 0, or -ESTALE when a key is not as the program was loaded with it.
 * Context: may sleep.
 */
int traits_key_hold(struct traits_hold *hold, struct traits_refusal *why);

/**
 * traits_key_holds() - how many loaded BPF objects are known to declare a key
 * @id: id of the key
 *
 * Return: their number.
 * Context: may sleep.
 */
unsigned int traits_key_holds(u8 id);

/**
 * traits_key_find() - look a key up
 * @key:	name of the key, or an empty name and its id; filled in on success
 * @why:	where a refusal is explained
 *
 * Return: 0 or -ENOENT.
 * Context: may sleep.
 */
int traits_key_find(struct traits_key *key, struct traits_refusal *why);

/**
 * traits_key_next() - walk over the keys in order of their ids
 * @id:		first id to look at, 0 to 64
 * @key:	filled in when one was found
 * @seq:	filled in always; not 0, and changes with each change of the registry; for
 *		genl_dump_check_consistent()
 *
 * Return: true when a key with an id of at least @id exists.
 * Context: may sleep.
 */
bool traits_key_next(unsigned int id, struct traits_key *key, unsigned int *seq);

/**
 * traits_registry_need_pending() - attach the hooks for drivers without XDP metadata
 *
 * From now on, they are attached whenever there is a key.
 *
 * Return: 0, or the error of a hook that could not be attached.
 * Context: may sleep.
 */
int traits_registry_need_pending(void);

/**
 * traits_registry_sockets() - attach the hooks that serve sockets, or detach them
 * @needs:	mask of enum traits_need, of those for sockets; TRAITS_NEED_SOCKET counts also while
 *		there is no key
 *
 * Return: 0, or the error of a hook that could not be attached; nothing has changed then.
 * Context: may sleep.
 */
int traits_registry_sockets(u32 needs);

/**
 * traits_registry_exit() - forget all keys and detach the hooks
 *
 * No program can be using a kfunc any more, and the netlink family is gone.
 *
 * Context: may sleep.
 */
void traits_registry_exit(void);

#endif
