// SPDX-License-Identifier: GPL-2.0
/* Netlink commands about keys, and the notifications of their changes. */
#include <linux/mutex.h>
#include <net/genetlink.h>

#include "hold.h"
#include "netlink.h"
#include "netlink-key.h"
#include "registry.h"

/*
 * Who changes a key notifies before the next change is made: otherwise notifications could
 * overtake each other, and who listens would end up with a key that is gone.
 */
static DEFINE_MUTEX(change_lock);

/*
 * What a change sends when it has been made. It is allocated before: nothing may fail once
 * the registry has changed.
 */
struct messages {
	struct sk_buff *reply, *note;
	void *reply_hdr, *note_hdr;
};

static void messages_free(struct messages *m)
{
	nlmsg_free(m->reply);
	nlmsg_free(m->note);
}

/* The reply is of the command @cmd, or none for 0; the notification is @note. */
static int messages_make(struct messages *m, struct genl_info *info, u8 cmd, u8 note)
{
	memset(m, 0, sizeof(*m));
	m->note = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (cmd)
		m->reply = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!m->note || (cmd && !m->reply))
		goto err_free;
	m->note_hdr = genlmsg_put(m->note, 0, 0, &traits_nl_family, 0, note);
	if (cmd)
		m->reply_hdr = genlmsg_put_reply(m->reply, info, &traits_nl_family, 0, cmd);
	if (!m->note_hdr || (cmd && !m->reply_hdr))
		goto err_free;
	return 0;

err_free:
	messages_free(m);
	return -ENOMEM;
}

static int put_key_and_holds(struct sk_buff *msg, const struct traits_key *key)
{
	return traits_key_put(msg, key) ?:
	       nla_put_u32(msg, TRAITS_A_KEY_HOLDS, traits_key_holds(key->id));
}

/* A few small attributes always fit into NLMSG_DEFAULT_SIZE. */
static void messages_notify(struct messages *m, const struct traits_key *key)
{
	WARN_ON_ONCE(traits_key_put(m->note, key));
	genlmsg_end(m->note, m->note_hdr);
	/* -ESRCH: nobody listens. Who listens and has no room is told by the core. */
	genlmsg_multicast_allns(&traits_nl_family, m->note, 0, TRAITS_NL_GROUP_KEYS);
	m->note = NULL;
}

/*
 * A caller whose receive buffer is full finds out by ENOBUFS on its socket. That is no
 * reason to report a change as not made that was.
 */
static void messages_reply(struct messages *m, struct genl_info *info,
			   const struct traits_key *key)
{
	WARN_ON_ONCE(put_key_and_holds(m->reply, key));
	genlmsg_end(m->reply, m->reply_hdr);
	genlmsg_reply(m->reply, info);
	m->reply = NULL;
}

static const struct nlattr *blame(struct genl_info *info, int err, const struct nlattr *other)
{
	switch (err) {
	case -EEXIST:
		return info->attrs[TRAITS_A_KEY_NAME];
	case -EADDRINUSE:
		return info->attrs[TRAITS_A_KEY_ID];
	case -EINVAL:
		return info->attrs[TRAITS_A_KEY_GRO];
	default:
		return other;
	}
}

static int add(struct genl_info *info, struct traits_key *key, u32 fields, struct messages *m,
	       struct traits_refusal *why)
{
	int err;

	mutex_lock(&change_lock);
	if (info->attrs[TRAITS_A_KEY_EXIST_OK])
		err = traits_key_claim(key, fields, why);
	else
		err = traits_key_add(key, why);
	if (!err)
		messages_notify(m, key);
	mutex_unlock(&change_lock);
	return err;
}

