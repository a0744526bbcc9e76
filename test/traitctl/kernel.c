// SPDX-License-Identifier: GPL-2.0
/*
 * The socket functions of libmnl, with a registry of keys behind them instead of the kernel, so
 * that traitctl and libtraits run as they are, without the module.
 *
 *	FAKE_KEYS	file that keeps the keys between runs
 *	FAKE_FAIL	"COMMAND:N ...": the Nth request of that number is refused with -ENOMEM
 *	FAKE_HELD	name of a key that a BPF program uses
 *	FAKE_NO_MODULE	if set there is no module
 *
 * It refuses what depends on other keys, and knows one network device. What the module checks
 * of single values is tested with the module.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/traits.h>

#define FAMILY		42
#define ATTRS_MAX	32

/* What is not a string is a number, by its attribute; 0 if there is none. */
struct key {
	bool there;
	bool has[ATTRS_MAX];
	bool flag[ATTRS_MAX];
	uint32_t number[ATTRS_MAX];
	char name[64];
	char description[256];
};

static struct key keys[TRAITS_KEYS_MAX];
static uint32_t headroom;
static char answer[65536];
static size_t answer_len;
static unsigned int requests[256];
static const struct nlmsghdr *request;
static bool watched;
static int missed;

struct mnl_socket {
	int nothing;
};

static const char *keys_file(void)
{
	const char *file = getenv("FAKE_KEYS");

	if (!file) {
		fputs("FAKE_KEYS is not set\n", stderr);
		exit(99);
	}
	return file;
}

static void load_keys(void)
{
	FILE *f = fopen(keys_file(), "r");

	if (f && fread(keys, sizeof(keys), 1, f) != 1)
		exit(99);
	if (f)
		fclose(f);
}

static void keep_keys(void)
{
	FILE *f = fopen(keys_file(), "w");

	if (!f || fwrite(keys, sizeof(keys), 1, f) != 1 || fclose(f))
		exit(99);
}

static struct nlmsghdr *begin(uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(answer + answer_len);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = request->nlmsg_seq;
	return nlh;
}

static struct nlmsghdr *begin_genl(uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = begin(FAMILY, flags);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = cmd;
	return nlh;
}

static void end(const struct nlmsghdr *nlh)
{
	answer_len += NLMSG_ALIGN(nlh->nlmsg_len);
}

/* What the kernel says of an error; 0 is success. */
static void put_error(int err, const char *text)
{
	struct nlmsghdr *nlh = begin(NLMSG_ERROR, NLM_F_CAPPED | (text ? NLM_F_ACK_TLVS : 0));
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	e->error = err;
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	end(nlh);
}

static void put_key(uint8_t cmd, const struct key *key, uint16_t flags)
{
	struct nlmsghdr *nlh = begin_genl(cmd, flags);
	int i;

	mnl_attr_put_strz(nlh, TRAITS_A_KEY_NAME, key->name);
	for (i = 0; i < ATTRS_MAX; i++)
		if (key->has[i])
			mnl_attr_put_u32(nlh, i, key->number[i]);
	if (key->description[0])
		mnl_attr_put_strz(nlh, TRAITS_A_KEY_DESCRIPTION, key->description);
	end(nlh);
}

static void take_attrs(struct key *key)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr)) {
		int type = mnl_attr_get_type(attr);

		if (type == TRAITS_A_KEY_NAME) {
			snprintf(key->name, sizeof(key->name), "%s", mnl_attr_get_str(attr));
		} else if (type == TRAITS_A_KEY_DESCRIPTION) {
			snprintf(key->description, sizeof(key->description), "%s",
				 mnl_attr_get_str(attr));
		} else if (mnl_attr_get_payload_len(attr) == sizeof(uint32_t)) {
			key->has[type] = true;
			key->number[type] = mnl_attr_get_u32(attr);
		} else {
			key->flag[type] = true;
		}
	}
}

