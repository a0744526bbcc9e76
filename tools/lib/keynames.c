// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* Names of keys by their ids, kept for as long as nothing changes. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <traits/traits.h>

/*
 * @registry:	to ask
 * @watch:	to be told of changes, through @news
 * @known:	@names are those of the registry
 */
struct traits_names {
	struct traits *registry;
	struct traits *watch;
	int news;
	bool known;
	char names[TRAITS_KEYS_MAX][TRAITS_NAME_MAX + 1];
};

struct traits_names *traits_names_open(void)
{
	struct traits_names *names = calloc(1, sizeof(*names));
	int err = ENOMEM;

	if (!names)
		return NULL;
	names->watch = traits_open();
	names->registry = names->watch ? traits_open() : NULL;
	if (!names->registry) {
		err = errno;
		goto err_close;
	}
	names->news = traits_watch(names->watch);
	if (names->news < 0) {
		err = -names->news;
		goto err_close;
	}
	return names;

err_close:
	traits_names_close(names);
	errno = err;
	return NULL;
}

void traits_names_close(struct traits_names *names)
{
	if (!names)
		return;
	traits_close(names->registry);
	traits_close(names->watch);
	free(names);
}

/*
 * Takes in all news that there are. What they say does not matter, nor that some were missed
 * (-ENOBUFS): the registry is asked for all names.
 */
static bool is_news(struct traits_names *names)
{
	struct pollfd news = { .fd = names->news, .events = POLLIN };
	struct traits_key key;
	bool any = false;
	int ret = 0;

	while ((ret >= 0 || ret == -ENOBUFS) && poll(&news, 1, 0) > 0) {
		ret = traits_watch_next(names->watch, &key);
		any = true;
	}
	return any;
}

static int ask(struct traits_names *names)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
	int n = traits_key_dump(names->registry, keys), i;

	if (n < 0)
		return n;
	memset(names->names, 0, sizeof(names->names));
	for (i = 0; i < n; i++)
		strcpy(names->names[keys[i].id], keys[i].name);
	return 0;
}

const char *traits_names_get(struct traits_names *names, unsigned int id)
{
	int err = 0;

	/* First the news, so that what comes while the registry is asked is seen next time. */
	if (is_news(names) || !names->known) {
		err = ask(names);
		names->known = !err;
	}
	if (!err && (id >= TRAITS_KEYS_MAX || !names->names[id][0]))
		err = -ENOENT;
	errno = -err;
	return err ? NULL : names->names[id];
}
