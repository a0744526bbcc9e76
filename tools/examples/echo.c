// SPDX-License-Identifier: GPL-2.0
/*
 * A UDP server that sends each datagram back, with its traits, and tells which ones these are.
 * Of the traits it sees those that it may read (traitctl key set KEY user read), and returns
 * those that it may write, too (user write).
 *
 *	echo PORT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <traits/socket.h>
#include <traits/traits.h>

static void die(const char *what)
{
	fprintf(stderr, "echo: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* For IPv6 and IPv4. */
static int bind_to(unsigned int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), off = 0;
	int both = TRAITS_CMSG_RECV | TRAITS_CMSG_SEND;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (setsockopt(fd, SOL_IP, TRAITS_SO_CMSG, &both, sizeof(both)))
		die("TRAITS_SO_CMSG (is the module traits loaded?)");
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)))
		die("bind");
	return fd;
}

static void print(struct traits_names *names, const struct pkt_trait *trait)
{
	const unsigned char *byte = (const unsigned char *)trait->val;
	const char *name = traits_names_get(names, trait->key);
	int i;

	printf(" %s", name ? name : "?");
	/* The bytes behind a value are 0, and numbers are little-endian. */
	if (trait->len == 4 || trait->len == 8)
		printf("=%llu", (unsigned long long)trait->val[0]);
	else if (trait->len == 16)
		for (i = 0, putchar('='); i < 16; i++)
			printf("%02x", byte[i]);
}

/* The other side may be gone, and then there is nobody to tell. */
static void answer(int fd, struct traits_names *names, struct msghdr *msg)
{
	_Alignas(struct cmsghdr) char control[TRAITS_MSG_SPACE(TRAITS_KEYS_MAX)];
	struct pkt_trait array[TRAITS_KEYS_MAX];
	const struct pkt_trait *got;
	size_t i, n;
	int left;

	got = traits_msg_find(msg, &n);
	if (got)
		memcpy(array, got, n * sizeof(*got));
	printf("%zu bytes, %zu trait%s%s", msg->msg_iov->iov_len, n, n == 1 ? "" : "s",
	       n ? ":" : "");
	for (i = 0; i < n; i++)
		print(names, &array[i]);
	putchar('\n');
	left = traits_sock_writable(fd, array, n);
	msg->msg_control = NULL;
	msg->msg_controllen = 0;
	if (left > 0)
		traits_msg_put(msg, control, array, left);
	msg->msg_flags = 0;
	sendmsg(fd, msg, 0);
}

int main(int argc, char *argv[])
{
	_Alignas(struct cmsghdr) char control[TRAITS_MSG_SPACE(TRAITS_KEYS_MAX)];
	struct traits_names *names = traits_names_open();
	struct sockaddr_in6 from;
	char data[65536];
	ssize_t len;
	int fd;

	if (argc != 2) {
		fputs("usage: echo PORT\n", stderr);
		return 1;
	}
	if (!names)
		die("traits");
	setlinebuf(stdout);
	fd = bind_to(atoi(argv[1]));
	for (;;) {
		struct iovec iov = { data, sizeof(data) };
		struct msghdr msg = {
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control, .msg_controllen = sizeof(control),
		};

		len = recvmsg(fd, &msg, 0);
		if (len < 0)
			die("recvmsg");
		iov.iov_len = len;
		answer(fd, names, &msg);
	}
}
