// SPDX-License-Identifier: GPL-2.0
/*
 * A dump of 64 keys with the longest names and all policies takes more than one datagram and is
 * complete. One during which a key is added or deleted says so, at the latest
 * at its end.
 */
#include <stdio.h>
#include <string.h>

#include "nl.h"
#include "vt.h"

static struct nl writer;

/* 31 characters, in an order that is not that of the ids. */
static void name_of(int i, char name[32])
{
	snprintf(name, 32, "%02d-abcdefghijklmnopqrstuvwxyz./", (i * 37) % TRAITS_KEYS_MAX);
}

static int size_of(int i)
{
	return i % 4 == 3 ? 16 : i % 4 * 4;
}

/* All policies that a key of its size can have. */
static uint32_t gro_of(int i)
{
	int size = size_of(i);

	return i / 4 % (size == 4 || size == 8 ? __TRAITS_GRO_MAX : TRAITS_GRO_SUM);
}

static uint32_t clone_of(int i)
{
	return i % __TRAITS_CLONE_MAX;
}

static uint32_t netns_of(int i)
{
	return i / 2 % __TRAITS_NETNS_MAX;
}

static void fill(void)
{
	struct nl_answer answer;
	char name[32];
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		name_of(i, name);
		nl_begin(&writer, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
		nl_put_str(&writer, TRAITS_A_KEY_NAME, name);
		nl_put_u32(&writer, TRAITS_A_KEY_SIZE, size_of(i));
		nl_put_u32(&writer, TRAITS_A_KEY_ID, i);
		nl_put_u32(&writer, TRAITS_A_KEY_GRO, gro_of(i));
		nl_put_u32(&writer, TRAITS_A_KEY_CLONE, clone_of(i));
		nl_put_u32(&writer, TRAITS_A_KEY_NETNS, netns_of(i));
		nl_ask(&writer, &answer);
		if (answer.err)
			vt_die("key %d is refused: %s", i, answer.text);
	}
}

static bool complete(const struct nl_answer *dump)
{
	char name[32];
	int i;

	for (i = 0; i < dump->n; i++) {
		name_of(i, name);
		if (dump->keys[i].id != (uint32_t)i || dump->keys[i].size != (uint32_t)size_of(i) ||
		    dump->keys[i].gro != gro_of(i) || dump->keys[i].clone != clone_of(i) ||
		    dump->keys[i].netns != netns_of(i) || strcmp(dump->keys[i].name, name))
			return false;
	}
	return dump->n == TRAITS_KEYS_MAX;
}

/*
 * The kernel makes a datagram of a dump ahead of its being read, so a change
 * behind the first read happens before the rest was made.
 */
static void change_within(const char *what, void (*change)(void), bool interrupted)
{
	struct nl_answer dump;
	struct nl reader;

	nl_open(&reader);
	memset(&dump, 0, sizeof(dump));
	nl_begin(&reader, TRAITS_CMD_KEY_GET, NLM_F_DUMP);
	nl_send(&reader);
	change();
	while (nl_receive(&reader, &dump))
		;
	nl_close(&reader);
	if (!vt_ok(dump.datagrams > 1 && dump.interrupted == interrupted, "%s", what))
		vt_note("%d datagrams, %d keys, %s", dump.datagrams, dump.n,
			dump.interrupted ? "interrupted" : "not interrupted");
}

static void change_nothing(void)
{
}

static void del_last(void)
{
	char name[32];

	name_of(TRAITS_KEYS_MAX - 1, name);
	if (nl_key_del(&writer, name))
		vt_die("the last key cannot be deleted");
}

static void add_last(void)
{
	char name[32];

	name_of(TRAITS_KEYS_MAX - 1, name);
	if (nl_key_add(&writer, name, size_of(TRAITS_KEYS_MAX - 1), -1, NULL))
		vt_die("the last key cannot be added");
}

/* Behind it, the registry is what it was. */
static void del_and_add_first(void)
{
	char name[32];

	name_of(0, name);
	if (nl_key_del(&writer, name) || nl_key_add(&writer, name, size_of(0), -1, NULL))
		vt_die("the first key cannot be deleted and added");
}

int main(void)
{
	struct nl_answer dump;
	struct nl reader;
	char name[32];
	int i, bad = 0;

	nl_open(&writer);
	nl_open(&reader);
	nl_key_dump(&reader, &dump);
	vt_ok(!dump.n && !dump.interrupted, "no key, no message");

	fill();
	nl_close(&reader);
	nl_open(&reader);
	nl_key_dump(&reader, &dump);
	vt_ok(complete(&dump), "64 keys with names of 31 characters");
	vt_ok(dump.datagrams > 1, "they span %d datagrams", dump.datagrams);
	vt_ok(!dump.interrupted, "nothing changed meanwhile");
	vt_ok(nl_silent(&reader), "and that is all");

	change_within("no change within a dump", change_nothing, false);
	change_within("key deleted within a dump", del_last, true);
	change_within("key added within a dump", add_last, true);
	change_within("key deleted and added again within a dump", del_and_add_first, true);
	change_within("no change within the next dump", change_nothing, false);

	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		name_of(i, name);
		bad += nl_key_del(&writer, name) != 0;
	}
	vt_ok(!bad, "all keys can go");
	return vt_done();
}
