/* SPDX-License-Identifier: GPL-2.0 */
/* A step of a packet as a line. */
#ifndef TRAITCTL_TRACE_PRINT_H
#define TRAITCTL_TRACE_PRINT_H

#include <stdbool.h>
#include <json-c/json.h>
#include <traits/traits.h>

#include "trace.h"

/* Keys by id; a name is empty where there is none. */
struct trace_names {
	struct traits_key key[TRAITS_KEYS_MAX];
};

/**
 * trace_parse_value() - a value as it was typed
 * @text:	a number in C notation for 4 and 8 bytes; hexadecimal digits, two for each
 *		byte as it lies in memory, for 16
 * @size:	bytes of the key's values
 * @value:	filled in
 *
 * Return: can it be one?
 */
bool trace_parse_value(const char *text, uint32_t size, union trace_value *value);

/* A value as trace_parse_value() would take it. */
void trace_format_value(char *text, size_t len, uint32_t size, const union trace_value *value);

void trace_print(const struct trace_step *step, const struct trace_names *names);
struct json_object *trace_json(const struct trace_step *step, const struct trace_names *names);

#endif
