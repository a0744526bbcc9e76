/* SPDX-License-Identifier: GPL-2.0 */
/* The words that tell about a key, the same on the command line and in a file of keys. */
#ifndef TRAITCTL_KEY_WORDS_H
#define TRAITCTL_KEY_WORDS_H

#include <stdio.h>
#include <traits/traits.h>

/* Besides TRAITS_KEY_*: the size was given. */
#define KEY_SIZE	(TRAITS_KEY_ALL + 1)

/* @at: which argument is wrong; argc if something is missing altogether */
struct key_error {
	int at;
	char why[256];
};

/**
 * key_parse() - NAME and the words behind it
 * @argc:	number of arguments
 * @argv:	NAME, and then a word and its value, in any order, each at most once
 * @key:	what is not given is left as it is
 * @given:	which of TRAITS_KEY_* and KEY_SIZE are given
 * @error:	filled in on failure
 *
 * What the kernel itself refuses well is left to it; see key_check().
 *
 * Return: 0; -EINVAL; -ERANGE for what cannot be told to the kernel so that it refuses it.
 */
int key_parse(int argc, char **argv, struct traits_key *key, unsigned int *given,
	      struct key_error *error);

/**
 * key_check() - would the kernel take this key?
 * @key:	key
 * @why:	filled in if not
 * @size:	its size
 *
 * The kernel's own rules, as of <linux/traits.h>, to find all errors of a file before
 * anything is changed. What depends on other keys is not looked at.
 *
 * Return: 0 or -EINVAL.
 */
int key_check(const struct traits_key *key, char *why, size_t size);

/* Which of TRAITS_KEY_* differ. */
unsigned int key_differences(const struct traits_key *a, const struct traits_key *b);

/* As the command line that registers the key; without an id if it may have any. */
void key_write_add(FILE *to, const struct traits_key *key);
/* As the command line that changes @fields of the key. */
void key_write_set(FILE *to, const struct traits_key *key, unsigned int fields);

#endif
