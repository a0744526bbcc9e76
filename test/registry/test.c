// SPDX-License-Identifier: GPL-2.0
/*
 * The registry against a plain model: operations at random, every failure, the epochs of
 * deletions, and what happens when there have been 65536 of them.
 */
#include <errno.h>

#include "hold.h"
#include "model.h"

#define STEPS	200000

static int number, failed;

static void ktap(bool ok, const char *text)
{
	failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++number, text);
}

static bool random_add(void)
{
	static const int sizes[] = { 0, 4, 8, 16 };
	int id = rand() % 3 ? TRAITS_ID_ANY : rand() % TRAITS_KEYS_MAX, want, got;
	struct traits_key key = key_named("", sizes[rand() % 4], id);
	struct traits_refusal why;
	char text[160] = "";

	attach_error = rand() % 4 ? 0 : -EBUSY;
	allocations_left = rand() % 16 ? -1 : 0;
	snprintf(key.name, sizeof(key.name), "key.%d", rand() % 100);
	random_policies(&key);
	if (key.gro >= TRAITS_GRO_SUM && (key.size == 0 || key.size == 16)) {
		want = -EINVAL;
		snprintf(text, sizeof(text),
			 "sum, min, max and or are for values of 4 or 8 bytes, not %d", key.size);
	} else if (id_of(key.name) >= 0) {
		want = -EEXIST;
		snprintf(text, sizeof(text), "name \"%s\" is taken by key id %d", key.name,
			 id_of(key.name));
	} else if (id != TRAITS_ID_ANY && model[id].there) {
		want = -EADDRINUSE;
		snprintf(text, sizeof(text), "key id %d is taken by \"%s\"", id,
			 model[id].key.name);
	} else if (count() == TRAITS_KEYS_MAX) {
		want = -ENOSPC;
		strcpy(text, "all 64 keys are taken");
	} else if (!allocations_left) {
		want = -ENOMEM;
		strcpy(text, "out of memory");
	} else if (attach_error && needed_by(&key) & ~model_needs()) {
		want = -EBUSY;
		strcpy(text, "hooks could not be attached: error -16");
	} else {
		want = id == TRAITS_ID_ANY ? lowest_free() : id;
	}
	got = traits_key_add(&key, &why);
	attach_error = 0;
	allocations_left = -1;
	if (got)
		return got == want && !strcmp(why.text, text);
	if (key.id != want)
		return false;
	model_add(&key);
	return true;
}

