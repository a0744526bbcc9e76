// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

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
