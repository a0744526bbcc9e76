/* SPDX-License-Identifier: GPL-2.0 */
/* Which keys are open to applications. */
#ifndef TRAITS_ACCESS_H
#define TRAITS_ACCESS_H

#include "key.h"

struct traits_view;

/**
 * struct traits_access - part of the registry's view
 * @read:	keys that applications may read
 * @write:	and write; all of these are in @read
 * @limited:	only applications of a group
 * @gid:	which, in the initial user namespace
 */
struct traits_access {
	u64 read;
	u64 write;
	u64 limited;
	u32 gid[TRAITS_KEYS_MAX];
};

/* Keys are added to a view that nobody sees yet, and taken from it. */
void traits_access_add(struct traits_access *access, const struct traits_key *key);
void traits_access_del(struct traits_access *access, u64 bit);

/**
 * traits_view_open() - keys that are open to the current process
 * @v:		registry view, or NULL
 * @user:	TRAITS_USER_READ or TRAITS_USER_WRITE
 *
 * Groups are compared as the kernel numbers them, so that a user namespace in which a process
 * can give itself any number opens nothing.
 *
 * Return: mask of keys.
 * Context: process.
 */
u64 traits_view_open(const struct traits_view *v, enum traits_user user);

#endif
