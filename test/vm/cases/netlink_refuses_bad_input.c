// SPDX-License-Identifier: GPL-2.0
/*
 * Each request that breaks the protocol is refused with one error, its errno,
 * its sentence and the attribute to blame, and the registry is afterwards what
 * it was before.
 *
 * Where the core of netlink refuses, the sentence is the core's. It has none
 * for an unknown command, a message too short for a header, and a sender without the
 * capability.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/genetlink.h>

#include "nl.h"
#include "vt.h"

#define NAME	TRAITS_A_KEY_NAME
#define SIZE	TRAITS_A_KEY_SIZE
#define ID	TRAITS_A_KEY_ID

static struct nl nl;		/* of the request */
static struct nl observer;
static struct nl_answer before;

static bool same(const struct nl_answer *a, const struct nl_answer *b)
{
	return a->n == b->n && !memcmp(a->keys, b->keys, a->n * sizeof(a->keys[0]));
}

/* The request in @nl is refused; attr -1: none is to blame. */
static void refused(const char *what, int err, int attr, const char *text)
{
	struct nl_answer got, after;

	nl_ask(&nl, &got);
	nl_key_dump(&observer, &after);
	if (!vt_ok(got.err == err && !strcmp(got.text, text) && got.attr == attr && !got.n &&
		   nl_silent(&nl) && same(&before, &after), "%s", what))
		vt_note("got error %d (want %d), attribute %d (%d), %d messages, %s\n"
			"got  \"%s\"\nwant \"%s\"", got.err, err, got.attr, attr, got.n,
			same(&before, &after) ? "registry unchanged" : "REGISTRY CHANGED",
			got.text, text);
}

static void begin_add(const char *name, int size)
{
	nl_begin(&nl, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
	if (name)
		nl_put_str(&nl, NAME, name);
	if (size >= 0)
		nl_put_u32(&nl, SIZE, size);
}

static void bad_names(void)
{
	static const struct {
		const char *name;
		unsigned int at;
	} bad[] = {
		{ "x y", 2 }, { "\n", 1 }, { "tab\t", 4 }, { "\033[31mred", 1 }, { "del\177", 4 },
		{ "quo\"te", 4 }, { "caf\303\251", 4 }, { "\351t\351", 1 }, { "a:b", 2 },
		{ "a,b", 2 }, { "100%s", 4 }, { "a\\b", 2 }, { "a@b", 2 }, { "a[b", 2 },
		{ "a`b", 2 }, { "a{b", 2 },
	};
	char what[128], text[128], name[5001];
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		unsigned char c = bad[i].name[bad[i].at - 1];

		snprintf(what, sizeof(what), "name with character 0x%02x", c);
		snprintf(text, sizeof(text), "character %u of the name, 0x%02x, is not a letter, "
			 "a digit or one of . _ - /", bad[i].at, c);
		begin_add(bad[i].name, 4);
		refused(what, -EINVAL, NAME, text);
	}

	begin_add(NULL, 4);
	nl_put(&nl, NAME, "ab\0cd", 6);
	refused("name with a NUL inside", -EINVAL, NAME,
		"character 3 of the name, 0x00, is not a letter, a digit or one of . _ - /");
	begin_add("", 4);
	refused("empty name", -EINVAL, NAME, "the name is empty");
	begin_add(NULL, 4);
	nl_put(&nl, NAME, "", 0);
	refused("name without any byte", -EINVAL, NAME, "Attribute failed policy validation");
	begin_add(NULL, 4);
	nl_put(&nl, NAME, "endless", 7);
	refused("name without NUL", -EINVAL, NAME, "Attribute failed policy validation");

	memset(name, 'n', sizeof(name));
	name[32] = '\0';
	begin_add(name, 4);
	refused("name of 32 characters", -EINVAL, NAME, "the name has 32 characters, more than 31");
	name[32] = 'n';
	name[5000] = '\0';
	begin_add(name, 4);
	refused("name of 5000 characters", -EINVAL, NAME,
		"the name has 5000 characters, more than 31");
}

