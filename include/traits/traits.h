/* SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause */
/*
 * libtraits: the registry of keys, for applications and loaders of BPF programs.
 *
 * Functions that return int return a negative errno on failure, and traits_error() then
 * has a sentence about it. A struct traits may be used by one thread at a time.
 */
#ifndef _TRAITS_TRAITS_H
#define _TRAITS_TRAITS_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/traits.h>
#include <linux/types.h>

#include "trait_key.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bpf_object;
struct traits;

/**
 * traits_open() - connect to the registry
 *
 * The kernel loads the module if it is installed and not loaded yet.
 *
 * Return: a connection, to be given to traits_close(); or NULL with errno set, to ENOENT
 * when the module is not loaded and could not be.
 */
struct traits *traits_open(void);

/**
 * traits_close() - end a connection
 * @t: connection or NULL
 */
void traits_close(struct traits *t);

/**
 * traits_error() - why the last function on this connection failed
 * @t: connection
 *
 * Return: the kernel's own sentence where it gave one. Valid until the next call.
 */
const char *traits_error(const struct traits *t);

/**
 * struct traits_key - a key as the registry has it
 * @id:		0 to 63
 * @size:	bytes of each value: 0, 4, 8 or 16
 * @gro:	enum traits_gro
 * @clone:	enum traits_clone
 * @netns:	enum traits_netns
 * @user:	enum traits_user
 * @limited:	@gid counts; otherwise @user is for all groups
 * @gid:	the group that @user is for
 * @holds:	how many loaded BPF objects are known to declare it; not in requests
 * @name:	unique name, NUL-terminated
 * @description: what it is for, NUL-terminated
 */
struct traits_key {
	uint32_t id;
	uint32_t size;
	uint32_t gro;
	uint32_t clone;
	uint32_t netns;
	uint32_t user;
	bool limited;
	uint32_t gid;
	uint32_t holds;
	char name[TRAITS_NAME_MAX + 1];
	char description[TRAITS_DESCRIPTION_MAX + 1];
};

/* Which parts of a struct traits_key count */
#define TRAITS_KEY_ID		1
#define TRAITS_KEY_GRO		2
#define TRAITS_KEY_CLONE	4
#define TRAITS_KEY_NETNS	8
#define TRAITS_KEY_USER		16
#define TRAITS_KEY_GID		32
#define TRAITS_KEY_DESCRIPTION	64
#define TRAITS_KEY_ALL		127

/**
 * traits_key_add() - register a key
 * @t:		connection
 * @name:	unique name: 1 to TRAITS_NAME_MAX letters, digits and . _ - /
 * @size:	bytes of each value: 0, 4, 8 or 16
 * @id:		insist on this id; NULL: any
 * @key:	if not NULL, filled in on success
 *
 * Return: 0, -EEXIST (name taken), -EADDRINUSE (id taken), -ENOSPC (no id left), -EINVAL,
 * -EPERM, or another error.
 */
int traits_key_add(struct traits *t, const char *name, uint32_t size, const uint32_t *id,
		   struct traits_key *key);

/**
 * traits_key_register() - register a key with all that it has
 * @t:		connection
 * @key:	the key; @key->id is the wanted id or TRAITS_ID_ANY. What is registered on
 *		success
 *
 * Return: as traits_key_add().
 */
int traits_key_register(struct traits *t, struct traits_key *key);

/**
 * traits_key_claim() - register a key, or find it registered as it should be
 * @t:		connection
 * @key:	name, size, and what @fields say; what is registered on success
 * @fields:	which others of TRAITS_KEY_* matter: a new key gets them, and one that is
 *		there has to have them
 *
 * Return: 0, -EEXIST (the name is taken by a key that differs), -EADDRINUSE (the id is taken),
 * or another error of traits_key_add().
 */
int traits_key_claim(struct traits *t, struct traits_key *key, unsigned int fields);