static struct key *find(const char *name)
{
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		if (keys[i].there && !strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static void key_add(const struct key *wanted)
{
	struct key *key = find(wanted->name);
	unsigned int id = wanted->number[TRAITS_A_KEY_ID];
	char text[128];

	if (key && wanted->flag[TRAITS_A_KEY_EXIST_OK]) {
		put_key(0, key, 0);
		put_error(0, NULL);
		return;
	}
	if (key) {
		snprintf(text, sizeof(text), "name \"%s\" is taken by key id %d", key->name,
			 (int)(key - keys));
		put_error(-EEXIST, text);
		return;
	}
	if (!wanted->has[TRAITS_A_KEY_ID])
		for (id = 0; id < TRAITS_KEYS_MAX - 1 && keys[id].there; id++)
			;
	if (keys[id].there) {
		snprintf(text, sizeof(text), "key id %u is taken by \"%s\"", id, keys[id].name);
		put_error(-EADDRINUSE, text);
		return;
	}
	keys[id] = *wanted;
	keys[id].there = true;
	keys[id].has[TRAITS_A_KEY_ID] = true;
	keys[id].number[TRAITS_A_KEY_ID] = id;
	keep_keys();
	put_key(0, &keys[id], 0);
	put_error(0, NULL);
}

/* A key of this name is in use by a program. */
static bool is_held(const struct key *key)
{
	const char *held = getenv("FAKE_HELD");

	return held && !strcmp(held, key->name);
}

static void key_command(uint8_t cmd)
{
	struct key wanted = {}, *key;
	char text[128];

	take_attrs(&wanted);
	if (cmd == TRAITS_CMD_KEY_ADD) {
		key_add(&wanted);
		return;
	}
	key = find(wanted.name);
	if (!key) {
		snprintf(text, sizeof(text), "no key has the name \"%s\"", wanted.name);
		put_error(-ENOENT, text);
		return;
	}
	if (cmd == TRAITS_CMD_KEY_DEL && is_held(key) && !wanted.flag[TRAITS_A_KEY_FORCE]) {
		put_error(-EBUSY, "a program uses it");
		return;
	}
	if (cmd == TRAITS_CMD_KEY_DEL)
		memset(key, 0, sizeof(*key));
	else if (cmd == TRAITS_CMD_KEY_SET)
		take_attrs(key);
	keep_keys();
	if (cmd != TRAITS_CMD_KEY_DEL)
		put_key(0, key, 0);
	put_error(0, NULL);
}

static void put_dev(uint16_t flags)
{
	struct nlmsghdr *nlh = begin_genl(0, flags);

	mnl_attr_put_u32(nlh, TRAITS_A_DEV_IFINDEX, 7);
	mnl_attr_put_strz(nlh, TRAITS_A_DEV_IFNAME, "dev0");
	mnl_attr_put_u32(nlh, TRAITS_A_DEV_HEADROOM, headroom);
	mnl_attr_put_u32(nlh, TRAITS_A_DEV_NEEDED, headroom + 1);
	end(nlh);
}

static void dev_command(void)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == TRAITS_A_DEV_HEADROOM)
			headroom = mnl_attr_get_u32(attr);
		else if (strcmp(mnl_attr_get_str(attr), "dev0"))
			return put_error(-ENODEV, "there is no such device");
	}
	put_dev(0);
	put_error(0, NULL);
}

/* Counter i has counted i + 1 on each of two CPUs; by key, only what is refused. */
static void put_stats(int cpu, bool of_key, uint16_t flags)
{
	struct nlmsghdr *nlh = begin_genl(0, flags);
	int i, from = of_key ? TRAITS_STAT_EINVAL : 0;

	if (cpu >= 0)
		mnl_attr_put_u32(nlh, TRAITS_A_STAT_CPU, cpu);
	for (i = from; i < (of_key ? TRAITS_STAT_LOST_DAMAGED : __TRAITS_STAT_MAX); i++)
		mnl_attr_put_u64(nlh, TRAITS_A_STAT_SET + i, (i + 1) * (cpu < 0 ? 2 : 1));
	end(nlh);
}

