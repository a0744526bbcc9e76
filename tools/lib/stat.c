// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <string.h>
#include <traits/traits.h>

#include "genl.h"

static const char *const names[__TRAITS_STAT_MAX] = {
	[TRAITS_STAT_SET] = "set",
	[TRAITS_STAT_DEL] = "del",
	[TRAITS_STAT_BIND] = "bind",
	[TRAITS_STAT_COPY] = "copy",
	[TRAITS_STAT_EXPAND] = "expand",
	[TRAITS_STAT_FORK] = "fork",
	[TRAITS_STAT_PENDING] = "pending",
	[TRAITS_STAT_EINVAL] = "einval",
	[TRAITS_STAT_ENOKEY] = "enokey",
	[TRAITS_STAT_EEXIST] = "eexist",
	[TRAITS_STAT_ENOENT] = "enoent",
	[TRAITS_STAT_ENOSPC] = "enospc",
	[TRAITS_STAT_EBUSY] = "ebusy",
	[TRAITS_STAT_EOPNOTSUPP] = "eopnotsupp",
	[TRAITS_STAT_LOST_DAMAGED] = "lost-damaged",
	[TRAITS_STAT_LOST_UNBOUND] = "lost-unbound",
	[TRAITS_STAT_LOST_SHARED] = "lost-shared",
	[TRAITS_STAT_LOST_REPLACED] = "lost-replaced",
	[TRAITS_STAT_LOST_COPY] = "lost-copy",
	[TRAITS_STAT_LOST_EXPAND] = "lost-expand",
	[TRAITS_STAT_LOST_FORK] = "lost-fork",
	[TRAITS_STAT_LOST_EPOCH] = "lost-epoch",
	[TRAITS_STAT_LOST_FRAME] = "lost-frame",
	[TRAITS_STAT_LOST_MERGE] = "lost-merge",
	[TRAITS_STAT_LOST_PENDING] = "lost-pending",
};

const char *traits_stat_name(unsigned int stat)
{
	return stat < __TRAITS_STAT_MAX ? names[stat] : NULL;
}

struct counts {
	uint64_t *count;
	unsigned int n;
};

static int take_counts(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_STAT_MAX + 1];
	const struct counts *counts = data;
	unsigned int i;

	traits_attrs(nlh, tb, TRAITS_A_STAT_MAX);
	for (i = 0; i < counts->n && i < __TRAITS_STAT_MAX; i++) {
		const struct nlattr *attr = tb[TRAITS_A_STAT_SET + i];

		if (attr && mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
			counts->count[i] = mnl_attr_get_u64(attr);
	}
	return 0;
}

int traits_stat_get(struct traits *t, uint64_t *counts, unsigned int n)
{
	struct counts to = { .count = counts, .n = n };

	memset(counts, 0, n * sizeof(*counts));
	traits_begin(t, t->family, TRAITS_CMD_STAT_GET, NLM_F_ACK);
	return traits_request(t, take_counts, &to);
}
