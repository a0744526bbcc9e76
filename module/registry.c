// SPDX-License-Identifier: GPL-2.0
/*
 * The 64 keys. Changes are made by one at a time, under a mutex, and end in one pointer
 * being published; the fast path reads what it points to under RCU.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "hold.h"
#include "hooks.h"
#include "registry.h"
#include "secret.h"
#include "stats.h"

struct traits_view __rcu *traits_view;

/* Serialises all changes, and so also the attaching and detaching of hooks. */
static DEFINE_MUTEX(registry_lock);
/* An entry counts when its bit is set in the view's @known. */
static struct traits_key keys[TRAITS_KEYS_MAX];
static unsigned int change_seq = 1;
/* A driver without XDP metadata was seen. */
static bool pending_needed;
/* What sockets need: mask of enum traits_need */
static u32 socket_needs;

static struct traits_view *view_locked(void)
{
	return rcu_dereference_protected(traits_view, lockdep_is_held(&registry_lock));
}

static u64 known_locked(void)
{
	const struct traits_view *v = view_locked();

	return v ? v->known : 0;
}

static void changed(void)
{
	/* 0 would tell genl_dump_check_consistent() that a dump has only begun. */
	if (!++change_seq)
		change_seq = 1;
}

static void publish(struct traits_view *new)
{
	struct traits_view *old = view_locked();

	rcu_assign_pointer(traits_view, new);
	changed();
	if (old)
		kfree_rcu(old, rcu);
}

/* Makes every store and every anchor that exists now invalid. */
static void draw_secrets(struct traits_view *v)
{
	traits_secret_draw(&v->secret);
	traits_secret_draw(&v->umem_secret);
	do {
		get_random_bytes(&v->tag, sizeof(v->tag));
	} while (!v->tag);
}

static void set_masks(struct traits_view *v, const struct traits_key *key)
{
	u64 bit = BIT_ULL(key->id);

	v->known |= bit;
	if (key->size == 4 || key->size == 16)
		v->lo |= bit;
	if (key->size == 8 || key->size == 16)
		v->hi |= bit;
	if (key->gro != TRAITS_GRO_FIRST)
		v->gro[key->gro] |= bit;
	if (key->clone == TRAITS_CLONE_COPY)
		v->copy |= bit;
	if (key->clone == TRAITS_CLONE_DROP)
		v->drop |= bit;
	if (key->netns == TRAITS_NETNS_DROP)
		v->netns |= bit;
	traits_access_add(&v->access, key);
}

static void clear_masks(struct traits_view *v, u64 bit)
{
	unsigned int i;

	v->known &= ~bit;
	v->lo &= ~bit;
	v->hi &= ~bit;
	for (i = 0; i < __TRAITS_GRO_MAX; i++)
		v->gro[i] &= ~bit;
	v->copy &= ~bit;
	v->drop &= ~bit;
	v->netns &= ~bit;
	traits_access_del(&v->access, bit);
}

/* Values that older stores have for the keys in @gone mean nothing any more. */
static void next_epoch(struct traits_view *v, u64 gone)
{
	unsigned int i;

	v->epoch++;
	/*
	 * After 65536 changes the epochs start again, and those of old stores would mean
	 * something else. With new secrets there are no old stores any more.
	 */
	if (!v->epoch)
		draw_secrets(v);
	for (i = 0; i < TRAITS_EPOCHS; i++)
		v->gone[i] |= gone;
	/* The slot of the oldest epoch becomes that of the new one. */
	v->gone[v->epoch % TRAITS_EPOCHS] = 0;
}

static u32 needs(const struct traits_view *v)
{
	u32 needs = TRAITS_NEED_ANY | socket_needs;
	unsigned int i;

	if (!v)
		return socket_needs & TRAITS_NEED_SOCKET;
	for (i = TRAITS_GRO_FIRST + 1; i < __TRAITS_GRO_MAX; i++)
		if (v->gro[i])
			needs |= TRAITS_NEED_GRO;
	if (v->copy)
		needs |= TRAITS_NEED_COPY;
	if (v->drop)
		needs |= TRAITS_NEED_DROP;
	if (v->netns)
		needs |= TRAITS_NEED_NETNS;
	if (v->access.write)
		needs |= TRAITS_NEED_XSK;
	if (pending_needed)
		needs |= TRAITS_NEED_PENDING;
	return needs;
}

static const struct traits_key *find_name(const char *name)
{
	u64 left;

	for (left = known_locked(); left; left &= left - 1) {
		const struct traits_key *key = &keys[__ffs64(left)];

		if (!strcmp(key->name, name))
			return key;
	}
	return NULL;
}

