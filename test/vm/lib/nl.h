/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Raw requests to the netlink family "traits": also such as no sane program
 * would send, so not by libtraits.
 */
#ifndef TEST_NL_H
#define TEST_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>
#include <linux/traits.h>

struct nl_key {
	uint32_t id;
	uint32_t size;
	char name[64];
	uint32_t gro, clone, netns;
	uint32_t user, gid, holds;
	char description[256];
};

struct nl {
	struct mnl_socket *socket;
	uint32_t seq;
	struct nlmsghdr *nlh;	/* the request in @buf */
	char buf[16384];
};

/* All that came back for one request. */
struct nl_answer {
	int err;		/* negative errno */
	int errors;		/* error messages and acks; one for each request without a dump */
	char text[256];		/* sentence that came with the error, or "" */
	int attr;		/* type of the attribute to blame, or -1 */
	int missing;		/* type of the attribute that is missing, or -1 */
	int datagrams;
	bool interrupted;	/* NLM_F_DUMP_INTR was seen */
	int cmd;		/* of the last such message */
	int n;			/* messages that are neither error nor end */
	struct nl_key keys[2 * TRAITS_KEYS_MAX];
};

/* These die if they cannot do what they say. */
void nl_open(struct nl *nl);
void nl_close(struct nl *nl);
uint16_t nl_family(void);
uint32_t nl_keys_group(void);

struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd, uint16_t flags);
/* An attribute of any type and length. */
void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len);
void nl_put_u32(struct nl *nl, uint16_t type, uint32_t value);
void nl_put_flag(struct nl *nl, uint16_t type);
void nl_put_str(struct nl *nl, uint16_t type, const char *text);

void nl_send(struct nl *nl);
/* Reads one datagram; false at the end of the answer. */
bool nl_receive(struct nl *nl, struct nl_answer *answer);
/* Reads a message with a key; or an error, of a request that came back as far as it did */
void nl_take_key(const struct nlmsghdr *nlh, struct nl_key *key);
void nl_take_error(const struct nlmsghdr *nlh, struct nl_answer *answer);
/* Makes this socket one for the notifications of key changes, each a datagram. */
void nl_watch(struct nl *nl);
/* Nothing is waiting to be read. */
bool nl_silent(struct nl *nl);
/* Sends the request and reads all of the answer. */
void nl_ask(struct nl *nl, struct nl_answer *answer);

/* What good programs do. Return 0 or a negative errno. */
int nl_key_add(struct nl *nl, const char *name, uint32_t size, int id, struct nl_key *key);
int nl_key_del(struct nl *nl, const char *name);
void nl_key_dump(struct nl *nl, struct nl_answer *answer);

#endif
