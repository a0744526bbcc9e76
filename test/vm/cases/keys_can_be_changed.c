// SPDX-License-Identifier: GPL-2.0
/*
 * key-set changes what it is told to and nothing else; claims with exist-ok find keys that are as
 * they should be; both are refused, and change nothing, where they have to be. Whoever listens
 * gets one notification for each change, with the key as it is then, and none for the rest.
 */
#include <errno.h>
#include <string.h>

#include "nl.h"
#include "vt.h"

#define ID	TRAITS_A_KEY_ID
#define NAME	TRAITS_A_KEY_NAME
#define SIZE	TRAITS_A_KEY_SIZE
#define GRO	TRAITS_A_KEY_GRO
#define GID	TRAITS_A_KEY_GID
#define USER	TRAITS_A_KEY_USER
#define TEXT	TRAITS_A_KEY_DESCRIPTION

static struct nl nl, listener, observer;
static struct nl_key now;	/* the key "k" as it should be */

static bool same(const struct nl_key *a, const struct nl_key *b)
{
	return a->id == b->id && a->size == b->size && a->gro == b->gro && a->clone == b->clone &&
	       a->netns == b->netns && a->user == b->user && a->gid == b->gid &&
	       a->holds == b->holds && !strcmp(a->name, b->name) &&
	       !strcmp(a->description, b->description);
}

/* One notification of @cmd is there, of the key as it should be; or none for 0. */
static bool notified(int cmd)
{
	struct nl_answer note;

	if (!cmd)
		return nl_silent(&listener);
	if (nl_silent(&listener))
		return false;
	memset(&note, 0, sizeof(note));
	nl_receive(&listener, &note);
	return note.n == 1 && note.cmd == cmd && same(&note.keys[0], &now) &&
	       nl_silent(&listener);
}

/* The request in @nl is granted; @cmd: what listeners are told. */
static void granted(int cmd, const char *what)
{
	struct nl_answer got, dump;

	nl_ask(&nl, &got);
	nl_key_dump(&observer, &dump);
	if (!vt_ok(!got.err && got.n == 1 && same(&got.keys[0], &now) && dump.n == 1 &&
		   same(&dump.keys[0], &now) && notified(cmd), "%s", what))
		vt_note("error %d, %s; gro %u, clone %u, netns %u, user %u, gid %u, \"%s\"", got.err,
			got.text, dump.keys[0].gro, dump.keys[0].clone, dump.keys[0].netns,
			dump.keys[0].user, dump.keys[0].gid, dump.keys[0].description);
}

static void refused(const char *what, int err, int attr, const char *text)
{
	struct nl_answer got, dump;

	nl_ask(&nl, &got);
	nl_key_dump(&observer, &dump);
	if (!vt_ok(got.err == err && got.attr == attr && !strcmp(got.text, text) && !got.n &&
		   dump.n == 1 && same(&dump.keys[0], &now) && notified(0), "%s", what))
		vt_note("error %d (want %d), attribute %d (%d)\ngot  \"%s\"\nwant \"%s\"", got.err, err,
			got.attr, attr, got.text, text);
}

static void begin_set(void)
{
	nl_begin(&nl, TRAITS_CMD_KEY_SET, NLM_F_ACK);
	nl_put_str(&nl, NAME, "k");
}

