/* SPDX-License-Identifier: GPL-2.0 */
/* What a key is. The registry has those that there are. */
#ifndef TRAITS_KEY_H
#define TRAITS_KEY_H

#include <linux/types.h>
#include <uapi/linux/traits.h>

#include "refusal.h"

/**
 * struct traits_key - one registered key
 * @id:		0 to 63
 * @size:	bytes of each value: 0, 4, 8 or 16
 * @gro:	enum traits_gro
 * @clone:	enum traits_clone
 * @netns:	enum traits_netns
 * @user:	enum traits_user
 * @gid:	group of the initial user namespace that @user is for, or TRAITS_GID_ANY
 * @name:	unique name, NUL-terminated
 * @description: what it is for, NUL-terminated
 */
struct traits_key {
	u8 id;
	u8 size;
	u8 gro;
	u8 clone;
	u8 netns;
	u8 user;
	u32 gid;
	char name[TRAITS_NAME_MAX + 1];
	char description[TRAITS_DESCRIPTION_MAX + 1];
};

/* Which parts of a struct traits_key somebody has given */
enum traits_key_field {
	TRAITS_FIELD_ID = 1,
	TRAITS_FIELD_GRO = 2,
	TRAITS_FIELD_CLONE = 4,
	TRAITS_FIELD_NETNS = 8,
	TRAITS_FIELD_USER = 16,
	TRAITS_FIELD_GID = 32,
	TRAITS_FIELD_DESCRIPTION = 64,
};

/**
 * traits_key_check() - can a key have its policies
 * @key:	the key
 * @why:	where a refusal is explained
 *
 * Return: 0, or -EINVAL when one of them is not for values of its size.
 * Context: any.
 */
int traits_key_check(const struct traits_key *key, struct traits_refusal *why);

/**
 * traits_key_same() - is a key as somebody wants it
 * @key:	the key
 * @wanted:	what it should be: the size, and what @fields say
 * @fields:	mask of enum traits_key_field
 * @why:	where a refusal is explained
 *
 * Return: 0, or -EEXIST when something differs.
 * Context: any.
 */
int traits_key_same(const struct traits_key *key, const struct traits_key *wanted, u32 fields,
		    struct traits_refusal *why);

/**
 * traits_key_merge() - change parts of a key
 * @key:	the key
 * @from:	what it is to become
 * @fields:	mask of enum traits_key_field, of which TRAITS_FIELD_ID is ignored: the parts
 *
 * Context: any.
 */
void traits_key_merge(struct traits_key *key, const struct traits_key *from, u32 fields);

#endif
