// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>

#include "traitctl.h"

static const char help[] =
	"Usage: traitctl info\n"
	"\n"
	"Shows the version of the module, the kernel, the keys in use, limits, and the module's\n"
	"hooks.\n"
	"A hook is not needed while no key has a policy that needs it; it is not there in some\n"
	"kernels, or before the kernel module that has its function is loaded.\n";

static void print_hook(const struct traits_hook *hook)
{
	const char *state = "not attached";

	if (hook->attached)
		state = "attached";
	else if (!hook->needed)
		state = "not needed";
	else if (!hook->found)
		state = "not there";
	printf("hook      %-10s %-28s %s", hook->type, hook->name, state);
	if (hook->missed)
		printf(", %" PRIu64 " calls missed", hook->missed);
	putchar('\n');
}

static int print_info(const struct traits_info *info)
{
	unsigned int i;

	printf("version   %s\n", info->version);
	printf("release   %s\n", info->release);
	printf("keys      %u of %u\n", info->keys, info->max_keys);
	printf("limits    names of %u and descriptions of %u characters, headroom of %u bytes\n",
	       info->max_name, info->max_description, info->max_headroom);
	for (i = 0; i < info->n_hooks; i++)
		print_hook(&info->hooks[i]);
	return EXIT_OK;
}

static int print_info_json(const struct traits_info *info)
{
	struct json_object *json = json_object_new_object();
	struct json_object *hooks = json_object_new_array();
	unsigned int i;

	json_object_object_add(json, "version", json_object_new_string(info->version));
	json_object_object_add(json, "release", json_object_new_string(info->release));
	json_object_object_add(json, "max-keys", json_object_new_int64(info->max_keys));
	json_object_object_add(json, "keys", json_object_new_int64(info->keys));
	json_object_object_add(json, "max-name", json_object_new_int64(info->max_name));
	json_object_object_add(json, "max-description",
			       json_object_new_int64(info->max_description));
	json_object_object_add(json, "max-headroom", json_object_new_int64(info->max_headroom));
	for (i = 0; i < info->n_hooks; i++) {
		const struct traits_hook *h = &info->hooks[i];
		struct json_object *hook = json_object_new_object();

		json_object_object_add(hook, "name", json_object_new_string(h->name));
		json_object_object_add(hook, "type", json_object_new_string(h->type));
		json_object_object_add(hook, "attached", json_object_new_boolean(h->attached));
		json_object_object_add(hook, "missed", json_object_new_uint64(h->missed));
		json_object_object_add(hook, "needed", json_object_new_boolean(h->needed));
		json_object_object_add(hook, "found", json_object_new_boolean(h->found));
		json_object_array_add(hooks, hook);
	}
	json_object_object_add(json, "hook", hooks);
	return print_json(json);
}

int cmd_info(int argc, char **argv)
{
	struct traits_info info;
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help);
	if (argc)
		return bad_usage("info takes no argument, but got \"%s\"", argv[0]);

	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	if (traits_info_get(t, &info) < 0)
		code = refused("%s", traits_error(t));
	else
		code = opt_json ? print_info_json(&info) : print_info(&info);
	traits_close(t);
	return code;
}
