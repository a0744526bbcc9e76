// SPDX-License-Identifier: GPL-2.0
/*
 * The table of sockets that use traits, and of connection requests on their way to a listener's
 * socket. The kernel has no place in a struct sock that a module could use.
 *
 * An entry goes when its owner does: all sockets of IPv4 and IPv6 end in inet_sock_destruct(),
 * and all requests of TCP and MPTCP in tcp_v4_reqsk_destructor() or tcp_v6_reqsk_destructor()
 * (6.1 to 7.3). These are hooked before the first entry is made, and until the last is gone,
 * also while there is no key: an entry that was left would be found for another socket in the
 * same memory.
 */

#include "sock.h"

#include <linux/hash.h>
#include <linux/module.h>
#include <linux/rhashtable.h>
#include <linux/workqueue.h>

#include "hooks.h"
#include "sock-msg.h"
#include "sock-send.h"

static struct rhashtable table;

/* The key is a pointer: less to do than for any other key. */
static u32 hash_owner(const void *key, u32 len, u32 seed)
{
	return hash_64((unsigned long)*(const void *const *)key ^ seed, 32);
}

static int compare_owner(struct rhashtable_compare_arg *arg, const void *obj)
{
	return ((const struct traits_sock *)obj)->owner != *(const void *const *)arg->key;
}

static const struct rhashtable_params params = {
	.hashfn = hash_owner,
	.obj_cmpfn = compare_owner,
	.key_len = sizeof(void *),
	.key_offset = offsetof(struct traits_sock, owner),
	.head_offset = offsetof(struct traits_sock, node),
	.automatic_shrinking = true,
};

/*
 * Entries, and those who are about to make one. It leaves 0 under @attach_lock alone: entries that
 * a softirq makes come of others, whose owners cannot be destroyed meanwhile.
 */
static atomic_t users = ATOMIC_INIT(0);

/*
 * Hooks stay for a while when the last socket is gone, for attaching and detaching them means
 * to change code that runs on all CPUs, and each process can demand that.
 */
#define DETACH_DELAY	HZ

/* Serialises attaching and detaching what @attached says; which loses bits only without users. */
static DEFINE_MUTEX(attach_lock);
static u32 attached;

struct traits_sock *traits_sock_find(const void *owner)
{
	return rhashtable_lookup(&table, &owner, params);
}

static int attach(u32 needs)
{
	int err;

	if (needs & TRAITS_NEED_SEND) {
		err = traits_send_attach();
		if (err)
			return err;
	}
	err = traits_registry_sockets(attached | needs);
	if (!err)
		WRITE_ONCE(attached, attached | needs);
	else if (!(attached & TRAITS_NEED_SEND))
		traits_send_detach();
	return err;
}

/* The last entry is gone. Perhaps another has come since. */
static void detach(struct work_struct *work)
{
	mutex_lock(&attach_lock);
	if (!atomic_read(&users) && attached) {
		traits_registry_sockets(0);
		traits_send_detach();
		WRITE_ONCE(attached, 0);
	}
	mutex_unlock(&attach_lock);
}

static DECLARE_DELAYED_WORK(detach_work, detach);

void traits_sock_end(void)
{
	if (atomic_dec_and_test(&users))
		schedule_delayed_work(&detach_work, DETACH_DELAY);
}

int traits_sock_begin(u32 needs)
{
	int err;

	needs |= TRAITS_NEED_SOCKET;
	if (atomic_inc_not_zero(&users)) {
		if (!(needs & ~READ_ONCE(attached)))
			return 0;
		traits_sock_end();
	}
	mutex_lock(&attach_lock);
	err = needs & ~attached ? attach(needs) : 0;
	if (!err)
		atomic_inc(&users);
	mutex_unlock(&attach_lock);
	return err;
}

static struct traits_sock *add(const void *owner, gfp_t gfp)
{
	struct traits_sock *ts = kzalloc(sizeof(*ts), gfp);

	if (!ts)
		return NULL;
	ts->owner = owner;
	atomic_inc(&users);
	if (rhashtable_insert_fast(&table, &ts->node, params)) {
		kfree(ts);
		traits_sock_end();
		return NULL;
	}
	return ts;
}

struct traits_sock *traits_sock_get(struct sock *sk)
{
	struct traits_sock *ts;

	rcu_read_lock();
	ts = traits_sock_find(sk);
	rcu_read_unlock();
	return ts ?: add(sk, GFP_KERNEL_ACCOUNT);
}

bool traits_sock_keep_syn(const void *owner, struct traits_held *syn)
{
	struct traits_sock *ts = add(owner, GFP_ATOMIC | __GFP_NOWARN);

	if (!ts) {
		traits_held_put(syn);
		return false;
	}
	ts->flags = TRAITS_SOCK_RECEIVED;
	/* Nobody else has the request or the socket yet. */
	rcu_assign_pointer(ts->syn, syn);
	return true;
}

static void free_entry(struct traits_sock *ts)
{
	traits_held_put(rcu_dereference_protected(ts->syn, true));
	traits_held_put(rcu_dereference_protected(ts->send, true));
	kfree(ts->data);
	if (ts->flags & TRAITS_SOCK_WRAPPED)
		module_put(THIS_MODULE);
	kfree_rcu(ts, rcu);
}

void traits_sock_forget(const void *owner)
{
	struct traits_sock *ts;

	rcu_read_lock();
	ts = traits_sock_find(owner);
	if (ts && !rhashtable_remove_fast(&table, &ts->node, params)) {
		if (ts->flags & TRAITS_SOCK_WRAPPED)
			traits_msg_unwrap((struct sock *)owner);
		free_entry(ts);
		traits_sock_end();
	}
	rcu_read_unlock();
}

static void free_left(void *ptr, void *arg)
{
	free_entry(ptr);
}

int traits_sock_init(void)
{
	return rhashtable_init(&table, &params);
}

void traits_sock_exit(void)
{
	mutex_lock(&attach_lock);
	traits_registry_sockets(0);
	traits_send_detach();
	WRITE_ONCE(attached, 0);
	mutex_unlock(&attach_lock);
	/* Nobody schedules it any more. */
	cancel_delayed_work_sync(&detach_work);
	rhashtable_free_and_destroy(&table, free_left, NULL);
}
