/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of the netlink family "traits": what the kernel has to answer to any message, and what
 * keys there are then. Written from the documentation in <linux/traits.h>, and from how strictly
 * generic netlink takes attributes.
 */
#ifndef TEST_FAMILY_H
#define TEST_FAMILY_H

#include <stdbool.h>
#include <stddef.h>

#include "nl.h"

#define FAMILY_DEVS	64

struct family {
	struct {
		bool there;
		struct nl_key key;
	} key[TRAITS_KEYS_MAX];
	uint32_t headroom[FAMILY_DEVS];	/* by index, of the devices that the namespace has */
	unsigned int changes;
};

/* What is to come back */
struct expected {
	int err;		/* the errno, or 1: any, the core of netlink refuses it */
	bool dump;		/* instead of an answer, as many messages as there are */
	bool reply;		/* a message comes before the acknowledgement */
	bool has_key;		/* with this key in it */
	struct nl_key key;
	bool has_dev;		/* or with this device */
	uint32_t ifindex, headroom;
};

/* The answer to a request, of @len bytes, which the family then is after. */
struct expected family_expect(struct family *f, const struct nlmsghdr *nlh);

/* The keys of the dump are those that the model has. */
bool family_has(const struct family *f, const struct nl_answer *dump);
bool family_same_key(const struct nl_key *a, const struct nl_key *b);

#endif
