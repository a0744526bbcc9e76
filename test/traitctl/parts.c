// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of traitctl that read files of keys and find out what has to change: each error with
 * its place, files of random bytes, and random registries that a plain model changes.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key-file.h"
#include "key-words.h"

#define NAME_31	"0123456789ABCDEFGHIJabcdefg._-/"

#define TEXT_64	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int number, failed;

static __attribute__((__format__(printf, 2, 3))) void ktap(bool ok, const char *fmt, ...)
{
	va_list args;

	failed += !ok;
	printf("%sok %d ", ok ? "" : "not ", ++number);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

/* The parser works in a copy of exactly this size, so that reading beyond it is found. */
static int parse(const char *bytes, size_t len, struct key_list *list, struct text_error *error)
{
	struct text text = { .bytes = malloc(len), .len = len };
	int err;

	memcpy(text.bytes, bytes, len);
	err = key_file_parse(&text, list, error);
	text_close(&text);
	return err;
}

static void check_good(void)
{
	static const struct {
		const char *name, *text;
		int n;
	} good[] = {
		{ "empty", "", 0 },
		{ "only_a_newline", "\n", 0 },
		{ "only_a_comment", "# nothing", 0 },
		{ "no_newline_at_the_end", "key add a size 4", 1 },
		{ "blanks_and_tabs", "\t key   add\ta size 4  \n\n\n  ", 1 },
		{ "comment_behind", "key add a size 4 # as it was\nkey add b size 0 #b", 2 },
		{ "quotes", "\"key\" \"add\" \"a\" size \"4\"", 1 },
		{ "unicode_in_a_comment", "# \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\nkey add a size 4", 1 },
		{ "any_order", "key add a netns drop id 63 clone copy gro sum size 8", 1 },
		{ "all_words", "key add a size 4 id 0 gro or clone drop netns keep user read gid 0 "
			       "description \"a \\\"b\\\" \\\\ #c\"", 1 },
		{ "gid_any", "key add a size 4 gid any", 1 },
		{ "no_description", "key add a size 4 description \"\"", 1 },
		{ "longest_name", "key add " NAME_31 " size 4", 1 },
	};
	struct text_error error;
	struct key_list list;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int err = parse(good[i].text, strlen(good[i].text), &list, &error);

		ktap(!err && list.n == good[i].n, "%s", good[i].name);
	}
}

struct bad {
	const char *name, *text;
	size_t len;		/* 0: as long as it is */
	unsigned int line, column;
	const char *why;
};

