/* SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause */
/* Requests to the family "traits", and the answers; for the other files of libtraits. */
#ifndef TRAITS_LIB_GENL_H
#define TRAITS_LIB_GENL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

struct traits {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t keys_group;
	uint32_t seq;
	char error[256];
	/* A request, and then its answers. */
	char buf[32768] __attribute__((__aligned__(NLMSG_ALIGNTO)));
};

/* Notes why a call fails; returns @err. */
int traits_fail(struct traits *t, int err, const char *fmt, ...)
	__attribute__((__format__(printf, 3, 4)));

/* Begins a request in t->buf; attributes are added behind it with traits_put_*(). */
struct nlmsghdr *traits_begin(struct traits *t, uint16_t type, uint8_t cmd, uint16_t flags);

/*
 * Sends the request in t->buf and calls @answer for each message of the answer. Stops at the
 * first error of @answer. Returns 0 or a negative errno; -EAGAIN for a dump during which
 * something changed.
 */
int traits_request(struct traits *t, int (*answer)(const struct nlmsghdr *nlh, void *data),
		   void *data);

/*
 * Sends dumps of @cmd until nothing changed during one, @restart being called before each.
 * Returns 0 or a negative errno.
 */
int traits_dump(struct traits *t, uint8_t cmd, void (*restart)(void *data),
		int (*answer)(const struct nlmsghdr *nlh, void *data), void *data);

/* Sorts the attributes of a message or nest into @tb, which has room for @max + 1. */
void traits_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max);
void traits_nested(const struct nlattr *nest, const struct nlattr **tb, unsigned int max);

/* Read attributes that may be missing (then @missing or an empty string). */
uint32_t traits_u32(const struct nlattr *attr, uint32_t missing);
void traits_str(const struct nlattr *attr, char *to, size_t size);

/* Reads a message with a key into @data, a struct traits_key. */
int traits_take_key(const struct nlmsghdr *nlh, void *data);

/* The map is the section of the object with its TRAIT_KEY() variables. */
struct bpf_map;
bool traits_is_key_map(const struct bpf_map *map);

#endif
