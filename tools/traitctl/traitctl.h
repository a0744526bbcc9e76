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

/* Of this run of the program, or of this line of a batch. */
extern bool opt_json;
extern bool opt_pretty;

/* Runs one command; of what is given on the command line, or in a line of a batch. */
int run(int argc, char **argv);
/* Runs the commands of a file, up to the first that fails. */
int run_batch(const char *path);

/* Finds the one command that begins with argv[0], and runs it with the rest. */
int run_command(const struct command *commands, const char *what, int argc, char **argv);

/* Is this the only argument left, and a cry for help? */
bool wants_help(int argc, char **argv);
int show_help(const char *text);

/* Complain and return the exit code; as JSON to stdout with -j, else as text to stderr. */
int bad_usage(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));
int refused(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));

/* The same about a text file: with its name, and where in it. @err: as of text_open(). */
struct text_error;
int bad_text(const char *name, int err, const struct text_error *error);

/* Complaints are about this line of this file from now on; NULL: about the command line. */
void complain_about(const char *file, unsigned int line);

/* A number in C notation, and nothing else. */
bool parse_u32(const char *text, uint32_t *number);

/* Takes a flag out of the arguments, wherever it is. */
bool take_flag(int *argc, char **argv, const char *flag);

/* What is newer than this program has no name in it. */
const char *name_or_unknown(const char *name);

/* Connects, or says why not and returns NULL; the exit code is then EXIT_REFUSED. */
struct traits *connect_or_complain(void);
const char *why_not_connected(int err);

/* Prints and frees. */
int print_json(struct json_object *json);

int cmd_key(int argc, char **argv);
int cmd_dev(int argc, char **argv);
int cmd_stat(int argc, char **argv);
int cmd_monitor(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_check(int argc, char **argv);

#endif
