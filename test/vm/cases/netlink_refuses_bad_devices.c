// SPDX-License-Identifier: GPL-2.0
/*
 * Each request about devices that breaks the protocol is refused with one error, its errno, its
 * sentence and the attribute to blame, and all devices have afterwards what they had before.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/genetlink.h>

#include "nl.h"
#include "vt.h"

#define INDEX		TRAITS_A_DEV_IFINDEX
#define NAME		TRAITS_A_DEV_IFNAME
#define HEADROOM	TRAITS_A_DEV_HEADROOM

/* What nl.c takes for a key is a device here: the attributes have the same numbers and types. */
#define ifindex_of(key)		((key).id)
#define headroom_of(key)	((key).size)

static struct nl nl;		/* of the request */
static struct nl observer;
static struct nl_answer before;

static void dump(struct nl_answer *answer)
{
	nl_begin(&observer, TRAITS_CMD_DEV_GET, NLM_F_DUMP);
	nl_ask(&observer, answer);
}

static bool same(const struct nl_answer *a, const struct nl_answer *b)
{
	return a->n == b->n && !memcmp(a->keys, b->keys, a->n * sizeof(a->keys[0]));
}

/* The request in @nl is refused; attr -1: none is to blame. */
static void refused(const char *what, int err, int attr, const char *text)
{
	struct nl_answer got, after;

	nl_ask(&nl, &got);
	dump(&after);
	if (!vt_ok(got.err == err && !strcmp(got.text, text) && got.attr == attr && !got.n &&
		   nl_silent(&nl) && same(&before, &after), "%s", what))
		vt_note("got error %d (want %d), attribute %d (%d), %d messages, %s\n"
			"got  \"%s\"\nwant \"%s\"", got.err, err, got.attr, attr, got.n,
			same(&before, &after) ? "devices unchanged" : "DEVICES CHANGED",
			got.text, text);
}

static void begin(uint8_t cmd, const char *name, long headroom)
{
	nl_begin(&nl, cmd, NLM_F_ACK);
	if (name)
		nl_put_str(&nl, NAME, name);
	if (headroom >= 0)
		nl_put_u32(&nl, HEADROOM, headroom);
}

static int set(const char *name, unsigned int headroom, struct nl_key *dev)
{
	struct nl_answer answer;

	begin(TRAITS_CMD_DEV_SET, name, headroom);
	nl_ask(&nl, &answer);
	*dev = answer.keys[0];
	return answer.err ? answer.err : answer.n - 1;
}

static void bad_headrooms(void)
{
	static const uint32_t headrooms[] = { 513, 65535, 65536, 66048, INT32_MAX, UINT32_MAX };
	char what[64], text[64];
	unsigned int i;

	for (i = 0; i < sizeof(headrooms) / sizeof(headrooms[0]); i++) {
		snprintf(what, sizeof(what), "headroom %u", headrooms[i]);
		snprintf(text, sizeof(text), "headroom %u is not in 0 to 512", headrooms[i]);
		begin(TRAITS_CMD_DEV_SET, "other", headrooms[i]);
		refused(what, -EINVAL, HEADROOM, text);
	}
	begin(TRAITS_CMD_DEV_SET, "other", -1);
	refused("no headroom", -EINVAL, -1, "the headroom is missing");
	begin(TRAITS_CMD_DEV_SET, "other", -1);
	nl_put(&nl, HEADROOM, "\1\0", 2);
	refused("headroom as u16", -EINVAL, HEADROOM, "invalid attribute length");
}

