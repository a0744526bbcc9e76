// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "key-words.h"
#include "traitctl.h"

static const struct {
	const char *word;
	const char *value;
	unsigned int bit;
} words[] = {
	{ "size", "number", KEY_SIZE },
	{ "id", "number", TRAITS_KEY_ID },
	{ "gro", "policy", TRAITS_KEY_GRO },
	{ "clone", "policy", TRAITS_KEY_CLONE },
	{ "netns", "policy", TRAITS_KEY_NETNS },
	{ "user", "policy", TRAITS_KEY_USER },
	{ "gid", "group", TRAITS_KEY_GID },
	{ "description", "text", TRAITS_KEY_DESCRIPTION },
};

#define N_WORDS ((int)(sizeof(words) / sizeof(words[0])))

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
			uint32_t *policy, int at, struct key_error *error)
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

static int parse_id(const char *text, uint32_t *id, int at, struct key_error *error)
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

static int parse_gid(const char *text, struct traits_key *key, int at, struct key_error *error)
{
	const struct group *group;

	key->limited = strcmp(text, "any");
	if (!key->limited) {
		key->gid = TRAITS_GID_ANY;
		return 0;
	}
	if (parse_u32(text, &key->gid)) {
		if (key->gid == TRAITS_GID_ANY)
			return fail(error, -EINVAL, at, "gid %u is no group", key->gid);
		return 0;
	}
	group = getgrnam(text);
	if (!group)
		return fail(error, -EINVAL, at, "gid \"%s\" is not any, a number, or the name of "
			    "a group", text);
	key->gid = group->gr_gid;
	return 0;
}

static int parse_description(const char *text, struct traits_key *key, int at,
			     struct key_error *error)
{
	if (strlen(text) > TRAITS_DESCRIPTION_MAX)
		return fail(error, -ERANGE, at, "the description has %zu characters, more than %d",
			    strlen(text), TRAITS_DESCRIPTION_MAX);
	strcpy(key->description, text);
	return 0;
}

static int parse_value(int word, const char *text, struct traits_key *key, int at,
		       struct key_error *error)
{
	const char *what = words[word].word;

	switch (words[word].bit) {
	case KEY_SIZE:
		return parse_number(what, text, &key->size, at, error);
	case TRAITS_KEY_ID:
		return parse_id(text, &key->id, at, error);
	case TRAITS_KEY_GRO:
		return parse_policy(what, text, traits_gro_name, &key->gro, at, error);
	case TRAITS_KEY_CLONE:
		return parse_policy(what, text, traits_clone_name, &key->clone, at, error);
	case TRAITS_KEY_NETNS:
		return parse_policy(what, text, traits_netns_name, &key->netns, at, error);
	case TRAITS_KEY_USER:
		return parse_policy(what, text, traits_user_name, &key->user, at, error);
	case TRAITS_KEY_GID:
		return parse_gid(text, key, at, error);
	default:
		return parse_description(text, key, at, error);
	}
}

static int find_word(const char *text)
{
	int i;

	for (i = 0; i < N_WORDS; i++)
		if (!strcmp(words[i].word, text))
			return i;
	return -1;
}

static int parse_word(int argc, char **argv, int at, struct traits_key *key, unsigned int *given,
		      struct key_error *error)
{
	int word = find_word(argv[at]);

	if (word < 0)
		return fail(error, -EINVAL, at, "unknown argument \"%s\", expected size, id, gro, "
			    "clone, netns, user, gid or description", argv[at]);
	if (at + 1 == argc)
		return fail(error, -EINVAL, at, "a %s is missing behind \"%s\"",
			    words[word].value, argv[at]);
	if (*given & words[word].bit)
		return fail(error, -EINVAL, at, "\"%s\" is given twice", argv[at]);
	*given |= words[word].bit;
	return parse_value(word, argv[at + 1], key, at + 1, error);
}

int key_parse(int argc, char **argv, struct traits_key *key, unsigned int *given,
	      struct key_error *error)
{
	int at, err = 0;

	*given = 0;
	if (!argc)
		return fail(error, -EINVAL, 0, "a name is missing");
	if (strlen(argv[0]) > TRAITS_NAME_MAX)
		return fail(error, -ERANGE, 0, "the name has %zu characters, more than %d",
			    strlen(argv[0]), TRAITS_NAME_MAX);
	strcpy(key->name, argv[0]);
	for (at = 1; at < argc && !err; at += 2)
		err = parse_word(argc, argv, at, key, given, error);
	return err;
}

unsigned int key_differences(const struct traits_key *a, const struct traits_key *b)
{
	return (a->id != b->id ? TRAITS_KEY_ID : 0) |
	       (a->gro != b->gro ? TRAITS_KEY_GRO : 0) |
	       (a->clone != b->clone ? TRAITS_KEY_CLONE : 0) |
	       (a->netns != b->netns ? TRAITS_KEY_NETNS : 0) |
	       (a->user != b->user ? TRAITS_KEY_USER : 0) |
	       (a->limited != b->limited || (a->limited && a->gid != b->gid) ? TRAITS_KEY_GID : 0) |
	       (strcmp(a->description, b->description) ? TRAITS_KEY_DESCRIPTION : 0);
}

static void write_quoted(FILE *to, const char *text)
{
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', to);
		putc(*text, to);
	}
	putc('"', to);
}

static void write_fields(FILE *to, const struct traits_key *key, unsigned int fields)
{
	if (fields & TRAITS_KEY_ID)
		fprintf(to, " id %u", key->id);
	if (fields & TRAITS_KEY_GRO)
		fprintf(to, " gro %s", name_or_unknown(traits_gro_name(key->gro)));
	if (fields & TRAITS_KEY_CLONE)
		fprintf(to, " clone %s", name_or_unknown(traits_clone_name(key->clone)));
	if (fields & TRAITS_KEY_NETNS)
		fprintf(to, " netns %s", name_or_unknown(traits_netns_name(key->netns)));
	if (fields & TRAITS_KEY_USER)
		fprintf(to, " user %s", name_or_unknown(traits_user_name(key->user)));
	if (fields & TRAITS_KEY_GID && key->limited)
		fprintf(to, " gid %u", key->gid);
	else if (fields & TRAITS_KEY_GID)
		fputs(" gid any", to);
	if (fields & TRAITS_KEY_DESCRIPTION) {
		fputs(" description ", to);
		write_quoted(to, key->description);
	}
}

void key_write_add(FILE *to, const struct traits_key *key)
{
	static const struct traits_key plain = { .id = TRAITS_ID_ANY };

	fprintf(to, "key add %s size %u", key->name, key->size);
	write_fields(to, key, key_differences(key, &plain));
}

void key_write_set(FILE *to, const struct traits_key *key, unsigned int fields)
{
	fprintf(to, "key set %s", key->name);
	write_fields(to, key, fields);
}
