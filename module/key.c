// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/string.h>

#include "key.h"

int traits_key_check(const struct traits_key *key, struct traits_refusal *why)
{
	if (key->gro >= TRAITS_GRO_SUM && key->size != 4 && key->size != 8)
		return traits_refuse(why, -EINVAL,
				     "sum, min, max and or are for values of 4 or 8 bytes, not %u",
				     key->size);
	return 0;
}

static const char *difference(const struct traits_key *a, const struct traits_key *b, u32 fields)
{
	if (fields & TRAITS_FIELD_ID && a->id != b->id)
		return "id";
	if (a->size != b->size)
		return "size";
	if (fields & TRAITS_FIELD_GRO && a->gro != b->gro)
		return "gro policy";
	if (fields & TRAITS_FIELD_CLONE && a->clone != b->clone)
		return "clone policy";
	if (fields & TRAITS_FIELD_NETNS && a->netns != b->netns)
		return "netns policy";
	if (fields & TRAITS_FIELD_USER && a->user != b->user)
		return "user access";
	if (fields & TRAITS_FIELD_GID && a->gid != b->gid)
		return "group";
	if (fields & TRAITS_FIELD_DESCRIPTION && strcmp(a->description, b->description))
		return "description";
	return NULL;
}

int traits_key_same(const struct traits_key *key, const struct traits_key *wanted, u32 fields,
		    struct traits_refusal *why)
{
	const char *what = difference(key, wanted, fields);

	if (!what)
		return 0;
	return traits_refuse(why, -EEXIST,
			     "name \"%s\" is taken by key id %u, whose %s is another", key->name,
			     key->id, what);
}

void traits_key_merge(struct traits_key *key, const struct traits_key *from, u32 fields)
{
	if (fields & TRAITS_FIELD_GRO)
		key->gro = from->gro;
	if (fields & TRAITS_FIELD_CLONE)
		key->clone = from->clone;
	if (fields & TRAITS_FIELD_NETNS)
		key->netns = from->netns;
	if (fields & TRAITS_FIELD_USER)
		key->user = from->user;
	if (fields & TRAITS_FIELD_GID)
		key->gid = from->gid;
	if (fields & TRAITS_FIELD_DESCRIPTION)
		memcpy(key->description, from->description, sizeof(key->description));
}
