/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays of struct pkt_trait, in which applications read and write traits. */
#ifndef TRAITS_PKT_TRAIT_H
#define TRAITS_PKT_TRAIT_H

#include <uapi/linux/traits_socket.h>

#include "held.h"

/**
 * traits_array_read() - read the keys that an array names
 * @array:	keys on entry, the rest on return
 * @n:		elements
 * @copy:	the traits
 *
 * Return: 0, or -EIO when an element has an error.
 * Context: process; takes rcu_read_lock().
 */
int traits_array_read(struct pkt_trait *array, unsigned int n, const struct traits_copy *copy);

/**
 * traits_array_dump() - read all that this process may read
 * @array:	filled in
 * @n:		elements
 * @copy:	the traits
 *
 * Return: how many, or -ENOSPC when there are more than @n.
 * Context: process; takes rcu_read_lock().
 */
int traits_array_dump(struct pkt_trait *array, unsigned int n, const struct traits_copy *copy);

/**
 * traits_array_write() - make a copy of what an array says
 * @array:	@io_err is filled in
 * @n:		elements
 * @copy:	made; empty when no element has a value
 *
 * Return: 0, or -EIO when an element has an error.
 * Context: process; takes rcu_read_lock().
 */
int traits_array_write(struct pkt_trait *array, unsigned int n, struct traits_copy *copy);

#endif
