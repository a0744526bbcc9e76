// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "key.h"
#include "key-words.h"

static const char help[] =
	"Usage: traitctl monitor [ -c COUNT ]\n"
	"\n"
	"Prints each change of the registry of keys when it happens: its time, and the command that\n"
	"would make it. With -j, a line of JSON each.\n"
	"  -c COUNT  end after so many\n";

#define CHANGEABLE	(TRAITS_KEY_ALL & ~TRAITS_KEY_ID)

static const char *event_name(int event)
{
	switch (event) {
	case TRAITS_CMD_KEY_ADD_NTF:
		return "add";
	case TRAITS_CMD_KEY_SET_NTF:
		return "set";
	case TRAITS_CMD_KEY_DEL_NTF:
		return "del";
	default:
		return "missed";
	}
}

/* @key: NULL when changes were missed */
static void print_json_event(int event, const struct timespec *now, const struct traits_key *key)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "time",
			       json_object_new_double(now->tv_sec + now->tv_nsec / 1e9));
	json_object_object_add(json, "event", json_object_new_string(event_name(event)));
	if (key)
		json_object_object_add(json, "key", key_kind.json(key));
	print_json(json);
}

static void print_event(int event, const struct traits_key *key)
{
	struct timespec now;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	if (opt_json) {
		print_json_event(event, &now, key);
		return;
	}
	strftime(text, sizeof(text), "%F %T", localtime(&now.tv_sec));
	printf("%s.%03ld  ", text, now.tv_nsec / 1000000);
	if (!key)
		fputs("# changes came faster than they were read", stdout);
	else if (event == TRAITS_CMD_KEY_ADD_NTF)
		key_write_add(stdout, key);
	else if (event == TRAITS_CMD_KEY_SET_NTF)
		key_write_set(stdout, key, CHANGEABLE);
	else
		printf("key del %s", key->name);
	putchar('\n');
}

static int watch(struct traits *t, uint32_t count)
{
	struct traits_key key;
	uint32_t seen = 0;
	int event;

	if (traits_watch(t) < 0)
		return refused("%s", traits_error(t));
	while (!count || seen < count) {
		event = traits_watch_next(t, &key);
		if (event == -EINTR)
			continue;
		if (event < 0 && event != -ENOBUFS)
			return refused("%s", traits_error(t));
		print_event(event, event < 0 ? NULL : &key);
		/* Whoever reads it has gone. */
		if (fflush(stdout))
			return EXIT_REFUSED;
		seen++;
	}
	return EXIT_OK;
}

int cmd_monitor(int argc, char **argv)
{
	uint32_t count = 0;
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help);
	if (argc && strcmp(argv[0], "-c"))
		return bad_usage("unknown argument \"%s\", try \"traitctl monitor help\"", argv[0]);
	if (argc && (argc == 1 || !parse_u32(argv[1], &count) || !count))
		return bad_usage("a number is missing behind \"-c\"");
	if (argc > 2)
		return bad_usage("unknown argument \"%s\" behind the number", argv[2]);
	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	code = watch(t, count);
	traits_close(t);
	return code;
}