static const struct bad bad[] = {
	{ "nul", "key add a\0 size 4", 17, 1, 10, "control character" },
	{ "nul_at_the_beginning", "\0", 1, 1, 1, "control character" },
	{ "nul_at_the_end", "key add a size 4\n\0", 18, 2, 1, "control character" },
	{ "escape", "key add a size 4\n# \033[2J", 0, 2, 3, "control character 0x1b" },
	{ "dos", "key add a size 4\r\nkey add b size 4\r\n", 0, 1, 17, "DOS" },
	{ "mac", "key add a size 4\rkey add b size 4\r", 0, 1, 17, "control character 0x0d" },
	{ "latin_1", "# gr\xfc\xdf\n", 0, 1, 5, "byte 0xfc is not of a character in UTF-8" },
	{ "utf8_cut_off", "# \xe2\x82", 0, 1, 3, "byte 0xe2" },
	{ "utf8_cut_off_by_the_line", "# \xe2\x82\n\xac", 0, 1, 3, "byte 0xe2" },
	{ "utf8_too_long", "# \xc0\xaf", 0, 1, 3, "byte 0xc0" },
	{ "utf8_surrogate", "# \xed\xa0\x80", 0, 1, 3, "byte 0xed" },
	{ "utf8_beyond_the_last", "# \xf4\x90\x80\x80", 0, 1, 3, "byte 0xf4" },
	{ "utf8_second_controls", "# \xc2\x9b", 0, 1, 3, "byte 0xc2" },
	{ "utf8_bom", "\xef\xbb\xbfkey add a size 4", 0, 1, 1, "unknown command" },
	{ "utf16", "\xff\xfek\0e\0y\0", 8, 1, 1, "byte 0xff" },
	{ "quote_without_end", "key add \"a size 4", 0, 1, 9, "has no end" },
	{ "quote_that_ends_escaped", "key add \"a\\\"", 0, 1, 9, "has no end" },
	{ "quote_within", "key add a\"b size 4", 0, 1, 9, "a quote within a word" },
	{ "quote_with_a_tail", "key add \"a\"b size 4", 0, 1, 9, "no blank behind" },
	{ "other_command", "\n\n  kay add a size 4", 0, 3, 3, "unknown command \"kay\"" },
	{ "key_alone", "key", 0, 1, 1, "only \"key add\" may be here" },
	{ "key_del", "key del a", 0, 1, 5, "only \"key add\" may be here" },
	{ "short_words", "k a x size 4", 0, 1, 1, "unknown command" },
	{ "option", "-j key add a size 4", 0, 1, 1, "unknown command" },
	{ "no_name", "key add", 0, 1, 5, "a name is missing" },
	{ "empty_name", "key add \"\" size 4", 0, 1, 9, "the name is empty" },
	{ "name_of_32", "key add x" NAME_31 " size 4", 0, 1, 9, "has 32 char" },
	{ "name_with_a_blank", "key add \"a b\" size 4", 0, 1, 9, "character 2 of the name, 0x20" },
	{ "name_with_an_umlaut", "key add \xc3\xa4 size 4", 0, 1, 9, "character 1 of the name" },
	{ "name_with_a_hash", "key add a#b size 4", 0, 1, 9, "character 2 of the name, 0x23" },
	{ "no_size", "key add a", 0, 1, 9, "the size is missing" },
	{ "no_size_in_a_comment", "key add a # size 4", 0, 1, 9, "the size is missing" },
	{ "no_number", "key add a size", 0, 1, 11, "a number is missing" },
	{ "size_5", "key add a size 5", 0, 1, 9, "size 5 is not 0, 4, 8 or 16" },
	{ "size_x", "key add a size 4x", 0, 1, 16, "size \"4x\" is not a number" },
	{ "size_with_a_hash", "key add b size 0#b", 0, 1, 16, "size \"0#b\" is not a number" },
	{ "size_in_octal", "key add b size 08", 0, 1, 16, "size \"08\" is not a number" },
	{ "size_twice", "key add a size 4 size 4", 0, 1, 18, "\"size\" is given twice" },
	{ "id_64", "key add a id 64 size 4", 0, 1, 14, "key id 64 is not in 0 to 63" },
	{ "id_any", "key add a id 255 size 4", 0, 1, 14, "key id 255 is not in 0 to 63" },
	{ "id_negative", "key add a id -1 size 4", 0, 1, 14, "id \"-1\" is not a number" },
	{ "unknown_word", "key add a size 4 colour red", 0, 1, 18, "unknown argument \"colour\"" },
	{ "gro_unknown", "key add a size 4 gro add", 0, 1, 22, "gro \"add\" is not one of" },
	{ "gro_of_a_flag", "key add a gro sum size 0", 0, 1, 9, "sum, min, max and or are for" },
	{ "gro_of_16", "key add a size 16 gro or", 0, 1, 9, "sum, min, max and or are for" },
	{ "user_unknown", "key add a size 4 user all", 0, 1, 23, "user \"all\" is not one of" },
	{ "gid_unknown", "key add a size 4 gid no.such.group", 0, 1, 22, "is not any, a number" },
	{ "gid_that_means_any", "key add a size 4 gid 0xffffffff", 0, 1, 22, "is no group" },
	{ "description_in_utf8", "key add a size 4 description \xc3\xa4", 0, 1, 9,
	  "character 1 of the description, 0xc3" },
	{ "description_of_128", "key add a size 4 description " TEXT_64 TEXT_64, 0, 1, 30,
	  "has 128 characters" },
	{ "description_without_quotes", "key add a size 4 description two words", 0, 1, 34,
	  "unknown argument \"words\"" },
	{ "flag", "key add a size 4 --exist-ok", 0, 1, 18, "unknown argument" },
	{ "same_name", "key add a size 4\n\nkey add a size 4", 0, 3, 9, "taken by line 1" },
	{ "same_id", "key add a size 4 id 7\nkey add b id 0x7 size 4", 0, 2, 9,
	  "key id 7 is taken by \"a\" in line 1" },
	{ "words_without_end", "key add a size 4 "
	  "x x x x x x x x x x x x x x x x x x x x x x x x x x x x", 0, 1, 72, "more than 32 words" },
};

static void check_bad(void)
{
	const struct bad *b;

	for (b = bad; b < bad + sizeof(bad) / sizeof(bad[0]); b++) {
		struct text_error error = {};
		struct key_list list;
		int err = parse(b->text, b->len ? b->len : strlen(b->text), &list, &error);
		bool ok = err && error.line == b->line && error.column == b->column &&
			  strstr(error.why, b->why);

		if (!ok)
			printf("# %d, %u:%u: %s\n", err, error.line, error.column, error.why);
		ktap(ok, "%s", b->name);
	}
}

