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
#include "registry.h"
#include "stats.h"

static_assert(TRAITS_A_STAT_MAX - TRAITS_A_STAT_SET + 1 == __TRAITS_STAT_MAX,
	      "each counter needs its attribute");

static const struct nla_policy key_policy[TRAITS_A_KEY_MAX + 1] = {
	[TRAITS_A_KEY_ID] = { .type = NLA_U32 },
	[TRAITS_A_KEY_NAME] = { .type = NLA_NUL_STRING },
	[TRAITS_A_KEY_SIZE] = { .type = NLA_U32 },
	[TRAITS_A_KEY_GRO] = { .type = NLA_U32 },
	[TRAITS_A_KEY_CLONE] = { .type = NLA_U32 },
	[TRAITS_A_KEY_NETNS] = { .type = NLA_U32 },
};

static const struct nla_policy key_ref_policy[TRAITS_A_KEY_NAME + 1] = {
	[TRAITS_A_KEY_ID] = { .type = NLA_U32 },
	[TRAITS_A_KEY_NAME] = { .type = NLA_NUL_STRING },
};

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

/* isalnum() would let letters of Latin-1 pass. */
static bool name_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-' || c == '/';
}

static int parse_name(const struct nlattr *attr, struct traits_key *key,
		      struct traits_refusal *why)
{
	const unsigned char *name = nla_data(attr);
	int i, len = nla_len(attr) - 1;

	/* The policy has made sure of a NUL, but not that it is the last byte. */
	for (i = 0; i < len; i++)
		if (!name_char(name[i]))
			return traits_refuse(why, -EINVAL,
					     "character %d of the name, 0x%02x, is not a letter, a digit or one of . _ - /",
					     i + 1, name[i]);
	if (!len)
		return traits_refuse(why, -EINVAL, "the name is empty");
	if (len > TRAITS_NAME_MAX)
		return traits_refuse(why, -EINVAL, "the name has %d characters, more than %d", len,
				     TRAITS_NAME_MAX);
	memcpy(key->name, name, len + 1);
	return 0;
}

static int parse_id(const struct nlattr *attr, struct traits_key *key, struct traits_refusal *why)
{
	u32 id = nla_get_u32(attr);

	if (id >= TRAITS_KEYS_MAX)
		return traits_refuse(why, -EINVAL, "key id %u is not in 0 to %u", id,
				     TRAITS_KEYS_MAX - 1);
	key->id = id;
	return 0;
}

static int parse_size(const struct nlattr *attr, struct traits_key *key,
		      struct traits_refusal *why)
{
	u32 size = nla_get_u32(attr);

	if (size != 0 && size != 4 && size != 8 && size != 16)
		return traits_refuse(why, -EINVAL, "size %u is not 0, 4, 8 or 16", size);
	key->size = size;
	return 0;
}

static int parse_policy(const struct nlattr *attr, u8 *policy, const char *what, u32 number,
			struct traits_refusal *why)
{
	u32 value = nla_get_u32(attr);

	if (value >= number)
		return traits_refuse(why, -EINVAL, "%s policy %u is not in 0 to %u", what, value,
				     number - 1);
	*policy = value;
	return 0;
}

static int parse_gro(const struct nlattr *attr, struct traits_key *key, struct traits_refusal *why)
{
	return parse_policy(attr, &key->gro, "gro", __TRAITS_GRO_MAX, why);
}

static int parse_clone(const struct nlattr *attr, struct traits_key *key,
		       struct traits_refusal *why)
{
	return parse_policy(attr, &key->clone, "clone", __TRAITS_CLONE_MAX, why);
}

static int parse_netns(const struct nlattr *attr, struct traits_key *key,
		       struct traits_refusal *why)
{
	return parse_policy(attr, &key->netns, "netns", __TRAITS_NETNS_MAX, why);
}

static int (*const parse_attr[TRAITS_A_KEY_MAX + 1])(const struct nlattr *attr,
						     struct traits_key *key,
						     struct traits_refusal *why) = {
	[TRAITS_A_KEY_ID] = parse_id,
	[TRAITS_A_KEY_NAME] = parse_name,
	[TRAITS_A_KEY_SIZE] = parse_size,
	[TRAITS_A_KEY_GRO] = parse_gro,
	[TRAITS_A_KEY_CLONE] = parse_clone,
	[TRAITS_A_KEY_NETNS] = parse_netns,
};

/* Reads those of the attributes up to @max that are there; names the bad one in @attr. */
static int parse_key(struct genl_info *info, int max, struct traits_key *key,
		     const struct nlattr **attr, struct traits_refusal *why)
{
	int i, err;

	*key = (struct traits_key) { .id = TRAITS_ID_ANY };
	for (i = 1; i <= max; i++) {
		if (!info->attrs[i])
			continue;
		err = parse_attr[i](info->attrs[i], key, why);
		if (err) {
			*attr = info->attrs[i];
			return err;
		}
	}
	return 0;
}

/* A key that exists: by its name or by its id. */
static int parse_key_ref(struct genl_info *info, struct traits_key *key,
			 const struct nlattr **attr, struct traits_refusal *why)
{
	const struct nlattr *name = info->attrs[TRAITS_A_KEY_NAME];
	const struct nlattr *id = info->attrs[TRAITS_A_KEY_ID];

	if (!name == !id) {
		*attr = id;
		return traits_refuse(why, -EINVAL, "a key has to be given by name or by id%s",
				     id ? ", not by both" : "");
	}
	*attr = name ?: id;
	return parse_key(info, TRAITS_A_KEY_NAME, key, attr, why);
}

