// SPDX-License-Identifier: GPL-2.0
/* Which keys are open to applications. */

#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/uidgid.h>

#include "registry.h"

void traits_access_add(struct traits_access *access, const struct traits_key *key)
{
	u64 bit = BIT_ULL(key->id);

	if (key->user == TRAITS_USER_NONE)
		return;
	access->read |= bit;
	if (key->user == TRAITS_USER_WRITE)
		access->write |= bit;
	if (key->gid == TRAITS_GID_ANY)
		return;
	access->limited |= bit;
	access->gid[key->id] = key->gid;
}

void traits_access_del(struct traits_access *access, u64 bit)
{
	access->read &= ~bit;
	access->write &= ~bit;
	access->limited &= ~bit;
}

u64 traits_view_open(const struct traits_view *v, enum traits_user user)
{
	u64 open, left;

	if (!v)
		return 0;
	open = user == TRAITS_USER_WRITE ? v->access.write : v->access.read;
	for (left = open & v->access.limited; left; left &= left - 1) {
		if (!in_egroup_p(KGIDT_INIT(v->access.gid[__ffs64(left)])))
			open &= ~BIT_ULL(__ffs64(left));
	}
	return open;
}
