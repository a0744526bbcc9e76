// SPDX-License-Identifier: GPL-2.0
/*
 * Traits that a TCP socket received.
 *
 * Those of a SYN take the way of a security label, by the hooks that the kernel has for these
 * (6.1 to 7.3): security_inet_conn_request() knows listener, SYN and request,
 * security_inet_csk_clone() the request and its new socket. Both run where the kernel itself
 * has just allocated with GFP_ATOMIC, a request and a socket; what is allocated here is as
 * bounded as these are, by the listener's backlog.
 */

#include <linux/tcp.h>

#include "lost.h"
#include "sock.h"

/*
 * With a SYN cookie the request is not kept, and so has no reference to its listener; another
 * one is made of the ACK, which is not the SYN that was asked for.
 */
void traits_sock_syn(const struct sock *listener, struct sk_buff *skb,
		     const struct request_sock *req)
{
	const struct traits_sock *ts;
	/* Not cleared: it is long, and needed for few SYNs. */
	struct traits_copy copy __uninitialized;
	struct traits_held *syn;

	if (!traits_skb_offset(skb) || !tcp_hdr(skb)->syn)
		return;
	rcu_read_lock();
	ts = traits_sock_find(listener);
	if (!ts || !(READ_ONCE(ts->flags) & TRAITS_SOCK_SAVE_SYN))
		goto out;
	traits_copy_skb(&copy, skb);
	if (!copy.total)
		goto out;
	syn = req->rsk_listener ? traits_held_make(&copy, GFP_ATOMIC | __GFP_NOWARN) : NULL;
	if (!syn || !traits_sock_keep_syn(req, syn))
		traits_lost(skb->head, skb, TRAITS_STAT_LOST_SOCKET);
out:
	rcu_read_unlock();
}

void traits_sock_accept(const struct sock *sk, const struct request_sock *req)
{
	const struct traits_sock *ts;
	struct traits_held *syn;

	rcu_read_lock();
	ts = traits_sock_find(req);
	if (ts) {
		/* The request does not change, nor go away meanwhile. */
		syn = traits_held_get(rcu_dereference(ts->syn));
		if (!traits_sock_keep_syn(sk, syn))
			traits_lost(NULL, NULL, TRAITS_STAT_LOST_SOCKET);
	}
	rcu_read_unlock();
}

/* The next connection of this socket has another SYN. */
void traits_sock_disconnect(const struct sock *sk)
{
	struct traits_sock *ts;

	rcu_read_lock();
	ts = traits_sock_find(sk);
	if (ts && ts->flags & TRAITS_SOCK_RECEIVED) {
		WRITE_ONCE(ts->flags, ts->flags & ~TRAITS_SOCK_RECEIVED);
		traits_held_put(unrcu_pointer(xchg(&ts->syn, NULL)));
	}
	if (ts && ts->data)
		ts->data->total = 0;
	rcu_read_unlock();
}

/* An skb in a TCP socket's queue belongs to it, and whoever reads it has locked the socket. */
void traits_sock_copied(struct sk_buff *skb)
{
	struct traits_sock *ts;

	if (!skb->sk)
		return;
	rcu_read_lock();
	ts = traits_sock_find(skb->sk);
	if (ts && ts->flags & TRAITS_SOCK_SAVE_DATA && skb->destructor == sock_rfree)
		traits_copy_skb(ts->data, skb);
	rcu_read_unlock();
}
