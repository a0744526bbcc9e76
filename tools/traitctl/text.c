// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

int text_wrong(struct text_error *error, unsigned int line, unsigned int column,
	       const char *fmt, ...)
{
	va_list args;

	error->line = line;
	error->column = column;
	va_start(args, fmt);
	vsnprintf(error->why, sizeof(error->why), fmt, args);
	va_end(args);
	return -EINVAL;
}

static int failed(struct text_error *error, int err)
{
	text_wrong(error, 0, 0, "%s", strerror(err));
	return -err;
}

static int open_file(const char *path, struct text_error *error)
{
	struct stat st;
	int fd, err;

	if (!strcmp(path, "-"))
		return STDIN_FILENO;
	/* Without O_NONBLOCK a FIFO would be waited for here. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return failed(error, errno);
	if (fstat(fd, &st))
		err = failed(error, errno);
	else if (S_ISDIR(st.st_mode))
		err = failed(error, EISDIR);
	else if (!S_ISREG(st.st_mode))
		err = text_wrong(error, 0, 0, "not a regular file; \"-\" reads standard input");
	else
		return fd;
	close(fd);
	return err;
}

static int read_all(struct text *text, int fd, struct text_error *error)
{
	ssize_t got;

	do {
		got = read(fd, text->bytes + text->len, TEXT_MAX + 1 - text->len);
		if (got < 0 && errno != EINTR)
			return failed(error, errno);
		if (got > 0)
			text->len += got;
	} while (got && text->len <= TEXT_MAX);
	if (text->len > TEXT_MAX)
		return text_wrong(error, 0, 0, "longer than %d bytes", TEXT_MAX);
	return 0;
}

int text_open(struct text *text, const char *path, struct text_error *error)
{
	int fd, err;

	memset(text, 0, sizeof(*text));
	text->name = strcmp(path, "-") ? path : "standard input";
	fd = open_file(path, error);
	if (fd < 0)
		return fd;
	text->bytes = malloc(TEXT_MAX + 1);
	err = text->bytes ? read_all(text, fd, error) : failed(error, ENOMEM);
	if (fd != STDIN_FILENO)
		close(fd);
	if (err)
		text_close(text);
	return err;
}

void text_close(struct text *text)
{
	free(text->bytes);
	text->bytes = NULL;
}

size_t text_character(const char *p, size_t left)
{
	static const unsigned int smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = *p;
	unsigned int code;
	size_t len, i;

	if (first < 0x80)
		return first >= ' ' && first != 0x7f;
	len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc0 || first >= 0xf8 || len > left)
		return 0;
	code = first & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	/* Forms that are too long, surrogates, beyond the last; and the second control set. */
	if (code < smallest[len] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff ||
	    code < 0xa0)
		return 0;
	return len;
}

static int check_characters(const char *p, size_t len, unsigned int number,
			    struct text_error *error)
{
	size_t at, one;

	for (at = 0; at < len; at += one) {
		one = p[at] == '\t' ? 1 : text_character(p + at, len - at);
		if (one)
			continue;
		if (p[at] == '\r' && at + 1 == len)
			return text_wrong(error, number, at + 1,
					  "the line ends as in a DOS file, with a carriage return");
		return text_wrong(error, number, at + 1, p[at] & 0x80 ?
				  "byte %#04x is not of a character in UTF-8" :
				  "control character %#04x", (unsigned char)p[at]);
	}
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes one word off the bytes @at, writes it without quotes to @to; NULL on error. */
static const char *split_word(const char *at, const char *end, char **to,
			      const char **wrong)
{
	if (*at != '"') {
		for (; at < end && !is_blank(*at); at++) {
			if (*at == '"') {
				*wrong = "a quote within a word";
				return NULL;
			}
			*(*to)++ = *at;
		}
		return at;
	}
	for (at++; at < end && *at != '"'; at++) {
		if (*at == '\\' && at + 1 < end && (at[1] == '"' || at[1] == '\\'))
			at++;
		*(*to)++ = *at;
	}
	if (at < end && (at + 1 == end || is_blank(at[1])))
		return at + 1;
	*wrong = at < end ? "no blank behind the closing quote of a word" :
		 "the quote at the beginning of the word has no end";
	return NULL;
}

static int split_line(const char *at, size_t len, struct line *line, struct text_error *error)
{
	const char *begin = at, *end = at + len, *wrong = NULL;
	char *to = line->bytes;

	for (line->n = 0;; line->n++) {
		unsigned int column;

		while (at < end && is_blank(*at))
			at++;
		if (at == end || *at == '#')
			break;
		column = at - begin + 1;
		if (line->n == WORDS_MAX)
			return text_wrong(error, line->number, column, "more than %d words",
					  WORDS_MAX);
		line->column[line->n] = column;
		line->word[line->n] = to;
		at = split_word(at, end, &to, &wrong);
		if (!at)
			return text_wrong(error, line->number, column, "%s", wrong);
		*to++ = '\0';
	}
	line->word[line->n] = NULL;
	return 0;
}

int text_next(struct text *text, struct line *line, struct text_error *error)
{
	int err;

	while (text->at < text->len) {
		const char *begin = text->bytes + text->at;
		const char *end = memchr(begin, '\n', text->len - text->at);
		size_t len = end ? (size_t)(end - begin) : text->len - text->at;

		text->at += len + !!end;
		line->number = ++text->line;
		if (len > LINE_MAX_LEN)
			return text_wrong(error, line->number, LINE_MAX_LEN + 1,
					  "the line is longer than %d bytes", LINE_MAX_LEN);
		err = check_characters(begin, len, line->number, error);
		if (!err)
			err = split_line(begin, len, line, error);
		if (err || line->n)
			return err ? err : 1;
	}
	return 0;
}
