// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <time.h>
#include <traits/traits.h>

#include "genl.h"

/* Longer names do not fit into a request. */
#define NAME_SENT_MAX	4096

int traits_take_key(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TRAITS_A_KEY_MAX + 1];
	struct traits_key *key = data;

	traits_attrs(nlh, tb, TRAITS_A_KEY_MAX);
	memset(key, 0, sizeof(*key));
	key->id = traits_u32(tb[TRAITS_A_KEY_ID], TRAITS_ID_ANY);
	key->size = traits_u32(tb[TRAITS_A_KEY_SIZE], 0);
	key->gro = traits_u32(tb[TRAITS_A_KEY_GRO], TRAITS_GRO_FIRST);
	key->clone = traits_u32(tb[TRAITS_A_KEY_CLONE], TRAITS_CLONE_SHARE);
	key->netns = traits_u32(tb[TRAITS_A_KEY_NETNS], TRAITS_NETNS_KEEP);
	key->user = traits_u32(tb[TRAITS_A_KEY_USER], TRAITS_USER_NONE);
	key->gid = traits_u32(tb[TRAITS_A_KEY_GID], TRAITS_GID_ANY);
	key->limited = key->gid != TRAITS_GID_ANY;
	key->holds = traits_u32(tb[TRAITS_A_KEY_HOLDS], 0);
	traits_str(tb[TRAITS_A_KEY_NAME], key->name, sizeof(key->name));
	traits_str(tb[TRAITS_A_KEY_DESCRIPTION], key->description, sizeof(key->description));
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

/* As begin_named(), for the name of a key, which may come without a NUL. */
static int begin_key(struct traits *t, uint8_t cmd, const struct traits_key *key)
{
	char name[sizeof(key->name)];

	memcpy(name, key->name, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	return begin_named(t, cmd, name);
}

static void put_fields(struct traits *t, const struct traits_key *key, unsigned int fields)
{
	struct nlmsghdr *nlh = (void *)t->buf;
	char description[sizeof(key->description)];

	if (fields & TRAITS_KEY_ID)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_ID, key->id);
	if (fields & TRAITS_KEY_GRO)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_GRO, key->gro);
	if (fields & TRAITS_KEY_CLONE)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_CLONE, key->clone);
	if (fields & TRAITS_KEY_NETNS)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_NETNS, key->netns);
	if (fields & TRAITS_KEY_USER)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_USER, key->user);
	if (fields & TRAITS_KEY_GID)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_GID, key->limited ? key->gid : TRAITS_GID_ANY);
	if (fields & TRAITS_KEY_DESCRIPTION) {
		memcpy(description, key->description, sizeof(description));
		description[sizeof(description) - 1] = '\0';
		mnl_attr_put_strz(nlh, TRAITS_A_KEY_DESCRIPTION, description);
	}
}

int traits_key_add(struct traits *t, const char *name, uint32_t size, const uint32_t *id,
		   struct traits_key *key)
{
	struct nlmsghdr *nlh = (void *)t->buf;
	struct traits_key ignored;
	int err;

	err = begin_named(t, TRAITS_CMD_KEY_ADD, name);
	if (err)
		return err;
	mnl_attr_put_u32(nlh, TRAITS_A_KEY_SIZE, size);
	if (id)
		mnl_attr_put_u32(nlh, TRAITS_A_KEY_ID, *id);
	return traits_request(t, traits_take_key, key ? key : &ignored);
}

int traits_key_register(struct traits *t, struct traits_key *key)
{
	unsigned int fields = TRAITS_KEY_ALL;
	int err = begin_key(t, TRAITS_CMD_KEY_ADD, key);

	if (err)
		return err;
	if (key->id == TRAITS_ID_ANY)
		fields &= ~TRAITS_KEY_ID;
	mnl_attr_put_u32((void *)t->buf, TRAITS_A_KEY_SIZE, key->size);
	put_fields(t, key, fields);
	return traits_request(t, traits_take_key, key);
}

int traits_key_claim(struct traits *t, struct traits_key *key, unsigned int fields)
{
	int err = begin_key(t, TRAITS_CMD_KEY_ADD, key);

	if (err)
		return err;
	mnl_attr_put_u32((void *)t->buf, TRAITS_A_KEY_SIZE, key->size);
	put_fields(t, key, fields);
	mnl_attr_put((void *)t->buf, TRAITS_A_KEY_EXIST_OK, 0, NULL);
	return traits_request(t, traits_take_key, key);
}

int traits_key_set(struct traits *t, const char *name, const struct traits_key *to,
		   unsigned int fields, struct traits_key *key)
{
	struct traits_key ignored;
	int err = begin_named(t, TRAITS_CMD_KEY_SET, name);

	if (err)
		return err;
	put_fields(t, to, fields & ~TRAITS_KEY_ID);
	return traits_request(t, traits_take_key, key ? key : &ignored);
}

static int del(struct traits *t, const char *name, bool force)
{
	int err = begin_named(t, TRAITS_CMD_KEY_DEL, name);

	if (err)
		return err;
	if (force)
		mnl_attr_put((void *)t->buf, TRAITS_A_KEY_FORCE, 0, NULL);
	return traits_request(t, NULL, NULL);
}

int traits_key_del(struct traits *t, const char *name)
{
	struct timespec pause = { .tv_nsec = 10000000 };
	int try, err = del(t, name, false);

	for (try = 0; err == -EBUSY && try < 100; try++) {
		nanosleep(&pause, NULL);
		err = del(t, name, false);
	}
	return err;
}

int traits_key_del_force(struct traits *t, const char *name)
{
	return del(t, name, true);
}

int traits_key_get(struct traits *t, const char *name, struct traits_key *key)
{
	int err = begin_named(t, TRAITS_CMD_KEY_GET, name);

	return err ? err : traits_request(t, traits_take_key, key);
}

struct dump {
	struct traits_key *keys;
	int n;
};

static int take_one_of(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;

	if (dump->n == TRAITS_KEYS_MAX)
		return -EBADMSG;
	return traits_take_key(nlh, &dump->keys[dump->n++]);
}

static void restart(void *data)
{
	struct dump *dump = data;

	dump->n = 0;
}

int traits_key_dump(struct traits *t, struct traits_key *keys)
{
	struct dump dump = { .keys = keys };
	int err = traits_dump(t, TRAITS_CMD_KEY_GET, restart, take_one_of, &dump);

	return err ? err : dump.n;
}
