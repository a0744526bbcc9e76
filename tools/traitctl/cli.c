// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "traitctl.h"

bool opt_json;
bool opt_pretty;

int print_json(struct json_object *json)
{
	int flags = opt_pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
		    JSON_C_TO_STRING_PLAIN;

	puts(json_object_to_json_string_ext(json, flags | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
	return EXIT_OK;
}

static const char *where_file;
static unsigned int where_line;

void complain_about(const char *file, unsigned int line)
{
	where_file = file;
	where_line = line;
}

/* What somebody typed or wrote may be no text, and is no message to the terminal. */
static void make_printable(char *text)
{
	size_t left = strlen(text), len;

	for (; left; left -= len, text += len) {
		len = text_character(text, left);
		if (!len) {
			*text = '?';
			len = 1;
		}
	}
}

static __attribute__((__format__(printf, 1, 0))) void complain(const char *fmt, va_list args)
{
	char text[1024];
	int at = 0;

	if (where_file) {
		at = snprintf(text, sizeof(text), "%s:%u: ", where_file, where_line);
		at = at < (int)sizeof(text) ? at : 0;
	}
	vsnprintf(text + at, sizeof(text) - at, fmt, args);
	make_printable(text);
	if (opt_json) {
		struct json_object *json = json_object_new_object();

		json_object_object_add(json, "error", json_object_new_string(text));
		print_json(json);
	} else {
		/* What was printed before comes first, wherever both of them go. */
		fflush(stdout);
		fprintf(stderr, "traitctl: %s\n", text);
	}
}

int bad_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	return EXIT_USAGE;
}

int refused(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	return EXIT_REFUSED;
}

int bad_text(const char *name, int err, const struct text_error *error)
{
	name = strcmp(name, "-") ? name : "standard input";
	if (err != -EINVAL)
		return refused("%s: %s", name, error->why);
	if (!error->line)
		return bad_usage("%s: %s", name, error->why);
	return bad_usage("%s:%u:%u: %s", name, error->line, error->column, error->why);
}

bool wants_help(int argc, char **argv)
{
	return argc == 1 && (!strcmp(argv[0], "help") || !strcmp(argv[0], "-h") ||
			     !strcmp(argv[0], "--help"));
}

int show_help(const char *text)
{
	fputs(text, stdout);
	return EXIT_OK;
}

int run_command(const struct command *commands, const char *what, int argc, char **argv)
{
	const struct command *c, *found = NULL;
	char candidates[256] = "";
	int matches = 0;

	for (c = commands; c->name; c++) {
		if (!strcmp(c->name, argv[0]))
			return c->run(argc - 1, argv + 1);
		if (strncmp(c->name, argv[0], strlen(argv[0])))
			continue;
		found = c;
		if (matches++)
			strncat(candidates, ", ", sizeof(candidates) - strlen(candidates) - 1);
		strncat(candidates, c->name, sizeof(candidates) - strlen(candidates) - 1);
	}
	if (matches > 1)
		return bad_usage("%s \"%s\" is ambiguous: %s", what, argv[0], candidates);
	if (!matches)
		return bad_usage("unknown %s \"%s\"", what, argv[0]);
	return found->run(argc - 1, argv + 1);
}

const char *why_not_connected(int err)
{
	if (err == ENOENT)
		return "the module is not loaded, and the kernel could not load it; "
		       "\"modprobe traits\" says why";
	return strerror(err);
}

struct traits *connect_or_complain(void)
{
	struct traits *t = traits_open();

	if (!t)
		refused("%s", why_not_connected(errno));
	return t;
}
