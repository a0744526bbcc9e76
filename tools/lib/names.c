// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* What the numbers of policies are called. */
#include <stddef.h>
#include <traits/traits.h>

static const char *name_of(const char *const names[], unsigned int n, unsigned int i)
{
	return i < n ? names[i] : NULL;
}

const char *traits_gro_name(unsigned int gro)
{
	static const char *const names[__TRAITS_GRO_MAX] = {
		[TRAITS_GRO_FIRST] = "first",
		[TRAITS_GRO_LAST] = "last",
		[TRAITS_GRO_BLOCK] = "block",
		[TRAITS_GRO_DISCARD] = "discard",
		[TRAITS_GRO_SUM] = "sum",
		[TRAITS_GRO_MIN] = "min",
		[TRAITS_GRO_MAX] = "max",
		[TRAITS_GRO_OR] = "or",
	};

	return name_of(names, __TRAITS_GRO_MAX, gro);
}

const char *traits_clone_name(unsigned int clone)
{
	static const char *const names[__TRAITS_CLONE_MAX] = {
		[TRAITS_CLONE_SHARE] = "share",
		[TRAITS_CLONE_COPY] = "copy",
		[TRAITS_CLONE_DROP] = "drop",
	};

	return name_of(names, __TRAITS_CLONE_MAX, clone);
}

const char *traits_netns_name(unsigned int netns)
{
	static const char *const names[__TRAITS_NETNS_MAX] = {
		[TRAITS_NETNS_KEEP] = "keep",
		[TRAITS_NETNS_DROP] = "drop",
	};

	return name_of(names, __TRAITS_NETNS_MAX, netns);
}

const char *traits_user_name(unsigned int user)
{
	static const char *const names[__TRAITS_USER_MAX] = {
		[TRAITS_USER_NONE] = "none",
		[TRAITS_USER_READ] = "read",
		[TRAITS_USER_WRITE] = "write",
	};

	return name_of(names, __TRAITS_USER_MAX, user);
}