static int put_key(struct sk_buff *msg, const struct traits_key *key)
{
	if (nla_put_u32(msg, TRAITS_A_KEY_ID, key->id) ||
	    nla_put_string(msg, TRAITS_A_KEY_NAME, key->name) ||
	    nla_put_u32(msg, TRAITS_A_KEY_SIZE, key->size) ||
	    nla_put_u32(msg, TRAITS_A_KEY_GRO, key->gro) ||
	    nla_put_u32(msg, TRAITS_A_KEY_CLONE, key->clone) ||
	    nla_put_u32(msg, TRAITS_A_KEY_NETNS, key->netns))
		return -EMSGSIZE;
	return 0;
}

int traits_nl_admin(const struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_capable(skb, CAP_NET_ADMIN))
		return 0;
	GENL_SET_ERR_MSG(info, "this needs CAP_NET_ADMIN in the initial user namespace");
	return -EPERM;
}

static int do_key_add(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = traits_nl_admin(skb, info);
	if (err)
		return err;
	if (GENL_REQ_ATTR_CHECK(info, TRAITS_A_KEY_NAME)) {
		GENL_SET_ERR_MSG(info, "the name is missing");
		return -EINVAL;
	}
	if (GENL_REQ_ATTR_CHECK(info, TRAITS_A_KEY_SIZE)) {
		GENL_SET_ERR_MSG(info, "the size is missing");
		return -EINVAL;
	}
	err = parse_key(info, TRAITS_A_KEY_MAX, &key, &attr, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);

	/* From here on nothing may fail after the key was added: the reply comes first. */
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_KEY_ADD);
	if (!hdr) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	err = traits_key_add(&key, &why);
	if (err) {
		nlmsg_free(msg);
		if (err == -EEXIST)
			attr = info->attrs[TRAITS_A_KEY_NAME];
		else if (err == -EADDRINUSE)
			attr = info->attrs[TRAITS_A_KEY_ID];
		else if (err == -EINVAL)
			attr = info->attrs[TRAITS_A_KEY_GRO];
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);
	}
	/* A few small attributes always fit into NLMSG_DEFAULT_SIZE. */
	WARN_ON_ONCE(put_key(msg, &key));
	genlmsg_end(msg, hdr);
	/*
	 * A caller whose receive buffer is full finds out by ENOBUFS on its socket. That is no
	 * reason to report a key as not added that was.
	 */
	genlmsg_reply(msg, info);
	return 0;
}

static int do_key_del(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	int err;

	err = traits_nl_admin(skb, info);
	if (err)
		return err;
	err = parse_key_ref(info, &key, &attr, &why);
	if (!err)
		err = traits_key_del(&key, &why);
	return err ? traits_nl_answer(skb, info->nlhdr, err, attr, &why) : 0;
}

static int do_key_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = parse_key_ref(info, &key, &attr, &why);
	if (!err)
		err = traits_key_find(&key, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_KEY_GET);
	if (!hdr || put_key(msg, &key)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* On 6.1 a dump's handlers are given no extack; an answer of our own does without. */
int traits_nl_no_attr(struct netlink_callback *cb, const struct traits_refusal *why)
{
	const struct nlattr *first = nlmsg_attrdata(cb->nlh, GENL_HDRLEN);

	if (!nlmsg_attrlen(cb->nlh, GENL_HDRLEN))
		return 0;
	return traits_nl_answer(cb->skb, cb->nlh, -EINVAL, first, why);
}

static int dump_keys_start(struct netlink_callback *cb)
{
	static const struct traits_refusal why = { "a dump of all keys takes no attribute" };

	return traits_nl_no_attr(cb, &why);
}

static int dump_keys(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct traits_key key;
	void *hdr;

	/* cb->seq is filled in also behind the last key, for the end of the dump. */
	while (traits_key_next(cb->args[0], &key, &cb->seq)) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				  &traits_nl_family, NLM_F_MULTI, TRAITS_CMD_KEY_GET);
		if (!hdr)
			break;
		genl_dump_check_consistent(cb, hdr);
		if (put_key(skb, &key)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = key.id + 1;
	}
	return skb->len;
}

static int do_stat_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	unsigned int i;
	void *hdr;

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_STAT_GET);
	if (!hdr)
		goto err_free;
	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		if (nla_put_u64_64bit(msg, TRAITS_A_STAT_SET + i, traits_stats_sum(i),
				      TRAITS_A_STAT_PAD))
			goto err_free;
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

err_free:
	nlmsg_free(msg);
	return -EMSGSIZE;
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
	    nla_put_u32(msg, TRAITS_A_INFO_KEYS, count_keys()))
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
		.policy = key_policy,
		.maxattr = ARRAY_SIZE(key_policy) - 1,
		.doit = do_key_add,
	},
	{
		.cmd = TRAITS_CMD_KEY_DEL,
		.policy = key_ref_policy,
		.maxattr = ARRAY_SIZE(key_ref_policy) - 1,
		.doit = do_key_del,
	},
	{
		.cmd = TRAITS_CMD_KEY_GET,
		.policy = key_ref_policy,
		.maxattr = ARRAY_SIZE(key_ref_policy) - 1,
		.doit = do_key_get,
		.start = dump_keys_start,
		.dumpit = dump_keys,
	},
	{
		.cmd = TRAITS_CMD_STAT_GET,
		.doit = do_stat_get,
	},
	{
		.cmd = TRAITS_CMD_INFO_GET,
		.doit = do_info_get,
	},
	{
		.cmd = TRAITS_CMD_DEV_SET,
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
};

int __init traits_netlink_init(void)
{
	return genl_register_family(&traits_nl_family);
}

void traits_netlink_exit(void)
{
	genl_unregister_family(&traits_nl_family);
}
