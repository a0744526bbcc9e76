// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <traits/traits.h>

#include "genl.h"

/* Longer names do not fit into a request. */
#define NAME_SENT_MAX	4096

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

static int take_key(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_KEY_MAX + 1];
	struct trait_key *key = data;

	traits_attrs(nlh, tb, TRAITS_A_KEY_MAX);
	memset(key, 0, sizeof(*key));
	key->id = traits_u32(tb[TRAITS_A_KEY_ID], TRAITS_ID_ANY);
	key->size = traits_u32(tb[TRAITS_A_KEY_SIZE], 0);
	key->gro = traits_u32(tb[TRAITS_A_KEY_GRO], TRAITS_GRO_FIRST);
	key->clone = traits_u32(tb[TRAITS_A_KEY_CLONE], TRAITS_CLONE_SHARE);
	key->netns = traits_u32(tb[TRAITS_A_KEY_NETNS], TRAITS_NETNS_KEEP);
	traits_str(tb[TRAITS_A_KEY_NAME], key->name, sizeof(key->name));
	return key->id < TRAITS_KEYS_MAX && key->name[0] ? 0 : -EBADMSG;
}

static int begin_named(struct traits *t, uint8_t cmd, const char *name)
{
	size_t len = strlen(name);

	if (len > NAME_SENT_MAX)
		return traits_fail(t, -EINVAL, "the name has %zu characters, more than %u", len,
				   TRAITS_NAME_MAX);
	mnl_attr_put_strz(traits_begin(t, t->family, cmd, NLM_F_ACK), TRAITS_A_KEY_NAME, name);
	return 0;
}

int traits_key_add(struct traits *t, const char *name, uint32_t size, const uint32_t *id,
		   struct trait_key *key)
{
	struct nlmsghdr *nlh = (void *)t->buf;
	struct trait_key ignored;
	int err;

	err = begin_named(t, TRAITS_CMD_KEY_ADD, name);
	if (err)
		return err;
	mnl_attr_put_u32(nlh, TRAITS_A_KEY_SIZE, size);
	if (id)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_ID, *id);
	return traits_request(t, take_key, key ? key : &ignored);
}

int traits_key_register(struct traits *t, struct trait_key *key)
{
	struct nlmsghdr *nlh = (void *)t->buf;
	char name[sizeof(key->name)];
	int err;

	/* The reply is written to @key, and names may come without a NUL. */
	memcpy(name, key->name, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	err = begin_named(t, TRAITS_CMD_KEY_ADD, name);
	if (err)
		return err;
	mnl_attr_put_u32(nlh, TRAITS_A_KEY_SIZE, key->size);
	mnl_attr_put_u32(nlh, TRAITS_A_KEY_GRO, key->gro);
	mnl_attr_put_u32(nlh, TRAITS_A_KEY_CLONE, key->clone);
	mnl_attr_put_u32(nlh, TRAITS_A_KEY_NETNS, key->netns);
	if (key->id != TRAITS_ID_ANY)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_ID, key->id);
	return traits_request(t, take_key, key);
}

int traits_key_del(struct traits *t, const char *name)
{
	int err = begin_named(t, TRAITS_CMD_KEY_DEL, name);

	return err ? err : traits_request(t, NULL, NULL);
}

int traits_key_get(struct traits *t, const char *name, struct trait_key *key)
{
	int err = begin_named(t, TRAITS_CMD_KEY_GET, name);

	return err ? err : traits_request(t, take_key, key);
}

struct dump {
	struct trait_key *keys;
	int n;
};

static int take_one_of(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;

	if (dump->n == TRAITS_KEYS_MAX)
		return -EBADMSG;
	return take_key(nlh, &dump->keys[dump->n++]);
}

static void restart(void *data)
{
	struct dump *dump = data;

	dump->n = 0;
}

int traits_key_dump(struct traits *t, struct trait_key *keys)
{
	struct dump dump = { .keys = keys };
	int err = traits_dump(t, TRAITS_CMD_KEY_GET, restart, take_one_of, &dump);

	return err ? err : dump.n;
}
