// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation of each call fails once: the call then says so and has changed nothing, or it
 * did what the kernel does without traits, and what is lost is counted. Never are there wrong
 * traits, nor is anything left when the sockets are closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/traits.h>

#include "kmod.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];
static struct pkt_trait t[4], other[4];
/* Of vt_nomem */
static void parameter(const char *name, unsigned int value)
{
	char file[64], text[16];

	snprintf(file, sizeof(file), "/sys/module/vt_nomem/parameters/%s", name);
	snprintf(text, sizeof(text), "%u", value);
	vt_write_file(file, text);
}

static void arm(unsigned int nth)
{
	parameter("nth", nth);
	parameter("seen", 0);
	parameter("failed", 0);
	prctl(PR_SET_NAME, "nomem");
}

/* Did an allocation fail since? */
static bool disarm(void)
{
	unsigned int failed;
	FILE *f;

	prctl(PR_SET_NAME, "case");
	f = fopen("/sys/module/vt_nomem/parameters/failed", "r");
	if (!f || fscanf(f, "%u", &failed) != 1)
		vt_die("parameter of vt_nomem: %s", strerror(errno));
	fclose(f);
	return failed;
}

/* More than any of these calls allocates */
#define MANY 200

/* A socket of @type, with @other as its traits, is to have @t or another int. */
static void setting(int type, int option, int val, const char *what)
{
	unsigned int nth, refused = 0, fd, err, intact = 0, done = 0;
	struct pkt_trait got[4];
	socklen_t len;

	for (nth = 0; nth < MANY; nth++) {
		fd = so_socket(SO_IPV4, type, 0);
		if (!val)
			so_set_traits(fd, option, other, 4);
		arm(nth);
		err = val ? so_set_int(fd, option, val) : so_set_traits(fd, option, t, 4);
		if (!disarm()) {
			done = !err;
			close(fd);
			break;
		}
		refused += err == ENOMEM;
		got[0].key = TRAITS_KEY_WILDCARD;
		len = sizeof(got);
		if (val)
			intact += so_get_int(fd, option) == 0;
		else
			intact += !so_get(fd, option, got, &len) && len == sizeof(other) &&
				  !memcmp(got, other, len);
		close(fd);
	}
	vt_ok(done, "%s: without failures it is done", what);
	vt_ok(nth > 0, "%s: there are %u allocations", what, nth);
	vt_eq(refused, nth, "%s: each failure is told", what);
	vt_eq(intact, nth, "%s: and has changed nothing", what);
}

static void reading(void)
{
	int fd = so_socket(SO_IPV4, SOCK_STREAM, 0);
	unsigned int nth, refused = 0;
	struct pkt_trait got[4];
	socklen_t len;
	int err;

	so_set_traits(fd, TRAITS_SO_SYN, t, 4);
	for (nth = 0; nth < MANY; nth++) {
		got[0].key = TRAITS_KEY_WILDCARD;
		len = sizeof(got);
		arm(nth);
		err = so_get(fd, TRAITS_SO_SYN, got, &len);
		if (!disarm())
			break;
		refused += err == ENOMEM;
	}
	vt_ok(nth > 0 && refused == nth, "reading: %u failures, %u are told", nth, refused);
	so_same(got, err ? -err : 4, t, 4, "reading: without failures all is there");
	close(fd);
}

/* What came with a packet is all that was sent, or nothing, and then that was counted. */
static bool right_or_lost(const struct pkt_trait *got, int n, unsigned long long *lost)
{
	unsigned long long before = *lost;

	*lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
	if (n == 4)
		return !memcmp(got, t, sizeof(t)) && *lost == before;
	return n <= 0 && *lost == before + 1;
}

