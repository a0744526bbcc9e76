// SPDX-License-Identifier: GPL-2.0
/* Attributes of keys: which commands take them, what they may be, and how they are told. */
#include <net/genetlink.h>

#include "netlink-key.h"

#define REF							\
	[TRAITS_A_KEY_ID] = { .type = NLA_U32 },		\
	[TRAITS_A_KEY_NAME] = { .type = NLA_NUL_STRING }

#define CHANGEABLE						\
	[TRAITS_A_KEY_GRO] = { .type = NLA_U32 },		\
	[TRAITS_A_KEY_CLONE] = { .type = NLA_U32 },		\
	[TRAITS_A_KEY_NETNS] = { .type = NLA_U32 },		\
	[TRAITS_A_KEY_USER] = { .type = NLA_U32 },		\
	[TRAITS_A_KEY_GID] = { .type = NLA_U32 },		\
	[TRAITS_A_KEY_DESCRIPTION] = { .type = NLA_NUL_STRING }

const struct nla_policy traits_key_add_policy[TRAITS_A_KEY_EXIST_OK + 1] = {
	REF,
	CHANGEABLE,
	[TRAITS_A_KEY_SIZE] = { .type = NLA_U32 },
	[TRAITS_A_KEY_EXIST_OK] = { .type = NLA_FLAG },
};

const struct nla_policy traits_key_set_policy[TRAITS_A_KEY_DESCRIPTION + 1] = {
	REF,
	CHANGEABLE,
	[TRAITS_A_KEY_SIZE] = {
		.type = NLA_REJECT,
		.reject_message = "the size of a key stays as it is",
	},
};

const struct nla_policy traits_key_del_policy[TRAITS_A_KEY_FORCE + 1] = {
	REF,
	[TRAITS_A_KEY_FORCE] = { .type = NLA_FLAG },
};

const struct nla_policy traits_key_get_policy[TRAITS_A_KEY_NAME + 1] = {
	REF,
};

const struct nla_policy traits_key_hold_policy[TRAITS_A_KEY_PROG_TYPE + 1] = {
	[TRAITS_A_KEY_PROG_FD] = { .type = NLA_U32 },
	[TRAITS_A_KEY_PROG_TYPE] = { .type = NLA_U32 },
};

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

/* No control characters and no bytes of other encodings: it is shown on terminals. */
static int parse_description(const struct nlattr *attr, struct traits_key *key,
			     struct traits_refusal *why)
{
	const unsigned char *text = nla_data(attr);
	int i, len = nla_len(attr) - 1;

	for (i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			return traits_refuse(why, -EINVAL,
					     "character %d of the description, 0x%02x, is not printable ASCII",
					     i + 1, text[i]);
	if (len > TRAITS_DESCRIPTION_MAX)
		return traits_refuse(why, -EINVAL,
				     "the description has %d characters, more than %d", len,
				     TRAITS_DESCRIPTION_MAX);
	memcpy(key->description, text, len + 1);
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

static int parse_user(const struct nlattr *attr, struct traits_key *key,
		      struct traits_refusal *why)
{
	u32 user = nla_get_u32(attr);

	if (user >= __TRAITS_USER_MAX)
		return traits_refuse(why, -EINVAL, "user access %u is not in 0 to %u", user,
				     __TRAITS_USER_MAX - 1);
	key->user = user;
	return 0;
}

/* Any number can be a group, and the one that cannot means all groups. */
static int parse_gid(const struct nlattr *attr, struct traits_key *key,
		     struct traits_refusal *why)
{
	key->gid = nla_get_u32(attr);
	return 0;
}

static const struct {
	int (*parse)(const struct nlattr *attr, struct traits_key *key,
		     struct traits_refusal *why);
	u32 field;
} attrs[TRAITS_A_KEY_MAX + 1] = {
	[TRAITS_A_KEY_ID] = { parse_id, TRAITS_FIELD_ID },
	[TRAITS_A_KEY_NAME] = { parse_name },
	[TRAITS_A_KEY_SIZE] = { parse_size },
	[TRAITS_A_KEY_GRO] = { parse_gro, TRAITS_FIELD_GRO },
	[TRAITS_A_KEY_CLONE] = { parse_clone, TRAITS_FIELD_CLONE },
	[TRAITS_A_KEY_NETNS] = { parse_netns, TRAITS_FIELD_NETNS },
	[TRAITS_A_KEY_USER] = { parse_user, TRAITS_FIELD_USER },
	[TRAITS_A_KEY_GID] = { parse_gid, TRAITS_FIELD_GID },
	[TRAITS_A_KEY_DESCRIPTION] = { parse_description, TRAITS_FIELD_DESCRIPTION },
};

int traits_key_parse(struct genl_info *info, int max, struct traits_key *key, u32 *fields,
		     const struct nlattr **attr, struct traits_refusal *why)
{
	int i, err;

	*key = (struct traits_key) { .id = TRAITS_ID_ANY, .gid = TRAITS_GID_ANY };
	*fields = 0;
	for (i = 1; i <= max; i++) {
		if (!info->attrs[i] || !attrs[i].parse)
			continue;
		err = attrs[i].parse(info->attrs[i], key, why);
		if (err) {
			*attr = info->attrs[i];
			return err;
		}
		*fields |= attrs[i].field;
	}
	return 0;
}

int traits_key_parse_ref(struct genl_info *info, int max, struct traits_key *key, u32 *fields,
			 const struct nlattr **attr, struct traits_refusal *why)
{
	const struct nlattr *name = info->attrs[TRAITS_A_KEY_NAME];
	const struct nlattr *id = info->attrs[TRAITS_A_KEY_ID];
	int err;

	if (!name == !id) {
		*attr = id;
		return traits_refuse(why, -EINVAL, "a key has to be given by name or by id%s",
				     id ? ", not by both" : "");
	}
	*attr = name ?: id;
	err = traits_key_parse(info, max, key, fields, attr, why);
	*fields &= ~TRAITS_FIELD_ID;
	return err;
}

int traits_key_put(struct sk_buff *msg, const struct traits_key *key)
{
	if (nla_put_u32(msg, TRAITS_A_KEY_ID, key->id) ||
	    nla_put_string(msg, TRAITS_A_KEY_NAME, key->name) ||
	    nla_put_u32(msg, TRAITS_A_KEY_SIZE, key->size) ||
	    nla_put_u32(msg, TRAITS_A_KEY_GRO, key->gro) ||
	    nla_put_u32(msg, TRAITS_A_KEY_CLONE, key->clone) ||
	    nla_put_u32(msg, TRAITS_A_KEY_NETNS, key->netns) ||
	    nla_put_u32(msg, TRAITS_A_KEY_USER, key->user))
		return -EMSGSIZE;
	if (key->gid != TRAITS_GID_ANY && nla_put_u32(msg, TRAITS_A_KEY_GID, key->gid))
		return -EMSGSIZE;
	if (key->description[0] &&
	    nla_put_string(msg, TRAITS_A_KEY_DESCRIPTION, key->description))
		return -EMSGSIZE;
	return 0;
}
