// SPDX-License-Identifier: GPL-2.0
/*
 * What "traitctl trace" does with the steps of packets: values as they are typed and shown, and
 * steps of one journey together, in order of time.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace-journey.h"
#include "trace-print.h"

static int number, failed;

static void ktap(bool ok, const char *name)
{
	failed += !ok;
	printf("%sok %d %s\n", ok ? "" : "not ", ++number, name);
}

static bool parses(const char *text, unsigned int size)
{
	union trace_value value;

	return trace_parse_value(text, size, &value);
}

/* What is shown of a value that is typed so. */
static bool shows(const char *text, unsigned int size, const char *want)
{
	union trace_value value;
	char got[64];

	if (!trace_parse_value(text, size, &value))
		return false;
	trace_format_value(got, sizeof(got), size, &value);
	return !strcmp(got, want);
}

static void check_values(void)
{
	static const char *const none[] = { "", " 1", "-1", "+1", "1x", "x", "1.5", "08", "0x" };
	union trace_value value;
	bool ok = true;
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ok &= !parses(none[i], 4) && !parses(none[i], 8) && !parses(none[i], 16);
	ktap(ok, "what_is_no_value");
	ktap(shows("4294967295", 4, "4294967295") && !parses("4294967296", 4), "values_of_4_bytes");
	ktap(shows("0xffffffffffffffff", 8, "18446744073709551615") &&
	     !parses("18446744073709551616", 8), "values_of_8_bytes");
	ktap(shows("000102030405060708090A0b0c0d0e0F", 16, "000102030405060708090a0b0c0d0e0f") &&
	     !parses("000102030405060708090a0b0c0d0e0", 16) &&
	     !parses("000102030405060708090a0b0c0d0e0f0", 16) &&
	     !parses("000102030405060708090a0b0c0d0e0g", 16), "values_of_16_bytes");
	ktap(trace_parse_value("000102030405060708090a0b0c0d0e0f", 16, &value) &&
	     value.bytes[0] == 0 && value.bytes[15] == 15, "as_they_lie_in_memory");
	ktap(trace_parse_value("0x01020304", 4, &value) && value.u32 == 0x01020304 && !value.bytes[4],
	     "and_nothing_behind_them");
}

static void check_json(void)
{
	static struct trace_names names;
	struct trace_step step = { .time = 1, .present = 1ULL << 2 | 1ULL << 63, .cpu = 3,
		.place = TRACE_SET, .detail = 63, .len = 99, .dev = "dev0" };
	struct json_object *json;
	const char *text;

	strcpy(names.key[2].name, "number");
	names.key[2].size = 8;
	strcpy(names.key[63].name, "flag");
	step.value[2].u64 = 1ULL << 63;
	json = trace_json(&step, &names);
	text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	ktap(strstr(text, ",\"cpu\":3,\"netns\":\"?\",\"dev\":\"dev0\",\"place\":\"set\","
		    "\"detail\":\"flag\",\"len\":99,"
		    "\"traits\":{\"number\":9223372036854775808,\"flag\":true}}"), "a_step_as_JSON");
	json_object_put(json);

	step.detail = 64;
	step.place = 99;
	json = trace_json(&step, &names);
	text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	ktap(strstr(text, "\"place\":\"?\",\"detail\":null"), "what_is_newer_than_this_program");
	json_object_put(json);
}

/* Journeys, as text: the values of u32 of a journey and the times of its steps. */
static char told[8192];

static void tell(const struct trace_step *steps, unsigned int n)
{
	unsigned int i;

	sprintf(told + strlen(told), "%u:", steps[0].value[5].u32);
	for (i = 0; i < n; i++)
		sprintf(told + strlen(told), " %llu", steps[i].time);
	strcat(told, "; ");
}

static void add(unsigned int value, unsigned long long time, enum trace_place place, bool has)
{
	struct trace_step step = { .time = time, .place = place, .present = has ? 1 << 5 : 1 };

	step.value[5].u32 = value;
	/* What lies behind a value of 4 bytes is not a part of it. */
	step.value[5].bytes[8] = time;
	trace_journey_add(&step, 5, 4, tell);
}

static bool was_told(const char *want)
{
	bool same = !strcmp(told, want);

	if (!same)
		printf("# told: %s\n# want: %s\n", told, want);
	told[0] = '\0';
	return same;
}

static void check_journeys(void)
{
	unsigned int i;

	add(1, 30, TRACE_SEND, true);
	add(2, 25, TRACE_RECEIVE, true);
	add(1, 10, TRACE_SET, true);
	add(1, 20, TRACE_RECEIVE, true);
	add(3, 21, TRACE_RECEIVE, false);
	ktap(was_told(""), "no_journey_is_at_its_end");
	add(1, 40, TRACE_SOCKET, true);
	ktap(was_told("1: 10 20 30 40; "), "one_is_at_a_socket");
	add(2, 50, TRACE_DROP, true);
	ktap(was_told("2: 25 50; "), "one_is_dropped");
	add(1, 60, TRACE_DROP, true);
	ktap(was_told("1: 60; "), "the_same_value_again");

	add(7, 90, TRACE_SEND, true);
	add(6, 80, TRACE_SEND, true);
	trace_journey_end(tell);
	ktap(was_told("6: 80; 7: 90; "), "the_others_at_the_end");
	trace_journey_end(tell);
	ktap(was_told(""), "and_only_once");

	for (i = 0; i < 100; i++)
		add(1, i + 1, TRACE_SEND, true);
	add(1, 101, TRACE_DROP, true);
	ktap(strstr(told, " 32; ") && !strstr(told, " 33"), "no_more_than_the_first_32_steps");
	told[0] = '\0';

	for (i = 0; i < 129; i++)
		add(i, i + 1, TRACE_SEND, true);
	ktap(was_told("0: 1; "), "the_oldest_makes_room");
	trace_journey_end(tell);
	told[0] = '\0';
}

int main(void)
{
	puts("KTAP version 1");
	check_values();
	check_json();
	check_journeys();
	printf("1..%d\n", number);
	return failed ? 1 : 0;
}
