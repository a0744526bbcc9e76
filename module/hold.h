/* SPDX-License-Identifier: GPL-2.0 */
/* Which loaded BPF programs are known to declare keys. */
#ifndef TRAITS_HOLD_H
#define TRAITS_HOLD_H

#include <linux/bpf.h>
#include <linux/list.h>

#include "key.h"
#include "refusal.h"

/**
 * struct traits_hold - a BPF object that declares keys
 * @list:	among all of them
 * @map:	its section of declarations, to which the module has one reference
 * @prog_id:	id of one of its programs
 * @prog_name:	name of that program
 * @ids:	the keys, as far as they were not deleted since
 * @n:		length of @keys
 * @keys:	the keys as it declares them: id, size and name
 */
struct traits_hold {
	struct list_head list;
	struct bpf_map *map;
	u32 prog_id;
	char prog_name[BPF_OBJ_NAME_LEN];
	u64 ids;
	unsigned int n;
	struct traits_key keys[];
};

/**
 * traits_hold_make() - look at what a program declares
 * @fd:		file descriptor, of the current process, of the program
 * @type:	enum bpf_prog_type of the program
 * @hold:	what was found
 * @why:	where a refusal is explained
 *
 * Return: 0, -EBADF (no such program), -EINVAL (it declares no keys) or -ENOMEM.
 * Context: may sleep.
 */
int traits_hold_make(u32 fd, u32 type, struct traits_hold **hold, struct traits_refusal *why);

/**
 * traits_hold_free() - undo traits_hold_make()
 * @hold: not among all of them
 *
 * Context: may sleep.
 */
void traits_hold_free(struct traits_hold *hold);

/*
 * Callers of what follows serialise (registry mutex), and may sleep.
 */

/* Adds @hold, which replaces one that the same object has already. */
void traits_holds_add(struct traits_hold *hold);

/* Returns how many objects declare this key whose programs are still loaded. */
unsigned int traits_holds_count(u8 id);

/* Returns 0, or -EBUSY when a loaded program declares @key. */
int traits_holds_check(const struct traits_key *key, struct traits_refusal *why);

/* Forgets that anybody declares this key: it is being deleted. */
void traits_holds_drop(u8 id);

/* Forgets all. */
void traits_holds_exit(void);

#endif
