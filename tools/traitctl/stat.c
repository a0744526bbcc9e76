// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "traitctl.h"

static const char help[] =
	"Usage: traitctl stat [ key NAME | cpu ] [ -w [ SECONDS ] ] [ -c COUNT ]\n"
	"\n"
	"Shows what the module has counted since it was loaded: what was done; what was refused,\n"
	"by errno; and what was lost. <linux/traits.h> tells what each counter means.\n"
	"  key NAME      what is counted by key: what was refused, since it was registered\n"
	"  cpu           by CPU; what is 0 is not shown\n"
	"  -w [SECONDS]  again and again, each second or every so many, with how many there were in a\n"
	"                second meanwhile; in place on a terminal, a line of JSON each with -j\n"
	"  -c COUNT      so often, then end\n";

struct request {
	bool by_cpu;
	const char *key;
	uint32_t seconds;	/* between two times */
	uint32_t count;		/* how often; 0: for ever */
};

struct counts {
	uint32_t cpu;
	uint64_t count[__TRAITS_STAT_MAX];
};

/* What there was at a time. */
struct snapshot {
	struct timespec time;
	int n;
	struct counts *counts;
};

static void add_counts(uint32_t cpu, const uint64_t *count, unsigned int n, void *data)
{
	struct snapshot *snap = data;
	struct counts *more = realloc(snap->counts, (snap->n + 1) * sizeof(*more));

	if (!more) {
		fputs("traitctl: out of memory\n", stderr);
		exit(EXIT_REFUSED);
	}
	snap->counts = more;
	more[snap->n].cpu = cpu;
	memcpy(more[snap->n++].count, count, n * sizeof(*count));
}

static int ask(struct traits *t, const struct request *request, struct snapshot *snap)
{
	uint64_t count[__TRAITS_STAT_MAX];
	struct traits_key key;
	int err;

	memset(snap, 0, sizeof(*snap));
	clock_gettime(CLOCK_MONOTONIC, &snap->time);
	if (request->by_cpu)
		return traits_stat_cpu_dump(t, add_counts, snap);
	if (!request->key) {
		err = traits_stat_get(t, count, __TRAITS_STAT_MAX);
	} else {
		/* Each time: it may be another key of this name by now. */
		err = traits_key_get(t, request->key, &key);
		if (!err)
			err = traits_stat_key_get(t, key.id, count, __TRAITS_STAT_MAX);
	}
	if (!err)
		add_counts(0, count, __TRAITS_STAT_MAX, snap);
	return err;
}

static struct json_object *counts_json(const struct counts *counts)
{
	struct json_object *json = json_object_new_object();
	unsigned int i;

	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		if (counts->count[i] != TRAITS_STAT_NONE)
			json_object_object_add(json, traits_stat_name(i),
					       json_object_new_uint64(counts->count[i]));
	return json;
}

static int print_counts_json(const struct snapshot *snap, const struct request *request)
{
	struct json_object *all, *json;
	int i;

	if (!request->by_cpu)
		return print_json(counts_json(snap->counts));
	all = json_object_new_array();
	for (i = 0; i < snap->n; i++) {
		json = counts_json(&snap->counts[i]);
		json_object_object_add(json, "cpu", json_object_new_int64(snap->counts[i].cpu));
		json_object_array_add(all, json);
	}
	return print_json(all);
}

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
	return b->tv_sec - a->tv_sec + (b->tv_nsec - a->tv_nsec) / 1e9;
}

/* The same counter @before, unless it began anew meanwhile. */
static void print_rate(const struct snapshot *before, const struct snapshot *now, int i, int stat)
{
	uint64_t was = before->counts[i].count[stat], is = now->counts[i].count[stat];

	if (is >= was)
		printf(" %12.0f/s", (is - was) / seconds_between(&before->time, &now->time));
}

/* @before: to tell what changed since; or NULL */
static int print_counts(const struct snapshot *snap, const struct snapshot *before,
			const struct request *request, const char *line_end)
{
	int i, stat;

	if (before && before->n != snap->n)
		before = NULL;
	for (i = 0; i < snap->n; i++) {
		for (stat = 0; stat < __TRAITS_STAT_MAX; stat++) {
			uint64_t count = snap->counts[i].count[stat];

			if (count == TRAITS_STAT_NONE || (request->by_cpu && !count))
				continue;
			if (request->by_cpu)
				printf("cpu %-4u ", snap->counts[i].cpu);
			printf("%-14s %20" PRIu64, traits_stat_name(stat), count);
			if (before)
				print_rate(before, snap, i, stat);
			fputs(line_end, stdout);
		}
	}
	return EXIT_OK;
}

static int print(const struct snapshot *snap, const struct snapshot *before,
		 const struct request *request)
{
	bool in_place = request->seconds && isatty(STDOUT_FILENO);
	int code;

	if (opt_json)
		return print_counts_json(snap, request);
	/* Written over what is there, rather than on an empty screen: it does not flicker. */
	if (in_place)
		fputs(before ? "\033[H" : "\033[H\033[2J", stdout);
	code = print_counts(snap, before, request, in_place ? "\033[K\n" : "\n");
	if (in_place)
		fputs("\033[J", stdout);
	else if (request->seconds)
		putchar('\n');
	return code;
}

static int show(struct traits *t, const struct request *request)
{
	struct snapshot now, before = {};
	int code = EXIT_OK;
	uint32_t i;

	for (i = 0; !code && (!request->count || i < request->count); i++) {
		if (i)
			sleep(request->seconds);
		if (ask(t, request, &now) < 0) {
			code = refused("%s", traits_error(t));
			free(now.counts);
			break;
		}
		code = print(&now, before.counts ? &before : NULL, request);
		/* Whoever reads it has gone. */
		if (fflush(stdout))
			code = EXIT_REFUSED;
		free(before.counts);
		before = now;
	}
	free(before.counts);
	return code;
}

/* Reads the number behind the word @at; there has to be one unless it is optional. */
static int parse_number_behind(int argc, char **argv, int *at, uint32_t *number, bool optional)
{
	if (*at + 1 < argc && parse_u32(argv[*at + 1], number) && *number) {
		++*at;
		return EXIT_OK;
	}
	if (optional)
		return EXIT_OK;
	return bad_usage("a number is missing behind \"%s\"", argv[*at]);
}

static int parse(int argc, char **argv, struct request *request)
{
	int at, code = EXIT_OK;

	for (at = 0; at < argc && !code; at++) {
		if (!strcmp(argv[at], "cpu") && !request->key) {
			request->by_cpu = true;
		} else if (!strcmp(argv[at], "key") && !request->by_cpu && !request->key) {
			if (++at == argc)
				return bad_usage("a name is missing behind \"key\"");
			request->key = argv[at];
		} else if (!strcmp(argv[at], "-w")) {
			request->seconds = 1;
			code = parse_number_behind(argc, argv, &at, &request->seconds, true);
		} else if (!strcmp(argv[at], "-c")) {
			code = parse_number_behind(argc, argv, &at, &request->count, false);
		} else {
			return bad_usage("unknown argument \"%s\", try \"traitctl stat help\"",
					 argv[at]);
		}
	}
	if (!request->seconds)
		request->count = 1;
	return code;
}

int cmd_stat(int argc, char **argv)
{
	struct request request = {};
	struct traits *t;
	int code;

	if (wants_help(argc, argv))
		return show_help(help);
	code = parse(argc, argv, &request);
	if (code)
		return code;
	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	code = show(t, &request);
	traits_close(t);
	return code;
}
