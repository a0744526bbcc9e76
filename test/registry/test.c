// SPDX-License-Identifier: GPL-2.0
/*
 * The registry against a plain model: operations at random, every failure, the epochs of
 * deletions, and what happens when there have been 65536 of them.
 */
#include <errno.h>

#include "registry.h"

#define STEPS	200000

static int number, failed;

/* What the registry should know. */
static struct {
	bool there;
	int size;
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

/* The view and the walk agree with the model. */
static bool agrees(void)
{
	const struct traits_view *v = traits_view_get();
	struct traits_key key = {};
	unsigned int at = 0, ignored, epoch, age;
	int i;

	if (!count() || !v)
		return !count() && !v && !attached && !traits_key_next(0, &key, &ignored);

	for (i = 0; i < TRAITS_KEYS_MAX; i++) {
		int size = (v->lo >> i & 1) * 4 + (v->hi >> i & 1) * 8;

		/* 1,1 is 16 and not 12. */
		if (size == 12)
			size = 16;
		if ((v->known >> i & 1) != model[i].there ||
		    size != (model[i].there ? model[i].size : 0))
			return false;
		if (!model[i].there)
			continue;
		if (!traits_key_next(at, &key, &ignored) || key.id != i ||
		    key.size != model[i].size || strcmp(key.name, model[i].name))
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
	return attached && v->secret.magic && !(v->secret.magic >> 24) && v->secret.key & 1 &&
	       v->tag;
}

static int add(const char *name, int size, int id, struct traits_refusal *why)
{
	struct traits_key key = { .id = id, .size = size };
	int err;

	strcpy(key.name, name);
	err = traits_key_add(&key, why);
	return err ? err : key.id;
}

static int del(const char *name, int id, struct traits_refusal *why)
{
	struct traits_key key = { .id = id };

	strcpy(key.name, name);
	return traits_key_del(&key, why);
}

static void model_add(const char *name, int size, int id)
{
	if (!count())
		deletions = 0;
	model[id].there = true;
	model[id].size = size;
	strcpy(model[id].name, name);
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

static bool random_add(void)
{
	static const int sizes[] = { 0, 4, 8, 16 };
	int id = rand() % 3 ? TRAITS_ID_ANY : rand() % TRAITS_KEYS_MAX, want, got;
	int size = sizes[rand() % 4];
	struct traits_refusal why;
	char name[32], text[160] = "";

	snprintf(name, sizeof(name), "key.%d", rand() % 100);
	if (id_of(name) >= 0) {
		want = -EEXIST;
		snprintf(text, sizeof(text), "name \"%s\" is taken by key id %d", name,
			 id_of(name));
	} else if (id != TRAITS_ID_ANY && model[id].there) {
		want = -EADDRINUSE;
		snprintf(text, sizeof(text), "key id %d is taken by \"%s\"", id, model[id].name);
	} else if (count() == TRAITS_KEYS_MAX) {
		want = -ENOSPC;
		strcpy(text, "all 64 keys are taken");
	} else {
		want = id == TRAITS_ID_ANY ? lowest_free() : id;
	}
	got = add(name, size, id, &why);
	if (want >= 0)
		model_add(name, size, want);
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
	return key.id == id && key.size == model[id].size;
}

static void at_random(void)
{
	bool good = true;
	int step, fullest = 0, emptied = 0;

	for (step = 0; good && step < STEPS; step++) {
		unsigned int before = seq();
		int n = count();
		/* Drifts between none and all. */
		bool filling = step / 1000 % 2 ? rand() % 16 : !(rand() % 16);

		good = filling ? random_add() : random_del();
		good = good && random_find() && agrees() && (seq() != before) == (count() != n);
		fullest = count() > fullest ? count() : fullest;
		emptied += n && !count();
	}
	ktap(good, "operations at random agree with the model");
	ktap(fullest == TRAITS_KEYS_MAX && emptied > 10, "the registry was full and was empty");
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