static void bad_numbers(void)
{
	static const uint32_t sizes[] = { 1, 2, 3, 5, 7, 12, 15, 17, 24, 32, 260, 264, UINT32_MAX };
	static const uint32_t ids[] = { 64, 255, 256, 263, INT32_MAX, UINT32_MAX };
	char what[64], text[64];
	unsigned int i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(what, sizeof(what), "size %u", sizes[i]);
		snprintf(text, sizeof(text), "size %u is not 0, 4, 8 or 16", sizes[i]);
		begin_add("new", -1);
		nl_put_u32(&nl, SIZE, sizes[i]);
		refused(what, -EINVAL, SIZE, text);
	}
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(what, sizeof(what), "id %u", ids[i]);
		snprintf(text, sizeof(text), "key id %u is not in 0 to 63", ids[i]);
		begin_add("new", 4);
		nl_put_u32(&nl, ID, ids[i]);
		refused(what, -EINVAL, ID, text);
		nl_begin(&nl, TRAITS_CMD_KEY_DEL, NLM_F_ACK);
		nl_put_u32(&nl, ID, ids[i]);
		refused(what, -EINVAL, ID, text);
	}
}

static void bad_policies(void)
{
	static const struct {
		uint16_t attr;
		const char *name;
		uint32_t number;
	} policies[] = {
		{ TRAITS_A_KEY_GRO, "gro", __TRAITS_GRO_MAX },
		{ TRAITS_A_KEY_CLONE, "clone", __TRAITS_CLONE_MAX },
		{ TRAITS_A_KEY_NETNS, "netns", __TRAITS_NETNS_MAX },
	};
	static const uint32_t beyond[] = { 0, 255, 256, UINT32_MAX };
	char what[64], text[128];
	unsigned int i, j;

	for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		for (j = 0; j < sizeof(beyond) / sizeof(beyond[0]); j++) {
			uint32_t value = j ? beyond[j] : policies[i].number;

			snprintf(what, sizeof(what), "%s policy %u", policies[i].name, value);
			snprintf(text, sizeof(text), "%s is not in 0 to %u", what,
				 policies[i].number - 1);
			begin_add("new", 4);
			nl_put_u32(&nl, policies[i].attr, value);
			refused(what, -EINVAL, policies[i].attr, text);
		}
		snprintf(what, sizeof(what), "%s policy as u8", policies[i].name);
		begin_add("new", 4);
		nl_put(&nl, policies[i].attr, "", 1);
		refused(what, -EINVAL, policies[i].attr, "invalid attribute length");
		snprintf(what, sizeof(what), "key-get with a %s policy", policies[i].name);
		nl_begin(&nl, TRAITS_CMD_KEY_GET, NLM_F_ACK);
		nl_put_str(&nl, NAME, "customer-id");
		nl_put_u32(&nl, policies[i].attr, 0);
		refused(what, -EINVAL, policies[i].attr, "Unknown attribute type");
	}
	for (i = TRAITS_GRO_SUM; i <= TRAITS_GRO_OR; i++) {
		snprintf(what, sizeof(what), "gro policy %u for 16 bytes", i);
		begin_add("new", 16);
		nl_put_u32(&nl, TRAITS_A_KEY_GRO, i);
		refused(what, -EINVAL, TRAITS_A_KEY_GRO,
			"sum, min, max and or are for values of 4 or 8 bytes, not 16");
	}
}

