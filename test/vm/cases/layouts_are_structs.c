// SPDX-License-Identifier: GPL-2.0
/*
 * A struct whose members are traits: libtraits finds its keys or registers them with
 * consecutive ids, refuses what does not fit and leaves nothing then; and programs set and read
 * the struct as a whole, and members alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <traits/traits.h>

#include "layout.h"
#include "vt.h"

#define PACKETS 5

static struct traits *t;

static void add(const char *name, unsigned int size, unsigned int id)
{
	if (traits_key_add(t, name, size, &id, NULL))
		vt_die("key %s: %s", name, traits_error(t));
}

static int count_keys(void)
{
	struct traits_key keys[TRAITS_KEYS_MAX];

	return traits_key_dump(t, keys);
}

static void forget_all(void)
{
	struct traits_key keys[TRAITS_KEYS_MAX];
	int i, n = traits_key_dump(t, keys);

	for (i = 0; i < n; i++)
		traits_key_del_force(t, keys[i].name);
}

static int resolve(unsigned int flags)
{
	return traits_layout_resolve(t, way_keys, way_n_keys, flags);
}

/* Keys are as the test has made them; they are all gone after this. */
static void refused(int err, const char *why, const char *what)
{
	int before = count_keys();

	vt_eq(resolve(TRAITS_RESOLVE_ADD), err, "%s", what);
	if (!vt_ok(!strcmp(traits_error(t), why), "%s: why", what))
		vt_note("says: %s", traits_error(t));
	vt_eq(count_keys(), before, "%s: nothing is left", what);
	forget_all();
}

static void refusals(void)
{
	struct trait_key nameless[2] = {};
	char name[16];
	int i;

	vt_eq(resolve(0), -ENOENT, "keys that are not there are not registered unasked");
	vt_ok(!strcmp(traits_error(t), "no key \"way.id\""), "the first is named");
	vt_eq(traits_layout_resolve(t, way_keys, 0, 0), -EINVAL, "no keys at all");
	memset(nameless[1].name, 'x', sizeof(nameless[1].name));
	vt_eq(traits_layout_resolve(t, nameless, 2, 0), -EINVAL, "a name without an end");

	add("way.id", 4, 10);
	refused(-EMSGSIZE, "key \"way.id\" has values of 4 bytes, the program wants 8",
		"another size");
	add("way.hops", 4, 11);
	refused(-EEXIST, "key \"way.hops\" has the gro policy \"first\", the program wants \"max\"",
		"another policy");
	add("way.id", 8, 10);
	add("way.zone", 4, 13);
	refused(-EADDRNOTAVAIL,
		"key \"way.id\" has id 10 and key \"way.zone\" id 13: that is not its place in the layout",
		"ids that are not consecutive");
	add("way.zone", 4, 1);
	refused(-EADDRNOTAVAIL,
		"key \"way.zone\" has id 1: there is no room for the 2 keys of the layout before it",
		"a key too near the beginning");
	add("way.id", 8, 10);
	add("stranger", 0, 13);
	refused(-EADDRINUSE, "key \"stranger\" has id 13, where the layout has key \"way.trace\"",
		"an id that is taken");
	add("way.id", 8, 62);
	vt_eq(resolve(TRAITS_RESOLVE_ADD), -EINVAL, "a key too near the end");
	vt_eq(count_keys(), 1, "what was registered before that is not any more");
	forget_all();
	for (i = 3; i < TRAITS_KEYS_MAX; i += 4) {
		snprintf(name, sizeof(name), "every-fourth-%d", i);
		add(name, 0, i);
	}
	refused(-ENOSPC, "there are no 4 consecutive ids free", "no four ids in a row");
}

static void placing(void)
{
	unsigned int i;

	add("one", 4, 1);
	add("five", 4, 5);
	vt_eq(resolve(TRAITS_RESOLVE_ADD), 0, "keys are registered");
	for (i = 0; i < way_n_keys; i++)
		vt_eq(way_keys[i].id, 6 + i, "%s is in the first gap that is large enough",
		      way_keys[i].name);
	vt_eq(traits_key_del(t, "way.zone"), 0, "one goes");
	vt_eq(resolve(0), -ENOENT, "then the layout is not complete");
	vt_eq(resolve(TRAITS_RESOLVE_ADD), 0, "it is registered again");
	vt_eq(way_keys[2].id, 8, "in its place");
	vt_eq(resolve(0), 0, "and found");
	vt_eq(count_keys(), 6, "there are no more keys than that");
}

/* Several loaders at once, each with a connection of its own, while keys come and go. */
static void race(void)
{
	pid_t pid[4];
	int i, round, status, failed = 0;

	for (round = 0; round < 5; round++) {
		forget_all();
		for (i = 0; i < 4; i++) {
			pid[i] = fork();
			if (pid[i])
				continue;
			t = traits_open();
			_exit(!t || resolve(TRAITS_RESOLVE_ADD) || way_keys[3].id != 3);
		}
		for (i = 0; i < 4; i++) {
			waitpid(pid[i], &status, 0);
			failed += !!status;
		}
	}
	vt_eq(failed, 0, "four loaders at once come to the same ids");
	vt_eq(count_keys(), 4, "each key is registered once");
}

static void programs(void)
{
	struct found found;
	__u32 zero = 0;
	int fd;

	forget_all();
	add("blocker", 4, 2);
	vt_run("ip netns add a && ip netns add b");
	vt_run("ip link add v0 netns a type veth peer name v0 netns b");
	vt_run("ip -n a addr add 10.9.0.1/24 dev v0 && ip -n a link set v0 up");
	vt_run("ip -n b addr add 10.9.0.2/24 dev v0 && ip -n b link set v0 up");
	vt_run("ip -n a neigh replace 10.9.0.2 lladdr $(ip -n b -j link show v0 | jq -r .[0].address) dev v0");
	vt_run("traits-attach -n b load %s/layout.bpf.o xdp v0 mark tc v0 ingress check",
	       vt_progs());
	vt_eq(resolve(0), 0, "the loader has registered the keys");
	vt_eq(way_keys[0].id, 3, "behind the other key, which takes id 0, and the one at 2");
	vt_run("ip netns exec a ping -c %d -i 0.1 -q 10.9.0.2", PACKETS);

	fd = bpf_obj_get("/sys/fs/bpf/layout/found");
	if (fd < 0 || bpf_map_lookup_elem(fd, &zero, &found))
		vt_die("no map \"found\"");
	vt_eq(found.id_key, 3, "the program has the first id");
	vt_eq(found.trace_key, 6, "and the last");
	vt_eq(found.other_key, 0, "and that of the key that is in no struct");
	vt_ok(found.marked >= PACKETS, "XDP has set the struct on all packets");
	vt_eq(found.bare, found.marked, "none had it before");
	vt_eq(found.same, found.marked, "TC read on all what XDP had set");
	vt_eq(found.changed, found.marked, "one member was changed alone");
	vt_eq(found.partial, found.marked, "without one member the struct is not there");
	close(fd);
	vt_run("traits-attach -n b unload layout");
}

int main(void)
{
	t = traits_open();
	if (!t)
		vt_die("no connection");
	refusals();
	placing();
	race();
	programs();
	forget_all();
	traits_close(t);
	return vt_done();
}
