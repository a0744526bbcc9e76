// SPDX-License-Identifier: GPL-2.0
#include "model.h"

struct model_key model[TRAITS_KEYS_MAX];
u64 gone_since[1 << 17];
unsigned int epochs;

int count(void)
{
	int i, n = 0;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		n += model[i].there;
	return n;
}

int id_of(const char *name)
{
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		if (model[i].there && !strcmp(model[i].key.name, name))
			return i;
	return -1;
}

int lowest_free(void)
{
	int i = 0;

	while (i < TRAITS_KEYS_MAX && model[i].there)
		i++;
	return i;
}

unsigned int seq(void)
{
	struct traits_key key;
	unsigned int now;

	traits_key_next(0, &key, &now);
	return now;
}

u32 needed_by(const struct traits_key *key)
{
	return TRAITS_NEED_ANY | sockets_need() | (key->gro != TRAITS_GRO_FIRST ? TRAITS_NEED_GRO : 0) |
	       (key->clone == TRAITS_CLONE_COPY ? TRAITS_NEED_COPY : 0) |
	       (key->clone == TRAITS_CLONE_DROP ? TRAITS_NEED_DROP : 0) |
	       (key->netns == TRAITS_NETNS_DROP ? TRAITS_NEED_NETNS : 0) |
	       (key->user == TRAITS_USER_WRITE ? TRAITS_NEED_XSK : 0);
}

u32 model_needs(void)
{
	u32 needs = sockets_need() & TRAITS_NEED_SOCKET;
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		if (model[i].there)
			needs |= needed_by(&model[i].key);
	return needs;
}

u32 needed(const struct traits_view *v)
{
	u32 needs = 0;
	int gro;

	if (!v)
		return 0;
	if (v->known)
		needs |= TRAITS_NEED_ANY | sockets_need();
	for (gro = TRAITS_GRO_LAST; gro <= TRAITS_GRO_OR; gro++)
		if (v->gro[gro])
			needs |= TRAITS_NEED_GRO;
	if (v->copy)
		needs |= TRAITS_NEED_COPY;
	if (v->drop)
		needs |= TRAITS_NEED_DROP;
	if (v->netns)
		needs |= TRAITS_NEED_NETNS;
	if (v->access.write)
		needs |= TRAITS_NEED_XSK;
	return needs;
}

/* The view has the policies of this id that the model has, or none of an id that is free. */
static bool policies_agree(const struct traits_view *v, int id)
{
	const struct traits_key *key = &model[id].key;
	bool there = model[id].there, good = true;
	int gro;

	for (gro = 0; gro < __TRAITS_GRO_MAX; gro++)
		good = good && (v->gro[gro] >> id & 1) ==
			       (there && gro != TRAITS_GRO_FIRST && gro == key->gro);
	return good && (v->copy >> id & 1) == (there && key->clone == TRAITS_CLONE_COPY) &&
	       (v->drop >> id & 1) == (there && key->clone == TRAITS_CLONE_DROP) &&
	       (v->netns >> id & 1) == (there && key->netns == TRAITS_NETNS_DROP);
}

/* This process may what the key says, and one of another group what the key says to it. */
static bool access_agrees(const struct traits_view *v, int id)
{
	const struct traits_key *key = &model[id].key;
	bool good = true, may;

	for (own_gid = 0; own_gid < 3; own_gid++) {
		may = model[id].there && (key->gid == TRAITS_GID_ANY || key->gid == own_gid);
		good = good &&
		       (traits_view_open(v, TRAITS_USER_READ) >> id & 1) ==
		       (may && key->user != TRAITS_USER_NONE) &&
		       (traits_view_open(v, TRAITS_USER_WRITE) >> id & 1) ==
		       (may && key->user == TRAITS_USER_WRITE);
	}
	return good;
}

bool key_agrees(const struct traits_key *key, int id)
{
	const struct traits_key *want = &model[id].key;

	return key->id == id && key->size == want->size && key->gro == want->gro &&
	       key->clone == want->clone && key->netns == want->netns &&
	       key->user == want->user && key->gid == want->gid &&
	       !strcmp(key->name, want->name) && !strcmp(key->description, want->description);
}

static bool is_secret(const struct traits_secret *secret)
{
	return secret->magic && !(secret->magic >> 24) && secret->key & 1;
}

bool agrees(void)
{
	const struct traits_view *v = traits_view_get();
	struct traits_key key = {};
	unsigned int at = 0, ignored, epoch, age;
	int i;

	if (attached != model_needs())
		return false;
	if (!count() || !v)
		return !count() && !v && !traits_key_next(0, &key, &ignored);

	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		int size = (v->lo >> i & 1) * 4 + (v->hi >> i & 1) * 8;

		/* 1,1 is 16 and not 12. */
		if (size == 12)
			size = 16;
		if ((v->known >> i & 1) != model[i].there ||
		    size != (model[i].there ? model[i].key.size : 0) || !policies_agree(v, i) ||
		    !access_agrees(v, i) ||
		    traits_key_holds(i) != (model[i].there && model[i].held))
			return false;
		if (!model[i].there)
			continue;
		if (!traits_key_next(at, &key, &ignored) || !key_agrees(&key, i))
			return false;
		at = i + 1;
	}
	if (traits_key_next(at, &key, &ignored) || v->epoch != (u16)epochs)
		return false;
	for (age = 0; age <= 20 && age <= epochs; age++) {
		epoch = epochs - age;
		if (traits_view_gone(v, epoch) !=
		    (age < TRAITS_EPOCHS ? gone_since[epoch] : ~0ULL))
			return false;
	}
	return is_secret(&v->secret) && is_secret(&v->umem_secret) && v->tag;
}

struct traits_key key_named(const char *name, int size, int id)
{
	struct traits_key key = { .id = id, .size = size, .gid = TRAITS_GID_ANY };

	strcpy(key.name, name);
	return key;
}

int add(const char *name, int size, int id, struct traits_refusal *why)
{
	struct traits_key key = key_named(name, size, id);
	int err = traits_key_add(&key, why);

	return err ? err : key.id;
}

int del(const char *name, int id, struct traits_refusal *why)
{
	struct traits_key key = key_named(name, 0, id);
	int err = traits_key_del(&key, false, why);

	/* What was deleted is told. */
	assert(err || (key.name[0] && key.id < TRAITS_KEYS_MAX));
	return err;
}

void model_add(const struct traits_key *key)
{
	if (!count())
		epochs = 0;
	model[key->id].there = true;
	model[key->id].held = false;
	model[key->id].key = *key;
}

void model_epoch(void)
{
	gone_since[++epochs] = 0;
}

void model_del(int id)
{
	unsigned int i, first = epochs >= TRAITS_EPOCHS ? epochs - TRAITS_EPOCHS : 0;

	model[id].there = false;
	for (i = first; i <= epochs; i++)
		gone_since[i] |= BIT_ULL(id);
	model_epoch();
	if (!count()) {
		epochs = 0;
		gone_since[0] = 0;
	}
}
