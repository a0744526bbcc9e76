// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink family "traits". The protocol is told in <linux/traits.h>, for programs in
 * netlink/traits.yaml. Types and lengths of attributes are checked by the policies; what a
 * value may be is checked here, where a refusal can say what was wrong with it.
 */
#include <linux/module.h>
#include <linux/utsname.h>
#include <net/genetlink.h>

#include "hooks.h"
#include "netlink.h"
#include "netlink-dev.h"
#include "netlink-key.h"
#include "netlink-stat.h"
#include "registry.h"

/*
 * The core sends error messages after a handler has returned, with no lock of this module
 * held, and extack refers to the text by a pointer; there is no room for it in extack before
 * Linux 6.3, and 80 characters since. A text on the handler's stack would be gone by then, a
 * static one could be another request's. So the message is sent here, while the text is there.
 * -EINTR tells netlink_rcv_skb() that the request has been answered; handlers of dumps have
 * always used it so.
 */
int traits_nl_answer(struct sk_buff *request, const struct nlmsghdr *nlh, int err,
		     const struct nlattr *attr, const struct traits_refusal *why)
{
	struct netlink_ext_ack extack = {
		._msg = why->text,
		.bad_attr = attr,
	};

	netlink_ack(request, (struct nlmsghdr *)nlh, err, &extack);
	return -EINTR;
}

/* On 6.1 a dump's handlers are given no extack; an answer of our own does without. */
int traits_nl_no_attr(struct netlink_callback *cb, const struct traits_refusal *why)
{
	const struct nlattr *first = nlmsg_attrdata(cb->nlh, GENL_HDRLEN);

	if (!nlmsg_attrlen(cb->nlh, GENL_HDRLEN))
		return 0;
	return traits_nl_answer(cb->skb, cb->nlh, -EINVAL, first, why);
}

static int put_hook(struct sk_buff *msg, const struct traits_hook_state *hook)
{
	struct nlattr *nest = nla_nest_start(msg, TRAITS_A_INFO_HOOK);

	if (!nest || nla_put_string(msg, TRAITS_A_HOOK_NAME, hook->name) ||
	    nla_put_string(msg, TRAITS_A_HOOK_TYPE, hook->type) ||
	    nla_put_u32(msg, TRAITS_A_HOOK_ATTACHED, hook->attached) ||
	    nla_put_u64_64bit(msg, TRAITS_A_HOOK_MISSED, hook->missed, TRAITS_A_HOOK_PAD) ||
	    nla_put_u32(msg, TRAITS_A_HOOK_NEEDED, hook->needed) ||
	    nla_put_u32(msg, TRAITS_A_HOOK_FOUND, hook->found))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static u32 count_keys(void)
{
	const struct traits_view *v;
	u32 count = 0;

	rcu_read_lock();
	v = traits_view_get();
	if (v)
		count = hweight64(v->known);
	rcu_read_unlock();
	return count;
}

/* With its attributes and the longest name of a function, a hook takes less than this. */
#define HOOK_MSG_SIZE 256

static int do_info_get(struct sk_buff *skb, struct genl_info *info)
{
	struct traits_hook_state hook;
	unsigned int i, n = 0;
	struct sk_buff *msg;
	void *hdr;

	while (traits_hooks_state(n, &hook))
		n++;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE + n * HOOK_MSG_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_INFO_GET);
	if (!hdr || nla_put_string(msg, TRAITS_A_INFO_VERSION, THIS_MODULE->version ?: "") ||
	    nla_put_string(msg, TRAITS_A_INFO_RELEASE, init_utsname()->release) ||
	    nla_put_u32(msg, TRAITS_A_INFO_MAX_KEYS, TRAITS_KEYS_MAX) ||
	    nla_put_u32(msg, TRAITS_A_INFO_KEYS, count_keys()) ||
	    nla_put_u32(msg, TRAITS_A_INFO_MAX_NAME, TRAITS_NAME_MAX) ||
	    nla_put_u32(msg, TRAITS_A_INFO_MAX_DESCRIPTION, TRAITS_DESCRIPTION_MAX) ||
	    nla_put_u32(msg, TRAITS_A_INFO_MAX_HEADROOM, TRAITS_HEADROOM_MAX))
		goto err_free;
	for (i = 0; i < n && traits_hooks_state(i, &hook); i++)
		if (put_hook(msg, &hook))
			goto err_free;
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

err_free:
	nlmsg_free(msg);
	return -EMSGSIZE;
}

/* No .validate: all of them strictly. No .policy: no attribute is taken. */
static const struct genl_ops ops[] = {
	{
		.cmd = TRAITS_CMD_KEY_ADD,
		.flags = GENL_ADMIN_PERM,
		.policy = traits_key_add_policy,
		.maxattr = TRAITS_A_KEY_EXIST_OK,
		.doit = traits_key_do_add,
	},
	{
		.cmd = TRAITS_CMD_KEY_DEL,
		.flags = GENL_ADMIN_PERM,
		.policy = traits_key_del_policy,
		.maxattr = TRAITS_A_KEY_FORCE,
		.doit = traits_key_do_del,
	},
	{
		.cmd = TRAITS_CMD_KEY_GET,
		.policy = traits_key_get_policy,
		.maxattr = TRAITS_A_KEY_NAME,
		.doit = traits_key_do_get,
		.start = traits_key_dump_start,
		.dumpit = traits_key_dump,
	},
	{
		.cmd = TRAITS_CMD_STAT_GET,
		.policy = traits_stat_policy,
		.maxattr = TRAITS_A_STAT_KEY,
		.doit = traits_stat_do_get,
		.start = traits_stat_dump_start,
		.dumpit = traits_stat_dump,
	},
	{
		.cmd = TRAITS_CMD_INFO_GET,
		.doit = do_info_get,
	},
	{
		.cmd = TRAITS_CMD_DEV_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = traits_dev_policy,
		.maxattr = TRAITS_A_DEV_HEADROOM,
		.doit = traits_dev_do_set,
	},
	{
		.cmd = TRAITS_CMD_DEV_GET,
		.policy = traits_dev_policy,
		.maxattr = TRAITS_A_DEV_IFNAME,
		.doit = traits_dev_do_get,
		.start = traits_dev_dump_start,
		.dumpit = traits_dev_dump,
	},
	{
		.cmd = TRAITS_CMD_KEY_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = traits_key_set_policy,
		.maxattr = TRAITS_A_KEY_DESCRIPTION,
		.doit = traits_key_do_set,
	},
	{
		.cmd = TRAITS_CMD_KEY_HOLD,
		.flags = GENL_ADMIN_PERM,
		.policy = traits_key_hold_policy,
		.maxattr = TRAITS_A_KEY_PROG_TYPE,
		.doit = traits_key_do_hold,
	},
};

static const struct genl_multicast_group groups[] = {
	[TRAITS_NL_GROUP_KEYS] = { .name = TRAITS_GENL_KEYS },
};

/*
 * Deleting a key waits for a grace period, and the first key attaches hooks. With
 * @parallel_ops other families need not wait for that; the registry has its own lock.
 */
struct genl_family traits_nl_family __ro_after_init = {
	.name = TRAITS_GENL_NAME,
	.version = TRAITS_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int __init traits_netlink_init(void)
{
	return genl_register_family(&traits_nl_family);
}

void traits_netlink_exit(void)
{
	genl_unregister_family(&traits_nl_family);
}
