// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* Keys whose ids have to be consecutive. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <traits/traits.h>

#include "genl.h"
#include "resolve.h"

#define ATTEMPTS 16

/* A layout and the registry as it was when last looked at. */
struct search {
	struct trait_key *keys;
	unsigned int n;
	struct traits_key there[TRAITS_KEYS_MAX];
	int n_there;
	uint64_t added;		/* bit i: keys[i] was registered by this search */
};

static const struct traits_key *by_name(const struct search *s, const char *name)
{
	int i;

	for (i = 0; i < s->n_there; i++)
		if (!strcmp(s->there[i].name, name))
			return &s->there[i];
	return NULL;
}

static const struct traits_key *by_id(const struct search *s, uint32_t id)
{
	int i;

	for (i = 0; i < s->n_there; i++)
		if (s->there[i].id == id)
			return &s->there[i];
	return NULL;
}

/* The id of the first key according to those that are registered; -ENOENT if none is. */
static int place_taken(struct traits *t, const struct search *s)
{
	const struct traits_key *first = NULL, *found;
	unsigned int i, first_at = 0;
	int err;

	for (i = 0; i < s->n; i++) {
		found = by_name(s, s->keys[i].name);
		if (!found)
			continue;
		err = traits_key_fits(t, found, &s->keys[i]);
		if (err)
			return err;
		if (found->id < i)
			return traits_fail(t, -EADDRNOTAVAIL,
					   "key \"%s\" has id %u: there is no room for the %u keys of the layout before it",
					   found->name, found->id, i);
		if (!first) {
			first = found;
			first_at = i;
		}
		if (found->id - i != first->id - first_at)
			return traits_fail(t, -EADDRNOTAVAIL,
					   "key \"%s\" has id %u and key \"%s\" id %u: that is not its place in the layout",
					   first->name, first->id, found->name, found->id);
	}
	return first ? (int)(first->id - first_at) : -ENOENT;
}

/* The first of as many free ids as the layout has keys. */
static int place_free(struct traits *t, const struct search *s)
{
	unsigned int id, run = 0;

	for (id = 0; id < TRAITS_KEYS_MAX; id++) {
		run = by_id(s, id) ? 0 : run + 1;
		if (run == s->n)
			return id + 1 - run;
	}
	return traits_fail(t, -ENOSPC, "there are no %u consecutive ids free", s->n);
}

/* The sentence about a failure is to be kept. */
static void undo(struct traits *t, struct search *s)
{
	char error[sizeof(t->error)];
	unsigned int i;

	memcpy(error, t->error, sizeof(error));
	for (i = 0; i < s->n; i++)
		if (s->added & 1ULL << i)
			traits_key_del(t, s->keys[i].name);
	memcpy(t->error, error, sizeof(error));
	s->added = 0;
}

/*
 * Others may have registered keys since the registry was looked at: -EAGAIN then. If it was one
 * of these keys, the ones added here are in the right place and stay; if it was another one at
 * their ids, they may have to move.
 */
static int add_missing(struct traits *t, struct search *s, unsigned int place)
{
	struct traits_key key;
	unsigned int i;
	int err;

	for (i = 0; i < s->n; i++) {
		if (by_name(s, s->keys[i].name))
			continue;
		err = traits_key_declared(t, &s->keys[i], place + i, &key);
		if (err == -EADDRINUSE)
			undo(t, s);
		if (err)
			return err == -EADDRINUSE || err == -EEXIST ? -EAGAIN : err;
		s->added |= 1ULL << i;
	}
	return 0;
}

static int find_or_add(struct traits *t, struct search *s, unsigned int flags)
{
	unsigned int i;
	int place;

	s->n_there = traits_key_dump(t, s->there);
	if (s->n_there < 0)
		return s->n_there;

	place = place_taken(t, s);
	if (place == -ENOENT && flags & TRAITS_RESOLVE_ADD)
		place = place_free(t, s);
	if (place < 0 && place != -ENOENT)
		return place;

	for (i = 0; i < s->n; i++) {
		const char *name = s->keys[i].name;
		const struct traits_key *other;

		if (by_name(s, name))
			continue;
		if (!(flags & TRAITS_RESOLVE_ADD))
			return traits_fail(t, -ENOENT, "no key \"%s\"", name);
		other = by_id(s, place + i);
		if (other)
			return traits_fail(t, -EADDRINUSE,
					   "key \"%s\" has id %u, where the layout has key \"%s\"",
					   other->name, place + i, name);
	}
	return add_missing(t, s, place) ?: place;
}

int traits_layout_resolve(struct traits *t, struct trait_key *keys, unsigned int n,
			  unsigned int flags)
{
	struct search s = { .keys = keys, .n = n };
	int attempt, place = -EAGAIN;
	unsigned int i;

	if (!n || n > TRAITS_KEYS_MAX)
		return traits_fail(t, -EINVAL, "a layout has 1 to %u keys", TRAITS_KEYS_MAX);
	for (i = 0; i < n; i++)
		if (!memchr(keys[i].name, '\0', sizeof(keys[i].name)))
			return traits_fail(t, -EINVAL, "key %u of the layout has no name", i);

	for (attempt = 0; attempt < ATTEMPTS && place == -EAGAIN; attempt++)
		place = find_or_add(t, &s, flags);
	if (place < 0) {
		undo(t, &s);
		return place;
	}
	for (i = 0; i < n; i++)
		keys[i].id = place + i;
	return 0;
}
