// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>

#include "key-file.h"
#include "key-words.h"

static const struct traits_key *find(const struct key_list *list, const char *name)
{
	int i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->key[i].name, name))
			return &list->key[i];
	return NULL;
}

static bool is_claimed(const struct key_list *want, uint32_t id)
{
	int i;

	for (i = 0; i < want->n; i++)
		if (want->key[i].id == id)
			return true;
	return false;
}

/* Can it be what is wanted without being registered anew? */
static bool can_stay(const struct traits_key *have, const struct traits_key *wanted,
		     const struct key_list *want)
{
	if (!wanted || have->size != wanted->size)
		return false;
	if (wanted->id != TRAITS_ID_ANY)
		return have->id == wanted->id;
	return !is_claimed(want, have->id);
}

/* Deletes what cannot stay, and notes what does. */
static int old_keys(const struct traits_key *have, int n, const struct key_list *want,
		    bool *stays, struct key_step *step)
{
	int i, steps = 0;

	for (i = 0; i < n; i++) {
		const struct traits_key *wanted = find(want, have[i].name);

		if (can_stay(&have[i], wanted, want))
			stays[wanted - want->key] = true;
		else
			step[steps++] = (struct key_step){ KEY_DEL, .before = have[i] };
	}
	return steps;
}

static int changed_keys(const struct traits_key *have, int n, const struct key_list *want,
			const bool *stays, struct key_step *step)
{
	int i, steps = 0;

	for (i = 0; i < n; i++) {
		const struct traits_key *wanted = find(want, have[i].name);
		unsigned int fields;

		if (!wanted || !stays[wanted - want->key])
			continue;
		fields = key_differences(&have[i], wanted) & ~TRAITS_KEY_ID;
		if (!fields)
			continue;
		step[steps] = (struct key_step){ KEY_SET, fields, have[i], *wanted };
		step[steps++].after.id = have[i].id;
	}
	return steps;
}

int key_diff(const struct traits_key *have, int n, const struct key_list *want,
	     struct key_step *step)
{
	bool stays[TRAITS_KEYS_MAX] = {};
	int i, any, steps;

	steps = old_keys(have, n, want, stays, step);
	steps += changed_keys(have, n, want, stays, step + steps);
	for (any = 0; any < 2; any++)
		for (i = 0; i < want->n; i++)
			if (!stays[i] && (want->key[i].id == TRAITS_ID_ANY) == any)
				step[steps++] = (struct key_step){ KEY_ADD,
								   .after = want->key[i] };
	return steps;
}
