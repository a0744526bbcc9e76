// SPDX-License-Identifier: GPL-2.0
/*
 * Traits of single datagrams, in control messages.
 *
 * Control messages are written to the application's memory, which may sleep, so no hook can do
 * it. A socket that asks for them gets functions of its own instead, as kTLS and sockmap do it:
 * a copy of its struct proto with recvmsg() and sendmsg() of this file, around the ones that it
 * had. That costs sockets that do not ask nothing at all. It is not taken back before the
 * socket is destroyed, for somebody may be inside of these functions; until then it holds the
 * module.
 *
 * The kernel's functions have no parameter for what is passed through them here. So a call
 * notes on its stack who makes it, and whoever has the datagram finds that by current: the hook
 * where the datagram is freed after it was copied, and the one for local output.
 */

#include "sock-msg.h"

#include <linux/hash.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "pkt-trait.h"

/*
 * Most kernels clear what is on the stack (CONFIG_INIT_STACK_ALL_ZERO): more than 500 bytes for
 * each datagram here. So what has a length of its own, of which nothing behind that is looked at,
 * is not cleared in this file.
 */

/**
 * struct call - a call of sendmsg() or recvmsg() that has not returned
 * @node:	in the list of its bucket
 * @task:	who makes it; has only one
 * @sk:		the socket
 * @sends:	or receives
 * @copy:	traits of the datagram
 */
struct call {
	struct hlist_node node;
	const struct task_struct *task;
	const struct sock *sk;
	bool sends;
	struct traits_copy copy;
};

#define CALL_BITS 6

/* The lock is for the list: what is in an entry is only looked at by its own task. */
static struct bucket {
	spinlock_t lock;
	struct hlist_head calls;
} buckets[1 << CALL_BITS] = {
	[0 ... (1 << CALL_BITS) - 1] = { .lock = __SPIN_LOCK_UNLOCKED(buckets.lock) },
};

static struct bucket *bucket_of(const struct task_struct *task)
{
	return &buckets[hash_ptr(task, CALL_BITS)];
}

static void call_begin(struct call *call, const struct sock *sk, bool sends)
{
	struct bucket *bucket = bucket_of(current);

	call->task = current;
	call->sk = sk;
	call->sends = sends;
	spin_lock(&bucket->lock);
	hlist_add_head(&call->node, &bucket->calls);
	spin_unlock(&bucket->lock);
}

static void call_end(struct call *call)
{
	struct bucket *bucket = bucket_of(current);

	spin_lock(&bucket->lock);
	hlist_del(&call->node);
	spin_unlock(&bucket->lock);
}

static struct call *call_find(const struct sock *sk, bool sends)
{
	struct bucket *bucket = bucket_of(current);
	struct call *call, *found = NULL;

	/* A softirq that came over the task is not its call; and then the lock may be held. */
	if (!in_task() || hlist_empty(&bucket->calls))
		return NULL;
	spin_lock(&bucket->lock);
	hlist_for_each_entry(call, &bucket->calls, node) {
		if (call->task != current)
			continue;
		if (call->sk == sk && call->sends == sends)
			found = call;
		break;
	}
	spin_unlock(&bucket->lock);
	return found;
}

const struct traits_copy *traits_msg_sending(const struct sock *sk)
{
	const struct call *call = call_find(sk, true);

	return call ? &call->copy : NULL;
}

void traits_msg_received(const struct sock *sk, struct sk_buff *skb)
{
	struct call *call = call_find(sk, false);

	if (call)
		traits_copy_skb(&call->copy, skb);
}

static bool wants(const struct sock *sk, u32 flag)
{
	const struct traits_sock *ts;
	bool wanted;

	rcu_read_lock();
	ts = traits_sock_find(sk);
	wanted = ts && READ_ONCE(ts->flags) & flag;
	rcu_read_unlock();
	return wanted;
}

static void put_array(struct msghdr *msg, const struct pkt_trait *array, int n)
{
	if (n > 0)
		put_cmsg(msg, SOL_TRAITS, TRAITS_CM, n * sizeof(*array), (void *)array);
}

/* Not inline: the array would be on the stack of all that sendmsg() and recvmsg() call. */
static noinline void put_many(struct msghdr *msg, const struct traits_copy *copy)
{
	struct pkt_trait array[TRAITS_KEYS_MAX] __uninitialized;

	put_array(msg, array, traits_array_dump(array, TRAITS_KEYS_MAX, copy));
}

