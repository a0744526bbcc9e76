// SPDX-License-Identifier: GPL-2.0
/*
 * A relay for TCP that passes traits on without knowing any of them: what the SYN of an accepted
 * connection had is on each packet of the connection that is made for it. Traits that this
 * process may not read (traitctl key set KEY user read), or not write, are left out.
 *
 *	relay PORT HOST HOST-PORT
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <traits/socket.h>

static void die(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* For IPv6 and IPv4. The option is for the listener, before connections come. */
static int listen_on(unsigned int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_STREAM, 0), on = 1, off = 0;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (setsockopt(fd, SOL_IP, TRAITS_SO_SAVE_SYN, &on, sizeof(on)))
		die("TRAITS_SO_SAVE_SYN (is the module traits loaded?)");
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 128))
		die("listen");
	return fd;
}

/* The traits are set before connect(), so that its SYN has them already. */
static int connect_for(int in, const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM, 0);
	int n = traits_sock_copy(in, TRAITS_SO_SYN, fd, TRAITS_SO_SEND);

	if (n < 0)
		fprintf(stderr, "relay: traits: %s\n", strerror(-n));
	else
		printf("connection with %d trait%s\n", n, n == 1 ? "" : "s");
	if (connect(fd, to->ai_addr, to->ai_addrlen))
		die("connect");
	return fd;
}

/* Moves what one has to the other; false when it has sent all that it will. */
static int move(int from, int to)
{
	char buf[65536];
	ssize_t n = read(from, buf, sizeof(buf)), done, len;

	for (done = 0; done < n; done += len) {
		len = write(to, buf + done, n - done);
		if (len < 0)
			die("write");
	}
	if (n <= 0)
		shutdown(to, SHUT_WR);
	return n > 0;
}

static void relay(int in, int out)
{
	struct pollfd p[2] = { { in, POLLIN }, { out, POLLIN } };

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 2, -1) < 0)
			die("poll");
		if (p[0].revents && !move(in, out))
			p[0].fd = -1;
		if (p[1].revents && !move(out, in))
			p[1].fd = -1;
	}
}

int main(int argc, char *argv[])
{
	struct addrinfo *to, hints = { .ai_socktype = SOCK_STREAM };
	int listener, in, err;

	if (argc != 4) {
		fputs("usage: relay PORT HOST HOST-PORT\n", stderr);
		return 1;
	}
	err = getaddrinfo(argv[2], argv[3], &hints, &to);
	if (err) {
		fprintf(stderr, "relay: %s: %s\n", argv[2], gai_strerror(err));
		return 1;
	}
	setlinebuf(stdout);
	signal(SIGCHLD, SIG_IGN);
	listener = listen_on(atoi(argv[1]));
	for (;;) {
		in = accept(listener, NULL, NULL);
		/* A client may be gone again already. */
		if (in < 0 && errno == ECONNABORTED)
			continue;
		if (in < 0)
			die("accept");
		if (!fork()) {
			relay(in, connect_for(in, to));
			return 0;
		}
		close(in);
	}
}
