// SPDX-License-Identifier: GPL-2.0
/*
 * The registry against a plain model: operations at random, every failure, the epochs of
 * deletions, and what happens when there have been 65536 of them.
 */
#include <errno.h>

#include "hooks.h"
#include "registry.h"

#define STEPS	200000

static int number, failed;

/* What the registry should know. */
static struct {
	bool there;
	int size;
	int gro, clone, netns;
	char name[TRAITS_NAME_MAX + 1];
} model[TRAITS_KEYS_MAX];

/* For each epoch so far: the keys deleted since it began. */
static u64 gone_since[1 << 17];
static unsigned int deletions;

static void ktap(bool ok, const char *text)
{
	failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++number, text);
}

static int count(void)
{
	int i, n = 0;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		n += model[i].there;
	return n;
}

static int id_of(const char *name)
{
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		if (model[i].there && !strcmp(model[i].name, name))
			return i;
	return -1;
}

static int lowest_free(void)
{
	int i = 0;

	while (i < TRAITS_KEYS_MAX && model[i].there)
		i++;
	return i;
}

static unsigned int seq(void)
{
	struct traits_key key;
	unsigned int now;

	traits_key_next(0, &key, &now);
	return now;
}

static u32 needed_by(int gro, int clone, int netns)
{
	return TRAITS_NEED_ANY | (gro != TRAITS_GRO_FIRST ? TRAITS_NEED_GRO : 0) |
	       (clone == TRAITS_CLONE_COPY ? TRAITS_NEED_COPY : 0) |
	       (clone == TRAITS_CLONE_DROP ? TRAITS_NEED_DROP : 0) |
	       (netns == TRAITS_NETNS_DROP ? TRAITS_NEED_NETNS : 0);
}

static u32 model_needs(void)
{
	u32 needs = 0;
	int i;

	for (i = 0; i < TRAITS_KEYS_MAX; i++)
		if (model[i].there)
			needs |= needed_by(model[i].gro, model[i].clone, model[i].netns);
	return needs;
}

u32 needed(const struct traits_view *v)
{
	u32 needs = 0;
	int gro;

	if (!v)
		return 0;
	if (v->known)
		needs |= TRAITS_NEED_ANY;
	for (gro = TRAITS_GRO_LAST; gro <= TRAITS_GRO_OR; gro++)
		if (v->gro[gro])
			needs |= TRAITS_NEED_GRO;
	if (v->copy)
		needs |= TRAITS_NEED_COPY;
	if (v->drop)
		needs |= TRAITS_NEED_DROP;
	if (v->netns)
		needs |= TRAITS_NEED_NETNS;
	return needs;
}

/* The view has the policies of this id that the model has, or none of an id that is free. */
static bool policies_agree(const struct traits_view *v, int id)
{
	bool there = model[id].there, good = true;
	int gro;

	for (gro = 0; gro < __TRAITS_GRO_MAX; gro++)
		good = good && (v->gro[gro] >> id & 1) ==
			       (there && gro != TRAITS_GRO_FIRST && gro == model[id].gro);
	return good &&
	       (v->copy >> id & 1) == (there && model[id].clone == TRAITS_CLONE_COPY) &&
	       (v->drop >> id & 1) == (there && model[id].clone == TRAITS_CLONE_DROP) &&
	       (v->netns >> id & 1) == (there && model[id].netns == TRAITS_NETNS_DROP);
}

static bool key_agrees(const struct traits_key *key, int id)
{
	return key->id == id && key->size == model[id].size && key->gro == model[id].gro &&
	       key->clone == model[id].clone && key->netns == model[id].netns &&
	       !strcmp(key->name, model[id].name);
}

