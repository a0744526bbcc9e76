// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sentence.h"

static const char *removed[8];
static unsigned int removed_count;

void fail_removes(const char *path)
{
	if (removed_count == sizeof(removed) / sizeof(removed[0]))
		abort();
	removed[removed_count++] = path;
}

void fail(const char *fmt, ...)
{
	va_list args;

	while (removed_count)
		unlink(removed[--removed_count]);

	fputs("traits: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}
