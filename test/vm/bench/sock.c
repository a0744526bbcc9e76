// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets on a loopback device, with and without traits. Bursts of datagrams are sent, which
 * includes what the receiving end of the device does, and then received with recvmsg(); and
 * connections are made, accepted and closed. Of many bursts the one counts that took least, in
 * which no interrupt came.
 */

#include "cost.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/traits.h>

#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT	7000
#define BURST	64
#define TRAITS	4

static struct pkt_trait traits[TRAITS];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void keep_least(double *least, double start, unsigned int n)
{
	double took = (now() - start) / n;

	if (!*least || took < *least)
		*least = took;
}

void cost_sockets_make(void)
{
	vt_run("ip netns add sockets");
	vt_run("ip -n sockets link set lo up");
}

static void open_keys(void)
{
	unsigned int i;
	char name[8];

	for (i = 0; i < TRAITS; i++) {
		snprintf(name, sizeof(name), "k%u", i);
		so_key_user(name, TRAITS_USER_WRITE);
		traits[i] = so_trait(i, 8, i);
	}
}

static void must(int err, const char *what)
{
	if (err)
		vt_die("%s: %s", what, strerror(err));
}

static void datagrams(struct cost_socket *cost, enum cost_option option, unsigned int rounds)
{
	int from = so_socket(SO_IPV4, SOCK_DGRAM, 0), to = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	unsigned int i, round, want = option == COST_TRAITS ? TRAITS : 0;
	struct so_datagram got;
	int bytes = 4 << 20;
	double start;

	so_bind(to, SO_IPV4, PORT);
	so_connect(from, SO_IPV4, PORT);
	setsockopt(to, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (option >= COST_ASKED) {
		must(so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV), "TRAITS_SO_CMSG");
		must(so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND), "TRAITS_SO_CMSG");
	}
	if (option == COST_TRAITS)
		must(so_set_traits(from, TRAITS_SO_SEND, traits, TRAITS), "TRAITS_SO_SEND");
	for (round = 0; round < rounds; round++) {
		start = now();
		for (i = 0; i < BURST; i++)
			so_send(from, NULL, 0, "datagram", 8, NULL, 0, 0);
		keep_least(&cost->send, start, BURST);
		start = now();
		for (i = 0; i < BURST; i++)
			so_recv(to, &got, MSG_DONTWAIT);
		keep_least(&cost->receive, start, BURST);
		if (got.ret != 8 || (got.n > 0 ? got.n : 0) != (int)want)
			vt_die("datagram of %d bytes with %d traits", got.ret, got.n);
	}
	close(from);
	close(to);
}

static void connections(struct cost_socket *cost, enum cost_option option, unsigned int rounds)
{
	int listener = so_listener(SO_IPV4, PORT), client, fd;
	struct linger now_or_never = { .l_onoff = 1 };
	unsigned int round, want = option == COST_TRAITS ? TRAITS : 0;
	struct pkt_trait got[TRAITS];
	double start;
	socklen_t len;

	if (option >= COST_ASKED)
		must(so_set_int(listener, TRAITS_SO_SAVE_SYN, 1), "TRAITS_SO_SAVE_SYN");
	for (round = 0; round < rounds; round++) {
		client = so_socket(SO_IPV4, SOCK_STREAM, 0);
		if (option == COST_TRAITS)
			must(so_set_traits(client, TRAITS_SO_SYN, traits, TRAITS), "TRAITS_SO_SYN");
		/* So that no port has to wait */
		setsockopt(client, SOL_SOCKET, SO_LINGER, &now_or_never, sizeof(now_or_never));
		start = now();
		so_connect(client, SO_IPV4, PORT);
		fd = so_accept(listener);
		keep_least(&cost->connection, start, 1);
		if (option >= COST_ASKED) {
			got[0].key = TRAITS_KEY_WILDCARD;
			len = sizeof(got);
			start = now();
			must(so_get(fd, TRAITS_SO_SYN, got, &len), "TRAITS_SO_SYN");
			keep_least(&cost->read, start, 1);
			if (len != want * sizeof(got[0]))
				vt_die("%u bytes of traits", len);
		}
		close(client);
		close(fd);
	}
	close(listener);
}

struct cost_socket cost_socket(enum cost_option option, unsigned int rounds)
{
	struct cost_socket cost = {};
	int here;

	if (option >= COST_ASKED)
		open_keys();
	here = vt_ns_enter("sockets");
	datagrams(&cost, option, rounds);
	connections(&cost, option, rounds);
	vt_ns_leave(here);
	return cost;
}