static void check_long_lines(void)
{
	static char text[TEXT_MAX];
	struct text_error error;
	struct key_list list;
	int i;

	memset(text, 'x', sizeof(text));
	ktap(parse(text, sizeof(text), &list, &error) && error.line == 1 &&
	     error.column == LINE_MAX_LEN + 1, "line_of_a_megabyte");
	memset(text, ' ', LINE_MAX_LEN);
	memcpy(text, "key add a size 4", 16);
	ktap(!parse(text, LINE_MAX_LEN, &list, &error) && list.n == 1, "longest_line");
	memset(text, '\n', sizeof(text));
	ktap(!parse(text, sizeof(text), &list, &error) && !list.n, "a_million_lines");
	text[sizeof(text) - 1] = '?';
	ktap(parse(text, sizeof(text), &list, &error) && error.line == TEXT_MAX,
	     "the_last_of_a_million_lines");
	for (i = 0; i < 64; i++)
		sprintf(text + i * 32, "key add n%02d size 8 id 0x%02x%5s\n", i, i, "");
	ktap(!parse(text, 64 * 32, &list, &error) && list.n == 64 && list.key[63].id == 63,
	     "all_keys");
	strcpy(text + 64 * 32, "key add more size 4");
	ktap(parse(text, 64 * 32 + 19, &list, &error) && error.line == 65 &&
	     strstr(error.why, "no more than 64"), "one_key_too_many");
}

static unsigned int random_below(unsigned int n)
{
	return rand() / (RAND_MAX / n + 1);
}

/* Pieces of lines in any order, some with a byte changed: no crash, and an error has a place. */
static void check_random_files(void)
{
	static const char *const pieces[] = {
		"key add ", "a ", "b ", "size 4 ", "size 0 ", "id 1 ", "id 2 ", "gro sum ", "\n",
		"\n", "# ", "\"", "\\", "\t", "clone copy ", "netns drop ", "\xc3\xa4", "\xf0", "\r",
	};
	struct text_error error;
	struct key_list list;
	int round, i, err;
	char text[512];

	for (round = 0; round < 100000; round++) {
		size_t len = 0;

		for (i = random_below(24); i; i--)
			len += sprintf(text + len, "%s", pieces[random_below(sizeof(pieces) /
									     sizeof(pieces[0]))]);
		if (len && !random_below(4))
			text[random_below(len)] = rand();
		error.line = error.column = 0;
		err = parse(text, len, &list, &error);
		if (err ? !error.line || !error.column || !error.why[0] : list.n > 5)
			break;
	}
	ktap(round == 100000, "random_files");
}

/* All but the id; on its own, so that it does not rely on what is tested. */
static bool same_key(const struct traits_key *a, const struct traits_key *b)
{
	return a->size == b->size && a->gro == b->gro && a->clone == b->clone &&
	       a->netns == b->netns && a->user == b->user && a->limited == b->limited &&
	       (!a->limited || a->gid == b->gid) && !strcmp(a->name, b->name) &&
	       !strcmp(a->description, b->description);
}

/* What is written is read as the same. */
static void check_round_trip(void)
{
	struct text_error error;
	struct key_list list;
	int i, round, same = 0;

	for (round = 0; round < 1000; round++) {
		struct traits_key key = { .size = 4 << random_below(2), .id = random_below(65),
			.gro = random_below(__TRAITS_GRO_MAX),
			.clone = random_below(__TRAITS_CLONE_MAX),
			.netns = random_below(__TRAITS_NETNS_MAX),
			.user = random_below(__TRAITS_USER_MAX),
			.limited = random_below(2) };
		char *text;
		size_t len;
		FILE *f = open_memstream(&text, &len);

		if (key.id == 64)
			key.id = TRAITS_ID_ANY;
		key.gid = key.limited ? random_below(70000) : 0;
		for (i = random_below(TRAITS_DESCRIPTION_MAX + 1); i; i--)
			key.description[i - 1] = ' ' + random_below(95);
		sprintf(key.name, "n%d", round);
		key_write_add(f, &key);
		fclose(f);
		same += !parse(text, len, &list, &error) && list.n == 1 &&
			same_key(&list.key[0], &key) && list.key[0].id == key.id;
		free(text);
	}
	ktap(same == 1000, "what_is_written_is_read_as_the_same");
}

