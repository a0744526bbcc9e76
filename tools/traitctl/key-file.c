// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "key-file.h"
#include "key-words.h"

static int check_unique(const struct key_list *list, const struct traits_key *key,
			const struct line *line, struct text_error *error)
{
	int i;

	for (i = 0; i < list->n; i++) {
		const struct traits_key *other = &list->key[i];

		if (!strcmp(other->name, key->name))
			return text_wrong(error, line->number, line->column[2],
					  "name \"%s\" is taken by line %u", key->name,
					  list->line[i]);
		if (key->id != TRAITS_ID_ANY && other->id == key->id)
			return text_wrong(error, line->number, line->column[2],
					  "key id %u is taken by \"%s\" in line %u",
					  key->id, other->name, list->line[i]);
	}
	return 0;
}

static int parse_line(struct line *line, struct key_list *list, struct text_error *error)
{
	struct traits_key key = { .id = TRAITS_ID_ANY };
	struct key_error bad;
	unsigned int given;
	char why[256];

	if (strcmp(line->word[0], "key"))
		return text_wrong(error, line->number, line->column[0],
				  "unknown command \"%s\", expected \"key add\"", line->word[0]);
	if (line->n < 2 || strcmp(line->word[1], "add"))
		return text_wrong(error, line->number, line->column[line->n > 1],
				  "only \"key add\" may be here");
	if (key_parse(line->n - 2, line->word + 2, &key, &given, &bad))
		return text_wrong(error, line->number,
				  line->column[bad.at + 2 < line->n ? bad.at + 2 : line->n - 1],
				  "%s", bad.why);
	if (!(given & KEY_SIZE))
		return text_wrong(error, line->number, line->column[2], "the size is missing");
	if (key_check(&key, why, sizeof(why)))
		return text_wrong(error, line->number, line->column[2], "%s", why);
	if (check_unique(list, &key, line, error))
		return -EINVAL;
	if (list->n == TRAITS_KEYS_MAX)
		return text_wrong(error, line->number, line->column[0],
				  "there can be no more than %d keys", TRAITS_KEYS_MAX);
	list->line[list->n] = line->number;
	list->key[list->n++] = key;
	return 0;
}

int key_file_parse(struct text *text, struct key_list *list, struct text_error *error)
{
	struct line line;
	int err;

	list->n = 0;
	while ((err = text_next(text, &line, error)) == 1) {
		err = parse_line(&line, list, error);
		if (err)
			break;
	}
	return err;
}

int key_file_read(const char *path, struct key_list *list, struct text_error *error)
{
	struct text text;
	int err = text_open(&text, path, error);

	if (err)
		return err;
	err = key_file_parse(&text, list, error);
	text_close(&text);
	return err;
}