/* Most datagrams have few traits. */
static noinline void put_traits(struct msghdr *msg, const struct traits_copy *copy)
{
	struct pkt_trait array[8] __uninitialized;
	int n = traits_array_dump(array, ARRAY_SIZE(array), copy);

	if (n == -ENOSPC)
		put_many(msg, copy);
	else
		put_array(msg, array, n);
}

static int wrapped_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags
			   TRAITS_RECVMSG_MORE(int *addr_len))
{
	const struct proto *prot = sk->sk_prot_creator;
	struct call call __uninitialized;
	int ret;

	if (flags & MSG_ERRQUEUE || !wants(sk, TRAITS_SOCK_RECV))
		return prot->recvmsg(sk, msg, len, flags TRAITS_RECVMSG_MORE(addr_len));
	call.copy.total = 0;
	call_begin(&call, sk, false);
	ret = prot->recvmsg(sk, msg, len, flags TRAITS_RECVMSG_MORE(addr_len));
	call_end(&call);
	if (ret >= 0 && call.copy.total)
		put_traits(msg, &call.copy);
	return ret;
}

static int parse(const struct cmsghdr *cmsg, struct traits_copy *copy)
{
	size_t len = cmsg->cmsg_len - sizeof(*cmsg);
	struct pkt_trait array[TRAITS_KEYS_MAX] __uninitialized;

	if (cmsg->cmsg_type != TRAITS_CM || !len || len % sizeof(array[0]) || len > sizeof(array))
		return -EINVAL;
	/* Not in place: the errors would be another message's contents. */
	memcpy(array, CMSG_DATA(cmsg), len);
	return traits_array_write(array, len / sizeof(array[0]), copy);
}

/* The last one counts. */
static noinline int get_traits(struct msghdr *msg, struct traits_copy *copy)
{
	struct cmsghdr *cmsg;
	int err;

	copy->total = 0;
	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_TRAITS)
			continue;
		err = parse(cmsg, copy);
		if (err)
			return err;
	}
	return 0;
}

static int wrapped_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	const struct proto *prot = sk->sk_prot_creator;
	struct call call __uninitialized;
	int ret;

	if (!msg->msg_controllen || !wants(sk, TRAITS_SOCK_SEND))
		return prot->sendmsg(sk, msg, len);
	ret = get_traits(msg, &call.copy);
	if (ret)
		return ret;
	if (!call.copy.total)
		return prot->sendmsg(sk, msg, len);
	call_begin(&call, sk, true);
	ret = prot->sendmsg(sk, msg, len);
	call_end(&call);
	return ret;
}

/* UDP, UDP-Lite, raw and ping, of IPv4 and IPv6 */
static struct wrapper {
	const struct proto *base;
	struct proto proto;
} wrappers[8];

static DEFINE_MUTEX(wrappers_lock);

static struct proto *wrapper_of(const struct proto *base)
{
	struct wrapper *w;

	for (w = wrappers; w < wrappers + ARRAY_SIZE(wrappers) && w->base; w++)
		if (w->base == base)
			return &w->proto;
	if (w == wrappers + ARRAY_SIZE(wrappers))
		return NULL;
	w->proto = *base;
	w->proto.recvmsg = wrapped_recvmsg;
	w->proto.sendmsg = wrapped_sendmsg;
#ifdef CONFIG_BPF_SYSCALL
	/* Keeps sockmap away, which would make functions for all sockets of these. */
	w->proto.psock_update_sk_prot = NULL;
#endif
	w->base = base;
	return &w->proto;
}

int traits_msg_wrap(struct traits_sock *ts, struct sock *sk)
{
	struct proto *proto = NULL;

	if (sk->sk_prot->recvmsg == wrapped_recvmsg)
		return 0;
	mutex_lock(&wrappers_lock);
	/* IPV6_ADDRFORM has put udp_prot there, perhaps in place of ours. */
	if (sk->sk_prot == sk->sk_prot_creator)
		proto = wrapper_of(sk->sk_prot_creator);
	mutex_unlock(&wrappers_lock);
	if (!proto)
		return -EBUSY;
	__module_get(THIS_MODULE);
	ts->flags |= TRAITS_SOCK_WRAPPED;
	/* sendmsg() and recvmsg() read it without the lock, as for IPV6_ADDRFORM. */
	WRITE_ONCE(sk->sk_prot, proto);
	return 0;
}

void traits_msg_unwrap(struct sock *sk)
{
	/* inet_sock_destruct() still looks at it, when the module may have gone. */
	if (sk->sk_prot->recvmsg == wrapped_recvmsg)
		WRITE_ONCE(sk->sk_prot, sk->sk_prot_creator);
}
