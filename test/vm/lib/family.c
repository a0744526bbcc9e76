// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <linux/genetlink.h>

#include "family.h"

#define ATTRS		(TRAITS_A_KEY_MAX + 1)
#define CORE		1	/* refused by the core of netlink */

enum type { NONE, U32, TEXT, FLAG };

/* What each command takes; anything else is refused. */
static const struct {
	enum type attr[ATTRS];
	bool dump;
} commands[TRAITS_CMD_MAX + 1] = {
	[TRAITS_CMD_KEY_ADD] = { { NONE, U32, TEXT, U32, U32, U32, U32, U32, U32, TEXT, FLAG } },
	[TRAITS_CMD_KEY_DEL] = { { NONE, U32, TEXT, [TRAITS_A_KEY_FORCE] = FLAG } },
	[TRAITS_CMD_KEY_GET] = { { NONE, U32, TEXT }, true },
	[TRAITS_CMD_STAT_GET] = { { [TRAITS_A_STAT_KEY] = U32 }, true },
	[TRAITS_CMD_INFO_GET] = { { NONE } },
	[TRAITS_CMD_DEV_SET] = { { NONE, U32, TEXT, U32 } },
	[TRAITS_CMD_DEV_GET] = { { NONE, U32, TEXT }, true },
	[TRAITS_CMD_KEY_SET] = { { NONE, U32, TEXT, NONE, U32, U32, U32, U32, U32, TEXT } },
	[TRAITS_CMD_KEY_HOLD] = { { [TRAITS_A_KEY_PROG_FD] = U32, [TRAITS_A_KEY_PROG_TYPE] = U32 } },
};

/* An attribute, wherever it lies */
struct attr {
	const unsigned char *data;
	size_t len;
};

static uint32_t number(const struct attr *a)
{
	uint32_t value;

	memcpy(&value, a->data, sizeof(value));
	return value;
}

static bool good_attr(enum type type, bool nest, const struct attr *a)
{
	if (nest)
		return false;
	switch (type) {
	case U32:
		return a->len == 4;
	case TEXT:
		return a->len && memchr(a->data, 0, a->len);
	case FLAG:
		return !a->len;
	default:
		return false;
	}
}

/* As strictly as genetlink takes them: what is not understood is refused. */
static bool parse(const unsigned char *at, size_t left, const enum type *types, struct attr *attrs)
{
	memset(attrs, 0, ATTRS * sizeof(*attrs));
	while (left >= NLA_HDRLEN) {
		struct nlattr header;
		struct attr a;
		unsigned int type;

		memcpy(&header, at, sizeof(header));
		if (header.nla_len < NLA_HDRLEN || header.nla_len > left)
			return false;
		a.data = at + NLA_HDRLEN;
		a.len = header.nla_len - NLA_HDRLEN;
		type = header.nla_type & NLA_TYPE_MASK;
		if (type >= ATTRS || !good_attr(types[type], header.nla_type & NLA_F_NESTED, &a))
			return false;
		attrs[type] = a;
		if ((size_t)NLA_ALIGN(header.nla_len) >= left)
			return true;
		left -= NLA_ALIGN(header.nla_len);
		at += NLA_ALIGN(header.nla_len);
	}
	return !left;
}

static bool name_is_good(const struct attr *a)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-/";
	size_t i, len = a->len - 1;

	for (i = 0; i < len; i++)
		if (!a->data[i] || !strchr(good, a->data[i]))
			return false;
	return len && len <= TRAITS_NAME_MAX;
}

static bool description_is_good(const struct attr *a)
{
	size_t i, len = a->len - 1;

	for (i = 0; i < len; i++)
		if (a->data[i] < ' ' || a->data[i] > '~')
			return false;
	return len <= TRAITS_DESCRIPTION_MAX;
}

static bool size_is_good(uint32_t size)
{
	return size == 0 || size == 4 || size == 8 || size == 16;
}

