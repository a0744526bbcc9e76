// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "key.h"
#include "key-words.h"

#define GRAMMAR_ADD								\
	"traitctl key add NAME size SIZE [ id ID ] [ POLICIES ] [ --exist-ok ]\n"
#define GRAMMAR_SET								\
	"traitctl key set NAME POLICIES\n"
#define GRAMMAR_POLICIES							\
	"POLICIES := [ gro GRO ] [ clone CLONE ] [ netns NETNS ] [ user USER ] [ gid GID ]\n" \
	"            [ description TEXT ]\n"

static const char help_add[] =
	"Usage: " GRAMMAR_ADD
	GRAMMAR_POLICIES
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
	"           drop     nothing\n"
	"  USER   what applications may do with it through their sockets:\n"
	"           none     not see it (default)\n"
	"           read     read it\n"
	"           write    read and write it\n"
	"  GID    the group that they have to be in, by name or number; or any (default)\n"
	"  TEXT   what the key is for: up to 127 printable characters of ASCII\n"
	"  --exist-ok\n"
	"         if the key is there, and is as it is given here, that is fine, too\n";
static const char help_set[] =
	"Usage: " GRAMMAR_SET
	GRAMMAR_POLICIES
	"\n"
	"Changes a key and prints it; see \"traitctl key add help\". What is not given stays, and so\n"
	"do values in packets on their way. Name, size and id cannot be changed.\n";
static const char help_del[] =
	"Usage: traitctl key del NAME [ --force ]\n"
	"\n"
	"Unregisters a key. Its values in packets on their way are gone at once.\n"
	"  --force  also if a loaded BPF program declares it\n";
static const char help_key[] =
	"Usage: " GRAMMAR_ADD
	"       " GRAMMAR_SET
	"       traitctl key del NAME [ --force ]\n"
	"       traitctl key [ show [ NAME ] ]\n"
	"       traitctl key apply FILE [ --dry-run ] [ --force ]\n"
	"       traitctl key save [ FILE ]\n"
	"       traitctl key flush [ --dry-run ] [ --force ]\n"
	"       traitctl key { add | set | del | show | apply | save | flush } help\n"
	GRAMMAR_POLICIES;

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
	struct traits_key key = { .id = TRAITS_ID_ANY };
	struct key_error error;
	unsigned int given;
	struct traits *t;
	bool exist_ok;
	int code, err;

	if (wants_help(argc, argv))
		return show_help(help_add);
	exist_ok = take_flag(&argc, argv, "--exist-ok");
	err = key_parse(argc, argv, &key, &given, &error);
	if (err)
		return complain(&error, err, argc, "add");
	if (!(given & KEY_SIZE))
		return bad_usage("a size is missing, try \"traitctl key add help\"");

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (exist_ok)
		err = traits_key_claim(t, &key, given & TRAITS_KEY_ALL);
	else
		err = traits_key_register(t, &key);
	if (err < 0)
		code = refused("%s", traits_error(t));
	else
		code = print_thing(&key_kind, &key);
	traits_close(t);
	return code;
}

int key_set(int argc, char **argv)
{
	struct traits_key key = {};
	struct key_error error;
	unsigned int given;
	struct traits *t;
	int code, err;

	if (wants_help(argc, argv))
		return show_help(help_set);
	err = key_parse(argc, argv, &key, &given, &error);
	if (err)
		return complain(&error, err, argc, "set");
	if (given & (KEY_SIZE | TRAITS_KEY_ID))
		return bad_usage("the %s of a key cannot be changed",
				 given & KEY_SIZE ? "size" : "id");
	if (!given)
		return bad_usage("nothing to change, try \"traitctl key set help\"");

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_key_set(t, argv[0], &key, given, &key) < 0)
		code = refused("%s", traits_error(t));
	else
		code = print_thing(&key_kind, &key);
	traits_close(t);
	return code;
}

int key_del(int argc, char **argv)
{
	int err, code = EXIT_OK;
	struct traits *t;
	bool force;

	if (wants_help(argc, argv))
		return show_help(help_del);
	force = take_flag(&argc, argv, "--force");
	if (!argc)
		return bad_usage("a name is missing, try \"traitctl key del help\"");
	if (argc > 1)
		return bad_usage("unknown argument \"%s\" behind the name", argv[1]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	err = force ? traits_key_del_force(t, argv[0]) : traits_key_del(t, argv[0]);
	if (err < 0)
		code = refused("%s", traits_error(t));
	traits_close(t);
	return code;
}

static const struct command commands[] = {
	{ "add", key_add },
	{ "set", key_set },
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