/* The view, the walk and the hooks agree with the model. */
static bool agrees(void)
{
	const struct traits_view *v = traits_view_get();
	struct traits_key key = {};
	unsigned int at = 0, ignored, epoch, age;
	int i;

	if (!count() || !v)
		return !count() && !v && !attached && !traits_key_next(0, &key, &ignored);
	if (attached != model_needs())
		return false;

	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		int size = (v->lo >> i & 1) * 4 + (v->hi >> i & 1) * 8;

		/* 1,1 is 16 and not 12. */
		if (size == 12)
			size = 16;
		if ((v->known >> i & 1) != model[i].there ||
		    size != (model[i].there ? model[i].size : 0) || !policies_agree(v, i))
			return false;
		if (!model[i].there)
			continue;
		if (!traits_key_next(at, &key, &ignored) || !key_agrees(&key, i))
			return false;
		at = i + 1;
	}
	if (traits_key_next(at, &key, &ignored) || v->epoch != (u16)deletions)
		return false;
	for (age = 0; age <= 20 && age <= deletions; age++) {
		epoch = deletions - age;
		if (traits_view_gone(v, epoch) !=
		    (age < TRAITS_EPOCHS ? gone_since[epoch] : ~0ULL))
			return false;
	}
	return v->secret.magic && !(v->secret.magic >> 24) && v->secret.key & 1 &&
	       v->tag;
}

static int add_policies(const char *name, int size, int id, int gro, int clone, int netns,
			struct traits_refusal *why)
{
	struct traits_key key = { .id = id, .size = size, .gro = gro, .clone = clone,
				  .netns = netns };
	int err;

	strcpy(key.name, name);
	err = traits_key_add(&key, why);
	return err ? err : key.id;
}

static int add(const char *name, int size, int id, struct traits_refusal *why)
{
	return add_policies(name, size, id, TRAITS_GRO_FIRST, TRAITS_CLONE_SHARE,
			    TRAITS_NETNS_KEEP, why);
}

static int del(const char *name, int id, struct traits_refusal *why)
{
	struct traits_key key = { .id = id };

	strcpy(key.name, name);
	return traits_key_del(&key, why);
}

static void model_add_policies(const char *name, int size, int id, int gro, int clone, int netns)
{
	if (!count())
		deletions = 0;
	model[id].there = true;
	model[id].size = size;
	model[id].gro = gro;
	model[id].clone = clone;
	model[id].netns = netns;
	strcpy(model[id].name, name);
}

static void model_add(const char *name, int size, int id)
{
	model_add_policies(name, size, id, TRAITS_GRO_FIRST, TRAITS_CLONE_SHARE,
			   TRAITS_NETNS_KEEP);
}

static void model_del(int id)
{
	unsigned int i, first = deletions >= TRAITS_EPOCHS ? deletions - TRAITS_EPOCHS : 0;

	model[id].there = false;
	for (i = first; i <= deletions; i++)
		gone_since[i] |= BIT_ULL(id);
	gone_since[++deletions] = 0;
	if (!count()) {
		deletions = 0;
		gone_since[0] = 0;
	}
}

/* Most keys have the policies that need no hook of their own: those hooks come and go. */
static int random_policy(int n)
{
	return rand() % 8 ? 0 : rand() % n;
}

static bool random_add(void)
{
	static const int sizes[] = { 0, 4, 8, 16 };
	int id = rand() % 3 ? TRAITS_ID_ANY : rand() % TRAITS_KEYS_MAX, want, got;
	int gro = random_policy(__TRAITS_GRO_MAX), clone = random_policy(__TRAITS_CLONE_MAX);
	int netns = random_policy(__TRAITS_NETNS_MAX), size = sizes[rand() % 4];
	struct traits_refusal why;
	char name[32], text[160] = "";

	attach_error = rand() % 4 ? 0 : -EBUSY;
	allocations_left = rand() % 16 ? -1 : 0;
	snprintf(name, sizeof(name), "key.%d", rand() % 100);
	if (gro >= TRAITS_GRO_SUM && (size == 0 || size == 16)) {
		want = -EINVAL;
		snprintf(text, sizeof(text),
			 "sum, min, max and or are for values of 4 or 8 bytes, not %d", size);
	} else if (id_of(name) >= 0) {
		want = -EEXIST;
		snprintf(text, sizeof(text), "name \"%s\" is taken by key id %d", name,
			 id_of(name));
	} else if (id != TRAITS_ID_ANY && model[id].there) {
		want = -EADDRINUSE;
		snprintf(text, sizeof(text), "key id %d is taken by \"%s\"", id, model[id].name);
	} else if (count() == TRAITS_KEYS_MAX) {
		want = -ENOSPC;
		strcpy(text, "all 64 keys are taken");
	} else if (!allocations_left) {
		want = -ENOMEM;
		strcpy(text, "out of memory");
	} else if (attach_error && needed_by(gro, clone, netns) & ~model_needs()) {
		want = -EBUSY;
		strcpy(text, "hooks could not be attached: error -16");
	} else {
		want = id == TRAITS_ID_ANY ? lowest_free() : id;
	}
	got = add_policies(name, size, id, gro, clone, netns, &why);
	attach_error = 0;
	allocations_left = -1;
	if (want >= 0)
		model_add_policies(name, size, want, gro, clone, netns);
	return got == want && (got >= 0 || !strcmp(why.text, text));
}

