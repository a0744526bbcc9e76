// SPDX-License-Identifier: GPL-2.0

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vt.h"

/* Each 8 bytes of the stream hold their own place in it. */
static uint64_t chunk[8192];

static void fill(uint64_t offset)
{
	size_t i;

	for (i = 0; i < sizeof(chunk) / sizeof(chunk[0]); i++)
		chunk[i] = (offset + i * 8) * 0x9e3779b97f4a7c15ULL;
}

static void limit(int fd)
{
	struct timeval minute = { .tv_sec = 60 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof(minute));
}

static void send_all(const char *ns, struct sockaddr_in *to, unsigned long long bytes)
{
	unsigned long long sent;
	size_t n, part;
	int fd;

	vt_ns_enter(ns);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	limit(fd);
	if (connect(fd, (void *)to, sizeof(*to)))
		vt_die("connect: %s", strerror(errno));
	for (sent = 0; sent < bytes; sent += n) {
		n = bytes - sent < sizeof(chunk) ? bytes - sent : sizeof(chunk);
		fill(sent);
		for (part = 0; part < n;) {
			ssize_t ret = send(fd, (char *)chunk + part, n - part, MSG_NOSIGNAL);

			if (ret <= 0)
				vt_die("send: %s", strerror(errno));
			part += ret;
		}
	}
	close(fd);
}

static void receive_all(int listener, unsigned long long bytes)
{
	int fd = accept(listener, NULL, NULL);
	static uint64_t got[8192];
	unsigned long long received;
	size_t n, part;

	if (fd < 0)
		vt_die("accept: %s", strerror(errno));
	limit(fd);
	for (received = 0; received < bytes; received += n) {
		n = bytes - received < sizeof(got) ? bytes - received : sizeof(got);
		for (part = 0; part < n;) {
			ssize_t ret = recv(fd, (char *)got + part, n - part, 0);

			if (ret <= 0)
				vt_die("received %llu bytes of %llu: %s", received + part, bytes,
				       ret ? strerror(errno) : "end of stream");
			part += ret;
		}
		fill(received);
		if (memcmp(got, chunk, n))
			vt_die("a byte is wrong between %llu and %llu", received, received + n);
	}
	vt_ok(recv(fd, got, 1, 0) == 0, "%llu bytes arrived intact", bytes);
	close(fd);
}

void vt_tcp_transfer(const char *from, const char *to, const char *address, unsigned int port,
		     unsigned long long bytes)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons(port) };
	int here = vt_ns_enter(to), listener = socket(AF_INET, SOCK_STREAM, 0), status, one = 1;
	pid_t sender;

	inet_pton(AF_INET, address, &where.sin_addr);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	limit(listener);
	if (bind(listener, (void *)&where, sizeof(where)) || listen(listener, 1))
		vt_die("listening on %s: %s", address, strerror(errno));
	fflush(stdout);
	sender = fork();
	if (!sender) {
		send_all(from, &where, bytes);
		_exit(0);
	}
	receive_all(listener, bytes);
	close(listener);
	vt_ns_leave(here);
	if (sender < 0 || waitpid(sender, &status, 0) != sender || status)
		vt_die("the sender failed");
}