int traits_key_do_add(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	struct messages m;
	u32 fields;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, TRAITS_A_KEY_NAME)) {
		GENL_SET_ERR_MSG(info, "the name is missing");
		return -EINVAL;
	}
	if (GENL_REQ_ATTR_CHECK(info, TRAITS_A_KEY_SIZE)) {
		GENL_SET_ERR_MSG(info, "the size is missing");
		return -EINVAL;
	}
	err = traits_key_parse(info, TRAITS_A_KEY_EXIST_OK, &key, &fields, &attr, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);
	err = messages_make(&m, info, TRAITS_CMD_KEY_ADD, TRAITS_CMD_KEY_ADD_NTF);
	if (err)
		return err;
	err = add(info, &key, fields, &m, &why);
	if (err >= 0)
		messages_reply(&m, info, &key);
	messages_free(&m);
	if (err < 0)
		return traits_nl_answer(skb, info->nlhdr, err, blame(info, err, NULL), &why);
	return 0;
}

int traits_key_do_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	struct messages m;
	u32 fields;
	int err;

	err = traits_key_parse_ref(info, TRAITS_A_KEY_DESCRIPTION, &key, &fields, &attr, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);
	if (!fields) {
		GENL_SET_ERR_MSG(info, "nothing to change is given");
		return -EINVAL;
	}
	err = messages_make(&m, info, TRAITS_CMD_KEY_SET, TRAITS_CMD_KEY_SET_NTF);
	if (err)
		return err;
	mutex_lock(&change_lock);
	err = traits_key_set(&key, fields, &why);
	if (!err)
		messages_notify(&m, &key);
	mutex_unlock(&change_lock);
	if (err >= 0)
		messages_reply(&m, info, &key);
	messages_free(&m);
	if (err < 0)
		return traits_nl_answer(skb, info->nlhdr, err, blame(info, err, attr), &why);
	return 0;
}

int traits_key_do_del(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	struct messages m;
	u32 fields;
	int err;

	err = traits_key_parse_ref(info, TRAITS_A_KEY_NAME, &key, &fields, &attr, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);
	err = messages_make(&m, info, 0, TRAITS_CMD_KEY_DEL_NTF);
	if (err)
		return err;
	mutex_lock(&change_lock);
	err = traits_key_del(&key, info->attrs[TRAITS_A_KEY_FORCE], &why);
	if (!err)
		messages_notify(&m, &key);
	mutex_unlock(&change_lock);
	messages_free(&m);
	return err ? traits_nl_answer(skb, info->nlhdr, err, attr, &why) : 0;
}

int traits_key_do_hold(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *fd = info->attrs[TRAITS_A_KEY_PROG_FD];
	const struct nlattr *type = info->attrs[TRAITS_A_KEY_PROG_TYPE];
	struct traits_refusal why;
	struct traits_hold *hold;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, TRAITS_A_KEY_PROG_FD) ||
	    GENL_REQ_ATTR_CHECK(info, TRAITS_A_KEY_PROG_TYPE)) {
		GENL_SET_ERR_MSG(info, "a program has to be given by file descriptor and type");
		return -EINVAL;
	}
	err = traits_hold_make(nla_get_u32(fd), nla_get_u32(type), &hold, &why);
	if (!err)
		err = traits_key_hold(hold, &why);
	return err ? traits_nl_answer(skb, info->nlhdr, err, fd, &why) : 0;
}

int traits_key_do_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_key key;
	struct sk_buff *msg;
	u32 fields;
	void *hdr;
	int err;

	err = traits_key_parse_ref(info, TRAITS_A_KEY_NAME, &key, &fields, &attr, &why);
	if (!err)
		err = traits_key_find(&key, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_KEY_GET);
	if (!hdr || put_key_and_holds(msg, &key)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

int traits_key_dump_start(struct netlink_callback *cb)
{
	static const struct traits_refusal why = { "a dump of all keys takes no attribute" };

	return traits_nl_no_attr(cb, &why);
}

int traits_key_dump(struct sk_buff *skb, struct netlink_callback *cb)
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
		if (put_key_and_holds(skb, &key)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = key.id + 1;
	}
	return skb->len;
}