static bool random_del(void)
{
	int id = rand() % TRAITS_KEYS_MAX, got;
	unsigned int graces = grace_periods;
	struct traits_refusal why;
	bool by_name = rand() % 2;
	char name[32] = "", text[160];

	if (by_name) {
		snprintf(name, sizeof(name), "key.%d", rand() % 100);
		id = id_of(name);
		snprintf(text, sizeof(text), "no key has the name \"%s\"", name);
	} else {
		snprintf(text, sizeof(text), "no key has the id %d", id);
	}
	got = del(name, by_name ? TRAITS_ID_ANY : id, &why);
	if (id < 0 || !model[id].there)
		return got == -ENOENT && !strcmp(why.text, text);
	model_del(id);
	return !got && grace_periods == graces + 1 && graced;
}

static bool random_find(void)
{
	struct traits_key key = { .id = TRAITS_ID_ANY };
	struct traits_refusal why;
	int id;

	snprintf(key.name, sizeof(key.name), "key.%d", rand() % 100);
	id = id_of(key.name);
	if (traits_key_find(&key, &why))
		return id < 0;
	return key_agrees(&key, id);
}

static void at_random(void)
{
	bool good = true;
	int step, fullest = 0, emptied = 0, changes[5] = {};

	for (step = 0; good && step < STEPS; step++) {
		unsigned int before = seq();
		int n = count(), i;
		u32 needs = attached;
		/* Drifts between none and all. */
		bool filling = step / 1000 % 2 ? rand() % 16 : !(rand() % 16);

		good = filling ? random_add() : random_del();
		good = good && random_find() && agrees() && (seq() != before) == (count() != n);
		fullest = count() > fullest ? count() : fullest;
		emptied += n && !count();
		for (i = 0; i < 5; i++)
			changes[i] += (needs ^ attached) >> i & 1;
	}
	ktap(good, "operations at random agree with the model");
	ktap(fullest == TRAITS_KEYS_MAX && emptied > 10, "the registry was full and was empty");
	ktap(changes[0] > 20 && changes[1] > 100 && changes[2] > 100 && changes[3] > 100 &&
	     changes[4] > 100, "hooks of each need came and went");
}

static void failures(void)
{
	const struct traits_view *v;
	struct traits_refusal why;
	unsigned int before = seq();

	attach_error = -EBUSY;
	ktap(add("a", 4, TRAITS_ID_ANY, &why) == -EBUSY && agrees() && seq() == before &&
	     !strcmp(why.text, "hooks could not be attached: error -16"),
	     "no hooks, no first key");
	attach_error = 0;
	allocations_left = 0;
	ktap(add("a", 4, TRAITS_ID_ANY, &why) == -ENOMEM && agrees() && seq() == before &&
	     !strcmp(why.text, "out of memory"), "no memory, no first key");
	allocations_left = -1;

	model_add("a", 4, add("a", 4, TRAITS_ID_ANY, &why));
	v = traits_view_get();
	before = seq();
	allocations_left = 0;
	ktap(add("b", 8, TRAITS_ID_ANY, &why) == -ENOMEM && agrees() && seq() == before &&
	     traits_view_get() == v, "no memory, no second key");
	allocations_left = -1;
	model_add("b", 8, add("b", 8, TRAITS_ID_ANY, &why));
	before = seq();
	allocations_left = 0;
	ktap(del("a", 0, &why) == -ENOMEM && agrees() && seq() == before, "no memory, no deletion");
	allocations_left = -1;
	model_del(id_of("a"));
	ktap(!del("a", 0, &why) && agrees(), "the deletion can be made up for");
	allocations_left = 0;
	model_del(id_of("b"));
	ktap(!del("b", 0, &why) && agrees(), "deleting the last key needs no memory");
	allocations_left = -1;
}