/* Few names, ids and sizes, so that they get into each other's way. */
static void random_keys(struct key_list *list, bool registered)
{
	bool name[12] = {}, id[12] = {};
	int i, n = random_below(10);

	memset(list, 0, sizeof(*list));
	for (i = 0; i < n; i++) {
		struct traits_key *key = &list->key[list->n];
		int a = random_below(12), b = random_below(12);

		if (name[a] || id[b])
			continue;
		sprintf(key->name, "n%d", a);
		key->id = registered || random_below(2) ? b : TRAITS_ID_ANY;
		key->size = 4 << random_below(2);
		key->gro = random_below(2);
		key->clone = random_below(2);
		key->netns = random_below(2);
		key->user = random_below(2);
		key->limited = random_below(2);
		key->gid = key->limited ? random_below(2) : TRAITS_GID_ANY;
		key->description[0] = random_below(2) ? 'd' : '\0';
		name[a] = true;
		id[b] = key->id == (unsigned int)b;
		list->n++;
	}
}

static struct traits_key *model_find(struct key_list *model, const struct traits_key *key)
{
	int i;

	for (i = 0; i < model->n; i++)
		if (!strcmp(model->key[i].name, key->name))
			return &model->key[i];
	return NULL;
}

static bool model_id_taken(const struct key_list *model, uint32_t id)
{
	int i;

	for (i = 0; i < model->n; i++)
		if (model->key[i].id == id)
			return true;
	return false;
}

#define FIELDS	(TRAITS_KEY_GRO | TRAITS_KEY_CLONE | TRAITS_KEY_NETNS | TRAITS_KEY_USER | \
		 TRAITS_KEY_GID | TRAITS_KEY_DESCRIPTION)

static void model_set(struct traits_key *at, const struct traits_key *key, unsigned int fields)
{
	if (fields & TRAITS_KEY_GRO)
		at->gro = key->gro;
	if (fields & TRAITS_KEY_CLONE)
		at->clone = key->clone;
	if (fields & TRAITS_KEY_NETNS)
		at->netns = key->netns;
	if (fields & TRAITS_KEY_USER)
		at->user = key->user;
	if (fields & TRAITS_KEY_GID) {
		at->limited = key->limited;
		at->gid = key->gid;
	}
	if (fields & TRAITS_KEY_DESCRIPTION)
		strcpy(at->description, key->description);
}

/* What the kernel would do; false where it would refuse. */
static bool model_step(struct key_list *model, const struct key_step *step)
{
	const struct traits_key *named = step->action == KEY_DEL ? &step->before : &step->after;
	struct traits_key *at = model_find(model, named), key = step->after;

	if (step->action != KEY_ADD && (!at || !same_key(at, &step->before) ||
					at->id != step->before.id))
		return false;
	if (step->action == KEY_DEL) {
		*at = model->key[--model->n];
		return true;
	}
	if (step->action == KEY_SET) {
		if (!step->fields || step->fields & ~FIELDS || at->size != key.size ||
		    at->id != key.id)
			return false;
		model_set(at, &key, step->fields);
		return true;
	}
	if (at || (key.id != TRAITS_ID_ANY && model_id_taken(model, key.id)))
		return false;
	if (key.id == TRAITS_ID_ANY)
		for (key.id = 0; model_id_taken(model, key.id); key.id++)
			;
	model->key[model->n++] = key;
	return true;
}

static bool equal(struct key_list *model, const struct key_list *want)
{
	int i;

	for (i = 0; i < want->n; i++) {
		const struct traits_key *w = &want->key[i], *have = model_find(model, w);

		if (!have || !same_key(have, w) || (w->id != TRAITS_ID_ANY && have->id != w->id))
			return false;
	}
	return model->n == want->n;
}

static void check_diff(void)
{
	int round, i, n, none = 0;

	for (round = 0; round < 200000; round++) {
		struct key_step step[KEY_STEPS_MAX];
		struct key_list have, want;

		random_keys(&have, true);
		random_keys(&want, false);
		n = key_diff(have.key, have.n, &want, step);
		none += equal(&have, &want) && !n;
		if (equal(&have, &want) && n)
			break;
		for (i = 0; i < n; i++)
			if (!model_step(&have, &step[i]))
				break;
		if (i < n || !equal(&have, &want) || key_diff(have.key, have.n, &want, step))
			break;
	}
	ktap(round == 200000, "the_steps_make_any_registry_equal_to_any_list");
	ktap(none > 1000, "and_there_are_none_if_it_is");
}

int main(void)
{
	srand(1);
	puts("KTAP version 1");
	check_good();
	check_bad();
	check_long_lines();
	check_random_files();
	check_round_trip();
	check_diff();
	printf("1..%d\n", number);
	return failed ? 1 : 0;
}
