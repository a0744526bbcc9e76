// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "key.h"

static const char help[] =
	"Usage: traitctl key [ show [ NAME ] ]\n"
	"\n"
	"Shows one key, or all keys in order of their ids.\n";

/* As "read:100", or without the group if it is for all. */
static const char *user(const struct traits_key *key)
{
	static char text[32];

	snprintf(text, sizeof(text), key->limited ? "%s:%u" : "%s",
		 name_or_unknown(traits_user_name(key->user)), key->gid);
	return text;
}

static void header(void)
{
	printf("%2s  %4s  %-7s  %-5s  %-5s  %-9s  %s\n", "ID", "SIZE", "GRO", "CLONE", "NETNS",
	       "USER", "NAME");
}

static void row(const void *thing)
{
	const struct traits_key *key = thing;

	printf("%2u  %4u  %-7s  %-5s  %-5s  %-9s  %s%s%s\n", key->id, key->size,
	       name_or_unknown(traits_gro_name(key->gro)),
	       name_or_unknown(traits_clone_name(key->clone)),
	       name_or_unknown(traits_netns_name(key->netns)), user(key), key->name,
	       key->description[0] ? "  " : "", key->description);
}

static void add_name(struct json_object *json, const char *what, const char *name)
{
	json_object_object_add(json, what, json_object_new_string(name_or_unknown(name)));
}

static struct json_object *json(const void *thing)
{
	const struct traits_key *key = thing;
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "id", key->id == TRAITS_ID_ANY ? NULL :
			       json_object_new_int64(key->id));
	json_object_object_add(json, "name", json_object_new_string(key->name));
	json_object_object_add(json, "size", json_object_new_int64(key->size));
	add_name(json, "gro", traits_gro_name(key->gro));
	add_name(json, "clone", traits_clone_name(key->clone));
	add_name(json, "netns", traits_netns_name(key->netns));
	add_name(json, "user", traits_user_name(key->user));
	json_object_object_add(json, "gid", key->limited ? json_object_new_int64(key->gid) : NULL);
	json_object_object_add(json, "description", json_object_new_string(key->description));
	json_object_object_add(json, "holds", json_object_new_int64(key->holds));
	return json;
}

const struct kind key_kind = {
	.size = sizeof(struct traits_key),
	.header = header,
	.row = row,
	.json = json,
};

int key_show(int argc, char **argv)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
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
