// SPDX-License-Identifier: GPL-2.0
/*
 * BPF programs that declare keys. The kernel tells a module neither when a program is
 * loaded nor when it is freed, so loaders have to tell of the first, and the second is found out
 * by counting: all programs of an object refer to its map of declarations, and so does this
 * module. When its reference is the last one, they are gone. A reference to the program itself
 * could not be had: programs that call kfuncs refer to this module, which then could
 * never be unloaded.
 *
 * What is left of such a map is freed when next somebody looks at the holds of a key.
 */
#include <linux/bitops.h>
#include <linux/bpf.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <traits/trait_key.h>

#include "hold.h"

static LIST_HEAD(holds);

/*
 * libbpf names the map after the section, behind as much of the object's name as there is
 * room for.
 */
static bool has_declarations(const struct bpf_map *map)
{
	const size_t len = strnlen(map->name, sizeof(map->name));
	const size_t section = strlen(TRAIT_KEY_SECTION);

	return map->map_type == BPF_MAP_TYPE_ARRAY && map->max_entries == 1 && len >= section &&
	       !memcmp(map->name + len - section, TRAIT_KEY_SECTION, section) &&
	       map->value_size && map->value_size % sizeof(struct trait_key) == 0 &&
	       map->value_size / sizeof(struct trait_key) <= TRAITS_KEYS_MAX;
}

static struct bpf_map *declarations_get(struct bpf_prog *prog)
{
	struct bpf_map *found = NULL;
	u32 i;

	/* BPF_PROG_BIND_MAP, by which libbpf adds such maps, replaces the array. */
	mutex_lock(&prog->aux->used_maps_mutex);
	for (i = 0; i < prog->aux->used_map_cnt && !found; i++)
		if (has_declarations(prog->aux->used_maps[i]))
			found = prog->aux->used_maps[i];
	if (found)
		bpf_map_inc(found);
	mutex_unlock(&prog->aux->used_maps_mutex);
	return found;
}

/* User space may still be writing to the map: what was copied is looked at, once. */
static int read_declaration(const struct trait_key *from, struct traits_key *key,
			    struct traits_refusal *why)
{
	struct trait_key copy;

	memcpy(&copy, from, sizeof(copy));
	if (copy.id >= TRAITS_KEYS_MAX || !memchr(copy.name, 0, sizeof(copy.name)))
		return traits_refuse(why, -EINVAL,
				     "the program was loaded without ids of its keys");
	key->id = copy.id;
	key->size = copy.size;
	memcpy(key->name, copy.name, sizeof(copy.name));
	return 0;
}

static int read_declarations(struct traits_hold *hold, struct traits_refusal *why)
{
	const struct trait_key *from;
	u32 first = 0;
	int err = 0;

	rcu_read_lock();
	from = hold->map->ops->map_lookup_elem(hold->map, &first);
	for (; from && !err && hold->n < hold->map->value_size / sizeof(*from); hold->n++) {
		err = read_declaration(&from[hold->n], &hold->keys[hold->n], why);
		if (!err)
			hold->ids |= BIT_ULL(hold->keys[hold->n].id);
	}
	rcu_read_unlock();
	return err;
}

static int make(struct bpf_prog *prog, struct traits_hold **made, struct traits_refusal *why)
{
	struct traits_hold *hold;
	struct bpf_map *map;
	int err;

	map = declarations_get(prog);
	if (!map)
		return traits_refuse(why, -EINVAL, "BPF program \"%s\" declares no keys",
				     prog->aux->name);
	hold = kzalloc(struct_size(hold, keys, map->value_size / sizeof(struct trait_key)),
		       GFP_KERNEL);
	if (!hold) {
		bpf_map_put(map);
		return traits_refuse(why, -ENOMEM, "out of memory");
	}
	INIT_LIST_HEAD(&hold->list);
	hold->map = map;
	hold->prog_id = prog->aux->id;
	strscpy(hold->prog_name, prog->aux->name, sizeof(hold->prog_name));
	err = read_declarations(hold, why);
	if (err) {
		traits_hold_free(hold);
		return err;
	}
	*made = hold;
	return 0;
}

int traits_hold_make(u32 fd, u32 type, struct traits_hold **hold, struct traits_refusal *why)
{
	struct bpf_prog *prog;
	int err;

	prog = bpf_prog_get_type_dev(fd, type, false);
	if (IS_ERR(prog))
		return traits_refuse(why, -EBADF,
				     "file descriptor %u is not of a BPF program of type %u", fd,
				     type);
	err = make(prog, hold, why);
	bpf_prog_put(prog);
	return err;
}

void traits_hold_free(struct traits_hold *hold)
{
	bpf_map_put(hold->map);
	kfree(hold);
}

static void del(struct traits_hold *hold)
{
	list_del(&hold->list);
	traits_hold_free(hold);
}

/*
 * Who has no reference now could get one only by the map's id, and load another program with
 * it: not what loaders do.
 */
static void forget_unloaded(void)
{
	struct traits_hold *hold, *next;

	list_for_each_entry_safe(hold, next, &holds, list)
		if (atomic64_read(&hold->map->refcnt) == 1)
			del(hold);
}

void traits_holds_add(struct traits_hold *hold)
{
	struct traits_hold *old, *next;

	list_for_each_entry_safe(old, next, &holds, list)
		if (old->map == hold->map)
			del(old);
	forget_unloaded();
	list_add_tail(&hold->list, &holds);
}

unsigned int traits_holds_count(u8 id)
{
	struct traits_hold *hold;
	unsigned int n = 0;

	forget_unloaded();
	list_for_each_entry(hold, &holds, list)
		n += !!(hold->ids & BIT_ULL(id));
	return n;
}

int traits_holds_check(const struct traits_key *key, struct traits_refusal *why)
{
	struct traits_hold *hold;

	forget_unloaded();
	list_for_each_entry(hold, &holds, list)
		if (hold->ids & BIT_ULL(key->id))
			return traits_refuse(why, -EBUSY,
					     "key \"%s\" is declared by the BPF object of program \"%s\", id %u, which is loaded",
					     key->name, hold->prog_name, hold->prog_id);
	return 0;
}

void traits_holds_drop(u8 id)
{
	struct traits_hold *hold, *next;

	list_for_each_entry_safe(hold, next, &holds, list) {
		hold->ids &= ~BIT_ULL(id);
		if (!hold->ids)
			del(hold);
	}
}

void traits_holds_exit(void)
{
	struct traits_hold *hold, *next;

	list_for_each_entry_safe(hold, next, &holds, list)
		del(hold);
}