static void missing(void)
{
	static const struct {
		uint8_t cmd;
		const char *name;
	} by_key[] = { { TRAITS_CMD_KEY_DEL, "key-del" }, { TRAITS_CMD_KEY_GET, "key-get" } };
	char what[64];
	unsigned int i;

	begin_add("new", -1);
	refused("key-add without size", -EINVAL, -1, "the size is missing");
	begin_add(NULL, 4);
	refused("key-add without name", -EINVAL, -1, "the name is missing");
	begin_add(NULL, -1);
	refused("key-add without anything", -EINVAL, -1, "the name is missing");

	for (i = 0; i < 2; i++) {
		snprintf(what, sizeof(what), "%s without name and id", by_key[i].name);
		nl_begin(&nl, by_key[i].cmd, NLM_F_ACK);
		refused(what, -EINVAL, -1, "a key has to be given by name or by id");
		snprintf(what, sizeof(what), "%s with name and id", by_key[i].name);
		nl_begin(&nl, by_key[i].cmd, NLM_F_ACK);
		nl_put_str(&nl, NAME, "customer-id");
		nl_put_u32(&nl, ID, 7);
		refused(what, -EINVAL, ID, "a key has to be given by name or by id, not by both");
		snprintf(what, sizeof(what), "%s of a name that is not there", by_key[i].name);
		nl_begin(&nl, by_key[i].cmd, NLM_F_ACK);
		nl_put_str(&nl, NAME, "nobody");
		refused(what, -ENOENT, NAME, "no key has the name \"nobody\"");
		snprintf(what, sizeof(what), "%s of an id that is not there", by_key[i].name);
		nl_begin(&nl, by_key[i].cmd, 0);
		nl_put_u32(&nl, ID, 63);
		refused(what, -ENOENT, ID, "no key has the id 63");
	}
}

static void taken(void)
{
	char name[32], why[128];
	int i;

	begin_add("customer-id", 8);
	refused("name that is taken", -EEXIST, NAME,
		"name \"customer-id\" is taken by key id 7");
	begin_add("customer-id", 8);
	nl_put_u32(&nl, ID, 7);
	refused("name and id that are taken", -EEXIST, NAME,
		"name \"customer-id\" is taken by key id 7");
	begin_add("new", 8);
	nl_put_u32(&nl, ID, 7);
	refused("id that is taken", -EADDRINUSE, ID, "key id 7 is taken by \"customer-id\"");

	/* What is refused without NLM_F_ACK is refused in the same way. */
	begin_add("new", 8);
	nl_put_u32(&nl, ID, 7);
	nl.nlh->nlmsg_flags &= ~NLM_F_ACK;
	refused("id that is taken, no ack wanted", -EADDRINUSE, ID,
		"key id 7 is taken by \"customer-id\"");

	for (i = before.n; i < TRAITS_KEYS_MAX; i++) {
		snprintf(name, sizeof(name), "filler.%d", i);
		if (nl_key_add(&observer, name, 16, -1, NULL))
			vt_die("key %s is refused", name);
	}
	nl_key_dump(&observer, &before);
	vt_ok(before.n == TRAITS_KEYS_MAX, "64 keys are taken");
	begin_add("new", 4);
	refused("65th key", -ENOSPC, -1, "all 64 keys are taken");
	begin_add("new", 4);
	nl_put_u32(&nl, ID, 63);
	snprintf(why, sizeof(why), "key id 63 is taken by \"%s\"", before.keys[63].name);
	refused("65th key with an id", -EADDRINUSE, ID, why);
	for (i = 2; i < TRAITS_KEYS_MAX; i++) {
		snprintf(name, sizeof(name), "filler.%d", i);
		if (nl_key_del(&observer, name))
			vt_die("key %s cannot be deleted", name);
	}
	nl_key_dump(&observer, &before);
}

