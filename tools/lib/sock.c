// SPDX-License-Identifier: LGPL-2.1 OR BSD-2-Clause
/* Traits of a socket's packets. */

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <traits/socket.h>
#include <traits/traits.h>

/* SOL_IP is for all sockets but raw ones of IPv6, which know SOL_IPV6 alone. */
static int level_of(int fd)
{
	int type = 0, domain = 0;
	socklen_t len = sizeof(int);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	len = sizeof(int);
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
	return type == SOCK_RAW && domain == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
}

int traits_sock_named(struct traits *t, const char *name, struct pkt_trait *trait)
{
	struct traits_key key;
	int err = traits_key_get(t, name, &key);

	if (err)
		return err;
	*trait = (struct pkt_trait){ .key = key.id };
	return key.size;
}

void traits_sock_value(struct pkt_trait *trait, const void *val, size_t size)
{
	memset(trait->val, 0, sizeof(trait->val));
	if (size)
		memcpy(trait->val, val, size);
	trait->len = size ? size : TRAITS_LEN_FLAG;
}

int traits_sock_get(int fd, int option, struct pkt_trait *array, size_t n)
{
	socklen_t len = n * sizeof(*array);

	return getsockopt(fd, level_of(fd), option, array, &len) ? -errno : 0;
}

int traits_sock_dump(int fd, int option, struct pkt_trait *array, size_t n)
{
	socklen_t len = n * sizeof(*array);

	if (!n)
		return -EINVAL;
	array[0] = (struct pkt_trait){ .key = TRAITS_KEY_WILDCARD };
	if (getsockopt(fd, level_of(fd), option, array, &len))
		return -errno;
	return len / sizeof(*array);
}

int traits_sock_set(int fd, int option, struct pkt_trait *array, size_t n)
{
	socklen_t len = n * sizeof(*array);
	int level = level_of(fd);

	if (!setsockopt(fd, level, option, array, len))
		return 0;
	if (errno != EIO)
		return -errno;
	/* A key may have been opened meanwhile, and then the check finds nothing. */
	getsockopt(fd, level, TRAITS_SO_CHECK, array, &len);
	return -EIO;
}

/* Those that are refused go behind the others, of which there are so many. */
static size_t sort(struct pkt_trait *array, size_t n)
{
	struct pkt_trait refused[TRAITS_KEYS_MAX];
	size_t i, left = 0, out = 0;

	for (i = 0; i < n; i++) {
		if (array[i].io_err)
			refused[out++] = array[i];
		else
			array[left++] = array[i];
	}
	memcpy(array + left, refused, out * sizeof(*array));
	return left;
}

int traits_sock_writable(int fd, struct pkt_trait *array, size_t n)
{
	size_t left;
	int err;

	if (!n)
		return 0;
	if (n > TRAITS_KEYS_MAX)
		return -EINVAL;
	err = traits_sock_get(fd, TRAITS_SO_CHECK, array, n);
	if (err && err != -EIO)
		return err;
	left = sort(array, n);
	/* Each refusal has its reason. */
	return err && left == n ? err : (int)left;
}

int traits_sock_set_writable(int fd, int option, struct pkt_trait *array, size_t n)
{
	int left = traits_sock_writable(fd, array, n), now, err;
	/* An array of nothing: there is none without elements. */
	struct pkt_trait none = {};

	while (left > 0) {
		err = traits_sock_set(fd, option, array, left);
		if (err != -EIO)
			return err ?: left;
		/* A key was closed after it had been asked about; it may be open again. */
		now = sort(array, left);
		if (now == left)
			return -EIO;
		left = now;
	}
	return left ?: traits_sock_set(fd, option, &none, 1);
}

int traits_sock_copy(int from, int from_option, int to, int to_option)
{
	struct pkt_trait array[TRAITS_KEYS_MAX];
	int n = traits_sock_dump(from, from_option, array, TRAITS_KEYS_MAX);

	return n < 0 ? n : traits_sock_set_writable(to, to_option, array, n);
}

const struct pkt_trait *traits_msg_find(struct msghdr *msg, size_t *n)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_TRAITS || cmsg->cmsg_type != TRAITS_CM)
			continue;
		*n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(struct pkt_trait);
		return (const struct pkt_trait *)CMSG_DATA(cmsg);
	}
	*n = 0;
	return NULL;
}

int traits_msg_get(struct msghdr *msg, unsigned int key, void *val, size_t size)
{
	const struct pkt_trait *array;
	struct pkt_trait trait;
	size_t i, n, len;

	array = traits_msg_find(msg, &n);
	for (i = 0; i < n; i++) {
		memcpy(&trait, array + i, sizeof(trait));
		if (trait.key != key)
			continue;
		len = trait.len == TRAITS_LEN_FLAG ? 0 : trait.len;
		if (len > size)
			return -ENOSPC;
		memcpy(val, trait.val, len);
		return len;
	}
	return -ENOENT;
}

void traits_msg_put(struct msghdr *msg, void *buf, const struct pkt_trait *array, size_t n)
{
	struct cmsghdr *cmsg = buf;

	memset(buf, 0, TRAITS_MSG_SPACE(n));
	cmsg->cmsg_level = SOL_TRAITS;
	cmsg->cmsg_type = TRAITS_CM;
	cmsg->cmsg_len = CMSG_LEN(n * sizeof(*array));
	memcpy(CMSG_DATA(cmsg), array, n * sizeof(*array));
	msg->msg_control = buf;
	msg->msg_controllen = TRAITS_MSG_SPACE(n);
}
