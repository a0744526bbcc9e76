/* SPDX-License-Identifier: GPL-2.0 */
/* Traits of single datagrams, in control messages. */
#ifndef TRAITS_SOCK_MSG_H
#define TRAITS_SOCK_MSG_H

#include "sock.h"

/**
 * traits_msg_wrap() - have a socket's sendmsg() and recvmsg() come by here
 * @ts:		of the socket
 * @sk:		locked socket
 *
 * Return: 0, or -EBUSY when somebody else has changed its functions.
 */
int traits_msg_wrap(struct traits_sock *ts, struct sock *sk);

/**
 * traits_msg_unwrap() - give a socket its own functions back
 * @sk:		wrapped socket that is being destroyed, so that nobody is in its functions
 *
 * Context: any but hardirq.
 */
void traits_msg_unwrap(struct sock *sk);

/**
 * traits_msg_sending() - what goes with the datagram that is being sent
 * @sk:		by this socket
 *
 * Return: what this task gave to sendmsg(); NULL when that was nothing.
 * Context: any.
 */
const struct traits_copy *traits_msg_sending(const struct sock *sk);

/**
 * traits_msg_received() - a datagram has been copied to the application
 * @sk:		its socket
 * @skb:	the datagram
 *
 * Context: any.
 */
void traits_msg_received(const struct sock *sk, struct sk_buff *skb);

#endif