/* The key that is spoken of, as far as it is; false if a value cannot be. */
static bool read_key(const struct attr *a, struct nl_key *key)
{
	static const struct {
		int attr;
		size_t offset;
		uint32_t number;
	} numbers[] = {
		{ TRAITS_A_KEY_ID, offsetof(struct nl_key, id), TRAITS_KEYS_MAX },
		{ TRAITS_A_KEY_GRO, offsetof(struct nl_key, gro), __TRAITS_GRO_MAX },
		{ TRAITS_A_KEY_CLONE, offsetof(struct nl_key, clone), __TRAITS_CLONE_MAX },
		{ TRAITS_A_KEY_NETNS, offsetof(struct nl_key, netns), __TRAITS_NETNS_MAX },
		{ TRAITS_A_KEY_USER, offsetof(struct nl_key, user), __TRAITS_USER_MAX },
	};
	unsigned int i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!a[numbers[i].attr].data)
			continue;
		if (number(&a[numbers[i].attr]) >= numbers[i].number)
			return false;
		*(uint32_t *)((char *)key + numbers[i].offset) = number(&a[numbers[i].attr]);
	}
	if (a[TRAITS_A_KEY_GID].data)
		key->gid = number(&a[TRAITS_A_KEY_GID]);
	if (a[TRAITS_A_KEY_SIZE].data) {
		key->size = number(&a[TRAITS_A_KEY_SIZE]);
		if (!size_is_good(key->size))
			return false;
	}
	if (a[TRAITS_A_KEY_NAME].data) {
		if (!name_is_good(&a[TRAITS_A_KEY_NAME]))
			return false;
		memset(key->name, 0, sizeof(key->name));
		memcpy(key->name, a[TRAITS_A_KEY_NAME].data, a[TRAITS_A_KEY_NAME].len);
	}
	if (a[TRAITS_A_KEY_DESCRIPTION].data) {
		if (!description_is_good(&a[TRAITS_A_KEY_DESCRIPTION]))
			return false;
		memset(key->description, 0, sizeof(key->description));
		memcpy(key->description, a[TRAITS_A_KEY_DESCRIPTION].data,
		       a[TRAITS_A_KEY_DESCRIPTION].len);
	}
	return true;
}

bool family_same_key(const struct nl_key *a, const struct nl_key *b)
{
	return a->id == b->id && a->size == b->size && a->gro == b->gro && a->clone == b->clone &&
	       a->netns == b->netns && a->user == b->user && a->gid == b->gid &&
	       a->holds == b->holds && !strcmp(a->name, b->name) &&
	       !strcmp(a->description, b->description);
}

static int id_of(const struct family *f, const char *name)
{
	int id;

	for (id = 0; id < TRAITS_KEYS_MAX; id++)
		if (f->key[id].there && !strcmp(f->key[id].key.name, name))
			return id;
	return -ENOENT;
}

/* The id of the key that a request names: by name or by id; or an error. */
static int find(const struct family *f, const struct attr *a)
{
	struct nl_key key = {};

	if (!a[TRAITS_A_KEY_ID].data == !a[TRAITS_A_KEY_NAME].data || !read_key(a, &key))
		return -EINVAL;
	if (a[TRAITS_A_KEY_NAME].data)
		return id_of(f, key.name);
	return f->key[key.id].there ? (int)key.id : -ENOENT;
}

static bool policy_is_good(const struct nl_key *key)
{
	return key->gro < TRAITS_GRO_SUM || key->size == 4 || key->size == 8;
}

static struct expected with_key(const struct nl_key *key)
{
	return (struct expected) { .reply = true, .has_key = true, .key = *key };
}

static struct expected error(int err)
{
	return (struct expected) { .err = err };
}

static struct expected claim(const struct family *f, const struct attr *a, int id)
{
	struct nl_key wanted = f->key[id].key;

	read_key(a, &wanted);
	return family_same_key(&wanted, &f->key[id].key) ? with_key(&wanted) : error(-EEXIST);
}

static struct expected add(struct family *f, const struct attr *a)
{
	struct nl_key key = { .gid = TRAITS_GID_ANY };
	uint32_t id = 0;

	if (!a[TRAITS_A_KEY_NAME].data || !a[TRAITS_A_KEY_SIZE].data || !read_key(a, &key))
		return error(-EINVAL);
	if (a[TRAITS_A_KEY_EXIST_OK].data && id_of(f, key.name) >= 0)
		return claim(f, a, id_of(f, key.name));
	if (!policy_is_good(&key))
		return error(-EINVAL);
	if (id_of(f, key.name) >= 0)
		return error(-EEXIST);
	if (a[TRAITS_A_KEY_ID].data && f->key[key.id].there)
		return error(-EADDRINUSE);
	while (id < TRAITS_KEYS_MAX && f->key[id].there)
		id++;
	if (id == TRAITS_KEYS_MAX)
		return error(-ENOSPC);
	if (!a[TRAITS_A_KEY_ID].data)
		key.id = id;
	f->key[key.id].there = true;
	f->key[key.id].key = key;
	f->changes++;
	return with_key(&key);
}

static struct expected set(struct family *f, const struct attr *a)
{
	static const int changeable[] = { TRAITS_A_KEY_GRO, TRAITS_A_KEY_CLONE, TRAITS_A_KEY_NETNS,
					  TRAITS_A_KEY_USER, TRAITS_A_KEY_GID,
					  TRAITS_A_KEY_DESCRIPTION };
	unsigned int i, given = 0;
	struct nl_key key;
	int id = find(f, a);

	for (i = 0; i < sizeof(changeable) / sizeof(changeable[0]); i++)
		given += a[changeable[i]].data != NULL;
	if (id == -EINVAL || !given)
		return error(-EINVAL);
	if (id < 0)
		return error(id);
	key = f->key[id].key;
	read_key(a, &key);
	if (family_same_key(&key, &f->key[id].key))
		return with_key(&key);
	if (!policy_is_good(&key))
		return error(-EINVAL);
	f->key[id].key = key;
	f->changes++;
	return with_key(&key);
}