/* Each policy has its hooks, which the others leave alone. */
static void hooks(void)
{
	static const struct {
		int gro, clone, netns;
		u32 needs;
	} keys[] = {
		{ TRAITS_GRO_FIRST, TRAITS_CLONE_SHARE, TRAITS_NETNS_KEEP, 0 },
		{ TRAITS_GRO_LAST, TRAITS_CLONE_SHARE, TRAITS_NETNS_KEEP, TRAITS_NEED_GRO },
		{ TRAITS_GRO_BLOCK, TRAITS_CLONE_SHARE, TRAITS_NETNS_KEEP, TRAITS_NEED_GRO },
		{ TRAITS_GRO_OR, TRAITS_CLONE_SHARE, TRAITS_NETNS_KEEP, TRAITS_NEED_GRO },
		{ TRAITS_GRO_FIRST, TRAITS_CLONE_COPY, TRAITS_NETNS_KEEP, TRAITS_NEED_COPY },
		{ TRAITS_GRO_FIRST, TRAITS_CLONE_DROP, TRAITS_NETNS_KEEP, TRAITS_NEED_DROP },
		{ TRAITS_GRO_FIRST, TRAITS_CLONE_SHARE, TRAITS_NETNS_DROP, TRAITS_NEED_NETNS },
	};
	struct traits_refusal why;
	bool alone = true, refused = true, beside = true;
	unsigned int i;
	u32 needs;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		needs = TRAITS_NEED_ANY | keys[i].needs;
		alone = alone && !add_policies("a", 4, 0, keys[i].gro, keys[i].clone,
					       keys[i].netns, &why) && attached == needs;
		alone = alone && !del("a", 0, &why) && !attached;

		add("base", 8, 1, &why);
		attach_error = -EBUSY;
		refused = refused && add_policies("a", 4, 0, keys[i].gro, keys[i].clone,
						  keys[i].netns, &why) ==
				     (keys[i].needs ? -EBUSY : 0) && attached == TRAITS_NEED_ANY;
		attach_error = 0;
		del("a", 0, &why);
		add_policies("a", 4, 0, keys[i].gro, keys[i].clone, keys[i].netns, &why);
		beside = beside && attached == needs;
		del("base", 0, &why);
		beside = beside && attached == needs;
		del("a", 0, &why);
		beside = beside && !attached;
	}
	ktap(alone, "a key attaches the hooks that its policies need");
	ktap(refused, "a second key whose hooks fail leaves those of the first");
	ktap(beside, "hooks stay while a key needs them");
}

static void wrap(void)
{
	struct traits_secret first, last;
	unsigned int changes = 0, changed_at = 0, i;
	struct traits_refusal why;
	bool good = true;
	u16 tag;

	add("stays", 8, 5, &why);
	first = traits_view_get()->secret;
	tag = traits_view_get()->tag;
	last = first;
	for (i = 1; i <= 65540; i++) {
		const struct traits_view *v;

		good = good && add("goes", 4, 9, &why) == 9 && !del("goes", 0, &why);
		v = traits_view_get();
		if (v->secret.key != last.key || v->secret.magic != last.magic) {
			changes++;
			changed_at = i;
			last = v->secret;
			good = good && v->tag != tag;
		}
	}
	ktap(good && changes == 1 && changed_at == 65536,
	     "after 65536 deletions, and only then, there are new secrets");
	ktap(traits_view_get()->epoch == 4 && !traits_view_gone(traits_view_get(), 4) &&
	     traits_view_gone(traits_view_get(), 1) == BIT_ULL(9), "epochs begin again");

	del("stays", 0, &why);
	add("stays", 8, 5, &why);
	ktap(traits_view_get()->secret.magic != last.magic && !traits_view_get()->epoch,
	     "a new first key has new secrets");
	traits_registry_exit();
	ktap(!traits_view_get() && !attached, "exit forgets keys and detaches hooks");
	traits_registry_exit();
	ktap(!traits_view_get() && !attached, "exit without keys");
}

int main(void)
{
	srand(1);
	ktap(agrees() && seq(), "empty at first");
	failures();
	hooks();
	at_random();
	while (count()) {
		int id = lowest_free() ? 0 : __builtin_ctzll(traits_view_get()->known);
		struct traits_refusal why;

		del("", id, &why);
		model_del(id);
	}
	ktap(agrees(), "empty at last");
	wrap();
	printf("1..%d\n", number);
	return failed != 0;
}