static const struct traits_key *find(const struct traits_key *wanted, struct traits_refusal *why)
{
	const struct traits_key *key;

	if (wanted->name[0]) {
		key = find_name(wanted->name);
		if (!key)
			traits_refuse(why, 0, "no key has the name \"%s\"", wanted->name);
		return key;
	}
	if (wanted->id < TRAITS_KEYS_MAX && known_locked() & BIT_ULL(wanted->id))
		return &keys[wanted->id];
	traits_refuse(why, 0, "no key has the id %u", wanted->id);
	return NULL;
}

static int check_free(const struct traits_key *key, struct traits_refusal *why)
{
	const struct traits_key *holder = find_name(key->name);
	u64 known = known_locked();
	int err = traits_key_check(key, why);

	if (err)
		return err;
	if (holder)
		return traits_refuse(why, -EEXIST, "name \"%s\" is taken by key id %u", key->name,
			      holder->id);
	if (key->id != TRAITS_ID_ANY && known & BIT_ULL(key->id))
		return traits_refuse(why, -EADDRINUSE, "key id %u is taken by \"%s\"", key->id,
			      keys[key->id].name);
	if (!~known)
		return traits_refuse(why, -ENOSPC, "all %u keys are taken", TRAITS_KEYS_MAX);
	return 0;
}

static int add_locked(struct traits_key *key, struct traits_refusal *why)
{
	const struct traits_view *old = view_locked();
	struct traits_view *new;
	int err;

	err = check_free(key, why);
	if (err)
		return err;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return traits_refuse(why, -ENOMEM, "out of memory");
	if (old)
		*new = *old;
	else
		draw_secrets(new);
	if (key->id == TRAITS_ID_ANY)
		key->id = __ffs64(~new->known);
	set_masks(new, key);
	/* While no view is published that has such a key, the hooks do nothing. */
	err = traits_hooks_attach(needs(new));
	if (err) {
		kfree(new);
		return traits_refuse(why, err, "hooks could not be attached: error %d", err);
	}
	keys[key->id] = *key;
	traits_stats_key_start(key->id);
	publish(new);
	return 0;
}

int traits_key_add(struct traits_key *key, struct traits_refusal *why)
{
	int err;

	mutex_lock(&registry_lock);
	err = add_locked(key, why);
	mutex_unlock(&registry_lock);
	return err;
}

static int claim_locked(struct traits_key *key, u32 fields, struct traits_refusal *why)
{
	const struct traits_key *found = find_name(key->name);
	int err;

	if (!found)
		return add_locked(key, why);
	err = traits_key_same(found, key, fields, why);
	if (err)
		return err;
	*key = *found;
	return 1;
}

int traits_key_claim(struct traits_key *key, u32 fields, struct traits_refusal *why)
{
	int err;

	mutex_lock(&registry_lock);
	err = claim_locked(key, fields, why);
	mutex_unlock(&registry_lock);
	return err;
}

/* Publish the policies of @key, which is registered with others. */
static int set_policies(const struct traits_key *key, struct traits_refusal *why)
{
	struct traits_view *new;
	int err;

	new = kmemdup(view_locked(), sizeof(*new), GFP_KERNEL);
	if (!new)
		return traits_refuse(why, -ENOMEM, "out of memory");
	clear_masks(new, BIT_ULL(key->id));
	set_masks(new, key);
	/* What stores say of clones is true of the time that clones are noted in: see fork.c. */
	if (needs(view_locked()) & TRAITS_NEED_FORK && !(needs(new) & TRAITS_NEED_FORK))
		next_epoch(new, 0);
	err = traits_hooks_attach(needs(new));
	if (err) {
		kfree(new);
		return traits_refuse(why, err, "hooks could not be attached: error %d", err);
	}
	publish(new);
	/* Readers of the former view may rely on hooks that are not needed any more. */
	synchronize_rcu();
	traits_hooks_detach(needs(new));
	return 0;
}

static int set_locked(struct traits_key *key, u32 fields, struct traits_refusal *why)
{
	const struct traits_key *old = find(key, why);
	struct traits_key new;
	int err;

	if (!old)
		return -ENOENT;
	new = *old;
	traits_key_merge(&new, key, fields);
	*key = new;
	if (!traits_key_same(old, &new, fields, why))
		return 1;
	err = traits_key_check(&new, why);
	if (err)
		return err;
	if (new.gro != old->gro || new.clone != old->clone || new.netns != old->netns ||
	    new.user != old->user || new.gid != old->gid) {
		err = set_policies(&new, why);
		if (err)
			return err;
	} else {
		changed();
	}
	keys[new.id] = new;
	return 0;
}

int traits_key_set(struct traits_key *key, u32 fields, struct traits_refusal *why)
{
	int err;

	mutex_lock(&registry_lock);
	err = set_locked(key, fields, why);
	mutex_unlock(&registry_lock);
	return err;
}

