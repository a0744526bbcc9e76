// SPDX-License-Identifier: GPL-2.0
/*
 * A cable between two network devices of one QEMU:
 *
 *	nic-cable SOCKET SOCKET
 *
 * Listens on two unix sockets, to which -netdev stream connects, and passes on what comes, in both
 * directions. It reads no more than the other end takes: nothing is lost, and all stays in order. Ends when
 * one end has left.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct end {
	int fd;
	char data[65536];	/* what came from here, and has to go to the other one */
	size_t start, len;
};

static void die(const char *what)
{
	fprintf(stderr, "nic-cable: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(address.sun_path, path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		die(path);
	return fd;
}

static bool must_wait(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* False if this end has left. */
static bool take(struct end *end)
{
	ssize_t n = recv(end->fd, end->data, sizeof(end->data), 0);

	if (n < 0 && must_wait())
		return true;
	end->start = 0;
	end->len = n > 0 ? n : 0;
	return n > 0;
}

static bool give(struct end *from, const struct end *to)
{
	ssize_t n = send(to->fd, from->data + from->start, from->len, MSG_NOSIGNAL);

	if (n < 0)
		return must_wait();
	from->start += n;
	from->len -= n;
	return true;
}

static bool pass(struct end *from, const struct end *to)
{
	return (from->len || take(from)) && (!from->len || give(from, to));
}

int main(int argc, char **argv)
{
	static struct end end[2];
	struct pollfd p[2];
	int listening[2], i;

	if (argc != 3) {
		fprintf(stderr, "usage: nic-cable SOCKET SOCKET\n");
		return 2;
	}
	for (i = 0; i < 2; i++)
		listening[i] = listen_at(argv[i + 1]);
	for (i = 0; i < 2; i++) {
		end[i].fd = accept4(listening[i], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (end[i].fd < 0)
			die(argv[i + 1]);
	}
	do {
		/* An end is read when what it sent before is gone. */
		for (i = 0; i < 2; i++) {
			p[i].fd = end[i].fd;
			p[i].events = (end[i].len ? 0 : POLLIN) | (end[!i].len ? POLLOUT : 0);
		}
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			die("poll");
	} while (pass(&end[0], &end[1]) && pass(&end[1], &end[0]));
	return 0;
}