/**
 * traits_key_set() - change a key
 * @t:		connection
 * @name:	its name
 * @to:		what it shall have
 * @fields:	which of TRAITS_KEY_*, but TRAITS_KEY_ID, are to be changed
 * @key:	if not NULL, filled in on success; may be @to
 *
 * Return: 0, -ENOENT, -EINVAL, -EPERM, or another error.
 */
int traits_key_set(struct traits *t, const char *name, const struct traits_key *to,
		   unsigned int fields, struct traits_key *key);

/**
 * traits_gro_name() - name of a GRO policy
 * @gro: enum traits_gro
 *
 * Return: its name, as in the netlink specification; or NULL.
 */
const char *traits_gro_name(unsigned int gro);

/**
 * traits_clone_name() - name of a clone policy
 * @clone: enum traits_clone
 *
 * Return: its name, as in the netlink specification; or NULL.
 */
const char *traits_clone_name(unsigned int clone);

/**
 * traits_netns_name() - name of a namespace policy
 * @netns: enum traits_netns
 *
 * Return: its name, as in the netlink specification; or NULL.
 */
const char *traits_netns_name(unsigned int netns);

/**
 * traits_user_name() - name of what applications may do
 * @user: enum traits_user
 *
 * Return: its name, as in the netlink specification; or NULL.
 */
const char *traits_user_name(unsigned int user);

/**
 * traits_key_del() - unregister a key
 * @t:		connection
 * @name:	its name
 *
 * Waits up to a second for BPF programs that declare it to go: the kernel frees them a
 * moment after they were unloaded.
 *
 * Return: 0, -ENOENT, -EBUSY (a loaded BPF program declares it), -EPERM, or another error.
 */
int traits_key_del(struct traits *t, const char *name);

/**
 * traits_key_del_force() - unregister a key, also if loaded BPF programs declare it
 * @t:		connection
 * @name:	its name
 *
 * Return: 0, -ENOENT, -EPERM, or another error.
 */
int traits_key_del_force(struct traits *t, const char *name);

/**
 * traits_key_get() - look a key up by name
 * @t:		connection
 * @name:	its name
 * @key:	filled in on success
 *
 * Return: 0, -ENOENT, or another error.
 */
int traits_key_get(struct traits *t, const char *name, struct traits_key *key);

/**
 * traits_key_dump() - all keys in order of their ids
 * @t:		connection
 * @keys:	room for TRAITS_KEYS_MAX keys
 *
 * Asks again when the registry changed meanwhile, so @keys is a state that once was.
 *
 * Return: how many keys there are; -EAGAIN when the registry never stood still; or another
 * error.
 */
int traits_key_dump(struct traits *t, struct traits_key *keys);

struct traits_names;

/**
 * traits_names_open() - know the names of all keys by their ids
 *
 * For those who meet ids: in an array of traits, or in a packet.
 *
 * Return: to be given to traits_names_close(); or NULL with errno set, as traits_open().
 */
struct traits_names *traits_names_open(void);

/**
 * traits_names_close() - forget them
 * @names: of traits_names_open(), or NULL
 */
void traits_names_close(struct traits_names *names);

/**
 * traits_names_get() - the name of a key
 * @names:	of traits_names_open(); for one thread at a time
 * @id:		id of the key
 *
 * The names are kept, and asked for again only when the registry has told of a change: an id
 * that was given to another key has that one's name. Mostly this is one system call, for a look
 * whether there is news. When the module was unloaded they have to be opened anew, as each
 * connection.
 *
 * Return: the name, valid until the next call; or NULL with errno set, to ENOENT when there is
 * no such key.
 */
const char *traits_names_get(struct traits_names *names, unsigned int id);

/**
 * traits_watch() - be told of all changes of keys
 * @t: connection, which is for traits_watch_next() only from then on
 *
 * Changes behind its return are told, so a dump on another connection that comes then
 * misses nothing.
 *
 * Return: a file descriptor, of the connection, that can be read when there is news; or
 * an error.
 */
