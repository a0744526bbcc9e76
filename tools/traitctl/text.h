/* SPDX-License-Identifier: GPL-2.0 */
/* Text files of commands: one on each line, comments, quotes. Anything else is an error. */
#ifndef TRAITCTL_TEXT_H
#define TRAITCTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define TEXT_MAX	(1 << 20)	/* bytes of a file */
#define LINE_MAX_LEN	4096
#define WORDS_MAX	32

/* What is wrong, and where: line and column count from 1, columns in bytes; 0: nowhere. */
struct text_error {
	unsigned int line;
	unsigned int column;
	char why[256];
};

struct text {
	const char *name;	/* for messages */
	char *bytes;
	size_t len;
	size_t at;		/* where the next line begins */
	unsigned int line;	/* number of the line that was read last */
};

/* The words of a line lie in @bytes, without quotes. */
struct line {
	unsigned int number;
	int n;
	char *word[WORDS_MAX + 1];	/* NULL behind the last */
	unsigned int column[WORDS_MAX];
	char bytes[LINE_MAX_LEN + 1];
};

/**
 * text_open() - read a whole file
 * @text:	given to text_close() if this succeeds
 * @path:	a regular file; "-" for standard input, whatever that is
 * @error:	filled in on failure
 *
 * A FIFO or a device is refused rather than waited for: one without a writer would read as
 * empty, and an empty file can mean that all keys are to go.
 *
 * Return: 0; or an errno, -EINVAL when the kernel has nothing to do with it.
 */
int text_open(struct text *text, const char *path, struct text_error *error);
void text_close(struct text *text);

/**
 * text_next() - the next line that has words
 * @text:	text
 * @line:	filled in
 * @error:	filled in on failure
 *
 * Return: 1; 0 at the end; -EINVAL.
 */
int text_next(struct text *text, struct line *line, struct text_error *error);

/* How long the UTF-8 character at @p is; 0 if it is none, or a control character. */
size_t text_character(const char *p, size_t left);

/* Fills in @error; returns -EINVAL. */
int text_wrong(struct text_error *error, unsigned int line, unsigned int column,
	       const char *fmt, ...) __attribute__((__format__(printf, 4, 5)));

#endif
