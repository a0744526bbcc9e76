/* SPDX-License-Identifier: GPL-2.0 */
/* The commands about keys, for the table of commands in netlink.c; and their attributes. */
#ifndef TRAITS_NETLINK_KEY_H
#define TRAITS_NETLINK_KEY_H

#include <net/genetlink.h>
#include <uapi/linux/traits.h>

#include "key.h"
#include "refusal.h"

/* Those of a command go up to the last attribute that it takes. */
extern const struct nla_policy traits_key_add_policy[TRAITS_A_KEY_EXIST_OK + 1];
extern const struct nla_policy traits_key_del_policy[TRAITS_A_KEY_FORCE + 1];
extern const struct nla_policy traits_key_get_policy[TRAITS_A_KEY_NAME + 1];
extern const struct nla_policy traits_key_set_policy[TRAITS_A_KEY_DESCRIPTION + 1];
extern const struct nla_policy traits_key_hold_policy[TRAITS_A_KEY_PROG_TYPE + 1];

int traits_key_do_add(struct sk_buff *skb, struct genl_info *info);
int traits_key_do_del(struct sk_buff *skb, struct genl_info *info);
int traits_key_do_get(struct sk_buff *skb, struct genl_info *info);
int traits_key_do_set(struct sk_buff *skb, struct genl_info *info);
int traits_key_do_hold(struct sk_buff *skb, struct genl_info *info);
int traits_key_dump_start(struct netlink_callback *cb);
int traits_key_dump(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * traits_key_parse() - read what a request says of a key
 * @info:	the request
 * @max:	the last attribute to read
 * @key:	filled in; what is not given is 0, empty or TRAITS_*_ANY
 * @fields:	which parts are given, mask of enum traits_key_field
 * @attr:	the attribute to blame, on failure
 * @why:	where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 * Context: a handler of a request.
 */
int traits_key_parse(struct genl_info *info, int max, struct traits_key *key, u32 *fields,
		     const struct nlattr **attr, struct traits_refusal *why);

/**
 * traits_key_parse_ref() - the same for requests about a key that exists
 * @info:	the request: the key is given by its name or by its id
 * @max:	the last attribute to read
 * @key:	as of traits_key_parse()
 * @fields:	as of traits_key_parse(), without the id
 * @attr:	the attribute to blame if there is no such key, or on failure
 * @why:	where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 * Context: a handler of a request.
 */
int traits_key_parse_ref(struct genl_info *info, int max, struct traits_key *key, u32 *fields,
			 const struct nlattr **attr, struct traits_refusal *why);

/**
 * traits_key_put() - write a key into a message
 * @msg:	the message
 * @key:	the key
 *
 * Return: 0 or -EMSGSIZE; NLMSG_DEFAULT_SIZE is always enough.
 * Context: any.
 */
int traits_key_put(struct sk_buff *msg, const struct traits_key *key);

#endif
