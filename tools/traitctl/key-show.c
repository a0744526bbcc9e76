// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "key.h"

static const char help[] =
	"Usage: traitctl key [ show [ NAME ] ]\n"
	"\n"
	"Shows one key, or all keys in order of their ids.\n";

/* A policy that is newer than this program has no name here. */
static const char *or_unknown(const char *name)
{
	return name ? name : "unknown";
}

static void header(void)
{
	printf("%2s  %4s  %-7s  %-5s  %-5s  %s\n", "ID", "SIZE", "GRO", "CLONE", "NETNS", "NAME");
}

static void row(const void *thing)
{
	const struct trait_key *key = thing;

	printf("%2u  %4u  %-7s  %-5s  %-5s  %s\n", (unsigned int)key->id, key->size,
	       or_unknown(traits_gro_name(key->gro)), or_unknown(traits_clone_name(key->clone)),
	       or_unknown(traits_netns_name(key->netns)), key->name);
}

static struct json_object *json(const void *thing)
{
	const struct trait_key *key = thing;
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "id", key->id == TRAITS_ID_ANY ? NULL :
			       json_object_new_int64(key->id));
	json_object_object_add(json, "name", json_object_new_string(key->name));
	json_object_object_add(json, "size", json_object_new_int64(key->size));
	json_object_object_add(json, "gro",
			       json_object_new_string(or_unknown(traits_gro_name(key->gro))));
	json_object_object_add(json, "clone",
			       json_object_new_string(or_unknown(traits_clone_name(key->clone))));
	json_object_object_add(json, "netns",
			       json_object_new_string(or_unknown(traits_netns_name(key->netns))));
	return json;
}

const struct kind key_kind = {
	.size = sizeof(struct trait_key),
	.header = header,
	.row = row,
	.json = json,
};

int key_show(int argc, char **argv)
{
	struct trait_key keys[TRAITS_KEYS_MAX];
	struct traits *t;
	int n = 1, code;

	if (wants_help(argc, argv))
		return show_help(help);
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the name", argv[1]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (argc && traits_key_get(t, argv[0], keys) < 0)
		n = -1;
	else if (!argc)
		n = traits_key_dump(t, keys);
	code = n < 0 ? refused("%s", traits_error(t)) : print_things(&key_kind, keys, n);
	traits_close(t);
	return code;
}