static void bad_devices(uint8_t cmd, long headroom, const char *what)
{
	static const struct {
		const char *name, *text;
		int err;
	} names[] = {
		{ "nobody", "no device has the name \"nobody\"", -ENODEV },
		{ "\033[31m", "no device has the name \"\\e[31m\"", -ENODEV },
		{ "", "the device's name is empty", -EINVAL },
		{ "0123456789abcdef", "the device's name has 16 characters, more than 15",
		  -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		begin(cmd, names[i].name, headroom);
		refused(what, names[i].err, NAME, names[i].text);
	}
	begin(cmd, NULL, headroom);
	nl_put(&nl, NAME, "lo\0lo", 6);
	refused(what, -EINVAL, NAME, "the device's name has a NUL inside");
	begin(cmd, NULL, headroom);
	nl_put(&nl, NAME, "lo", 2);
	refused(what, -EINVAL, NAME, "Attribute failed policy validation");

	begin(cmd, NULL, headroom);
	refused(what, -EINVAL, -1, "a device has to be given by name or by index");
	begin(cmd, "lo", headroom);
	nl_put_u32(&nl, INDEX, 1);
	refused(what, -EINVAL, INDEX, "a device has to be given by name or by index, not by both");
	begin(cmd, NULL, headroom);
	nl_put_u32(&nl, INDEX, 0);
	refused(what, -ENODEV, INDEX, "no device has the index 0");
	begin(cmd, NULL, headroom);
	nl_put_u32(&nl, INDEX, UINT32_MAX);
	refused(what, -ENODEV, INDEX, "no device has the index 4294967295");
}

static void unknown(void)
{
	begin(TRAITS_CMD_DEV_SET, "other", 4);
	nl_put_u32(&nl, TRAITS_A_DEV_NEEDED, 4);
	refused("dev-set of what is needed", -EINVAL, TRAITS_A_DEV_NEEDED,
		"Unknown attribute type");
	begin(TRAITS_CMD_DEV_GET, "other", 4);
	refused("dev-get with a headroom", -EINVAL, HEADROOM, "Unknown attribute type");
	nl_begin(&nl, TRAITS_CMD_DEV_GET, NLM_F_DUMP);
	nl_put_str(&nl, NAME, "raised");
	refused("dump of devices with a name", -EINVAL, NAME,
		"a dump of all devices takes no attribute");
	begin(TRAITS_CMD_DEV_SET, "other", 4);
	nl.nlh->nlmsg_flags |= NLM_F_DUMP;
	refused("dump of dev-set", -EOPNOTSUPP, -1, "");
}

static void become_nobody(void)
{
	if (setgid(65534) || setuid(65534))
		exit(1);
}

static void become_root_of_its_own(void)
{
	if (unshare(CLONE_NEWUSER))
		exit(1);
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
		begin(TRAITS_CMD_DEV_GET, "raised", -1);
		nl_ask(&nl, &got);
		if (got.err || got.n != 1 || headroom_of(got.keys[0]) != 100)
			exit(3);
		begin(TRAITS_CMD_DEV_SET, "raised", 0);
		nl_ask(&nl, &got);
		exit(got.err == -EPERM && !got.text[0] ? 0 : 4);
	}
	waitpid(pid, &status, 0);
	dump(&got);
	if (!vt_ok(!status && same(&before, &got), "%s may read and not change", who))
		vt_note("status 0x%x: 3: cannot read, 4: can change", status);
}

int main(void)
{
	struct nl_key dev = {};
	int here;

	vt_run("ip netns add other");
	here = vt_ns_enter("other");
	vt_run("ip link add raised type dummy");
	vt_run("ip link add other type dummy");
	nl_open(&nl);
	nl_open(&observer);
	vt_ok(!set("raised", 100, &dev) && headroom_of(dev) == 100 &&
	      ifindex_of(dev) == if_nametoindex("raised") && !strcmp(dev.name, "raised"),
	      "a good request");
	dump(&before);
	vt_ok(before.n == 1 && headroom_of(before.keys[0]) == 100, "has made one device special");

	bad_headrooms();
	bad_devices(TRAITS_CMD_DEV_SET, 4, "dev-set of a bad device");
	bad_devices(TRAITS_CMD_DEV_GET, -1, "dev-get of a bad device");
	unknown();
	as_somebody_else("nobody", become_nobody);
	as_somebody_else("root of another user namespace", become_root_of_its_own);

	vt_ok(!set("other", 512, &dev) && headroom_of(dev) == 512, "512 bytes are allowed");
	vt_ok(!set("other", 1, &dev) && headroom_of(dev) == 1, "and 1");
	vt_ok(!set("other", 0, &dev) && headroom_of(dev) == 0, "and 0");
	dump(&before);
	vt_ok(before.n == 1, "which is as if never asked");
	vt_ns_leave(here);
	return vt_done();
}
