/* SPDX-License-Identifier: GPL-2.0 */
/* A file of keys, traits-keys(5), and what it takes to have its keys and no others. */
#ifndef TRAITCTL_KEY_FILE_H
#define TRAITCTL_KEY_FILE_H

#include <traits/traits.h>

#include "text.h"

struct key_list {
	int n;
	struct traits_key key[TRAITS_KEYS_MAX];
	unsigned int line[TRAITS_KEYS_MAX];
};

/**
 * key_file_read() - all keys of a file
 * @path:	file, or "-" for standard input
 * @list:	filled in, in the order of the file; ids that it does not give are TRAITS_ID_ANY
 * @error:	filled in on failure
 *
 * Return: 0; or an errno, -EINVAL when the kernel has nothing to do with it.
 */
int key_file_read(const char *path, struct key_list *list, struct text_error *error);

/* The same from what is open already. */
int key_file_parse(struct text *text, struct key_list *list, struct text_error *error);

enum key_action {
	KEY_DEL,
	KEY_SET,
	KEY_ADD,
};

/* @fields: which of TRAITS_KEY_* are to be changed */
struct key_step {
	enum key_action action;
	unsigned int fields;
	struct traits_key before;
	struct traits_key after;
};

/* Each key of the registry may have to go, and each of the file to come. */
#define KEY_STEPS_MAX	(2 * TRAITS_KEYS_MAX)

/**
 * key_diff() - what makes the registry equal to a list
 * @have:	all keys of the registry
 * @n:		how many
 * @want:	keys of which no two have the same name or the same id
 * @step:	room for KEY_STEPS_MAX
 *
 * A key that can become what is wanted by being changed is not unregistered. Steps are in an order in which none can be
 * in another's way: an id is free when it is claimed, and keys that may have any id come
 * after those that claim one.
 *
 * Return: how many steps there are; 0 if they are equal.
 */
int key_diff(const struct traits_key *have, int n, const struct key_list *want,
	     struct key_step *step);

#endif
