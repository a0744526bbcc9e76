/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family through which user space reaches the module. */
#ifndef TRAITS_NETLINK_H
#define TRAITS_NETLINK_H

#include <net/genetlink.h>

#include "refusal.h"

/**
 * traits_netlink_init() - open the family; requests are served from here on
 *
 * Return: 0 or an error.
 * Context: may sleep.
 */
int traits_netlink_init(void);

/**
 * traits_netlink_exit() - close the family; no request is being served on return
 *
 * Context: may sleep.
 */
void traits_netlink_exit(void);

/* What the handlers of all commands share. */
extern struct genl_family traits_nl_family;

/* Its multicast groups */
enum {
	TRAITS_NL_GROUP_KEYS,
};

/**
 * traits_nl_answer() - answer a request with an error and a sentence made for it
 * @request:	message that the request is in
 * @nlh:	the request
 * @err:	negative errno
 * @attr:	the attribute to blame, or NULL
 * @why:	the sentence; need not outlive the call
 *
 * Return: what the handler has to return.
 * Context: a handler of a request or of a dump's start; may sleep.
 */
int traits_nl_answer(struct sk_buff *request, const struct nlmsghdr *nlh, int err,
		     const struct nlattr *attr, const struct traits_refusal *why);

/**
 * traits_nl_no_attr() - refuse a dump that was asked for with attributes
 * @cb:		the dump
 * @why:	the sentence
 *
 * Return: what the start of the dump has to return.
 * Context: start of a dump; may sleep.
 */
int traits_nl_no_attr(struct netlink_callback *cb, const struct traits_refusal *why);

#endif