static void unknown(void)
{
	static const uint8_t cmds[] = { 0, TRAITS_CMD_KEY_ADD_NTF, TRAITS_CMD_KEY_SET_NTF,
					TRAITS_CMD_KEY_DEL_NTF, TRAITS_CMD_MAX + 1, 127, 255 };
	char what[64];
	unsigned int i;

	for (i = 0; i < sizeof(cmds); i++) {
		snprintf(what, sizeof(what), "command %u", cmds[i]);
		nl_begin(&nl, cmds[i], NLM_F_ACK);
		refused(what, -EOPNOTSUPP, -1, "");
	}
	begin_add("new", 4);
	nl_put_u32(&nl, TRAITS_A_KEY_MAX + 1, 1);
	refused("unknown attribute", -EINVAL, TRAITS_A_KEY_MAX + 1, "Unknown attribute type");
	begin_add("new", 4);
	nl_put_u32(&nl, 0x3fff, 1);
	refused("unknown attribute 0x3fff", -EINVAL, 0x3fff, "Unknown attribute type");
	begin_add("new", 4);
	nl_put_u32(&nl, 0, 1);
	refused("attribute 0", -EINVAL, 0, "Unknown attribute type");
	nl_begin(&nl, TRAITS_CMD_KEY_DEL, NLM_F_ACK);
	nl_put_str(&nl, NAME, "customer-id");
	nl_put_u32(&nl, SIZE, 8);
	refused("key-del with a size", -EINVAL, SIZE, "Unsupported attribute");
	nl_begin(&nl, TRAITS_CMD_STAT_GET, NLM_F_ACK);
	nl_put_u32(&nl, TRAITS_A_STAT_CPU, 1);
	refused("stat-get of a CPU", -EINVAL, TRAITS_A_STAT_CPU, "Unsupported attribute");
	nl_begin(&nl, TRAITS_CMD_STAT_GET, NLM_F_ACK);
	nl_put_u32(&nl, TRAITS_A_STAT_KEY, 64);
	refused("stat-get of id 64", -EINVAL, TRAITS_A_STAT_KEY, "key id 64 is not in 0 to 63");
	nl_begin(&nl, TRAITS_CMD_STAT_GET, NLM_F_ACK);
	nl_put_u32(&nl, TRAITS_A_STAT_KEY, 63);
	refused("stat-get of an id that is not there", -ENOENT, TRAITS_A_STAT_KEY,
		"no key has the id 63");
	nl_begin(&nl, TRAITS_CMD_INFO_GET, NLM_F_ACK);
	nl_put_u32(&nl, 2, 1);
	refused("info-get with an attribute", -EINVAL, 2, "Unknown attribute type");
	nl_begin(&nl, TRAITS_CMD_KEY_GET, NLM_F_DUMP);
	nl_put_u32(&nl, ID, 7);
	refused("dump of keys with an id", -EINVAL, ID, "a dump of all keys takes no attribute");
	begin_add("new", 4);
	nl.nlh->nlmsg_flags |= NLM_F_DUMP;
	refused("dump of key-add", -EOPNOTSUPP, -1, "");
	nl_begin(&nl, TRAITS_CMD_STAT_GET, NLM_F_DUMP);
	nl_put_u32(&nl, TRAITS_A_STAT_KEY, 7);
	refused("dump of counters with a key", -EINVAL, TRAITS_A_STAT_KEY,
		"a dump of all CPUs takes no attribute");
}

static void malformed(void)
{
	static const uint64_t big = 4;
	struct nlattr *attr;

	begin_add("new", -1);
	nl_put(&nl, SIZE, &big, 1);
	refused("size as u8", -EINVAL, SIZE, "invalid attribute length");
	begin_add("new", -1);
	nl_put(&nl, SIZE, &big, 8);
	refused("size as u64", -EINVAL, SIZE, "invalid attribute length");
	begin_add("new", -1);
	nl_put(&nl, SIZE, &big, 0);
	refused("size without any byte", -EINVAL, SIZE, "invalid attribute length");
	begin_add("new", 4);
	nl_put(&nl, ID, &big, 2);
	refused("id as u16", -EINVAL, ID, "invalid attribute length");
	begin_add("new", -1);
	nl_put(&nl, SIZE | NLA_F_NESTED, &big, 4);
	refused("size as a nest", -EINVAL, SIZE, "NLA_F_NESTED not expected");
	begin_add(NULL, 4);
	attr = mnl_attr_nest_start(nl.nlh, NAME);
	nl_put_str(&nl, NAME, "new");
	mnl_attr_nest_end(nl.nlh, attr);
	refused("name as a nest", -EINVAL, NAME, "NLA_F_NESTED not expected");

	begin_add("new", 4);
	attr = mnl_nlmsg_get_payload_offset(nl.nlh, sizeof(struct genlmsghdr));
	attr->nla_len = 400;
	refused("attribute longer than the message", -EINVAL, -1,
		"bytes leftover after parsing attributes");
	begin_add("new", 4);
	attr = mnl_nlmsg_get_payload_offset(nl.nlh, sizeof(struct genlmsghdr));
	attr->nla_len = 3;
	refused("attribute shorter than its header", -EINVAL, -1,
		"bytes leftover after parsing attributes");
	begin_add("new", 4);
	nl.nlh->nlmsg_len -= 2;
	refused("message that ends within an attribute", -EINVAL, -1,
		"bytes leftover after parsing attributes");
	begin_add("new", 4);
	memset(mnl_nlmsg_get_payload_tail(nl.nlh), 0xff, 64);
	nl.nlh->nlmsg_len += 64;
	refused("junk behind the attributes", -EINVAL, -1,
		"bytes leftover after parsing attributes");

	nl_begin(&nl, TRAITS_CMD_INFO_GET, NLM_F_ACK);
	nl.nlh->nlmsg_len = NLMSG_HDRLEN;
	refused("message without a command", -EINVAL, -1, "");
	begin_add("new", 4);
	((struct genlmsghdr *)mnl_nlmsg_get_payload(nl.nlh))->reserved = 1;
	refused("reserved field of the header", -EINVAL, -1,
		"genlmsghdr.reserved field is not 0");
	begin_add("new", 4);
	nl.nlh->nlmsg_flags |= 0x4000;
	refused("unknown flag of the header", -EINVAL, -1,
		"ambiguous or reserved bits set in nlmsg_flags");
}

