/* SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause */
/*
 * Traits of a socket's packets. <linux/traits_socket.h> tells what the options do; this saves
 * looking ids up, asking for reasons, and walking control messages.
 */
#ifndef _TRAITS_SOCKET_H
#define _TRAITS_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include <linux/traits.h>
#include <linux/traits_socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct traits;

/**
 * traits_sock_named() - begin an element of an array, by the name of its key
 * @t:		connection to the registry
 * @name:	of the key
 * @trait:	filled in: the key, and no value
 *
 * Return: bytes of the key's values, -ENOENT (no such key) or another error.
 */
int traits_sock_named(struct traits *t, const char *name, struct pkt_trait *trait);

/**
 * traits_sock_value() - give an element a value
 * @trait:	with its key
 * @val:	the value
 * @size:	bytes of it: 0 (sets the flag), 4, 8 or 16
 */
void traits_sock_value(struct pkt_trait *trait, const void *val, size_t size);

/**
 * traits_sock_get() - read traits
 * @fd:		socket
 * @option:	TRAITS_SO_SYN, TRAITS_SO_SEND or TRAITS_SO_DATA
 * @array:	keys on entry; values, or a reason in @io_err, on return
 * @n:		elements
 *
 * Return: 0, -EIO when an element could not be read, or another error.
 */
int traits_sock_get(int fd, int option, struct pkt_trait *array, size_t n);

/**
 * traits_sock_dump() - read all traits that this process may read
 * @fd:		socket
 * @option:	as above
 * @array:	filled in; TRAITS_KEYS_MAX elements are always enough
 * @n:		elements that fit
 *
 * Return: how many there are, -ENOSPC when that is more than @n, or another error.
 */
int traits_sock_dump(int fd, int option, struct pkt_trait *array, size_t n);

/**
 * traits_sock_set() - set traits, in place of those that were set
 * @fd:		socket
 * @option:	TRAITS_SO_SYN or TRAITS_SO_SEND
 * @array:	the traits; on -EIO @io_err says which ones are refused, and why
 * @n:		elements
 *
 * Return: 0, -EIO when an element is refused (nothing is set then), or another error.
 */
int traits_sock_set(int fd, int option, struct pkt_trait *array, size_t n);

/**
 * traits_sock_writable() - find those of an array that this process could set
 * @fd:		socket, of which nothing is changed
 * @array:	the traits; on return those that can be set come first, and behind them those that
 *		would be refused, with the reason in @io_err
 * @n:		elements
 *
 * For messages, whose traits nobody tells a reason for: see traits_msg_put().
 *
 * Return: how many can be set, or an error.
 */
int traits_sock_writable(int fd, struct pkt_trait *array, size_t n);

/**
 * traits_sock_set_writable() - set those of an array that this process may set
 * @fd:		socket
 * @option:	TRAITS_SO_SYN or TRAITS_SO_SEND
 * @array:	the traits; on return those that were set come first, and behind them those that were
 *		left out, with the reason in @io_err: EACCES (not open to this process for
 *		writing), ENOKEY (no such key any more), or another one of <linux/traits_socket.h>
 * @n:		elements
 *
 * They are set in place of those that were set before, also when there is none.
 *
 * Return: how many were set, or an error, after which the socket has what it had before.
 */
int traits_sock_set_writable(int fd, int option, struct pkt_trait *array, size_t n);

/**
 * traits_sock_copy() - give one socket the traits of another, without knowing them
 * @from:	socket
 * @from_option: what to read of it
 * @to:		socket
 * @to_option:	what to set there
 *
 * traits_sock_dump() and traits_sock_set_writable(), for those who need not know what was
 * left out.
 *
 * Return: how many were set, or an error.
 */
int traits_sock_copy(int from, int from_option, int to, int to_option);

/**
 * traits_msg_find() - the traits in a message's control data
 * @msg:	what recvmsg() filled in
 * @n:		how many there are
 *
 * Return: the array, which need not be aligned and lies in the message's buffer, or NULL.
 */
const struct pkt_trait *traits_msg_find(struct msghdr *msg, size_t *n);

/**
 * traits_msg_get() - one of these
 * @msg:	what recvmsg() filled in
 * @key:	id of the key
 * @val:	the value goes here
 * @size:	bytes of @val
 *
 * Return: bytes of the value, 0 for a flag that is set, -ENOENT, or -ENOSPC when @size is too
 * small.
 */
int traits_msg_get(struct msghdr *msg, unsigned int key, void *val, size_t size);

/* Bytes of control data that @n traits take */
#define TRAITS_MSG_SPACE(n) CMSG_SPACE((n) * sizeof(struct pkt_trait))

/**
 * traits_msg_put() - the one control message of a message that is to be sent
 * @msg:	msg_control and msg_controllen are set
 * @buf:	takes it; TRAITS_MSG_SPACE(@n) bytes, aligned as a struct cmsghdr
 * @array:	the traits
 * @n:		elements
 */
void traits_msg_put(struct msghdr *msg, void *buf, const struct pkt_trait *array, size_t n);

#ifdef __cplusplus
}
#endif

#endif
