// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>

#include "key-file.h"

static const struct trait_key *find(const struct key_list *list, const char *name)
{
	int i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->key[i].name, name))
			return &list->key[i];
	return NULL;
}

static bool is_claimed(const struct key_list *want, __u64 id)
{
	int i;

	for (i = 0; i < want->n; i++)
		if (want->key[i].id == id)
			return true;
	return false;
}

static bool same_policies(const struct trait_key *a, const struct trait_key *b)
{
	return a->gro == b->gro && a->clone == b->clone && a->netns == b->netns;
}

/* Can it be what is wanted without being registered anew? */
static bool can_stay(const struct trait_key *have, const struct trait_key *wanted,
		     const struct key_list *want)
{
	if (!wanted || have->size != wanted->size)
		return false;
	if (wanted->id != TRAITS_ID_ANY)
		return have->id == wanted->id;
	return !is_claimed(want, have->id);
}

int key_diff(const struct trait_key *have, int n, const struct key_list *want,
	     struct key_step *step)
{
	bool stays[TRAITS_KEYS_MAX] = {};
	int i, any, steps = 0;

	for (i = 0; i < n; i++) {
		const struct trait_key *wanted = find(want, have[i].name);

		if (can_stay(&have[i], wanted, want) && same_policies(&have[i], wanted))
			stays[wanted - want->key] = true;
		else
			step[steps++] = (struct key_step){ KEY_DEL, have[i] };
	}
	for (any = 0; any < 2; any++)
		for (i = 0; i < want->n; i++)
			if (!stays[i] && (want->key[i].id == TRAITS_ID_ANY) == any)
				step[steps++] = (struct key_step){ KEY_ADD, want->key[i] };
	return steps;
}
