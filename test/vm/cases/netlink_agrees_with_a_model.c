// SPDX-License-Identifier: GPL-2.0
/*
 * Messages at random, most of them with some damage: each is answered as a model of the family says,
 * with a sentence where it is the module that refuses, and the registry is then what the model
 * says. 64 keys, some with the longest names, are there most of the time.
 *
 *	VT_SEED=N	other messages; the same ones for the same N
 *	VT_COUNT=N	how many
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>

#include "family.h"
#include "nl.h"
#include "vt.h"

#define BATCH		64
#define MESSAGE_MAX	1024
#define ROOM		(64 << 20)	/* of the socket, for the answers to a batch */

static struct nl nl, observer;
static struct family family;
static uint64_t state;
static unsigned long accepted, refused, by_core, dumps;
static int last_error;

static uint64_t next(void)
{
	/* xorshift64* */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ULL;
}

static unsigned int below(unsigned int n)
{
	return (next() >> 32) % n;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

/* A message being made */
static struct nlmsghdr *msg;

static void put(uint16_t type, const void *data, size_t len)
{
	if (NLMSG_ALIGN(msg->nlmsg_len) + NLA_HDRLEN + NLA_ALIGN(len) < MESSAGE_MAX - 64)
		mnl_attr_put(msg, type, len, data);
}

static void put_u32(uint16_t type, uint32_t value)
{
	put(type, &value, sizeof(value));
}

/* Numbers that can be, more than those that cannot */
static void put_number(uint16_t type, unsigned int n)
{
	put_u32(type, one_in(64) ? (uint32_t)next() : one_in(32) ? n : below(n));
}

/* Each third name is one of the longest that can be, or longer. */
static void name_of(unsigned int i, unsigned int max, char name[64])
{
	snprintf(name, 64, i % 3 ? "key-%u" : "%u_.-/abcdefghijklmnopqrstuvwxyz", i);
	name[max] = 0;
}

static void put_name(uint16_t type)
{
	char name[64];
	/* Most of these are of no key that is there: deletions take a grace period each. */
	unsigned int i = one_in(8) ? below(100) : below(4000);

	name_of(i, one_in(64) ? 40 : TRAITS_NAME_MAX, name);
	put(type, name, strlen(name) + 1);
}

static void put_description(void)
{
	char text[200];
	unsigned int i, len = one_in(4) ? below(150) : below(20);

	for (i = 0; i < len; i++)
		text[i] = one_in(1000) ? next() : ' ' + below(95);
	text[len] = 0;
	put(TRAITS_A_KEY_DESCRIPTION, text, len + 1);
}

static void put_size(void)
{
	static const uint32_t sizes[] = { 0, 4, 8, 16 };

	put_u32(TRAITS_A_KEY_SIZE, one_in(32) ? below(20) : sizes[below(4)]);
}

/* The policies that take a grace period to change are rare. */
static void put_changes(unsigned int rare)
{
	if (one_in(rare))
		put_number(TRAITS_A_KEY_GRO, __TRAITS_GRO_MAX);
	if (one_in(rare))
		put_number(TRAITS_A_KEY_CLONE, __TRAITS_CLONE_MAX);
	if (one_in(rare))
		put_number(TRAITS_A_KEY_NETNS, __TRAITS_NETNS_MAX);
	if (one_in(2))
		put_number(TRAITS_A_KEY_USER, __TRAITS_USER_MAX);
	if (one_in(3))
		put_u32(TRAITS_A_KEY_GID, one_in(2) ? TRAITS_GID_ANY : below(3));
	if (one_in(3))
		put_description();
}

static void put_ref(void)
{
	if (!one_in(4))
		put_name(TRAITS_A_KEY_NAME);
	if (one_in(4))
		put_number(TRAITS_A_KEY_ID, TRAITS_KEYS_MAX);
}

static void put_add(void)
{
	if (!one_in(16))
		put_name(TRAITS_A_KEY_NAME);
	if (!one_in(16))
		put_size();
	if (one_in(4))
		put_number(TRAITS_A_KEY_ID, TRAITS_KEYS_MAX);
	put_changes(4);
	if (one_in(4))
		put(TRAITS_A_KEY_EXIST_OK, NULL, 0);
}

static void put_dev(bool set)
{
	static const char *const names[] = { "lo", "lo", "eth0", "", "a name longer than all" };
	const char *name = names[below(5)];

	if (!one_in(3))
		put(TRAITS_A_DEV_IFNAME, name, strlen(name) + 1);
	if (one_in(2))
		put_number(TRAITS_A_DEV_IFINDEX, 3);
	if (set)
		put_number(TRAITS_A_DEV_HEADROOM, TRAITS_HEADROOM_MAX + 1);
}

static void put_attrs(uint8_t cmd)
{
	switch (cmd) {
	case TRAITS_CMD_KEY_ADD:
		put_add();
		break;
	case TRAITS_CMD_KEY_DEL:
		if (one_in(16))
			put_number(TRAITS_A_KEY_ID, TRAITS_KEYS_MAX);
		else
			put_name(TRAITS_A_KEY_NAME);
		if (one_in(4))
			put(TRAITS_A_KEY_FORCE, NULL, 0);
		break;
	case TRAITS_CMD_KEY_SET:
		put_ref();
		put_changes(100);
		break;
	case TRAITS_CMD_KEY_GET:
		put_ref();
		break;
	case TRAITS_CMD_STAT_GET:
		if (one_in(2))
			put_number(TRAITS_A_STAT_KEY, TRAITS_KEYS_MAX);
		break;
	case TRAITS_CMD_DEV_SET:
	case TRAITS_CMD_DEV_GET:
		put_dev(cmd == TRAITS_CMD_DEV_SET);
		break;
	case TRAITS_CMD_KEY_HOLD:
		put_number(TRAITS_A_KEY_PROG_FD, 16);
		put_number(TRAITS_A_KEY_PROG_TYPE, 40);
		break;
	}
}

/* Anything, up to attributes whose lengths do not fit. What netlink itself needs is left alone. */
static void damage(void)
{
	unsigned char *bytes = (unsigned char *)msg;
	unsigned int body = msg->nlmsg_len - NLMSG_HDRLEN;

	switch (below(8)) {
	case 0:
		msg->nlmsg_flags ^= 1 << below(16);
		break;
	case 1:
		/* Most messages that end early end within an attribute. */
		msg->nlmsg_len -= below(body + 1);
		break;
	case 2:
		put(below(20), "junk that is longer than four bytes", below(36));
		break;
	case 3:
		put(next(), NULL, 0);
		break;
	case 4:
		msg->nlmsg_len += below(8);
		break;
	default:
		bytes[NLMSG_HDRLEN + below(body)] ^= 1 << below(8);
	}
	msg->nlmsg_flags |= NLM_F_ACK;
}

static void make(void *at, uint32_t seq)
{
	static const uint8_t commands[] = {
		TRAITS_CMD_KEY_ADD, TRAITS_CMD_KEY_ADD, TRAITS_CMD_KEY_ADD, TRAITS_CMD_KEY_SET,
		TRAITS_CMD_KEY_SET, TRAITS_CMD_KEY_SET, TRAITS_CMD_KEY_GET, TRAITS_CMD_KEY_GET,
		TRAITS_CMD_KEY_DEL, TRAITS_CMD_STAT_GET, TRAITS_CMD_DEV_SET, TRAITS_CMD_DEV_GET,
		TRAITS_CMD_KEY_HOLD,
	};
	struct genlmsghdr *genl;
	uint8_t cmd = one_in(32) ? below(256) : commands[below(sizeof(commands))];

	if (one_in(128))
		cmd = TRAITS_CMD_INFO_GET;
	memset(at, 0, MESSAGE_MAX);
	msg = mnl_nlmsg_put_header(at);
	msg->nlmsg_type = nl_family();
	msg->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	msg->nlmsg_seq = seq;
	genl = mnl_nlmsg_put_extra_header(msg, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = next();
	put_attrs(cmd);
	if (one_in(256)) {
		msg->nlmsg_flags |= NLM_F_DUMP;
		if (!one_in(8))
			msg->nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	}
	while (one_in(2) && msg->nlmsg_len > NLMSG_HDRLEN + 1)
		damage();
}

/* Reads one message that answers the request with this number. */
static struct nlmsghdr *answer(uint32_t seq)
{
	static char buf[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	static ssize_t left;
	static struct nlmsghdr *nlh;
	int rest;

	if (!left) {
		left = mnl_socket_recvfrom(nl.socket, buf, sizeof(buf));
		nlh = (struct nlmsghdr *)buf;
	} else {
		rest = left;
		nlh = mnl_nlmsg_next(nlh, &rest);
		left = rest;
		if (left <= 0) {
			left = 0;
			return answer(seq);
		}
	}
	if (left < 0 || !mnl_nlmsg_ok(nlh, left))
		vt_die("receive: %s", strerror(errno));
	if (nlh->nlmsg_seq != seq)
		vt_die("an answer to %u, not to %u", nlh->nlmsg_seq, seq);
	return nlh;
}

static bool judge_key(const struct nlmsghdr *nlh, const struct expected *want)
{
	struct nl_key key;

	if (!want->has_key && !want->has_dev)
		return true;
	/* The first three attributes of a device have the types of a key's. */
	nl_take_key(nlh, &key);
	if (want->has_dev)
		return key.id == want->ifindex && key.size == want->headroom;
	return family_same_key(&key, &want->key);
}

/* The answer to one request is what was expected. */
static bool judge(uint32_t seq, const struct expected *want)
{
	struct nlmsghdr *nlh = answer(seq);
	struct nl_answer got = {};
	bool good = true;

	if (want->dump) {
		while (nlh->nlmsg_type != NLMSG_DONE && nlh->nlmsg_type != NLMSG_ERROR)
			nlh = answer(seq);
		dumps++;
		return nlh->nlmsg_type == NLMSG_DONE;
	}
	if (nlh->nlmsg_type != NLMSG_ERROR) {
		good = want->reply && judge_key(nlh, want);
		nlh = answer(seq);
	} else {
		good = !want->reply;
	}
	if (nlh->nlmsg_type != NLMSG_ERROR)
		return false;
	nl_take_error(nlh, &got);
	last_error = got.err;
	accepted += !got.err;
	refused += got.err && want->err != 1;
	by_core += got.err && want->err == 1;
	if (want->err == 1)
		return good && (got.err == -EINVAL || got.err == -EOPNOTSUPP ||
				got.err == -ERANGE);
	/* Whatever the module refuses, it says why. */
	return good && got.err == want->err && !got.text[0] == !got.err;
}

static void show(const struct nlmsghdr *nlh, const struct expected *want)
{
	const unsigned char *bytes = (const unsigned char *)nlh;
	char text[3 * MESSAGE_MAX + 1] = "";
	unsigned int i;

	for (i = 0; i < nlh->nlmsg_len; i++)
		sprintf(text + 3 * i, " %02x", bytes[i]);
	vt_note("error %d, expected error %d, %s; the message:%s", last_error, want->err,
		want->dump ? "a dump" : want->reply ? "a reply" : "no reply", text);
}

static bool in_step(void)
{
	struct nl_answer dump;

	nl_key_dump(&observer, &dump);
	return family_has(&family, &dump) && !dump.interrupted;
}

/* As many requests as go into one datagram, and the answers */
static bool batch(uint32_t *seq, unsigned int n)
{
	static char messages[BATCH][MESSAGE_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	static char datagram[BATCH * MESSAGE_MAX];
	struct expected want[BATCH];
	unsigned int i, changes = family.changes;
	size_t len = 0;

	for (i = 0; i < n; i++) {
		make(messages[i], ++*seq);
		want[i] = family_expect(&family, msg);
		memcpy(datagram + len, msg, NLMSG_ALIGN(msg->nlmsg_len));
		len += NLMSG_ALIGN(msg->nlmsg_len);
		/* A dump goes on behind what was sent with it. */
		if (want[i].dump)
			n = i + 1;
	}
	if (mnl_socket_sendto(nl.socket, datagram, len) < 0)
		vt_die("send: %s", strerror(errno));
	for (i = 0; i < n; i++) {
		if (!judge(*seq - n + 1 + i, &want[i])) {
			show((struct nlmsghdr *)messages[i], &want[i]);
			return false;
		}
	}
	return changes == family.changes || in_step();
}

static unsigned long from_env(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

/*
 * Each policy is had by many: hooks that come and go with the one key that needs them would
 * take most of the time.
 */
static void fill(void)
{
	struct nl_answer got;
	char name[64];
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		name_of(3 * i, TRAITS_NAME_MAX, name);
		nl_begin(&observer, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
		nl_put_str(&observer, TRAITS_A_KEY_NAME, name);
		nl_put_u32(&observer, TRAITS_A_KEY_SIZE, i % 2 ? 4 : 8);
		nl_put_u32(&observer, TRAITS_A_KEY_ID, i);
		nl_put_u32(&observer, TRAITS_A_KEY_GRO, i % __TRAITS_GRO_MAX);
		nl_put_u32(&observer, TRAITS_A_KEY_CLONE, i % __TRAITS_CLONE_MAX);
		nl_put_u32(&observer, TRAITS_A_KEY_NETNS, i % __TRAITS_NETNS_MAX);
		nl_ask(&observer, &got);
		if (got.err)
			vt_die("key %s is refused: %s", name, got.text);
		family.key[i].there = true;
		family.key[i].key = got.keys[0];
	}
}

static void empty(void)
{
	struct nl_answer dump;
	int i;

	nl_key_dump(&observer, &dump);
	for (i = 0; i < dump.n; i++)
		nl_key_del(&observer, dump.keys[i].name);
}

int main(void)
{
	unsigned long seed = from_env("VT_SEED", 1), count = from_env("VT_COUNT", 3000), done;
	int one = 1, room = ROOM;
	bool good = true;
	uint32_t seq = 1 << 20;

	state = seed * 0x9e3779b97f4a7c15ULL + 1;
	vt_note("VT_SEED=%lu VT_COUNT=%lu", seed, count);
	nl_open(&nl);
	nl_open(&observer);
	if (setsockopt(mnl_socket_get_fd(nl.socket), SOL_SOCKET, SO_RCVBUFFORCE, &room,
		       sizeof(room)) ||
	    mnl_socket_setsockopt(nl.socket, NETLINK_CAP_ACK, &one, sizeof(one)))
		vt_die("socket: %s", strerror(errno));
	fill();
	for (done = 0; good && done < count; done += BATCH)
		good = batch(&seq, BATCH);
	vt_ok(good, "about %lu messages are answered as the model says", count);
	vt_ok(in_step(), "the registry is what the model says");
	vt_ok(family.changes > count / 2000 && accepted > count / 20 && refused > count / 20 &&
	      by_core > count / 20 && (dumps || count < 10000),
	      "%u changes, %lu messages accepted, %lu refused, %lu by the core; %lu dumps",
	      family.changes, accepted, refused, by_core, dumps);
	empty();
	return vt_done();
}