static void put_info(void)
{
	struct nlmsghdr *nlh = begin_genl(0, 0);
	struct nlattr *nest;
	int i, n = 0;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		n += keys[i].there;
	mnl_attr_put_strz(nlh, TRAITS_A_INFO_VERSION, "1.2.3");
	mnl_attr_put_strz(nlh, TRAITS_A_INFO_RELEASE, "6.99.0");
	mnl_attr_put_u32(nlh, TRAITS_A_INFO_MAX_KEYS, TRAITS_KEYS_MAX);
	mnl_attr_put_u32(nlh, TRAITS_A_INFO_KEYS, n);
	mnl_attr_put_u32(nlh, TRAITS_A_INFO_MAX_NAME, 31);
	mnl_attr_put_u32(nlh, TRAITS_A_INFO_MAX_DESCRIPTION, 127);
	mnl_attr_put_u32(nlh, TRAITS_A_INFO_MAX_HEADROOM, 512);
	nest = mnl_attr_nest_start(nlh, TRAITS_A_INFO_HOOK);
	mnl_attr_put_strz(nlh, TRAITS_A_HOOK_NAME, "netif_receive_skb");
	mnl_attr_put_strz(nlh, TRAITS_A_HOOK_TYPE, "tracepoint");
	mnl_attr_put_u32(nlh, TRAITS_A_HOOK_ATTACHED, !!n);
	mnl_attr_put_u32(nlh, TRAITS_A_HOOK_NEEDED, !!n);
	mnl_attr_put_u32(nlh, TRAITS_A_HOOK_FOUND, 1);
	mnl_attr_put_u64(nlh, TRAITS_A_HOOK_MISSED, 0);
	mnl_attr_nest_end(nlh, nest);
	end(nlh);
	put_error(0, NULL);
}

static void dump(uint8_t cmd)
{
	int i;

	if (cmd == TRAITS_CMD_KEY_GET) {
		for (i = 0; i < TRAITS_KEYS_MAX; i++)
			if (keys[i].there)
				put_key(0, &keys[i], NLM_F_MULTI);
	} else if (cmd == TRAITS_CMD_DEV_GET) {
		if (headroom)
			put_dev(NLM_F_MULTI);
	} else {
		put_stats(0, false, NLM_F_MULTI);
		put_stats(1, false, NLM_F_MULTI);
	}
	end(begin(NLMSG_DONE, NLM_F_MULTI));
}

static void put_family(void)
{
	struct nlmsghdr *nlh = begin(GENL_ID_CTRL, 0);
	struct nlattr *groups, *group;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, TRAITS_GENL_KEYS);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 5);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	end(nlh);
	put_error(0, NULL);
}

static bool has_to_fail(uint8_t cmd)
{
	const char *rule = getenv("FAKE_FAIL");
	unsigned int which, n;
	int len;

	requests[cmd]++;
	for (; rule && sscanf(rule, " %u:%u%n", &which, &n, &len) == 2; rule += len)
		if (which == cmd && n == requests[cmd])
			return true;
	return false;
}

static void take_request(void)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);

	answer_len = 0;
	if (request->nlmsg_type == GENL_ID_CTRL)
		return put_family();
	if (has_to_fail(genl->cmd))
		return put_error(-ENOMEM, "out of memory, for a test");
	if (request->nlmsg_flags & NLM_F_DUMP)
		return dump(genl->cmd);

	switch (genl->cmd) {
	case TRAITS_CMD_STAT_GET:
		put_stats(-1, request->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN, 0);
		put_error(0, NULL);
		break;
	case TRAITS_CMD_INFO_GET:
		put_info();
		break;
	case TRAITS_CMD_DEV_SET:
	case TRAITS_CMD_DEV_GET:
		dev_command();
		break;
	default:
		key_command(genl->cmd);
	}
}

/* Each key was registered, changed, deleted; then some was missed; then it ends. */
static void put_news(void)
{
	static const uint8_t news[] = {
		TRAITS_CMD_KEY_ADD_NTF, TRAITS_CMD_KEY_SET_NTF, TRAITS_CMD_KEY_DEL_NTF,
	};
	static int told;
	int i, at = told++;

	answer_len = 0;
	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		if (!keys[i].there)
			continue;
		if (at < 3)
			return put_key(news[at], &keys[i], 0);
		at -= 3;
	}
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	static struct mnl_socket socket;

	(void)bus;
	(void)flags;
	if (getenv("FAKE_NO_MODULE")) {
		errno = ENOENT;
		return NULL;
	}
	load_keys();
	return &socket;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	(void)nl;
	(void)buf;
	(void)len;
	watched |= type == NETLINK_ADD_MEMBERSHIP;
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return STDIN_FILENO;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t size)
{
	(void)nl;
	request = req;
	take_request();
	return size;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	size_t len;

	(void)nl;
	if (watched)
		put_news();
	if (!answer_len) {
		errno = missed++ ? EBADF : ENOBUFS;
		return -1;
	}
	len = answer_len < size ? answer_len : size;
	memcpy(buf, answer, len);
	answer_len = 0;
	return len;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}
