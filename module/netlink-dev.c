// SPDX-License-Identifier: GPL-2.0
/* Netlink commands about network devices, those of the caller's network namespace. */
#include <net/genetlink.h>
#include <net/sock.h>

#include "headroom.h"
#include "netlink.h"
#include "netlink-dev.h"

const struct nla_policy traits_dev_policy[TRAITS_A_DEV_HEADROOM + 1] = {
	[TRAITS_A_DEV_IFINDEX] = { .type = NLA_U32 },
	[TRAITS_A_DEV_IFNAME] = { .type = NLA_NUL_STRING },
	[TRAITS_A_DEV_HEADROOM] = { .type = NLA_U32 },
};

static int parse_ifname(const struct nlattr *attr, struct traits_dev *dev,
			struct traits_refusal *why)
{
	int len = nla_len(attr) - 1;

	/* The policy has made sure of a NUL, but not that it is the last byte. */
	if (strlen(nla_data(attr)) != len)
		return traits_refuse(why, -EINVAL, "the device's name has a NUL inside");
	if (!len)
		return traits_refuse(why, -EINVAL, "the device's name is empty");
	if (len >= IFNAMSIZ)
		return traits_refuse(why, -EINVAL,
				     "the device's name has %d characters, more than %d", len,
				     IFNAMSIZ - 1);
	memcpy(dev->name, nla_data(attr), len + 1);
	return 0;
}

/* A device, by its name or its index; @attr is the attribute to blame. */
static int parse_dev(struct genl_info *info, struct traits_dev *dev, const struct nlattr **attr,
		     struct traits_refusal *why)
{
	const struct nlattr *index = info->attrs[TRAITS_A_DEV_IFINDEX];
	const struct nlattr *name = info->attrs[TRAITS_A_DEV_IFNAME];

	memset(dev, 0, sizeof(*dev));
	if (!name == !index) {
		*attr = index;
		return traits_refuse(why, -EINVAL, "a device has to be given by name or by index%s",
				     index ? ", not by both" : "");
	}
	*attr = name ?: index;
	if (name)
		return parse_ifname(name, dev, why);
	dev->ifindex = nla_get_u32(index);
	return 0;
}

static int parse_headroom(const struct nlattr *attr, u16 *headroom, struct traits_refusal *why)
{
	u32 value = nla_get_u32(attr);

	if (value > TRAITS_HEADROOM_MAX)
		return traits_refuse(why, -EINVAL, "headroom %u is not in 0 to %u", value,
				     TRAITS_HEADROOM_MAX);
	*headroom = value;
	return 0;
}

static int put_dev(struct sk_buff *msg, const struct traits_dev *dev)
{
	if (nla_put_u32(msg, TRAITS_A_DEV_IFINDEX, dev->ifindex) ||
	    nla_put_string(msg, TRAITS_A_DEV_IFNAME, dev->name) ||
	    nla_put_u32(msg, TRAITS_A_DEV_HEADROOM, dev->headroom) ||
	    nla_put_u32(msg, TRAITS_A_DEV_NEEDED, dev->needed))
		return -EMSGSIZE;
	return 0;
}

int traits_dev_do_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_dev dev;
	struct sk_buff *msg;
	u16 headroom;
	void *hdr;
	int err;

	err = parse_dev(info, &dev, &attr, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);
	if (GENL_REQ_ATTR_CHECK(info, TRAITS_A_DEV_HEADROOM)) {
		GENL_SET_ERR_MSG(info, "the headroom is missing");
		return -EINVAL;
	}
	err = parse_headroom(info->attrs[TRAITS_A_DEV_HEADROOM], &headroom, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, info->attrs[TRAITS_A_DEV_HEADROOM],
					&why);

	/* As with new keys: nothing may fail behind the change, so the reply comes first. */
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_DEV_SET);
	if (!hdr) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	err = traits_headroom_set(genl_info_net(info), &dev, headroom, &why);
	if (err) {
		nlmsg_free(msg);
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);
	}
	WARN_ON_ONCE(put_dev(msg, &dev));
	genlmsg_end(msg, hdr);
	genlmsg_reply(msg, info);
	return 0;
}

int traits_dev_do_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = NULL;
	struct traits_refusal why;
	struct traits_dev dev;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = parse_dev(info, &dev, &attr, &why);
	if (!err)
		err = traits_headroom_get(genl_info_net(info), &dev, &why);
	if (err)
		return traits_nl_answer(skb, info->nlhdr, err, attr, &why);

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &traits_nl_family, 0, TRAITS_CMD_DEV_GET);
	if (!hdr || put_dev(msg, &dev)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

int traits_dev_dump_start(struct netlink_callback *cb)
{
	static const struct traits_refusal why = { "a dump of all devices takes no attribute" };

	return traits_nl_no_attr(cb, &why);
}

int traits_dev_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct traits_dev dev;
	void *hdr;

	/* cb->seq is filled in also behind the last device, for the end of the dump. */
	while (traits_headroom_next(sock_net(cb->skb->sk), cb->args[0], &dev, &cb->seq)) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				  &traits_nl_family, NLM_F_MULTI, TRAITS_CMD_DEV_GET);
		if (!hdr)
			break;
		genl_dump_check_consistent(cb, hdr);
		if (put_dev(skb, &dev)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0] = dev.ifindex;
	}
	return skb->len;
}
