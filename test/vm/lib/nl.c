// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>

#include "nl.h"
#include "vt.h"

static void open_socket(struct nl *nl)
{
	int one = 1;

	memset(nl, 0, sizeof(*nl));
	nl->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->socket || mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &one, sizeof(one)))
		vt_die("netlink socket: %s", strerror(errno));
}

static struct nlmsghdr *begin(struct nl *nl, uint16_t type, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl;

	nl->nlh = mnl_nlmsg_put_header(nl->buf);
	nl->nlh->nlmsg_type = type;
	nl->nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nl->nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nl->nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = TRAITS_GENL_VERSION;
	return nl->nlh;
}

static uint32_t keys_group;

/* The family has one group. */
static int take_group(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
		keys_group = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int take_groups(const struct nlattr *attr, void *data)
{
	return mnl_attr_parse_nested(attr, take_group, data);
}

static int take_id(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)data = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
		mnl_attr_parse_nested(attr, take_groups, NULL);
	return MNL_CB_OK;
}

/* By a socket of its own: what was read from a socket decides how the kernel cuts dumps. */
uint16_t nl_family(void)
{
	static uint16_t family;
	struct nl nl;
	ssize_t got;

	if (family)
		return family;
	open_socket(&nl);
	begin(&nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	nl_put_str(&nl, CTRL_ATTR_FAMILY_NAME, TRAITS_GENL_NAME);
	nl_send(&nl);
	got = mnl_socket_recvfrom(nl.socket, nl.buf, sizeof(nl.buf));
	nl.nlh = (void *)nl.buf;
	if (got > 0 && nl.nlh->nlmsg_type == GENL_ID_CTRL)
		mnl_attr_parse(nl.nlh, sizeof(struct genlmsghdr), take_id, &family);
	if (!family)
		vt_die("there is no family \"" TRAITS_GENL_NAME "\"");
	nl_close(&nl);
	return family;
}

uint32_t nl_keys_group(void)
{
	nl_family();
	return keys_group;
}

void nl_watch(struct nl *nl)
{
	uint32_t group = nl_keys_group();

	if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		vt_die("joining group \"" TRAITS_GENL_KEYS "\": %s", strerror(errno));
}

void nl_open(struct nl *nl)
{
	nl_family();
	open_socket(nl);
}

void nl_close(struct nl *nl)
{
	mnl_socket_close(nl->socket);
}

struct nlmsghdr *nl_begin(struct nl *nl, uint8_t cmd, uint16_t flags)
{
	return begin(nl, nl_family(), cmd, flags);
}

void nl_put(struct nl *nl, uint16_t type, const void *data, size_t len)
{
	mnl_attr_put(nl->nlh, type, len, data);
}

void nl_put_u32(struct nl *nl, uint16_t type, uint32_t value)
{
	mnl_attr_put_u32(nl->nlh, type, value);
}

void nl_put_flag(struct nl *nl, uint16_t type)
{
	mnl_attr_put(nl->nlh, type, 0, NULL);
}

void nl_put_str(struct nl *nl, uint16_t type, const char *text)
{
	mnl_attr_put_strz(nl->nlh, type, text);
}

void nl_send(struct nl *nl)
{
	if (mnl_socket_sendto(nl->socket, nl->nlh, nl->nlh->nlmsg_len) < 0)
		vt_die("send: %s", strerror(errno));
}

void nl_take_key(const struct nlmsghdr *nlh, struct nl_key *key)
{
	const struct nlattr *attr;

	memset(key, 0, sizeof(*key));
	key->gid = TRAITS_GID_ANY;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_ID)
			key->id = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_SIZE)
			key->size = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_GRO)
			key->gro = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_CLONE)
			key->clone = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_NETNS)
			key->netns = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_USER)
			key->user = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_GID)
			key->gid = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_HOLDS)
			key->holds = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_DESCRIPTION)
			strncpy(key->description, mnl_attr_get_str(attr),
				sizeof(key->description) - 1);
		if (mnl_attr_get_type(attr) == TRAITS_A_KEY_NAME)
			strncpy(key->name, mnl_attr_get_str(attr), sizeof(key->name) - 1);
	}
}

void nl_take_error(const struct nlmsghdr *nlh, struct nl_answer *answer)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*error);
	const struct nlattr *attr;

	answer->err = error->error;
	answer->errors++;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	mnl_attr_for_each(attr, nlh, offset) {
		uint16_t type = mnl_attr_get_type(attr);

		if (type == NLMSGERR_ATTR_MSG)
			strncpy(answer->text, mnl_attr_get_str(attr), sizeof(answer->text) - 1);
		/* An offset into the request, which came back with the error. */
		if (type == NLMSGERR_ATTR_OFFS && !(nlh->nlmsg_flags & NLM_F_CAPPED) &&
		    mnl_attr_get_u32(attr) + sizeof(*attr) <= error->msg.nlmsg_len)
			answer->attr = mnl_attr_get_type((void *)&error->msg +
							 mnl_attr_get_u32(attr));
		if (type == NLMSGERR_ATTR_MISS_TYPE)
			answer->missing = mnl_attr_get_u32(attr);
	}
}

bool nl_receive(struct nl *nl, struct nl_answer *answer)
{
	static char buf[65536];
	const struct nlmsghdr *nlh = (void *)buf;
	ssize_t got = mnl_socket_recvfrom(nl->socket, buf, sizeof(buf));
	int left = got;

	if (got < 0)
		vt_die("receive: %s", strerror(errno));
	answer->datagrams++;
	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			answer->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			nl_take_error(nlh, answer);
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			return false;
		if (answer->n == 2 * TRAITS_KEYS_MAX)
			vt_die("an answer without end");
		answer->cmd = ((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd;
		nl_take_key(nlh, &answer->keys[answer->n++]);
	}
	return true;
}

bool nl_silent(struct nl *nl)
{
	char byte;

	return recv(mnl_socket_get_fd(nl->socket), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 &&
	       errno == EAGAIN;
}

void nl_ask(struct nl *nl, struct nl_answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	answer->attr = -1;
	answer->missing = -1;
	nl_send(nl);
	while (nl_receive(nl, answer))
		;
}

int nl_key_add(struct nl *nl, const char *name, uint32_t size, int id, struct nl_key *key)
{
	struct nl_answer answer;

	nl_begin(nl, TRAITS_CMD_KEY_ADD, NLM_F_ACK);
	nl_put_str(nl, TRAITS_A_KEY_NAME, name);
	nl_put_u32(nl, TRAITS_A_KEY_SIZE, size);
	if (id >= 0)
		nl_put_u32(nl, TRAITS_A_KEY_ID, id);
	nl_ask(nl, &answer);
	if (!answer.err && answer.n != 1)
		vt_die("key-add was answered by %d messages", answer.n);
	if (key)
		*key = answer.keys[0];
	return answer.err;
}

int nl_key_del(struct nl *nl, const char *name)
{
	struct nl_answer answer;

	nl_begin(nl, TRAITS_CMD_KEY_DEL, NLM_F_ACK);
	nl_put_str(nl, TRAITS_A_KEY_NAME, name);
	nl_ask(nl, &answer);
	return answer.err;
}

void nl_key_dump(struct nl *nl, struct nl_answer *answer)
{
	nl_begin(nl, TRAITS_CMD_KEY_GET, NLM_F_DUMP);
	nl_ask(nl, answer);
}
