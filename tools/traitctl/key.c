// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "traitctl.h"

static const char help_add[] =
	"Usage: traitctl key add NAME size SIZE [ id ID ]\n"
	"\n"
	"Registers a key and prints it.\n"
	"  NAME   unique; 1 to 31 letters, digits and . _ - /\n"
	"  SIZE   bytes of each value: 0 (a flag), 4, 8 or 16\n"
	"  ID     0 to 63; without it the lowest that is free\n";
static const char help_del[] =
	"Usage: traitctl key del NAME\n"
	"\n"
	"Unregisters a key. Its values in packets on their way are gone at once.\n";
static const char help_show[] =
	"Usage: traitctl key [ show [ NAME ] ]\n"
	"\n"
	"Shows one key, or all keys in order of their ids.\n";
static const char help_key[] =
	"Usage: traitctl key add NAME size SIZE [ id ID ]\n"
	"       traitctl key del NAME\n"
	"       traitctl key [ show [ NAME ] ]\n"
	"       traitctl key { add | del | show } help\n";

static struct json_object *key_json(const struct trait_key *key)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "id", json_object_new_int64(key->id));
	json_object_object_add(json, "name", json_object_new_string(key->name));
	json_object_object_add(json, "size", json_object_new_int64(key->size));
	return json;
}

static void print_keys(const struct trait_key *keys, int n)
{
	int i;

	if (n)
		printf("%2s  %4s  %s\n", "ID", "SIZE", "NAME");
	for (i = 0; i < n; i++)
		printf("%2u  %4u  %s\n", (unsigned int)keys[i].id, keys[i].size, keys[i].name);
}

/* The arguments behind NAME: a word and a number, in any order, each at most once. */
static int parse_numbers(int argc, char **argv, uint32_t *size, bool *has_size, uint32_t *id,
			 bool *has_id)
{
	for (; argc; argc -= 2, argv += 2) {
		bool is_size = !strcmp(argv[0], "size");
		bool *seen = is_size ? has_size : has_id;

		if (!is_size && strcmp(argv[0], "id"))
			return bad_usage("unknown argument \"%s\", expected size or id", argv[0]);
		if (argc == 1)
			return bad_usage("a number is missing behind \"%s\"", argv[0]);
		if (*seen)
			return bad_usage("\"%s\" is given twice", argv[0]);
		if (!parse_u32(argv[1], is_size ? size : id))
			return bad_usage("%s \"%s\" is not a number", argv[0], argv[1]);
		*seen = true;
	}
	return EXIT_OK;
}

static int key_add(int argc, char **argv)
{
	bool has_size = false, has_id = false;
	struct trait_key key;
	uint32_t size = 0, id = 0;
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help_add);
	if (!argc)
		return bad_usage("a name is missing, try \"traitctl key add help\"");
	code = parse_numbers(argc - 1, argv + 1, &size, &has_size, &id, &has_id);
	if (code)
		return code;
	if (!has_size)
		return bad_usage("a size is missing, try \"traitctl key add help\"");

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_key_add(t, argv[0], size, has_id ? &id : NULL, &key) < 0)
		code = refused("%s", traits_error(t));
	else if (opt_json)
		code = print_json(key_json(&key));
	else
		print_keys(&key, 1);
	traits_close(t);
	return code;
}

static int key_del(int argc, char **argv)
{
	int code = EXIT_OK;
	struct traits *t;

	if (wants_help(argc, argv))
		return show_help(help_del);
	if (!argc)
		return bad_usage("a name is missing, try \"traitctl key del help\"");
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the name", argv[1]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_key_del(t, argv[0]) < 0)
		code = refused("%s", traits_error(t));
	traits_close(t);
	return code;
}

static int show_all(struct traits *t)
{
	struct trait_key keys[TRAITS_KEYS_MAX];
	struct json_object *json;
	int i, n;

	n = traits_key_dump(t, keys);
	if (n < 0)
		return refused("%s", traits_error(t));
	if (!opt_json) {
		print_keys(keys, n);
		return EXIT_OK;
	}
	json = json_object_new_array();
	for (i = 0; i < n; i++)
		json_object_array_add(json, key_json(&keys[i]));
	return print_json(json);
}

static int show_one(struct traits *t, const char *name)
{
	struct trait_key key;
	struct json_object *json;

	if (traits_key_get(t, name, &key) < 0)
		return refused("%s", traits_error(t));
	if (!opt_json) {
		print_keys(&key, 1);
		return EXIT_OK;
	}
	/* An array also of one: who asks need not care how many there are. */
	json = json_object_new_array();
	json_object_array_add(json, key_json(&key));
	return print_json(json);
}

static int key_show(int argc, char **argv)
{
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help_show);
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the name", argv[1]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	code = argc ? show_one(t, argv[0]) : show_all(t);
	traits_close(t);
	return code;
}

static const struct command commands[] = {
	{ "add", key_add },
	{ "del", key_del },
	{ "show", key_show },
	{}
};

int cmd_key(int argc, char **argv)
{
	if (wants_help(argc, argv))
		return show_help(help_key);
	if (!argc)
		return key_show(0, NULL);
	return run_command(commands, "key command", argc, argv);
}