static void sending(void)
{
	int from = so_socket(SO_IPV4, SOCK_DGRAM, 0), to = so_socket(SO_IPV4, SOCK_DGRAM, 0), ret;
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_SOCKET), first = lost;
	unsigned int nth, wrong = 0;
	struct so_datagram got;
	bool failed;

	so_bind(to, SO_IPV4, PORT);
	so_connect(from, SO_IPV4, PORT);
	so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	for (nth = 0; nth < MANY; nth++) {
		arm(nth);
		ret = so_send(from, NULL, 0, "datagram", 8, t, 4, 0);
		failed = disarm();
		so_recv(to, &got, MSG_DONTWAIT);
		if (got.ret == 8)
			wrong += !right_or_lost(got.t, got.n, &lost);
		else
			wrong += ret == 8 && !failed;
		if (!failed)
			break;
	}
	vt_ok(nth > 0 && nth < MANY, "sending: %u allocations", nth);
	vt_eq(wrong, 0, "sending: each datagram has all or nothing, and that is counted");
	vt_ok(lost > first, "sending: without a new head traits were lost");
	so_same(got.t, got.n, t, 4, "sending: without failures they are there");
	close(from);
	close(to);
}

static void connecting(void)
{
	int listener = so_listener(SO_IPV4, PORT), client, fd = -1;
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_SOCKET), first = lost;
	struct linger now_or_never = { .l_onoff = 1 };
	unsigned int nth, wrong = 0, accepted = 0;
	struct sockaddr_storage address;
	struct pkt_trait got[4];
	socklen_t address_len, len;
	bool failed = true;

	so_address(SO_IPV4, PORT, &address, &address_len);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	fcntl(listener, F_SETFL, O_NONBLOCK);
	for (nth = 0; nth < MANY && failed; nth++) {
		client = so_socket(SO_IPV4, SOCK_STREAM, 0);
		fcntl(client, F_SETFL, O_NONBLOCK);
		so_set_traits(client, TRAITS_SO_SYN, t, 4);
		setsockopt(client, SOL_SOCKET, SO_LINGER, &now_or_never, sizeof(now_or_never));
		arm(nth);
		/* The handshake is done in here, unless one of the kernel's own allocations fails. */
		connect(client, (void *)&address, address_len);
		failed = disarm();
		fd = accept(listener, NULL, NULL);
		if (fd >= 0) {
			accepted++;
			got[0].key = TRAITS_KEY_WILDCARD;
			len = sizeof(got);
			if (so_get(fd, TRAITS_SO_SYN, got, &len))
				wrong++;
			else
				wrong += !right_or_lost(got, len / sizeof(got[0]), &lost);
			close(fd);
		} else {
			wrong += !failed;
			/* The SYN may have had a loss before the kernel gave it up. */
			lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
		}
		close(client);
	}
	vt_ok(nth > 1 && !failed, "connecting: %u allocations", nth - 1);
	vt_ok(accepted > 1, "connecting: %u connections nevertheless", accepted);
	vt_eq(wrong, 0, "connecting: each SYN has all or nothing, and that is counted");
	vt_ok(lost > first, "connecting: traits were lost");
	close(listener);
}

static bool silent(void *arg)
{
	(void)arg;
	return !strstr(vt_traced(), "inet_sock_destruct ");
}

int main(void)
{
	int all, tcp;

	vt_insmod("vt_nomem");
	so_netns();
	so_keys(ids);
	so_traits(t, ids, 1);
	so_traits(other, ids, 2);
	/* So that everything that serves sockets is there */
	all = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	tcp = so_socket(SO_IPV4, SOCK_STREAM, 0);
	so_set_int(all, TRAITS_SO_CMSG, 3);
	so_set_int(tcp, TRAITS_SO_SAVE_SYN, 1);
	so_set_int(tcp, TRAITS_SO_SAVE_DATA, 1);
	so_set_traits(tcp, TRAITS_SO_SEND, t, 4);

	setting(SOCK_STREAM, TRAITS_SO_SYN, 0, "traits of the SYN");
	setting(SOCK_DGRAM, TRAITS_SO_SEND, 0, "traits of each packet");
	setting(SOCK_STREAM, TRAITS_SO_SAVE_DATA, 1, "keep traits of data");
	setting(SOCK_DGRAM, TRAITS_SO_CMSG, 3, "control messages");
	reading();
	sending();
	connecting();
	close(all);
	close(tcp);
	vt_run("rmmod vt_nomem");
	vt_ok(vt_wait_until(silent, NULL, 20000), "all are closed: nobody listens");
	vt_keys_del();
	return vt_done();
}
