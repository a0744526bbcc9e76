/* SPDX-License-Identifier: GPL-2.0 */
/* The words that tell about a key, the same on the command line and in a file of keys. */
#ifndef TRAITCTL_KEY_WORDS_H
#define TRAITCTL_KEY_WORDS_H

#include <stdio.h>
#include <traits/traits.h>

enum key_word {
	WORD_SIZE,
	WORD_ID,
	WORD_GRO,
	WORD_CLONE,
	WORD_NETNS,

	KEY_WORDS
};

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
 * @given:	bit enum key_word is set for each that is given
 * @error:	filled in on failure
 *
 * What the kernel itself refuses well is left to it; see key_check().
 *
 * Return: 0; -EINVAL; -ERANGE for what cannot be told to the kernel so that it refuses it.
 */
int key_parse(int argc, char **argv, struct trait_key *key, unsigned int *given,
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
int key_check(const struct trait_key *key, char *why, size_t size);

/* As the command line that registers the key; without an id if it may have any. */
void key_write(FILE *to, const struct trait_key *key);

#endif
