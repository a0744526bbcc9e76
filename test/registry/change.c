// SPDX-License-Identifier: GPL-2.0
/* Requests at random about keys that are there: changes, claims, holds. */
#include <errno.h>

#include "hold.h"
#include "model.h"

static int random_policy(int n)
{
	return rand() % 8 ? 0 : rand() % n;
}

void random_policies(struct traits_key *key)
{
	key->gro = random_policy(__TRAITS_GRO_MAX);
	key->clone = random_policy(__TRAITS_CLONE_MAX);
	key->netns = random_policy(__TRAITS_NETNS_MAX);
	key->user = rand() % __TRAITS_USER_MAX;
	key->gid = rand() % 2 ? TRAITS_GID_ANY : (u32)rand() % 3;
	snprintf(key->description, sizeof(key->description), "%.*s", rand() % 3, "ab");
}

static bool numeric(const struct traits_key *key)
{
	return key->gro >= TRAITS_GRO_SUM;
}

/* What @key is when the parts @fields are taken from @from. */
static struct traits_key changed(const struct traits_key *key, const struct traits_key *from,
				 u32 fields)
{
	struct traits_key new = *key;

	new.gro = fields & TRAITS_FIELD_GRO ? from->gro : key->gro;
	new.clone = fields & TRAITS_FIELD_CLONE ? from->clone : key->clone;
	new.netns = fields & TRAITS_FIELD_NETNS ? from->netns : key->netns;
	new.user = fields & TRAITS_FIELD_USER ? from->user : key->user;
	new.gid = fields & TRAITS_FIELD_GID ? from->gid : key->gid;
	strcpy(new.description, fields & TRAITS_FIELD_DESCRIPTION ? from->description :
								    key->description);
	return new;
}

static bool same(const struct traits_key *a, const struct traits_key *b)
{
	return a->gro == b->gro && a->clone == b->clone && a->netns == b->netns &&
	       a->user == b->user && a->gid == b->gid && !strcmp(a->description, b->description);
}

static bool same_policies(const struct traits_key *a, const struct traits_key *b)
{
	return a->gro == b->gro && a->clone == b->clone && a->netns == b->netns &&
	       a->user == b->user && a->gid == b->gid;
}

/* The hooks that all keys need if the one with this id becomes @key. */
static u32 needs_with(int id, const struct traits_key *key)
{
	struct traits_key old = model[id].key;
	u32 needs;

	model[id].key = *key;
	needs = model_needs();
	model[id].key = old;
	return needs;
}

bool random_set(void)
{
	struct traits_key key = key_named("", 0, rand() % TRAITS_KEYS_MAX), new;
	unsigned int before = seq(), graces = grace_periods;
	u32 fields = rand() & 126, needed;
	struct traits_refusal why;
	int id = key.id, want, got;

	random_policies(&key);
	if (rand() % 2) {
		snprintf(key.name, sizeof(key.name), "key.%d", rand() % 100);
		id = id_of(key.name);
	}
	attach_error = rand() % 4 ? 0 : -EBUSY;
	allocations_left = rand() % 16 ? -1 : 0;
	new = id >= 0 ? changed(&model[id].key, &key, fields) : key;
	if (id < 0 || !model[id].there)
		want = -ENOENT;
	else if (same(&new, &model[id].key))
		want = 1;
	else if (numeric(&new) && (new.size == 0 || new.size == 16))
		want = -EINVAL;
	else if (!same_policies(&new, &model[id].key) && !allocations_left)
		want = -ENOMEM;
	else if (attach_error && needs_with(id, &new) & ~attached)
		want = -EBUSY;
	else
		want = 0;
	got = traits_key_set(&key, fields, &why);
	attach_error = 0;
	allocations_left = -1;
	if (got != want || (seq() != before) != !want)
		return false;
	if (want < 0)
		return true;
	/* What was is forgotten by all readers when hooks may go. */
	if (!want && !same_policies(&new, &model[id].key) && grace_periods != graces + 1)
		return false;
	needed = model_needs();
	model[id].key = new;
	/* What was noted of clones ends with the need for it. */
	if (needed & TRAITS_NEED_FORK && !(model_needs() & TRAITS_NEED_FORK))
		model_epoch();
	return key_agrees(&key, id);
}

bool random_claim(void)
{
	static const int sizes[] = { 0, 4, 8, 16 };
	struct traits_key key = key_named("", sizes[rand() % 4],
					  rand() % 2 ? TRAITS_ID_ANY : rand() % TRAITS_KEYS_MAX);
	u32 fields = (rand() & 126) | (key.id == TRAITS_ID_ANY ? 0 : TRAITS_FIELD_ID);
	struct traits_key new;
	struct traits_refusal why;
	int id, want, got;

	snprintf(key.name, sizeof(key.name), "key.%d", rand() % 100);
	id = id_of(key.name);
	random_policies(&key);
	/* A claim that asks for nothing but what is there, more often than by chance */
	if (id >= 0 && rand() % 2) {
		key = model[id].key;
		fields = rand() & 127;
	}
	if (id < 0) {
		/* As any other request for a new key, of which there is another test. */
		if (rand() % 512 || count() == TRAITS_KEYS_MAX || numeric(&key) ||
		    (key.id != TRAITS_ID_ANY && model[key.id].there))
			return true;
		got = traits_key_claim(&key, fields, &why);
		if (!got)
			model_add(&key);
		return !got;
	}
	new = changed(&model[id].key, &key, fields);
	want = 1;
	if ((fields & TRAITS_FIELD_ID && key.id != id) || key.size != model[id].key.size ||
	    !same(&new, &model[id].key))
		want = -EEXIST;
	got = traits_key_claim(&key, fields, &why);
	if (got != want)
		return false;
	return got == 1 ? key_agrees(&key, id) :
	       !strncmp(why.text, "name \"key.", 10) && strstr(why.text, "is another");
}

/* An object that declares two keys, one of them perhaps not as it is. */
bool random_hold(void)
{
	struct traits_hold *hold = calloc(1, sizeof(*hold) + 2 * sizeof(hold->keys[0]));
	int ids[2] = { rand() % TRAITS_KEYS_MAX, rand() % TRAITS_KEYS_MAX }, i, wrong = rand() % 8;
	struct traits_refusal why;
	bool good = true;

	for (i = 0; i < 2; i++) {
		hold->keys[i] = model[ids[i]].key;
		hold->ids |= BIT_ULL(ids[i]);
		good = good && model[ids[i]].there;
	}
	hold->n = 2;
	if (good && wrong == 0)
		hold->keys[1].size ^= 4;
	if (good && wrong == 1)
		hold->keys[1].id ^= 1;
	if (good && wrong == 2)
		hold->keys[0].name[0] = 'K';
	if (!good || wrong < 3)
		return traits_key_hold(hold, &why) == -ESTALE;
	if (traits_key_hold(hold, &why))
		return false;
	model[ids[0]].held = true;
	model[ids[1]].held = true;
	return true;
}
