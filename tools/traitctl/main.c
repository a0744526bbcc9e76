// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "traitctl.h"

static const char help[] =
	"Usage: traitctl [ OPTIONS ] COMMAND { ARGUMENTS | help }\n"
	"       traitctl [ OPTIONS ] -b FILE\n"
	"\n"
	"Commands (a beginning that is unique is enough):\n"
	"  key { add | set | del | show | apply | save | flush }\n"
	"                       the registry of keys\n"
	"  dev { set | show }   room for traits in front of what a device sends\n"
	"  stat [ key | cpu ]   what the module has counted\n"
	"  monitor              changes of the registry, as they happen\n"
	"  trace                steps of packets with traits, as they happen\n"
	"  info                 version, limits, hooks\n"
	"  check                can traits be used on this machine?\n"
	"  version              version of this program\n"
	"  help                 this text\n"
	"\n"
	"Options:\n"
	"  -j, --json           output for programs; also of errors: {\"error\":\"...\"}\n"
	"  -p, --pretty         indent JSON\n"
	"  -n, --netns NAME     as seen from this network namespace, as of ip-netns(8)\n"
	"  -b, --batch FILE     run the commands of FILE, one on each line, up to the first that\n"
	"                       fails; \"-\" is standard input\n"
	"  -h, --help           this text\n"
	"  -V, --version        as the command version\n"
	"\n"
	"Exit status: 0; 1 for a wrong command line or file; 2 when the kernel refused, with its reason.\n";

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
	{ "monitor", cmd_monitor },
	{ "trace", cmd_trace },
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

int run(int argc, char **argv)
{
	return run_command(commands, "command", argc, argv);
}

static int enter_netns(const char *name)
{
	char path[PATH_MAX];
	int fd, err = 0;

	if (strchr(name, '/') || snprintf(path, sizeof(path), "/run/netns/%s", name) >= PATH_MAX)
		return bad_usage("\"%s\" is not the name of a network namespace", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err = errno;
	if (fd >= 0)
		close(fd);
	return err ? refused("network namespace \"%s\": %s", name, strerror(err)) : EXIT_OK;
}

struct options {
	bool help;
	bool version;
	const char *batch;
	const char *netns;
};

static int take_options(int *argc, char ***argv, struct options *options)
{
	for (; *argc && *argv[0][0] == '-'; (*argc)--, (*argv)++) {
		const char *arg = *argv[0];
		const char **value = NULL;

		if (is_option(arg, "-j", "--json"))
			opt_json = true;
		else if (is_option(arg, "-p", "--pretty"))
			opt_pretty = true;
		else if (is_option(arg, "-h", "--help"))
			options->help = true;
		else if (is_option(arg, "-V", "--version"))
			options->version = true;
		else if (is_option(arg, "-b", "--batch"))
			value = &options->batch;
		else if (is_option(arg, "-n", "--netns"))
			value = &options->netns;
		else
			return bad_usage("unknown option \"%s\"", arg);
		if (!value)
			continue;
		if (*argc == 1)
			return bad_usage("a name is missing behind \"%s\"", arg);
		(*argc)--;
		(*argv)++;
		*value = *argv[0];
	}
	return EXIT_OK;
}

static int run_all(int argc, char **argv, const struct options *options)
{
	int code = EXIT_OK;

	if (options->help)
		return show_help(help);
	if (options->version)
		return cmd_version(0, NULL);
	if (options->batch && argc)
		return bad_usage("a batch takes no command, but got \"%s\"", argv[0]);
	if (options->netns)
		code = enter_netns(options->netns);
	if (code)
		return code;
	if (options->batch)
		return run_batch(options->batch);
	if (!argc)
		return bad_usage("a command is missing, try \"traitctl help\"");
	return run(argc, argv);
}

int main(int argc, char **argv)
{
	struct options options = {};
	int code;

	argc--;
	argv++;
	code = take_options(&argc, &argv, &options);
	if (!code)
		code = run_all(argc, argv, &options);
	/* Output that nobody gets is no success. */
	if (!code && (fflush(stdout) || ferror(stdout))) {
		fprintf(stderr, "traitctl: standard output: %s\n", strerror(errno));
		code = EXIT_REFUSED;
	}
	return code;
}
