// SPDX-License-Identifier: GPL-2.0
#include "print.h"
#include "traitctl.h"

static void print_table(const struct kind *kind, const char *things, int n)
{
	int i;

	if (n)
		kind->header();
	for (i = 0; i < n; i++)
		kind->row(things + i * kind->size);
}

int print_things(const struct kind *kind, const void *things, int n)
{
	struct json_object *json;
	int i;

	if (!opt_json) {
		print_table(kind, things, n);
		return EXIT_OK;
	}
	json = json_object_new_array();
	for (i = 0; i < n; i++)
		json_object_array_add(json, kind->json((const char *)things + i * kind->size));
	return print_json(json);
}

int print_thing(const struct kind *kind, const void *thing)
{
	if (opt_json)
		return print_json(kind->json(thing));
	print_table(kind, thing, 1);
	return EXIT_OK;
}
