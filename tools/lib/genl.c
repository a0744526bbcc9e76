// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <linux/genetlink.h>
#include <traits/traits.h>

#include "genl.h"

int traits_fail(struct traits *t, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(t->error, sizeof(t->error), fmt, args);
	va_end(args);
	return err;
}

const char *traits_error(const struct traits *t)
{
	return t->error;
}

struct nlmsghdr *traits_begin(struct traits *t, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(t->buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++t->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = TRAITS_GENL_VERSION;
	return nlh;
}

static void sort(const struct nlattr *attr, const struct nlattr **tb, unsigned int max)
{
	if (mnl_attr_get_type(attr) <= max)
		tb[mnl_attr_get_type(attr)] = attr;
}

void traits_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		sort(attr, tb, max);
}

void traits_nested(const struct nlattr *nest, const struct nlattr **tb, unsigned int max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each_nested(attr, nest)
		sort(attr, tb, max);
}

uint32_t traits_u32(const struct nlattr *attr, uint32_t missing)
{
	if (!attr || mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return missing;
	return mnl_attr_get_u32(attr);
}

void traits_str(const struct nlattr *attr, char *to, size_t size)
{
	to[0] = '\0';
	if (attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		snprintf(to, size, "%s", mnl_attr_get_str(attr));
}

/* The attributes of an error message lie behind the request, where that was sent back. */
static const char *extack_text(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*err);
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(&err->msg);
	if (offset > mnl_nlmsg_get_payload_len(nlh))
		return NULL;
	mnl_attr_for_each(attr, nlh, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(attr);
	return NULL;
}

static int take_error(struct traits *t, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const char *text;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err))
		return traits_fail(t, -EBADMSG, "the kernel's answer is cut off");
	if (!err->error)
		return 0;
	text = extack_text(nlh);
	/* The core of generic netlink has no sentence for a missing capability. */
	if (!text && err->error == -EPERM)
		text = "this needs CAP_NET_ADMIN in the initial user namespace";
	return traits_fail(t, err->error, "%s", text ? text : strerror(-err->error));
}

static int take_done(struct traits *t, const struct nlmsghdr *nlh, bool interrupted)
{
	const int *err = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*err) && *err < 0)
		return traits_fail(t, *err, "%s", strerror(-*err));
	if (interrupted)
		return traits_fail(t, -EAGAIN, "something changed meanwhile");
	return 0;
}

int traits_request(struct traits *t, int (*answer)(const struct nlmsghdr *nlh, void *data),
		   void *data)
{
	const struct nlmsghdr *nlh = (void *)t->buf;
	uint32_t seq = nlh->nlmsg_seq;
	bool interrupted = false;
	int err = 0;

	if (mnl_socket_sendto(t->nl, nlh, nlh->nlmsg_len) < 0)
		return traits_fail(t, -errno, "send: %s", strerror(errno));

	for (;;) {
		ssize_t got = mnl_socket_recvfrom(t->nl, t->buf, sizeof(t->buf));
		int left = got;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return traits_fail(t, -errno, "receive: %s", strerror(errno));

		for (nlh = (void *)t->buf; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_seq != seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR)
				return err ? err : take_error(t, nlh);
			if (nlh->nlmsg_type == NLMSG_DONE)
				return err ? err : take_done(t, nlh, interrupted);
			/* All of the answer has to be read, or the next one begins with it. */
			if (nlh->nlmsg_type < NLMSG_MIN_TYPE || !answer || err)
				continue;
			err = answer(nlh, data);
			if (err)
				traits_fail(t, err, "the kernel's answer is not understood");
		}
	}
}

int traits_dump(struct traits *t, uint8_t cmd, void (*restart)(void *data),
		int (*answer)(const struct nlmsghdr *nlh, void *data), void *data)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	int try, err = 0;

	for (try = 0; try < 100; try++) {
		restart(data);
		traits_begin(t, t->family, cmd, NLM_F_DUMP);
		err = traits_request(t, answer, data);
		if (err != -EAGAIN)
			break;
		nanosleep(&pause, NULL);
	}
	return err;
}

static void take_groups(struct traits *t, const struct nlattr *groups)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_ID + 1];
	const struct nlattr *group;
	char name[GENL_NAMSIZ];

	mnl_attr_for_each_nested(group, groups) {
		traits_nested(group, tb, CTRL_ATTR_MCAST_GRP_ID);
		traits_str(tb[CTRL_ATTR_MCAST_GRP_NAME], name, sizeof(name));
		if (!strcmp(name, TRAITS_GENL_KEYS))
			t->keys_group = traits_u32(tb[CTRL_ATTR_MCAST_GRP_ID], 0);
	}
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1];
	const struct nlattr *id;
	struct traits *t = data;

	traits_attrs(nlh, tb, CTRL_ATTR_MCAST_GROUPS);
	id = tb[CTRL_ATTR_FAMILY_ID];
	if (!id || mnl_attr_validate(id, MNL_TYPE_U16) < 0)
		return -EBADMSG;
	t->family = mnl_attr_get_u16(id);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		take_groups(t, tb[CTRL_ATTR_MCAST_GROUPS]);
	return 0;
}

struct traits *traits_open(void)
{
	struct nlmsghdr *nlh;
	struct traits *t;
	int one = 1, err;

	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!t->nl || mnl_socket_bind(t->nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = errno;
		goto err_close;
	}
	/* Without them errors come without text, or with the request: both can be borne. */
	mnl_socket_setsockopt(t->nl, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(t->nl, NETLINK_CAP_ACK, &one, sizeof(one));

	nlh = traits_begin(t, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TRAITS_GENL_NAME);
	err = -traits_request(t, take_family, t);
	if (err)
		goto err_close;
	return t;

err_close:
	traits_close(t);
	errno = err;
	return NULL;
}

void traits_close(struct traits *t)
{
	if (!t)
		return;
	if (t->nl)
		mnl_socket_close(t->nl);
	free(t);
}