static struct expected del(struct family *f, const struct attr *a)
{
	int id = find(f, a);

	if (id < 0)
		return error(id);
	f->key[id].there = false;
	f->changes++;
	return error(0);
}

static struct expected get(const struct family *f, const struct attr *a)
{
	int id = find(f, a);

	return id < 0 ? error(id) : with_key(&f->key[id].key);
}

static struct expected stat_get(const struct family *f, const struct attr *key)
{
	if (!key->data)
		return (struct expected) { .reply = true };
	if (number(key) >= TRAITS_KEYS_MAX)
		return error(-EINVAL);
	return f->key[number(key)].there ? (struct expected) { .reply = true } : error(-ENOENT);
}

/* Not by if_nametoindex(): for a name that it does not know the kernel asks modprobe for a module. */
static uint32_t find_dev(const struct attr *index, const struct attr *name)
{
	struct if_nameindex *all = if_nameindex(), *dev;
	uint32_t found = 0;

	for (dev = all; dev && dev->if_index; dev++)
		if (name->data ? !strcmp(dev->if_name, (const char *)name->data) :
				 dev->if_index == number(index))
			found = dev->if_index;
	if_freenameindex(all);
	return found;
}

static struct expected dev(struct family *f, const struct attr *a, bool set)
{
	const struct attr *index = &a[TRAITS_A_DEV_IFINDEX], *name = &a[TRAITS_A_DEV_IFNAME];
	const struct attr *headroom = &a[TRAITS_A_DEV_HEADROOM];
	uint32_t ifindex;

	if (!index->data == !name->data)
		return error(-EINVAL);
	if (name->data && (memchr(name->data, 0, name->len) != name->data + name->len - 1 ||
			   name->len == 1 || name->len > IFNAMSIZ))
		return error(-EINVAL);
	if (set && (!headroom->data || number(headroom) > TRAITS_HEADROOM_MAX))
		return error(-EINVAL);
	ifindex = find_dev(index, name);
	if (!ifindex || ifindex >= FAMILY_DEVS)
		return error(-ENODEV);
	if (set)
		f->headroom[ifindex] = number(headroom);
	return (struct expected) { .reply = true, .has_dev = true, .ifindex = ifindex,
				   .headroom = f->headroom[ifindex] };
}

static struct expected expect_do(struct family *f, uint8_t cmd, const struct attr *a)
{
	switch (cmd) {
	case TRAITS_CMD_KEY_ADD:
		return add(f, a);
	case TRAITS_CMD_KEY_DEL:
		return del(f, a);
	case TRAITS_CMD_KEY_GET:
		return get(f, a);
	case TRAITS_CMD_KEY_SET:
		return set(f, a);
	case TRAITS_CMD_STAT_GET:
		return stat_get(f, &a[TRAITS_A_STAT_KEY]);
	case TRAITS_CMD_INFO_GET:
		return (struct expected) { .reply = true };
	case TRAITS_CMD_DEV_SET:
	case TRAITS_CMD_DEV_GET:
		return dev(f, a, cmd == TRAITS_CMD_DEV_SET);
	default:
		/* key-hold: of what this process has open, nothing is a BPF program. */
		if (!a[TRAITS_A_KEY_PROG_FD].data || !a[TRAITS_A_KEY_PROG_TYPE].data)
			return error(-EINVAL);
		return error(-EBADF);
	}
}

struct expected family_expect(struct family *f, const struct nlmsghdr *nlh)
{
	const uint16_t allowed = NLM_F_REQUEST | NLM_F_ACK | NLM_F_ECHO;
	const unsigned char *data = (const unsigned char *)nlh + NLMSG_HDRLEN;
	const struct genlmsghdr *genl = (const struct genlmsghdr *)data;
	uint16_t flags = nlh->nlmsg_flags;
	struct attr attrs[ATTRS];
	bool dump, known;

	if (!(flags & NLM_F_REQUEST))
		return error(0);
	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN || genl->reserved)
		return error(CORE);
	dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
	if (flags & ~(allowed | (dump ? NLM_F_DUMP : 0)))
		return error(CORE);
	known = genl->cmd && genl->cmd <= TRAITS_CMD_KEY_HOLD;
	if (!known || (dump && !commands[genl->cmd].dump))
		return error(CORE);
	if (dump)
		return nlh->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN ?
		       error(CORE) : (struct expected) { .dump = true };
	if (!parse(data + GENL_HDRLEN, nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
		   commands[genl->cmd].attr, attrs))
		return error(CORE);
	return expect_do(f, genl->cmd, attrs);
}

bool family_has(const struct family *f, const struct nl_answer *dump)
{
	int id, n = 0;

	for (id = 0; id < TRAITS_KEYS_MAX; id++) {
		if (!f->key[id].there)
			continue;
		if (n == dump->n || !family_same_key(&f->key[id].key, &dump->keys[n]))
			return false;
		n++;
	}
	return n == dump->n;
}
