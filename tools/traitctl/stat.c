// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>

#include "traitctl.h"

static const char help[] =
	"Usage: traitctl stat\n"
	"\n"
	"Shows what the module has counted since it was loaded: what was done; what was refused,\n"
	"by errno; and what was lost. <linux/traits.h> tells what each counter means.\n";

int cmd_stat(int argc, char **argv)
{
	uint64_t counts[__TRAITS_STAT_MAX];
	struct json_object *json;
	struct traits *t;
	unsigned int i;
	int code = EXIT_OK;

	if (wants_help(argc, argv))
		return show_help(help);
	if (argc)
		return bad_usage("stat takes no argument, but got \"%s\"", argv[0]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_stat_get(t, counts, __TRAITS_STAT_MAX) < 0) {
		code = refused("%s", traits_error(t));
	} else if (opt_json) {
		json = json_object_new_object();
		for (i = 0; i < __TRAITS_STAT_MAX; i++)
			json_object_object_add(json, traits_stat_name(i),
					       json_object_new_uint64(counts[i]));
		code = print_json(json);
	} else {
		for (i = 0; i < __TRAITS_STAT_MAX; i++)
			printf("%-14s %20" PRIu64 "\n", traits_stat_name(i), counts[i]);
	}
	traits_close(t);
	return code;
}
