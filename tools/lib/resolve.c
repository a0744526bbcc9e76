// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>
#include <traits/traits.h>

#include "genl.h"

#define NOT_KEYS "section " TRAIT_KEY_SECTION " does not consist of keys"

static int check_policy(struct traits *t, const char *key, const char *what,
			const char *(*name)(unsigned int), unsigned int found, unsigned int wanted)
{
	const char *found_name = name(found), *wanted_name = name(wanted);

	/* 0 is the default, and means that the program does not care. */
	if (!wanted || found == wanted)
		return 0;
	if (!wanted_name)
		return traits_fail(t, -EINVAL, "key \"%s\": there is no %s policy %u", key, what,
				   wanted);
	return traits_fail(t, -EEXIST,
			   "key \"%s\" has the %s policy \"%s\", the program wants \"%s\"", key,
			   what, found_name ? found_name : "?", wanted_name);
}

static int check_policies(struct traits *t, const struct traits_key *found,
			  const struct trait_key *wanted)
{
	int err;

	err = check_policy(t, found->name, "gro", traits_gro_name, found->gro, wanted->gro);
	if (!err)
		err = check_policy(t, found->name, "clone", traits_clone_name, found->clone,
				   wanted->clone);
	if (!err)
		err = check_policy(t, found->name, "netns", traits_netns_name, found->netns,
				   wanted->netns);
	return err;
}

static int resolve_key(struct traits *t, struct trait_key *key, unsigned int flags)
{
	struct traits_key found;
	int err;

	if (!memchr(key->name, '\0', sizeof(key->name)))
		return traits_fail(t, -EINVAL, NOT_KEYS);

	err = traits_key_get(t, key->name, &found);
	if (err == -ENOENT && flags & TRAITS_RESOLVE_ADD) {
		found = (struct traits_key) {
			.id = TRAITS_ID_ANY,
			.size = key->size,
			.gro = key->gro,
			.clone = key->clone,
			.netns = key->netns,
		};
		memcpy(found.name, key->name, sizeof(found.name));
		err = traits_key_register(t, &found);
		/* Somebody else was quicker, maybe another loader of the same program. */
		if (err == -EEXIST)
			err = traits_key_get(t, key->name, &found);
	}
	if (err)
		return err;
	if (found.size != key->size)
		return traits_fail(t, -EMSGSIZE,
				   "key \"%s\" has values of %u bytes, the program wants %u",
				   key->name, found.size, key->size);
	err = check_policies(t, &found, key);
	if (err)
		return err;
	key->id = found.id;
	return 0;
}

static int resolve_all(struct traits *t, struct trait_key *keys, size_t n, unsigned int flags)
{
	size_t i;
	int err;

	for (i = 0; i < n; i++) {
		err = resolve_key(t, &keys[i], flags);
		if (err)
			return err;
	}
	return 0;
}

static int resolve_map(struct traits *t, struct bpf_map *map, unsigned int flags)
{
	struct trait_key *keys;
	const void *value;
	size_t size;
	int err;

	value = bpf_map__initial_value(map, &size);
	if (!value || size % sizeof(*keys))
		return traits_fail(t, -EINVAL, NOT_KEYS);
	keys = malloc(size);
	if (!keys)
		return traits_fail(t, -ENOMEM, "out of memory");
	memcpy(keys, value, size);
	err = resolve_all(t, keys, size / sizeof(*keys), flags);
	if (!err) {
		err = bpf_map__set_initial_value(map, keys, size);
		if (err)
			traits_fail(t, err, "ids cannot be written into the program");
	}
	free(keys);
	return err ? err : (int)(size / sizeof(*keys));
}

bool traits_is_key_map(const struct bpf_map *map)
{
	const char *name = bpf_map__name(map);
	size_t len = strlen(name), sec = strlen(TRAIT_KEY_SECTION);

	/* Some versions of libbpf put the name of the object in front. */
	return len >= sec && !strcmp(name + len - sec, TRAIT_KEY_SECTION);
}

int traits_resolve(struct traits *t, struct bpf_object *obj, unsigned int flags)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj) {
		if (!traits_is_key_map(map))
			continue;
		if (bpf_map__fd(map) >= 0)
			return traits_fail(t, -EBUSY, "the program is loaded already");
		return resolve_map(t, map, flags);
	}
	return 0;
}