int traits_watch(struct traits *t);

/**
 * traits_watch_next() - the next change
 * @t:		connection
 * @key:	the key; one that was deleted as it was last. @key->holds is not told
 *
 * Waits for one.
 *
 * Return: TRAITS_CMD_KEY_ADD_NTF, TRAITS_CMD_KEY_SET_NTF or TRAITS_CMD_KEY_DEL_NTF; -ENOBUFS
 * (changes were missed, they came too fast), -EINTR, or another error.
 */
int traits_watch_next(struct traits *t, struct traits_key *key);

/**
 * traits_stat_get() - all counters since the module was loaded
 * @t:		connection
 * @counts:	filled in, by enum traits_stat; 0 for those that the module does not have
 * @n:		length of @counts
 *
 * Return: 0 or an error.
 */
int traits_stat_get(struct traits *t, uint64_t *counts, unsigned int n);

/* Of a counter that is not kept */
#define TRAITS_STAT_NONE	UINT64_MAX

/**
 * traits_stat_key_get() - the counters of a key since it was registered
 * @t:		connection
 * @id:		its id
 * @counts:	filled in, by enum traits_stat; TRAITS_STAT_NONE for those not kept by key
 * @n:		length of @counts
 *
 * Return: 0, -ENOENT, or another error.
 */
int traits_stat_key_get(struct traits *t, uint32_t id, uint64_t *counts, unsigned int n);

/**
 * traits_stat_cpu_dump() - all counters of each CPU
 * @t:		connection
 * @each:	called for each CPU that there can be, with its counters by enum traits_stat
 * @data:	for @each
 *
 * Return: 0 or an error.
 */
int traits_stat_cpu_dump(struct traits *t,
			 void (*each)(uint32_t cpu, const uint64_t *counts, unsigned int n,
				      void *data),
			 void *data);

/**
 * traits_stat_name() - name of a counter
 * @stat: enum traits_stat
 *
 * Return: its name, as in the netlink specification; or NULL.
 */
const char *traits_stat_name(unsigned int stat);

/**
 * struct traits_hook - where the module listens to the kernel
 * @name:	kernel function or tracepoint
 * @type:	"tracepoint", "ftrace" or "kretprobe"
 * @attached:	it does so now
 * @needed:	a key needs it
 * @found:	the kernel has it: some are not in all kernels, some in modules that come and go
 * @missed:	how often a kretprobe could not follow a call
 */
struct traits_hook {
	char name[64];
	char type[16];
	bool attached;
	bool needed;
	bool found;
	uint64_t missed;
};

/**
 * struct traits_info - what is running here
 * @version:	version of the module
 * @release:	release of the kernel
 * @max_keys:	how many keys there can be
 * @keys:	how many keys are registered
 * @max_name:	characters that the name of a key can have
 * @max_description: characters that its description can have
 * @max_headroom: bytes that can be asked for with traits_dev_set()
 * @n_hooks:	length of @hooks
 * @hooks:	hooks of the module
 */
struct traits_info {
	char version[32];
	char release[65];
	uint32_t max_keys;
	uint32_t keys;
	uint32_t max_name;
	uint32_t max_description;
	uint32_t max_headroom;
	uint32_t n_hooks;
	struct traits_hook hooks[64];
};

/**
 * traits_info_get() - what is running here
 * @t:		connection
 * @info:	filled in on success
 *
 * Return: 0 or an error.
 */
int traits_info_get(struct traits *t, struct traits_info *info);

/**
 * struct traits_dev - a network device, and the room for traits in front of what it sends
 * @ifindex:	its index
 * @name:	its name
 * @headroom:	bytes that were asked for with traits_dev_set(); 0: none
 * @needed:	bytes that the stack leaves free in front of its packets now: @headroom and
 *		what the device itself needs, or one more
 */
struct traits_dev {
	uint32_t ifindex;
	char name[16];
	uint32_t headroom;
	uint32_t needed;
};

