// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "traitctl.h"

bool parse_u32(const char *text, uint32_t *number)
{
	unsigned long long value;
	char *end;

	/* strtoull() takes spaces and signs. */
	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || value > UINT32_MAX)
		return false;
	*number = value;
	return true;
}

bool take_flag(int *argc, char **argv, const char *flag)
{
	bool found = false;
	int i, n = 0;

	for (i = 0; i < *argc; i++) {
		if (!strcmp(argv[i], flag))
			found = true;
		else
			argv[n++] = argv[i];
	}
	*argc = n;
	return found;
}

const char *name_or_unknown(const char *name)
{
	return name ? name : "unknown";
}
