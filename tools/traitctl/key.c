// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "traitctl.h"

#define GRAMMAR_ADD								\
	"traitctl key add NAME size SIZE [ id ID ] [ gro GRO ] [ clone CLONE ]\n"	\
	"                             [ netns NETNS ]\n"

static const char help_add[] =
	"Usage: " GRAMMAR_ADD
	"\n"
	"Registers a key and prints it.\n"
	"  NAME   unique; 1 to 31 letters, digits and . _ - /\n"
	"  SIZE   bytes of each value: 0 (a flag), 4, 8 or 16\n"
	"  ID     0 to 63; without it the lowest that is free\n"
	"  GRO    what a packet has that GRO made of several:\n"
	"           first    what the first of them had (default)\n"
	"           last     what the last of them had\n"
	"           block    they are not merged unless they all have the same\n"
	"           discard  nothing\n"
	"           sum, min, max, or\n"
	"                    what their values make together, as unsigned numbers; for\n"
	"                    sizes 4 and 8\n"
	"  CLONE  what a clone of a packet has:\n"
	"           share    the same, which cannot be written meanwhile (default)\n"
	"           copy     its own, which can\n"
	"           drop     nothing\n"
	"  NETNS  what a packet has that has come to another network namespace:\n"
	"           keep     what it had (default)\n"
	"           drop     nothing\n";
static const char help_del[] =
	"Usage: traitctl key del NAME\n"
	"\n"
	"Unregisters a key. Its values in packets on their way are gone at once.\n";
static const char help_show[] =
	"Usage: traitctl key [ show [ NAME ] ]\n"
	"\n"
	"Shows one key, or all keys in order of their ids.\n";
static const char help_key[] =
	"Usage: " GRAMMAR_ADD
	"       traitctl key del NAME\n"
	"       traitctl key [ show [ NAME ] ]\n"
	"       traitctl key { add | del | show } help\n";

/* A policy that is newer than this program has no name here. */
static const char *or_unknown(const char *name)
{
	return name ? name : "unknown";
}

static struct json_object *key_json(const struct traits_key *key)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "id", json_object_new_int64(key->id));
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

static void print_keys(const struct traits_key *keys, int n)
{
	int i;

	if (n)
		printf("%2s  %4s  %-7s  %-5s  %-5s  %s\n", "ID", "SIZE", "GRO", "CLONE", "NETNS",
		       "NAME");
	for (i = 0; i < n; i++)
		printf("%2u  %4u  %-7s  %-5s  %-5s  %s\n", (unsigned int)keys[i].id, keys[i].size,
		       or_unknown(traits_gro_name(keys[i].gro)),
		       or_unknown(traits_clone_name(keys[i].clone)),
		       or_unknown(traits_netns_name(keys[i].netns)), keys[i].name);
}

static int parse_number(const char *what, const char *text, uint32_t *number)
{
	if (!parse_u32(text, number))
		return bad_usage("%s \"%s\" is not a number", what, text);
	return EXIT_OK;
}

static int parse_policy(const char *what, const char *text, const char *(*name)(unsigned int),
			uint32_t *policy)
{
	char names[128] = "";
	unsigned int i;

	for (i = 0; name(i); i++) {
		if (!strcmp(name(i), text)) {
			*policy = i;
			return EXIT_OK;
		}
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", name(i));
	}
	return bad_usage("%s \"%s\" is not one of %s", what, text, names);
}

/* The arguments behind NAME: a word and its value, in any order, each at most once. */
static int parse_words(int argc, char **argv, struct traits_key *key)
{
	static const char *const words[] = { "size", "id", "gro", "clone", "netns" };
	enum { SIZE, ID, GRO, CLONE, NETNS, WORDS };
	bool seen[WORDS] = {};
	uint32_t id = 0;
	int code, i;

	for (; argc; argc -= 2, argv += 2) {
		for (i = 0; i < WORDS && strcmp(words[i], argv[0]); i++)
			;
		if (i == WORDS)
			return bad_usage("unknown argument \"%s\", expected size, id, gro, clone "
					 "or netns", argv[0]);
		if (argc == 1)
			return bad_usage("a %s is missing behind \"%s\"",
					 i <= ID ? "number" : "policy", argv[0]);
		if (seen[i])
			return bad_usage("\"%s\" is given twice", argv[0]);
		seen[i] = true;
		if (i == SIZE)
			code = parse_number(argv[0], argv[1], &key->size);
		else if (i == ID)
			code = parse_number(argv[0], argv[1], &id);
		else if (i == GRO)
			code = parse_policy(argv[0], argv[1], traits_gro_name, &key->gro);
		else if (i == CLONE)
			code = parse_policy(argv[0], argv[1], traits_clone_name, &key->clone);
		else
			code = parse_policy(argv[0], argv[1], traits_netns_name, &key->netns);
		if (code)
			return code;
	}
	if (!seen[SIZE])
		return bad_usage("a size is missing, try \"traitctl key add help\"");
	/* The number that means any id to libtraits is none. */
	if (seen[ID] && id >= TRAITS_KEYS_MAX)
		return refused("key id %u is not in 0 to %u", id, TRAITS_KEYS_MAX - 1);
	if (seen[ID])
		key->id = id;
	return EXIT_OK;
}

static int key_add(int argc, char **argv)
{
	struct traits_key key = { .id = TRAITS_ID_ANY };
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help_add);
	if (!argc)
		return bad_usage("a name is missing, try \"traitctl key add help\"");
	code = parse_words(argc - 1, argv + 1, &key);
	if (code)
		return code;
	if (strlen(argv[0]) > TRAITS_NAME_MAX)
		return refused("the name has %zu characters, more than %d", strlen(argv[0]),
			       TRAITS_NAME_MAX);
	strcpy(key.name, argv[0]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_key_register(t, &key) < 0)
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
	struct traits_key keys[TRAITS_KEYS_MAX];
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
	struct traits_key key;
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