/* The view after the deletion of one of several keys. */
static struct traits_view *view_without(const struct traits_view *old, u8 id)
{
	struct traits_view *new;
	u64 bit = BIT_ULL(id);

	new = kmemdup(old, sizeof(*old), GFP_KERNEL);
	if (!new)
		return NULL;
	clear_masks(new, bit);
	next_epoch(new, bit);
	return new;
}

static int del_locked(struct traits_key *wanted, bool force, struct traits_refusal *why)
{
	const struct traits_view *old = view_locked();
	const struct traits_key *key;
	struct traits_view *new = NULL;

	key = find(wanted, why);
	if (!key)
		return -ENOENT;
	if (!force) {
		int err = traits_holds_check(key, why);

		if (err)
			return err;
	}

	if (old->known != BIT_ULL(key->id)) {
		new = view_without(old, key->id);
		if (!new)
			return traits_refuse(why, -ENOMEM, "out of memory");
	}
	*wanted = *key;
	traits_holds_drop(key->id);
	publish(new);
	/*
	 * A reader of the former view may still be about to store a value of this key. The
	 * mutex keeps the id from being given out before the last of them is done.
	 */
	synchronize_rcu();
	traits_hooks_detach(needs(new));
	return 0;
}

int traits_key_del(struct traits_key *key, bool force, struct traits_refusal *why)
{
	int err;

	mutex_lock(&registry_lock);
	err = del_locked(key, force, why);
	mutex_unlock(&registry_lock);
	return err;
}

static int hold_locked(const struct traits_hold *hold, struct traits_refusal *why)
{
	const struct traits_key *found;
	unsigned int i;

	for (i = 0; i < hold->n; i++) {
		const struct traits_key *key = &hold->keys[i];

		found = find_name(key->name);
		if (!found)
			return traits_refuse(why, -ESTALE,
					     "key \"%s\", which the program declares, is gone",
					     key->name);
		if (found->id != key->id || found->size != key->size)
			return traits_refuse(why, -ESTALE,
					     "key \"%s\" has the id %u and %u bytes, the program was loaded with %u and %u",
					     key->name, found->id, found->size, key->id, key->size);
	}
	return 0;
}

int traits_key_hold(struct traits_hold *hold, struct traits_refusal *why)
{
	int err;

	mutex_lock(&registry_lock);
	err = hold_locked(hold, why);
	if (err)
		traits_hold_free(hold);
	else
		traits_holds_add(hold);
	mutex_unlock(&registry_lock);
	return err;
}

unsigned int traits_key_holds(u8 id)
{
	unsigned int n;

	mutex_lock(&registry_lock);
	n = traits_holds_count(id);
	mutex_unlock(&registry_lock);
	return n;
}

int traits_key_find(struct traits_key *key, struct traits_refusal *why)
{
	const struct traits_key *found;

	mutex_lock(&registry_lock);
	found = find(key, why);
	if (found)
		*key = *found;
	mutex_unlock(&registry_lock);
	return found ? 0 : -ENOENT;
}

bool traits_key_next(unsigned int id, struct traits_key *key, unsigned int *seq)
{
	u64 left;

	mutex_lock(&registry_lock);
	*seq = change_seq;
	left = id < TRAITS_KEYS_MAX ? known_locked() & ~0ULL << id : 0;
	if (left)
		*key = keys[__ffs64(left)];
	mutex_unlock(&registry_lock);
	return left;
}

int traits_registry_need_pending(void)
{
	int err = 0;

	mutex_lock(&registry_lock);
	pending_needed = true;
	if (known_locked())
		err = traits_hooks_attach(needs(view_locked()));
	if (err)
		pending_needed = false;
	mutex_unlock(&registry_lock);
	return err;
}

int traits_registry_sockets(u32 wanted)
{
	u32 before;
	int err;

	mutex_lock(&registry_lock);
	before = socket_needs;
	socket_needs = wanted;
	/* First the hooks that say when to forget what the others will keep. */
	err = traits_hooks_attach(wanted & TRAITS_NEED_SOCKET);
	err = err ?: traits_hooks_attach(needs(view_locked()));
	if (err)
		socket_needs = before;
	if (before & ~socket_needs || err)
		traits_hooks_detach(needs(view_locked()));
	mutex_unlock(&registry_lock);
	return err;
}

void traits_registry_exit(void)
{
	mutex_lock(&registry_lock);
	if (known_locked()) {
		publish(NULL);
		synchronize_rcu();
		traits_hooks_detach(needs(NULL));
	}
	traits_holds_exit();
	mutex_unlock(&registry_lock);
}