/**
 * traits_dev_set() - have the stack leave room for traits in front of what a device sends
 * @t:		connection; devices are those of the network namespace it was opened in
 * @name:	name of the device
 * @headroom:	bytes, 0 to TRAITS_HEADROOM_MAX, on top of what the device itself needs; 0
 *		takes back what was asked for
 * @dev:	if not NULL, filled in on success
 *
 * Return: 0, -ENODEV (no such device), -EINVAL, -EPERM, or another error.
 */
int traits_dev_set(struct traits *t, const char *name, uint32_t headroom,
		   struct traits_dev *dev);

/**
 * traits_dev_get() - look at a device
 * @t:		connection
 * @name:	its name
 * @dev:	filled in on success
 *
 * Return: 0, -ENODEV, or another error.
 */
int traits_dev_get(struct traits *t, const char *name, struct traits_dev *dev);

/**
 * traits_dev_dump() - the devices for which headroom was asked for, in order of their indices
 * @t:		connection
 * @devs:	filled in
 * @max:	length of @devs
 *
 * Return: how many there are, which can be more than @max; -EAGAIN when they never stood
 * still; or another error.
 */
int traits_dev_dump(struct traits *t, struct traits_dev *devs, int max);

/* Flag of traits_resolve(): register keys that are not there yet. */
#define TRAITS_RESOLVE_ADD	1

/**
 * traits_resolve() - give a BPF object the ids of the keys it declares
 * @t:		connection
 * @obj:	object, opened and not loaded yet
 * @flags:	0 or TRAITS_RESOLVE_ADD
 *
 * Looks each TRAIT_KEY() of the object up by name, checks its size, and writes its id into
 * the object. A policy that the object declares, with TRAIT_KEY_POLICY(), is checked too,
 * unless it is the default one; new keys are registered with it. The keys of a TRAIT_LAYOUT()
 * are treated as by traits_layout_resolve().
 *
 * Return: how many keys the object declares; -ENOENT (a key is not registered), -EMSGSIZE
 * (registered with another size), -EEXIST (registered with another policy), -EINVAL (@obj is
 * not what bpf_traits.h makes), -EBUSY (@obj is loaded already), or an error of
 * traits_key_add() or traits_layout_resolve().
 */
int traits_resolve(struct traits *t, struct bpf_object *obj, unsigned int flags);

/**
 * traits_layout_resolve() - find, or register, the keys of a layout
 * @t:		connection
 * @keys:	name_keys of TRAIT_LAYOUT(name); each @keys->id is filled in on success
 * @n:		name_n_keys
 * @flags:	0 or TRAITS_RESOLVE_ADD
 *
 * The ids are consecutive. Keys that are there are taken if their ids are; those that are
 * missing are registered in their places, or all at the first place that is large enough.
 * What was registered is unregistered again on failure.
 *
 * Return: 0; -ENOENT (a key is not registered), -EMSGSIZE, -EEXIST (registered with another
 * size, or policy), -EADDRNOTAVAIL (registered, but not with consecutive ids), -EADDRINUSE (an
 * id that is needed is taken), -ENOSPC (not so many ids are free in a row), -EAGAIN (others
 * kept changing the registry), or an error of traits_key_add().
 */
int traits_layout_resolve(struct traits *t, struct trait_key *keys, unsigned int n,
			  unsigned int flags);

/**
 * traits_hold() - keep the keys of a BPF object from being deleted while it is loaded
 * @t:		connection
 * @obj:	object, resolved and loaded
 *
 * Lasts until all programs of the object are unloaded, whoever has loaded or pinned them,
 * and needs no undoing. traits_key_del_force() still deletes the keys.
 *
 * Return: 0, also for an object that declares no keys; -ESTALE (a key has gone or was given
 * another id since traits_resolve()), -EPERM, or another error.
 */
int traits_hold(struct traits *t, struct bpf_object *obj);

#ifdef __cplusplus
}
#endif

#endif
