// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "key-words.h"
#include "traitctl.h"

static const char *const words[KEY_WORDS] = {
	[WORD_SIZE] = "size",
	[WORD_ID] = "id",
	[WORD_GRO] = "gro",
	[WORD_CLONE] = "clone",
	[WORD_NETNS] = "netns",
};

static __attribute__((__format__(printf, 4, 5)))
int fail(struct key_error *error, int err, int at, const char *fmt, ...)
{
	va_list args;

	error->at = at;
	va_start(args, fmt);
	vsnprintf(error->why, sizeof(error->why), fmt, args);
	va_end(args);
	return err;
}

static int parse_policy(const char *what, const char *text, const char *(*name)(unsigned int),
			__u8 *policy, int at, struct key_error *error)
{
	char names[128] = "";
	unsigned int i;

	for (i = 0; name(i); i++) {
		if (!strcmp(name(i), text)) {
			*policy = i;
			return 0;
		}
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", name(i));
	}
	return fail(error, -EINVAL, at, "%s \"%s\" is not one of %s", what, text, names);
}

static int parse_number(const char *what, const char *text, uint32_t *number, int at,
			struct key_error *error)
{
	if (parse_u32(text, number))
		return 0;
	return fail(error, -EINVAL, at, "%s \"%s\" is not a number", what, text);
}

static int parse_id(const char *text, __u64 *id, int at, struct key_error *error)
{
	uint32_t number;
	int err = parse_number("id", text, &number, at, error);

	/* The number that means any id to libtraits is none. */
	if (!err && number >= TRAITS_KEYS_MAX)
		return fail(error, -ERANGE, at, "key id %u is not in 0 to %u", number,
			     TRAITS_KEYS_MAX - 1);
	if (!err)
		*id = number;
	return err;
}

static int parse_value(enum key_word word, const char *text, struct trait_key *key, int at,
		       struct key_error *error)
{
	const char *what = words[word];

	switch (word) {
	case WORD_SIZE:
		return parse_number(what, text, &key->size, at, error);
	case WORD_ID:
		return parse_id(text, &key->id, at, error);
	case WORD_GRO:
		return parse_policy(what, text, traits_gro_name, &key->gro, at, error);
	case WORD_CLONE:
		return parse_policy(what, text, traits_clone_name, &key->clone, at, error);
	default:
		return parse_policy(what, text, traits_netns_name, &key->netns, at, error);
	}
}

static int find_word(const char *text)
{
	int i;

	for (i = 0; i < KEY_WORDS; i++)
		if (!strcmp(words[i], text))
			return i;
	return -1;
}

int key_parse(int argc, char **argv, struct trait_key *key, unsigned int *given,
	      struct key_error *error)
{
	int at, word, err;

	*given = 0;
	if (!argc)
		return fail(error, -EINVAL, 0, "a name is missing");
	if (strlen(argv[0]) > TRAITS_NAME_MAX)
		return fail(error, -ERANGE, 0, "the name has %zu characters, more than %d",
			     strlen(argv[0]), TRAITS_NAME_MAX);
	strcpy(key->name, argv[0]);

	for (at = 1; at < argc; at += 2) {
		word = find_word(argv[at]);
		if (word < 0)
			return fail(error, -EINVAL, at, "unknown argument \"%s\", expected size, "
				    "id, gro, clone or netns", argv[at]);
		if (at + 1 == argc)
			return fail(error, -EINVAL, at, "a %s is missing behind \"%s\"",
				     word <= WORD_ID ? "number" : "policy", argv[at]);
		if (*given & 1 << word)
			return fail(error, -EINVAL, at, "\"%s\" is given twice", argv[at]);
		*given |= 1 << word;
		err = parse_value(word, argv[at + 1], key, at + 1, error);
		if (err)
			return err;
	}
	return 0;
}

static int refuse(char *why, size_t size, const char *fmt, ...)
	__attribute__((__format__(printf, 3, 4)));

static int refuse(char *why, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, size, fmt, args);
	va_end(args);
	return -EINVAL;
}

static int check_name(const char *name, char *why, size_t size)
{
	int i;

	if (!name[0])
		return refuse(why, size, "the name is empty");
	for (i = 0; name[i]; i++) {
		unsigned char c = name[i];

		/* isalnum() would take the letters of other languages. */
		if ((c < 0x80 && isalnum(c)) || strchr("._-/", c))
			continue;
		return refuse(why, size, "character %d of the name, %#04x, is not a letter, "
			      "a digit or one of . _ - /", i + 1, c);
	}
	return 0;
}

int key_check(const struct trait_key *key, char *why, size_t size)
{
	bool number = key->size == 4 || key->size == 8;
	int err = check_name(key->name, why, size);

	if (err)
		return err;
	if (!number && key->size != 0 && key->size != 16)
		return refuse(why, size, "size %u is not 0, 4, 8 or 16", key->size);
	if (!number && key->gro >= TRAITS_GRO_SUM && key->gro <= TRAITS_GRO_OR)
		return refuse(why, size, "sum, min, max and or are for values of 4 or 8 bytes, "
			      "not %u", key->size);
	return 0;
}

void key_write(FILE *to, const struct trait_key *key)
{
	fprintf(to, "key add %s size %u", key->name, key->size);
	if (key->id < TRAITS_KEYS_MAX)
		fprintf(to, " id %u", (unsigned int)key->id);
	if (key->gro != TRAITS_GRO_FIRST)
		fprintf(to, " gro %s", traits_gro_name(key->gro));
	if (key->clone != TRAITS_CLONE_SHARE)
		fprintf(to, " clone %s", traits_clone_name(key->clone));
	if (key->netns != TRAITS_NETNS_KEEP)
		fprintf(to, " netns %s", traits_netns_name(key->netns));
}
