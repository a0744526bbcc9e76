// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "traitctl.h"

static const char help[] =
	"Usage: traitctl [ OPTIONS ] COMMAND { ARGUMENTS | help }\n"
	"\n"
	"Commands (a beginning that is unique is enough):\n"
	"  key { add | del | show }   the registry of keys\n"
	"  dev { set | show }         room for traits in front of what a device sends\n"
	"  stat                       what the module has counted\n"
	"  info                       version, limits, hooks\n"
	"  check                      can traits be used on this machine?\n"
	"  version                    version of this program\n"
	"  help                       this text\n"
	"\n"
	"Options:\n"
	"  -j, --json                 output for programs; also of errors: {\"error\":\"...\"}\n"
	"  -p, --pretty               indent JSON\n"
	"  -h, --help                 this text\n"
	"  -V, --version              as the command version\n"
	"\n"
	"Exit status: 0; 1 for a wrong command line; 2 when the kernel refused, with its reason.\n";

static int cmd_version(int argc, char **argv)
{
	if (wants_help(argc, argv))
		return show_help("Usage: traitctl version\n");
	if (argc)
		return bad_usage("version takes no argument, but got \"%s\"", argv[0]);
	if (opt_json) {
		struct json_object *json = json_object_new_object();

		json_object_object_add(json, "version", json_object_new_string(TRAITS_VERSION));
		return print_json(json);
	}
	printf("traitctl " TRAITS_VERSION "\n");
	return EXIT_OK;
}

static int cmd_help(int argc, char **argv)
{
	if (argc && !wants_help(argc, argv))
		return bad_usage("try \"traitctl %s help\"", argv[0]);
	return show_help(help);
}

static const struct command commands[] = {
	{ "key", cmd_key },
	{ "dev", cmd_dev },
	{ "stat", cmd_stat },
	{ "info", cmd_info },
	{ "check", cmd_check },
	{ "version", cmd_version },
	{ "help", cmd_help },
	{}
};

static bool is_option(const char *arg, const char *short_name, const char *long_name)
{
	return !strcmp(arg, short_name) || !strcmp(arg, long_name);
}

int main(int argc, char **argv)
{
	bool want_help = false, want_version = false;

	for (argc--, argv++; argc && argv[0][0] == '-'; argc--, argv++) {
		if (is_option(argv[0], "-j", "--json"))
			opt_json = true;
		else if (is_option(argv[0], "-p", "--pretty"))
			opt_pretty = true;
		else if (is_option(argv[0], "-h", "--help"))
			want_help = true;
		else if (is_option(argv[0], "-V", "--version"))
			want_version = true;
		else
			return bad_usage("unknown option \"%s\"", argv[0]);
	}
	if (want_help)
		return show_help(help);
	if (want_version)
		return cmd_version(0, NULL);
	if (!argc)
		return bad_usage("a command is missing, try \"traitctl help\"");
	return run_command(commands, "command", argc, argv);
}
