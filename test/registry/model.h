/* SPDX-License-Identifier: GPL-2.0 */
/* What the registry should know, and requests to both. */
#ifndef TEST_REGISTRY_MODEL_H
#define TEST_REGISTRY_MODEL_H

#include "hooks.h"
#include "registry.h"

struct model_key {
	bool there;
	bool held;
	struct traits_key key;
};

extern struct model_key model[TRAITS_KEYS_MAX];

/* For each epoch so far: the keys deleted since it began. */
extern u64 gone_since[1 << 17];
extern unsigned int epochs;

int count(void);
int id_of(const char *name);
int lowest_free(void);
unsigned int seq(void);
u32 needed_by(const struct traits_key *key);
u32 model_needs(void);

/* The view, the walk and the hooks agree with the model. */
bool agrees(void);
bool key_agrees(const struct traits_key *key, int id);

/* A key with this name; any id, and else what most have. */
struct traits_key key_named(const char *name, int size, int id);
/* An id or an error, and what the registry says then. */
int add(const char *name, int size, int id, struct traits_refusal *why);
int del(const char *name, int id, struct traits_refusal *why);
void model_add(const struct traits_key *key);
void model_del(int id);
void model_epoch(void);

/* Policies; most are those that need no hook of their own: those hooks come and go. */
void random_policies(struct traits_key *key);
/* Requests at random, to both; false when they disagree. */
bool random_set(void);
bool random_claim(void);
bool random_hold(void);
/* One is opened or closed. */
bool random_sockets(void);

/* What all open sockets need, whether there is a key or not */
u32 sockets_need(void);
/* All are closed: false when that is refused. */
bool sockets_close(void);

#endif
