/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of a socket: which options it has set, and the traits that are kept for it. */
#ifndef TRAITS_SOCK_H
#define TRAITS_SOCK_H

#include <linux/rhashtable-types.h>
#include <net/request_sock.h>
#include <net/sock.h>

#include "held.h"

/**
 * enum traits_sock_flag - what a socket has asked for
 * @TRAITS_SOCK_SAVE_SYN:	TRAITS_SO_SAVE_SYN
 * @TRAITS_SOCK_SAVE_DATA:	TRAITS_SO_SAVE_DATA
 * @TRAITS_SOCK_RECV:		TRAITS_CMSG_RECV
 * @TRAITS_SOCK_SEND:		TRAITS_CMSG_SEND
 * @TRAITS_SOCK_RECEIVED:	not asked for: @syn is that of a SYN that was received
 * @TRAITS_SOCK_WRAPPED:	not asked for: it holds the module, see sock-msg.c
 */
enum traits_sock_flag {
	TRAITS_SOCK_SAVE_SYN = 1,
	TRAITS_SOCK_SAVE_DATA = 2,
	TRAITS_SOCK_RECV = 4,
	TRAITS_SOCK_SEND = 8,
	TRAITS_SOCK_RECEIVED = 16,
	TRAITS_SOCK_WRAPPED = 32,
};

/**
 * struct traits_sock - one socket, or a connection request that is to become one
 * @node:	in the table
 * @owner:	the struct sock or struct request_sock
 * @flags:	enum traits_sock_flag; changed under the socket's lock
 * @syn:	traits of the SYN that was received, or will be sent
 * @send:	traits of each packet that will be sent
 * @data:	traits of what was last copied to the application; under the socket's lock
 * @rcu:	for kfree_rcu()
 */
struct traits_sock {
	struct rhash_head node;
	const void *owner;
	u32 flags;
	struct traits_held __rcu *syn;
	struct traits_held __rcu *send;
	struct traits_copy *data;
	struct rcu_head rcu;
};

/**
 * traits_sock_find() - what is known of a socket
 * @owner:	the socket or request, or any other pointer
 *
 * Return: valid inside the caller's rcu_read_lock(), and while the caller keeps the socket from
 * being destroyed; or NULL.
 */
struct traits_sock *traits_sock_find(const void *owner);

/**
 * traits_sock_begin() - keep all that serves sockets attached, and attach what is missing
 * @needs:	mask of enum traits_need
 *
 * Return: 0, after which traits_sock_end() has to be called; or the error of a hook.
 * Context: may sleep; the socket is not locked.
 */
int traits_sock_begin(u32 needs);
void traits_sock_end(void);

/**
 * traits_sock_get() - what is known of a socket, or a new entry for it
 * @sk:		locked socket
 *
 * Return: as traits_sock_find(), or NULL without memory.
 * Context: may sleep; between traits_sock_begin() and traits_sock_end().
 */
struct traits_sock *traits_sock_get(struct sock *sk);

/**
 * traits_sock_keep_syn() - keep the traits of a SYN for whoever owns them now
 * @owner:	request or new socket
 * @syn:	takes over the reference
 *
 * Return: false without memory.
 * Context: softirq.
 */
bool traits_sock_keep_syn(const void *owner, struct traits_held *syn);

/**
 * traits_sock_forget() - the socket or request is being destroyed
 * @owner:	it
 *
 * Context: any but hardirq.
 */
void traits_sock_forget(const void *owner);

int traits_sock_init(void);

/* Options cannot be set any more, there is no key, and no socket holds the module. */
void traits_sock_exit(void);

/**
 * traits_sock_syn() - a listener has received a SYN
 * @listener:	the socket
 * @skb:	the SYN; or, with a SYN cookie, the ACK that brought it back
 * @req:	the request that was made of it
 *
 * Context: softirq.
 */
void traits_sock_syn(const struct sock *listener, struct sk_buff *skb,
		     const struct request_sock *req);

/**
 * traits_sock_accept() - a request has become a socket
 * @sk:		new socket, which nobody else has yet
 * @req:	the request
 *
 * Context: softirq.
 */
void traits_sock_accept(const struct sock *sk, const struct request_sock *req);

/**
 * traits_sock_disconnect() - a TCP socket leaves its connection, and can have another one
 * @sk:		locked socket
 *
 * Context: any but hardirq.
 */
void traits_sock_disconnect(const struct sock *sk);

/**
 * traits_sock_copied() - data of an skb are being copied to an application
 * @skb:	in the queue of a socket that the caller has locked, if it is one of TCP
 *
 * Context: process.
 */
void traits_sock_copied(struct sk_buff *skb);

#endif
