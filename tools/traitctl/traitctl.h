/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands of traitctl share: arguments, output, and the way out. */
#ifndef TRAITCTL_H
#define TRAITCTL_H

#include <stdbool.h>
#include <stdint.h>
#include <json-c/json.h>
#include <traits/traits.h>

enum exit_code {
	EXIT_OK,
	EXIT_USAGE,	/* the command line is wrong */
	EXIT_REFUSED,	/* the kernel said no */
};

/* A word of the grammar; tables of these end with an empty one. */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);	/* without the word itself */
};

extern bool opt_json;
extern bool opt_pretty;

/* Finds the one command that begins with argv[0], and runs it with the rest. */
int run_command(const struct command *commands, const char *what, int argc, char **argv);

/* Is this the only argument left, and a cry for help? */
bool wants_help(int argc, char **argv);
int show_help(const char *text);

/* Complain and return the exit code; as JSON to stdout with -j, else as text to stderr. */
int bad_usage(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));
int refused(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));

/* A number in C notation, and nothing else. */
bool parse_u32(const char *text, uint32_t *number);

/* Connects, or says why not and returns NULL; the exit code is then EXIT_REFUSED. */
struct traits *connect_or_complain(void);
const char *why_not_connected(int err);

/* Prints and frees. */
int print_json(struct json_object *json);

int cmd_key(int argc, char **argv);
int cmd_dev(int argc, char **argv);
int cmd_stat(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_check(int argc, char **argv);

#endif
