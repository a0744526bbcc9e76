// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* Notifications of changes of keys. */
#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>
#include <traits/traits.h>

#include "genl.h"

int traits_watch(struct traits *t)
{
	if (!t->keys_group)
		return traits_fail(t, -EOPNOTSUPP, "the module has no multicast group \"%s\"",
				   TRAITS_GENL_KEYS);
	if (mnl_socket_setsockopt(t->nl, NETLINK_ADD_MEMBERSHIP, &t->keys_group,
				  sizeof(t->keys_group)) < 0)
		return traits_fail(t, -errno, "group \"%s\": %s", TRAITS_GENL_KEYS,
				   strerror(errno));
	return mnl_socket_get_fd(t->nl);
}

static bool is_change(const struct traits *t, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (nlh->nlmsg_type != t->family || mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return false;
	return genl->cmd == TRAITS_CMD_KEY_ADD_NTF || genl->cmd == TRAITS_CMD_KEY_SET_NTF ||
	       genl->cmd == TRAITS_CMD_KEY_DEL_NTF;
}

int traits_watch_next(struct traits *t, struct traits_key *key)
{
	const struct nlmsghdr *nlh = (void *)t->buf;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	ssize_t got;

	/* The kernel puts each notification into a datagram of its own. */
	do {
		got = mnl_socket_recvfrom(t->nl, t->buf, sizeof(t->buf));
		if (got < 0 && errno == ENOBUFS)
			return traits_fail(t, -ENOBUFS, "changes came faster than they were read");
		if (got < 0)
			return traits_fail(t, -errno, "receive: %s", strerror(errno));
	} while (!mnl_nlmsg_ok(nlh, got) || !is_change(t, nlh));
	if (traits_take_key(nlh, key))
		return traits_fail(t, -EBADMSG, "the kernel's notification is not understood");
	return genl->cmd;
}