static bool random_del(void)
{
	struct traits_key key = key_named("", 0, rand() % TRAITS_KEYS_MAX);
	unsigned int graces = grace_periods;
	struct traits_refusal why;
	bool force = rand() % 4;
	int id = key.id, got;
	char text[160];

	if (rand() % 2) {
		snprintf(key.name, sizeof(key.name), "key.%d", rand() % 100);
		id = id_of(key.name);
		snprintf(text, sizeof(text), "no key has the name \"%s\"", key.name);
	} else {
		snprintf(text, sizeof(text), "no key has the id %d", id);
	}
	got = traits_key_del(&key, force, &why);
	if (id < 0 || !model[id].there)
		return got == -ENOENT && !strcmp(why.text, text);
	if (model[id].held && !force)
		return got == -EBUSY;
	if (got || !key_agrees(&key, id))
		return false;
	model_del(id);
	return grace_periods == graces + 1 && graced;
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

static int least(const int *numbers, int n)
{
	int i, found = numbers[0];

	for (i = 1; i < n; i++)
		found = numbers[i] < found ? numbers[i] : found;
	return found;
}

static void at_random(void)
{
	static const u32 kinds[] = { TRAITS_NEED_ANY, TRAITS_NEED_GRO, TRAITS_NEED_COPY,
				     TRAITS_NEED_DROP, TRAITS_NEED_NETNS, TRAITS_NEED_XSK,
				     TRAITS_NEED_SOCKET, TRAITS_NEED_SYN, TRAITS_NEED_SEND };
	const int n_kinds = sizeof(kinds) / sizeof(kinds[0]);
	bool good = true;
	int step, fullest = 0, emptied = 0, alone = 0, changes[9] = {};

	for (step = 0; good && step < STEPS; step++) {
		unsigned int before = seq();
		int n = count(), i;
		u32 needs = attached;
		/* Drifts between none and all. */
		bool filling = step / 1000 % 2 ? rand() % 16 : !(rand() % 16);

		good = filling ? random_add() : random_del();
		good = good && (seq() != before) == (count() != n);
		good = good && random_set() && random_claim() && random_hold() && random_find() &&
		       random_sockets() && agrees();
		fullest = count() > fullest ? count() : fullest;
		emptied += n && !count();
		alone += attached == TRAITS_NEED_SOCKET;
		for (i = 0; i < n_kinds; i++)
			changes[i] += !!((needs ^ attached) & kinds[i]);
	}
	ktap(good, "operations at random agree with the model");
	ktap(fullest == TRAITS_KEYS_MAX && emptied > 10, "the registry was full and was empty");
	ktap(changes[0] > 20 && least(changes + 1, n_kinds - 1) > 100,
	     "hooks of each need came and went");
	ktap(alone > 100, "sockets were open while there was no key");
	ktap(sockets_close() && agrees(), "no socket is open any more");
}

/* A key that nothing is wrong with */
static void good(const char *name, int size)
{
	struct traits_key key = key_named(name, size, TRAITS_ID_ANY);
	struct traits_refusal why;

	assert(!traits_key_add(&key, &why));
	model_add(&key);
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

	good("a", 4);
	v = traits_view_get();
	before = seq();
	allocations_left = 0;
	ktap(add("b", 8, TRAITS_ID_ANY, &why) == -ENOMEM && agrees() && seq() == before &&
	     traits_view_get() == v, "no memory, no second key");
	allocations_left = -1;
	good("b", 8);
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
		int gro, clone, netns, user;
		u32 needs;
	} keys[] = {
		{ .needs = 0 },
		{ .gro = TRAITS_GRO_LAST, .needs = TRAITS_NEED_GRO },
		{ .gro = TRAITS_GRO_BLOCK, .needs = TRAITS_NEED_GRO },
		{ .gro = TRAITS_GRO_OR, .needs = TRAITS_NEED_GRO },
		{ .clone = TRAITS_CLONE_COPY, .needs = TRAITS_NEED_COPY },
		{ .clone = TRAITS_CLONE_DROP, .needs = TRAITS_NEED_DROP },
		{ .netns = TRAITS_NETNS_DROP, .needs = TRAITS_NEED_NETNS },
		{ .user = TRAITS_USER_READ, .needs = 0 },
		{ .user = TRAITS_USER_WRITE, .needs = TRAITS_NEED_XSK },
	};
	struct traits_refusal why;
	struct traits_key key;
	bool alone = true, refused = true, beside = true;
	unsigned int i;
	u32 needs;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct traits_key base = key_named("a", 4, 0);

		needs = TRAITS_NEED_ANY | keys[i].needs;
		base.gro = keys[i].gro;
		base.clone = keys[i].clone;
		base.netns = keys[i].netns;
		base.user = keys[i].user;
		key = base;
		alone = alone && !traits_key_add(&key, &why) && attached == needs;
		alone = alone && !del("a", 0, &why) && !attached;

		add("base", 8, 1, &why);
		attach_error = -EBUSY;
		key = base;
		refused = refused && traits_key_add(&key, &why) == (keys[i].needs ? -EBUSY : 0) &&
			  attached == TRAITS_NEED_ANY;
		attach_error = 0;
		del("a", 0, &why);
		key = base;
		traits_key_add(&key, &why);
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

	add("stays", 8, 5, &why);
	good = !traits_registry_sockets(TRAITS_NEED_SOCKET | TRAITS_NEED_SYN) &&
	       attached == (TRAITS_NEED_ANY | TRAITS_NEED_SOCKET | TRAITS_NEED_SYN);
	traits_registry_exit();
	ktap(good && attached == TRAITS_NEED_SOCKET, "exit leaves what tells of a socket's end");
	ktap(!traits_registry_sockets(0) && !attached, "which goes with the sockets");
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
		struct traits_key key = key_named("", 0, id);
		struct traits_refusal why;

		traits_key_del(&key, true, &why);
		model_del(id);
	}
	ktap(agrees(), "empty at last");
	wrap();
	printf("1..%d\n", number);
	return failed != 0;
}