static void changes(void)
{
	static const struct {
		uint16_t attr;
		uint32_t *now, to;
		const char *name;
	} numbers[] = {
		{ GRO, &now.gro, TRAITS_GRO_SUM, "gro" },
		{ TRAITS_A_KEY_CLONE, &now.clone, TRAITS_CLONE_COPY, "clone" },
		{ TRAITS_A_KEY_NETNS, &now.netns, TRAITS_NETNS_DROP, "netns" },
		{ USER, &now.user, TRAITS_USER_WRITE, "user" },
		{ GID, &now.gid, 1000, "gid" },
		{ GID, &now.gid, 0, "gid 0" },
		{ GID, &now.gid, TRAITS_GID_ANY, "gid to all" },
		{ USER, &now.user, TRAITS_USER_NONE, "user to none" },
	};
	char longest[TRAITS_DESCRIPTION_MAX + 1] = "";
	unsigned int i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		*numbers[i].now = numbers[i].to;
		begin_set();
		nl_put_u32(&nl, numbers[i].attr, numbers[i].to);
		granted(TRAITS_CMD_KEY_SET_NTF, numbers[i].name);
	}
	memset(longest, '~', TRAITS_DESCRIPTION_MAX);
	strcpy(now.description, longest);
	begin_set();
	nl_put_str(&nl, TEXT, longest);
	granted(TRAITS_CMD_KEY_SET_NTF, "description");
	begin_set();
	nl_put_str(&nl, TEXT, longest);
	nl_put_u32(&nl, GRO, TRAITS_GRO_SUM);
	granted(0, "to what it is");

	now.gro = TRAITS_GRO_LAST;
	now.clone = TRAITS_CLONE_DROP;
	strcpy(now.description, "");
	nl_begin(&nl, TRAITS_CMD_KEY_SET, NLM_F_ACK);
	nl_put_u32(&nl, ID, now.id);
	nl_put_str(&nl, TEXT, "");
	nl_put_u32(&nl, GRO, TRAITS_GRO_LAST);
	nl_put_u32(&nl, TRAITS_A_KEY_CLONE, TRAITS_CLONE_DROP);
	granted(TRAITS_CMD_KEY_SET_NTF, "three at once, by id");
}

static void bad_changes(void)
{
	char text[200] = "";

	begin_set();
	refused("nothing", -EINVAL, -1, "nothing to change is given");
	begin_set();
	nl_put_u32(&nl, ID, now.id);
	nl_put_u32(&nl, GRO, 0);
	refused("name and id", -EINVAL, ID, "a key has to be given by name or by id, not by both");
	nl_begin(&nl, TRAITS_CMD_KEY_SET, NLM_F_ACK);
	nl_put_u32(&nl, GRO, 0);
	refused("no key", -EINVAL, -1, "a key has to be given by name or by id");
	nl_begin(&nl, TRAITS_CMD_KEY_SET, NLM_F_ACK);
	nl_put_str(&nl, NAME, "nobody");
	nl_put_u32(&nl, GRO, 0);
	refused("nobody", -ENOENT, NAME, "no key has the name \"nobody\"");
	begin_set();
	nl_put_u32(&nl, SIZE, now.size);
	refused("size", -EINVAL, SIZE, "the size of a key stays as it is");
	begin_set();
	nl_put_flag(&nl, TRAITS_A_KEY_EXIST_OK);
	refused("exist-ok", -EINVAL, TRAITS_A_KEY_EXIST_OK, "Unknown attribute type");
	begin_set();
	nl_put_u32(&nl, USER, __TRAITS_USER_MAX);
	refused("user access 3", -EINVAL, USER, "user access 3 is not in 0 to 2");
	begin_set();
	nl_put_u32(&nl, TRAITS_A_KEY_CLONE, TRAITS_CLONE_COPY);
	nl_put_u32(&nl, GRO, __TRAITS_GRO_MAX);
	refused("clone good, gro 8", -EINVAL, GRO, "gro policy 8 is not in 0 to 7");
	memset(text, 'x', TRAITS_DESCRIPTION_MAX + 1);
	begin_set();
	nl_put_str(&nl, TEXT, text);
	refused("description of 128", -EINVAL, TEXT,
		"the description has 128 characters, more than 127");
	begin_set();
	nl_put_str(&nl, TEXT, "red \033[31m");
	refused("description with an escape", -EINVAL, TEXT,
		"character 5 of the description, 0x1b, is not printable ASCII");
	begin_set();
	nl_put(&nl, TEXT, "a\0b", 4);
	refused("description with a NUL inside", -EINVAL, TEXT,
		"character 2 of the description, 0x00, is not printable ASCII");
	begin_set();
	nl_put_str(&nl, TEXT, "caf\303\251");
	refused("description in UTF-8", -EINVAL, TEXT,
		"character 4 of the description, 0xc3, is not printable ASCII");
}

