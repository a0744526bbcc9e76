// SPDX-License-Identifier: GPL-2.0
#include "text.h"
#include "traitctl.h"

/* So that a line that cannot be read is found before another has changed anything. */
static int check_lines(struct text text, struct text_error *error)
{
	struct line line;
	int err;

	do
		err = text_next(&text, &line, error);
	while (err == 1);
	return err;
}

static int run_lines(struct text *text, const char *path)
{
	struct text_error error;
	struct line line;
	int code, err;

	err = check_lines(*text, &error);
	if (err)
		return bad_text(path, err, &error);
	while (text_next(text, &line, &error) == 1) {
		complain_about(text->name, line.number);
		code = run(line.n, line.word);
		if (code)
			return code;
	}
	complain_about(NULL, 0);
	return EXIT_OK;
}

int run_batch(const char *path)
{
	struct text_error error;
	struct text text;
	int code, err;

	err = text_open(&text, path, &error);
	if (err)
		return bad_text(path, err, &error);
	code = run_lines(&text, path);
	text_close(&text);
	return code;
}
