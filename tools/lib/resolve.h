/* SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause */
/* Keys as programs want them, against keys as they are; for the other files of libtraits. */
#ifndef TRAITS_LIB_RESOLVE_H
#define TRAITS_LIB_RESOLVE_H

#include <stdint.h>

struct trait_key;
struct traits;
struct traits_key;

/*
 * Compares size and policies of a key with what a program wants; a policy of 0 means that it
 * does not care. Returns 0, -EMSGSIZE, -EEXIST or -EINVAL.
 */
int traits_key_fits(struct traits *t, const struct traits_key *found,
		    const struct trait_key *wanted);

/* Registers a key as a program declares it, and fills in what is there then. */
int traits_key_declared(struct traits *t, const struct trait_key *key, uint32_t id,
			struct traits_key *there);

#endif
