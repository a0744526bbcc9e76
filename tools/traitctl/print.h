/* SPDX-License-Identifier: GPL-2.0 */
/* Things of one kind, as a table for eyes or as JSON for programs. */
#ifndef TRAITCTL_PRINT_H
#define TRAITCTL_PRINT_H

#include <stddef.h>
#include <json-c/json.h>

struct kind {
	size_t size;			/* of one thing */
	void (*header)(void);
	void (*row)(const void *thing);
	struct json_object *(*json)(const void *thing);
};

/* Many: as JSON always an array, so who asks need not care how many there are. */
int print_things(const struct kind *kind, const void *things, int n);
/* The one that a command was about. */
int print_thing(const struct kind *kind, const void *thing);

#endif
