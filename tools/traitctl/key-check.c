// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "key-words.h"

static __attribute__((__format__(printf, 3, 4)))
int refuse(char *why, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, size, fmt, args);
	va_end(args);
	return -EINVAL;
}

static int check_name(const char *name, char *why, size_t size)
{
	int i;

	if (!name[0])
		return refuse(why, size, "the name is empty");
	for (i = 0; name[i]; i++) {
		unsigned char c = name[i];

		/* In other locales isalnum() takes other letters. */
		if ((c < 0x80 && isalnum(c)) || strchr("._-/", c))
			continue;
		return refuse(why, size, "character %d of the name, %#04x, is not a letter, "
			      "a digit or one of . _ - /", i + 1, c);
	}
	return 0;
}

static int check_description(const char *text, char *why, size_t size)
{
	int i;

	for (i = 0; text[i]; i++) {
		unsigned char c = text[i];

		if (c < ' ' || c > '~')
			return refuse(why, size, "character %d of the description, %#04x, is not "
				      "printable ASCII", i + 1, c);
	}
	return 0;
}

int key_check(const struct traits_key *key, char *why, size_t size)
{
	bool number = key->size == 4 || key->size == 8;
	int err = check_name(key->name, why, size);

	if (!err)
		err = check_description(key->description, why, size);
	if (err)
		return err;
	if (!number && key->size != 0 && key->size != 16)
		return refuse(why, size, "size %u is not 0, 4, 8 or 16", key->size);
	if (!number && key->gro >= TRAITS_GRO_SUM && key->gro <= TRAITS_GRO_OR)
		return refuse(why, size, "sum, min, max and or are for values of 4 or 8 bytes, "
			      "not %u", key->size);
	return 0;
}
