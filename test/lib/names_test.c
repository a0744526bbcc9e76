// SPDX-License-Identifier: GPL-2.0
/*
 * Names of keys by their ids, from a registry that is played here: it counts how often it is
 * asked, and has a pipe for its news. Exit code 0 if all was right; else a line tells what was not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <traits/traits.h>

struct traits {
	int unused;
};

static struct traits connections[2];
static struct traits_key keys[TRAITS_KEYS_MAX];
static int n_keys, opened, closed, asked, dump_error, missed, news[2], watch_error;

struct traits *traits_open(void)
{
	if (opened == 2) {
		errno = EMFILE;
		return NULL;
	}
	return &connections[opened++];
}

void traits_close(struct traits *t)
{
	closed += !!t;
}

int traits_watch(struct traits *t)
{
	(void)t;
	return watch_error ? watch_error : news[0];
}

int traits_watch_next(struct traits *t, struct traits_key *key)
{
	char c;

	(void)t;
	(void)key;
	if (read(news[0], &c, 1) != 1)
		return -EIO;
	if (!missed)
		return TRAITS_CMD_KEY_ADD_NTF;
	missed = 0;
	return -ENOBUFS;
}

int traits_key_dump(struct traits *t, struct traits_key *to)
{
	(void)t;
	asked++;
	memcpy(to, keys, sizeof(keys));
	return dump_error ? dump_error : n_keys;
}

/* It is told of, @times. */
static void has(int id, const char *name, int times)
{
	keys[0] = (struct traits_key){ .id = id };
	strcpy(keys[0].name, name);
	n_keys = 1;
	while (times--)
		if (write(news[1], "", 1) != 1)
			abort();
}

static void must(int right, const char *what)
{
	if (right)
		return;
	printf("%s\n", what);
	exit(1);
}

static int is(struct traits_names *names, unsigned int id, const char *want)
{
	const char *name = traits_names_get(names, id);

	return want ? name && !strcmp(name, want) : !name && errno == ENOENT;
}

int main(void)
{
	struct traits_names *names;

	if (pipe(news))
		abort();
	watch_error = -EOPNOTSUPP;
	must(!traits_names_open() && errno == EOPNOTSUPP && closed == 2, "opened without news");
	must(!traits_names_open() && errno == EMFILE, "opened without a connection");
	opened = closed = watch_error = 0;
	has(63, "first", 0);
	names = traits_names_open();
	must(names && opened == 2, "not opened");
	must(is(names, 63, "first") && is(names, 63, "first") && asked == 1, "the first name");
	must(is(names, 0, NULL) && is(names, 64, NULL) && is(names, 1000, NULL) && asked == 1,
	     "ids without a key");
	has(63, "another", 1);
	must(is(names, 63, "another") && asked == 2, "the id is another key's");
	has(0, "third", 5);
	must(is(names, 63, NULL) && is(names, 0, "third") && asked == 3, "after much news");
	has(1, "fourth", 2);
	missed = 1;
	must(is(names, 1, "fourth") && is(names, 0, NULL) && asked == 4, "after missed news");
	has(2, "fifth", 1);
	dump_error = -ENOENT;
	must(!traits_names_get(names, 1) && errno == ENOENT, "the registry is gone");
	dump_error = 0;
	must(is(names, 2, "fifth") && asked == 6, "it is there again");
	traits_names_close(names);
	traits_names_close(NULL);
	must(closed == 2, "not closed");
	return 0;
}
