// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/libbpf.h>

#include "trace-journey.h"
#include "trace-object.h"
#include "trace-print.h"
#include "traitctl.h"

static const char help[] =
	"Usage: traitctl trace [ KEY[=VALUE] ]... [ by KEY ] [ -c COUNT ] [ -t SECONDS ]\n"
	"\n"
	"Prints the steps of packets with traits, as they happen: time, CPU, network namespace (\"-\"\n"
	"is this one), device, what happens there, bytes, and the traits by name.\n"
	"  set KEY, del KEY  a program sets or deletes a trait; in XDP values are not told\n"
	"  lost REASON       traits are lost\n"
	"  receive, send     the packet enters or leaves the stack by the device\n"
	"  socket            it is about to be a socket's; where the LSM runs BPF programs\n"
	"  drop REASON       it is dropped\n"
	"\n"
	"  KEY         only packets with this trait\n"
	"  KEY=VALUE   only those with this value: a number for 4 and 8 bytes, 32 hexadecimal digits\n"
	"              for 16. All that is given has to be so\n"
	"  by KEY      all steps of packets with the same value of KEY together, in order of time, as\n"
	"              soon as one has come to a socket or was dropped; the others at the end\n"
	"  -c COUNT    end after so many steps, or packets with \"by\"\n"
	"  -t SECONDS  end after so long\n"
	"\n"
	"Keys that are registered later are not looked for.\n";

static struct trace_names names;
static const struct traits_key *by;
static uint32_t count, seconds;
static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
	(void)signal;
	ended = 1;
}

static void one_more(void)
{
	/* Whoever reads it has gone, or has enough. */
	if (fflush(stdout) || (count && !--count))
		ended = 1;
}

static void print_journey(const struct trace_step *steps, unsigned int n)
{
	struct json_object *json;
	unsigned int i;

	if (ended)
		return;
	if (opt_json) {
		json = json_object_new_array();
		for (i = 0; i < n; i++)
			json_object_array_add(json, trace_json(&steps[i], &names));
		print_json(json);
	} else {
		for (i = 0; i < n; i++)
			trace_print(&steps[i], &names);
		putchar('\n');
	}
	one_more();
}

static void take(const struct trace_step *step)
{
	if (ended)
		return;
	if (by) {
		trace_journey_add(step, by->id, by->size, print_journey);
		return;
	}
	if (opt_json)
		print_json(trace_json(step, &names));
	else
		trace_print(step, &names);
	one_more();
}

static const struct traits_key *find_key(const struct trace_wish *wish, const char *name, size_t len)
{
	int i;

	for (i = 0; i < wish->n_keys; i++)
		if (strlen(wish->key[i].name) == len && !memcmp(wish->key[i].name, name, len))
			return &wish->key[i];
	return NULL;
}

static int parse_filter(const char *arg, struct trace_wish *wish)
{
	struct trace_filter *filter = &wish->filter[wish->n_filters];
	size_t len = strcspn(arg, "=");
	const struct traits_key *key = find_key(wish, arg, len);

	if (!key)
		return refused("no key has the name \"%.*s\"", (int)len, arg);
	if (wish->n_filters++ == TRACE_FILTERS)
		return bad_usage("more than %d filters", TRACE_FILTERS);
	filter->key = key->id;
	if (!arg[len])
		return EXIT_OK;
	filter->size = key->size;
	if (!key->size)
		return bad_usage("\"%s\" is a flag, it has no value", key->name);
	if (!trace_parse_value(arg + len + 1, key->size, &filter->value))
		return bad_usage("\"%s\" is not a value of %u bytes", arg + len + 1, key->size);
	return EXIT_OK;
}

static int parse(int argc, char **argv, struct trace_wish *wish)
{
	int at, code = EXIT_OK;

	for (at = 0; at < argc && !code; at++) {
		const char *arg = argv[at], *value = at + 1 < argc ? argv[at + 1] : NULL;
		bool is_count = !strcmp(arg, "-c"), is_time = !strcmp(arg, "-t");

		if (is_count || is_time) {
			uint32_t *number = is_count ? &count : &seconds;

			if (!value || !parse_u32(value, number) || !*number)
				return bad_usage("a number is missing behind \"%s\"", arg);
			at++;
		} else if (!strcmp(arg, "by") && value) {
			by = find_key(wish, value, strlen(value));
			if (!by)
				return refused("no key has the name \"%s\"", value);
			at++;
		} else if (arg[0] == '-') {
			return bad_usage("unknown argument \"%s\", try \"traitctl trace help\"", arg);
		} else {
			code = parse_filter(arg, wish);
		}
	}
	return code;
}

static int follow(const struct trace_wish *wish)
{
	struct trace *trace;
	struct timespec now;
	char why[128];
	time_t until;
	int err = 0;

	libbpf_set_print(NULL);
	trace = trace_begin(wish, take);
	if (!trace) {
		libbpf_strerror(errno, why, sizeof(why));
		return refused("the BPF programs of trace cannot be loaded: %s", why);
	}
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	if (!opt_json)
		fprintf(stderr, "%-15s  CPU  %-10s %-15s %-23s %5s  TRAITS\n", "TIME", "NETNS",
			"DEVICE", "WHAT", "BYTES");
	clock_gettime(CLOCK_MONOTONIC, &now);
	until = now.tv_sec + seconds;
	while (!ended && (err >= 0 || err == -EINTR) && (!seconds || now.tv_sec < until)) {
		err = trace_poll(trace, 100);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	if (by)
		trace_journey_end(print_journey);
	if (trace_missed(trace))
		fprintf(stderr, "traitctl: %llu steps came faster than they were read\n",
			(unsigned long long)trace_missed(trace));
	trace_end(trace);
	return EXIT_OK;
}

int cmd_trace(int argc, char **argv)
{
	static struct trace_wish wish;
	struct traits *t;
	int i, code;

	if (wants_help(argc, argv))
		return show_help(help);
	t = connect_or_complain();
	if (!t)
		return EXIT_REFUSED;
	wish.n_keys = traits_key_dump(t, wish.key);
	code = wish.n_keys < 0 ? refused("%s", traits_error(t)) : EXIT_OK;
	traits_close(t);
	for (i = 0; i < wish.n_keys; i++)
		names.key[wish.key[i].id] = wish.key[i];
	if (!code)
		code = parse(argc, argv, &wish);
	if (!code && !wish.n_keys)
		code = refused("no key is registered, so no packet has traits");
	return code ? code : follow(&wish);
}