static void begin_claim(uint32_t size)
{
	nl_begin(&nl, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
	nl_put_str(&nl, NAME, "k");
	nl_put_u32(&nl, SIZE, size);
	nl_put_flag(&nl, TRAITS_A_KEY_EXIST_OK);
}

static void claims(void)
{
	begin_claim(8);
	granted(0, "claimed by name and size");
	begin_claim(8);
	nl_put_u32(&nl, ID, now.id);
	nl_put_u32(&nl, GRO, now.gro);
	nl_put_u32(&nl, TRAITS_A_KEY_CLONE, now.clone);
	nl_put_u32(&nl, TRAITS_A_KEY_NETNS, now.netns);
	nl_put_u32(&nl, USER, now.user);
	nl_put_u32(&nl, GID, now.gid);
	nl_put_str(&nl, TEXT, now.description);
	granted(0, "claimed by all that it has");
	nl_begin(&nl, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
	nl_put_str(&nl, NAME, "k");
	nl_put_u32(&nl, SIZE, 8);
	refused("not without exist-ok", -EEXIST, NAME, "name \"k\" is taken by key id 5");
	begin_claim(4);
	refused("another size", -EEXIST, NAME,
		"name \"k\" is taken by key id 5, whose size is another");
	begin_claim(8);
	nl_put_u32(&nl, ID, 6);
	refused("another id", -EEXIST, NAME, "name \"k\" is taken by key id 5, whose id is another");
	begin_claim(8);
	nl_put_u32(&nl, GRO, TRAITS_GRO_FIRST);
	refused("another gro policy", -EEXIST, NAME,
		"name \"k\" is taken by key id 5, whose gro policy is another");
	begin_claim(8);
	nl_put_u32(&nl, GID, 7);
	refused("another group", -EEXIST, NAME,
		"name \"k\" is taken by key id 5, whose group is another");
	begin_claim(8);
	nl_put_str(&nl, TEXT, "other");
	refused("another description", -EEXIST, NAME,
		"name \"k\" is taken by key id 5, whose description is another");
	nl_begin(&nl, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
	nl_put_str(&nl, NAME, "k2");
	nl_put_u32(&nl, SIZE, 8);
	nl_put_u32(&nl, ID, 5);
	nl_put_flag(&nl, TRAITS_A_KEY_EXIST_OK);
	refused("another's id", -EADDRINUSE, ID, "key id 5 is taken by \"k\"");
}

int main(void)
{
	struct nl_answer got;

	nl_open(&nl);
	nl_open(&listener);
	nl_open(&observer);
	nl_watch(&listener);
	now = (struct nl_key) { .id = 5, .size = 8, .user = TRAITS_USER_READ, .gid = 42,
				.name = "k", .description = "first \"words\"" };
	begin_claim(8);
	nl_put_u32(&nl, ID, 5);
	nl_put_u32(&nl, USER, TRAITS_USER_READ);
	nl_put_u32(&nl, GID, 42);
	nl_put_str(&nl, TEXT, now.description);
	granted(TRAITS_CMD_KEY_ADD_NTF, "a claim of a new key");
	changes();
	bad_changes();
	claims();

	nl_begin(&nl, TRAITS_CMD_KEY_SET, NLM_F_ACK);
	nl_put_u32(&nl, ID, 5);
	nl_put_u32(&nl, GRO, TRAITS_GRO_SUM);
	now.gro = TRAITS_GRO_SUM;
	granted(TRAITS_CMD_KEY_SET_NTF, "numbers can be summed up");
	nl_begin(&nl, TRAITS_CMD_KEY_DEL, NLM_F_ACK);
	nl_put_str(&nl, NAME, "k");
	nl_ask(&nl, &got);
	vt_ok(!got.err && notified(TRAITS_CMD_KEY_DEL_NTF), "deleted, and told as it was last");
	return vt_done();
}
