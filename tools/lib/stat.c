// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <errno.h>
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
	[TRAITS_STAT_LOST_SOCKET] = "lost-socket",
};

const char *traits_stat_name(unsigned int stat)
{
	return stat < __TRAITS_STAT_MAX ? names[stat] : NULL;
}

struct counts {
	uint64_t *count;
	unsigned int n;
};

static void read_counts(const struct nlattr *const *tb, uint64_t *count, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n && i < __TRAITS_STAT_MAX; i++) {
		const struct nlattr *attr = tb[TRAITS_A_STAT_SET + i];

		if (attr && mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
			count[i] = mnl_attr_get_u64(attr);
	}
}

static int take_counts(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_STAT_MAX + 1];
	const struct counts *counts = data;

	traits_attrs(nlh, tb, TRAITS_A_STAT_MAX);
	read_counts(tb, counts->count, counts->n);
	return 0;
}

int traits_stat_get(struct traits *t, uint64_t *counts, unsigned int n)
{
	struct counts to = { .count = counts, .n = n };

	memset(counts, 0, n * sizeof(*counts));
	traits_begin(t, t->family, TRAITS_CMD_STAT_GET, NLM_F_ACK);
	return traits_request(t, take_counts, &to);
}

int traits_stat_key_get(struct traits *t, uint32_t id, uint64_t *counts, unsigned int n)
{
	struct counts to = { .count = counts, .n = n };
	unsigned int i;

	for (i = 0; i < n; i++)
		counts[i] = TRAITS_STAT_NONE;
	mnl_attr_put_u32(traits_begin(t, t->family, TRAITS_CMD_STAT_GET, NLM_F_ACK),
			 TRAITS_A_STAT_KEY, id);
	return traits_request(t, take_counts, &to);
}

struct cpus {
	void (*each)(uint32_t cpu, const uint64_t *counts, unsigned int n, void *data);
	void *data;
};

static int take_cpu(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_STAT_MAX + 1];
	uint64_t counts[__TRAITS_STAT_MAX] = {};
	const struct cpus *cpus = data;

	traits_attrs(nlh, tb, TRAITS_A_STAT_MAX);
	if (!tb[TRAITS_A_STAT_CPU])
		return -EBADMSG;
	read_counts(tb, counts, __TRAITS_STAT_MAX);
	cpus->each(traits_u32(tb[TRAITS_A_STAT_CPU], 0), counts, __TRAITS_STAT_MAX, cpus->data);
	return 0;
}

int traits_stat_cpu_dump(struct traits *t,
			 void (*each)(uint32_t cpu, const uint64_t *counts, unsigned int n,
				      void *data),
			 void *data)
{
	struct cpus cpus = { .each = each, .data = data };

	traits_begin(t, t->family, TRAITS_CMD_STAT_GET, NLM_F_DUMP);
	return traits_request(t, take_cpu, &cpus);
}