/* Two requests in one datagram: each gets its own answer. */
static void batch(void)
{
	struct nl_answer got;
	struct nlmsghdr *first;
	char *end;

	begin_add("new", 4);
	nl_put_u32(&nl, ID, 7);
	first = nl.nlh;
	end = mnl_nlmsg_get_payload_tail(first);
	memcpy(end, first, first->nlmsg_len);
	((struct nlmsghdr *)end)->nlmsg_seq++;
	mnl_socket_sendto(nl.socket, nl.buf, 2 * first->nlmsg_len);
	memset(&got, 0, sizeof(got));
	nl_receive(&nl, &got);
	nl_receive(&nl, &got);
	vt_ok(got.errors == 2 && got.err == -EADDRINUSE && !got.n && nl_silent(&nl) &&
	      !strcmp(got.text, "key id 7 is taken by \"customer-id\""),
	      "two refusals in one datagram");
}

/* Runs in a child, which may do what the test cannot take back. */
static void as_somebody_else(const char *who, void (*become)(void))
{
	struct nl_answer got;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		become();
		nl_open(&nl);
		nl_begin(&nl, TRAITS_CMD_KEY_GET, NLM_F_ACK);
		nl_put_str(&nl, NAME, "customer-id");
		nl_ask(&nl, &got);
		if (got.err || got.n != 1 || got.keys[0].id != 7)
			exit(3);
		begin_add("new", 4);
		nl_ask(&nl, &got);
		if (got.err != -EPERM || got.n || got.text[0])
			exit(4);
		nl_begin(&nl, TRAITS_CMD_KEY_DEL, NLM_F_ACK);
		nl_put_str(&nl, NAME, "customer-id");
		nl_ask(&nl, &got);
		exit(got.err == -EPERM && !got.text[0] ? 0 : 5);
	}
	waitpid(pid, &status, 0);
	nl_key_dump(&observer, &got);
	if (!vt_ok(!status && same(&before, &got), "%s may read and not change", who))
		vt_note("status 0x%x: 3: cannot read, 4: can add, 5: can delete", status);
}

static void become_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		exit(1);
}

static void become_root_elsewhere(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		exit(1);
}

int main(void)
{
	struct nl_key key;

	nl_open(&nl);
	nl_open(&observer);
	if (nl_key_add(&nl, "customer-id", 8, 7, &key) || nl_key_add(&nl, "flag", 0, -1, NULL))
		vt_die("good keys are refused");
	nl_key_dump(&observer, &before);
	vt_ok(before.n == 2 && key.id == 7 && key.size == 8 && !strcmp(key.name, "customer-id"),
	      "good keys are there");

	bad_names();
	bad_numbers();
	bad_policies();
	missing();
	taken();
	unknown();
	malformed();
	batch();
	as_somebody_else("nobody", become_nobody);
	as_somebody_else("root of another user namespace", become_root_elsewhere);

	vt_ok(!nl_key_del(&nl, "customer-id") && !nl_key_del(&nl, "flag"), "good keys can go");
	return vt_done();
}
