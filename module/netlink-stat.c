// SPDX-License-Identifier: GPL-2.0
/* Netlink command that reads counters: all, those of one key, those of each CPU. */
#include <net/genetlink.h>

#include "netlink.h"
#include "netlink-stat.h"
#include "registry.h"
#include "stats.h"

static_assert(TRAITS_A_STAT_MAX - TRAITS_A_STAT_SET + 1 == __TRAITS_STAT_MAX,
	      "each counter needs its attribute");

const struct nla_policy traits_stat_policy[TRAITS_A_STAT_KEY + 1] = {
	[TRAITS_A_STAT_KEY] = { .type = NLA_U32 },
};

static int put(struct sk_buff *msg, enum traits_stat stat, u64 count)
{
	return nla_put_u64_64bit(msg, TRAITS_A_STAT_SET + stat, count, TRAITS_A_STAT_PAD);
}

static int put_all(struct sk_buff *msg)
{
	unsigned int i;

	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		if (put(msg, i, traits_stats_sum(i)))
			return -EMSGSIZE;
	return 0;
}

static int put_key(struct sk_buff *msg, u32 key)
{
	unsigned int i;
	u64 count;

	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		if (traits_stats_key_sum(i, key, &count) && put(msg, i, count))
			return -EMSGSIZE;
	return 0;
}

/* The key, if one is asked for, exists; it may be gone when its counters are read. */
static int check_key(const struct nlattr *attr, struct traits_refusal *why)
{
	struct traits_key key = { .id = TRAITS_ID_ANY };
	u32 id;

	if (!attr)
		return 0;
	id = nla_get_u32(attr);
	if (id >= TRAITS_KEYS_MAX)
		return traits_refuse(why, -EINVAL, "key id %u is not in 0 to %u", id,
				     TRAITS_KEYS_MAX - 1);
	key.id = id;
	return traits_key_find(&key, why);
}

int traits_stat_do_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *key = info->attrs[TRAITS_A_STAT_KEY];
	struct traits_refusal why;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = check_key(key, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, key, &why);
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_STAT_GET);
	if (!hdr || (key ? put_key(msg, nla_get_u32(key)) : put_all(msg))) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

int traits_stat_dump_start(struct netlink_callback *cb)
{
	static const struct traits_refusal why = { "a dump of all CPUs takes no attribute" };

	return traits_nl_no_attr(cb, &why);
}

static int put_counters(struct sk_buff *msg, struct netlink_callback *cb, unsigned int cpu)
{
	unsigned int i;
	void *hdr;

	hdr = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &traits_nl_family,
			  NLM_F_MULTI, TRAITS_CMD_STAT_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(msg, TRAITS_A_STAT_CPU, cpu))
		goto err_cancel;
	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		if (put(msg, i, traits_stats_cpu(i, cpu)))
			goto err_cancel;
	genlmsg_end(msg, hdr);
	return 0;

err_cancel:
	genlmsg_cancel(msg, hdr);
	return -EMSGSIZE;
}

int traits_stat_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned int cpu;

	for (cpu = cb->args[0]; cpu < nr_cpu_ids; cpu++) {
		if (cpu_possible(cpu) && put_counters(skb, cb, cpu))
			break;
		cb->args[0] = cpu + 1;
	}
	return skb->len;
}
