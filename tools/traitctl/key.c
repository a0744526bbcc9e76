// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "key.h"
#include "key-words.h"

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
static const char help_key[] =
	"Usage: " GRAMMAR_ADD
	"       traitctl key del NAME\n"
	"       traitctl key [ show [ NAME ] ]\n"
	"       traitctl key apply FILE [ --dry-run ]\n"
	"       traitctl key save [ FILE ]\n"
	"       traitctl key flush [ --dry-run ]\n"
	"       traitctl key { add | del | show | apply | save | flush } help\n";

/* @help: of which command, for who has left something out */
static int complain(const struct key_error *error, int err, int argc, const char *help)
{
	if (err == -ERANGE)
		return refused("%s", error->why);
	if (error->at >= argc)
		return bad_usage("%s, try \"traitctl key %s help\"", error->why, help);
	return bad_usage("%s", error->why);
}

int key_add(int argc, char **argv)
{
	struct trait_key key = { .id = TRAITS_ID_ANY };
	struct key_error error;
	unsigned int given;
	struct traits *t;
	int code, err;

	if (wants_help(argc, argv))
		return show_help(help_add);
	err = key_parse(argc, argv, &key, &given, &error);
	if (err)
		return complain(&error, err, argc, "add");
	if (!(given & 1 << WORD_SIZE))
		return bad_usage("a size is missing, try \"traitctl key add help\"");

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_key_register(t, &key) < 0)
		code = refused("%s", traits_error(t));
	else
		code = print_thing(&key_kind, &key);
	traits_close(t);
	return code;
}

int key_del(int argc, char **argv)
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

static const struct command commands[] = {
	{ "add", key_add },
	{ "del", key_del },
	{ "show", key_show },
	{ "apply", key_apply },
	{ "save", key_save },
	{ "flush", key_flush },
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
