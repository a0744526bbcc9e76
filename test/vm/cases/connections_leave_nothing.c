// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 240
 * Threads connect, set, accept, read and close all at once, on listeners that they share: each
 * connection has the traits of its own SYN, none those of another; the kernel has no more
 * memory in use than before; and when all is closed, the module remembers no socket and no
 * request, and so listens to none. VT_CONNECTIONS= says how many connections; make check-long
 * has a million.
 */
#include <errno.h>
#include <glob.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "kmod.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define THREADS	64
#define CHANGERS 8
#define PORT	7000
#define WARM_UP	4	/* rounds that are not looked at */

static unsigned int ids[4], rounds;
static int listeners[2], shared;
static atomic_uint right, wrong, failed, torn, accepted[2];

/* Sends its number, and has it in its SYN's traits; each fourth has none. */
static void connect_once(unsigned int number)
{
	int fd = so_socket(number & 1 ? SO_IPV6 : SO_IPV4, SOCK_STREAM, 0);
	struct linger now = { .l_onoff = 1 };
	struct sockaddr_storage address;
	struct pkt_trait t[4];
	socklen_t len;

	so_traits(t, ids, number);
	memcpy(t[3].val, &number, 4);
	if (number % 4 && so_set_traits(fd, TRAITS_SO_SYN, t, 4))
		failed++;
	if (number % 3 == 0 && so_set_traits(fd, TRAITS_SO_SEND, t, 2))
		failed++;
	so_address(number & 1 ? SO_IPV6 : SO_IPV4, PORT, &address, &len);
	if (connect(fd, (void *)&address, len) || send(fd, &number, 4, MSG_NOSIGNAL) != 4)
		failed++;
	/* Some end in a reset, so that no port has to wait. */
	if (recv(fd, t, 1, 0) != 1)
		failed++;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static void *connects(void *arg)
{
	unsigned int first = (unsigned long)arg * rounds, i;

	for (i = 0; i < rounds; i++)
		connect_once(first + i);
	return NULL;
}

static bool is_right(int fd, unsigned int number)
{
	struct pkt_trait got[4], want[4];
	socklen_t len = sizeof(got);
	unsigned int n = number % 4 ? 4 : number % 3 ? 0 : 2;

	got[0].key = TRAITS_KEY_WILDCARD;
	if (so_get(fd, TRAITS_SO_SYN, got, &len) || len != n * sizeof(got[0]))
		return false;
	so_traits(want, ids, number);
	memcpy(want[3].val, &number, 4);
	return !memcmp(got, want, len);
}

static void *accepts(void *arg)
{
	int which = (unsigned long)arg & 1, fd;
	unsigned int number;

	/* Half of the connections are to each listener. */
	while (accepted[which]++ < THREADS / 4 * rounds) {
		fd = accept(listeners[which], NULL, NULL);
		if (fd < 0 || recv(fd, &number, 4, MSG_WAITALL) != 4) {
			failed++;
		} else {
			if (is_right(fd, number))
				right++;
			else
				wrong++;
			send(fd, "", 1, MSG_NOSIGNAL);
		}
		close(fd);
	}
	return NULL;
}

/* What the shared socket has is what one of them has set, and not a part of it. */
static bool is_whole(void)
{
	struct pkt_trait got[4], want[4];
	socklen_t len = sizeof(got);
	unsigned int i;

	got[0].key = TRAITS_KEY_WILDCARD;
	if (so_get(shared, TRAITS_SO_SEND, got, &len))
		return false;
	for (i = 0; i < CHANGERS && len; i++) {
		so_traits(want, ids, THREADS + i);
		if (!memcmp(got, want, len))
			return true;
	}
	return !len;
}

/* Options of one socket that many change while it sends */
static void *changes(void *arg)
{
	struct pkt_trait t[4];
	unsigned int i;

	for (i = 0; i < 160; i++) {
		so_traits(t, ids, (unsigned long)arg);
		so_set_traits(shared, TRAITS_SO_SEND, t, 1 + i % 4);
		so_set_int(shared, TRAITS_SO_CMSG, i % 4);
		so_send(shared, NULL, 0, "x", 1, t, i % 5, MSG_DONTWAIT);
		recv(shared, t, 1, MSG_DONTWAIT);
		torn += !is_whole();
	}
	return NULL;
}

static bool silent(void *arg)
{
	(void)arg;
	return !strstr(vt_traced(), "inet_sock_destruct ");
}

/* Objects in use in all caches of kmalloc(), of which each CPU has given back what it kept */
static unsigned long long objects(void)
{
	unsigned long long sum = 0, n;
	char file[256];
	glob_t caches;
	size_t i;
	FILE *f;

	if (glob("/sys/kernel/slab/kmalloc-*", 0, NULL, &caches))
		vt_die("no caches of kmalloc()");
	for (i = 0; i < caches.gl_pathc; i++) {
		snprintf(file, sizeof(file), "%s/shrink", caches.gl_pathv[i]);
		vt_write_file(file, "1");
		snprintf(file, sizeof(file), "%s/objects", caches.gl_pathv[i]);
		f = fopen(file, "r");
		if (!f || fscanf(f, "%llu", &n) != 1)
			vt_die("%s: %s", file, strerror(errno));
		fclose(f);
		sum += n;
	}
	globfree(&caches);
	return sum;
}

/* Half of the threads make @n connections each, and the others accept them. */
static void run(unsigned int n)
{
	pthread_t threads[THREADS + CHANGERS];
	unsigned long i;

	rounds = n;
	right = 0;
	accepted[0] = accepted[1] = 0;
	for (i = 0; i < THREADS + CHANGERS; i++) {
		void *(*work)(void *) = i >= THREADS ? changes : i < THREADS / 2 ? connects : accepts;

		if (pthread_create(&threads[i], NULL, work, (void *)i))
			vt_die("pthread_create: %s", strerror(errno));
	}
	for (i = 0; i < THREADS + CHANGERS; i++)
		pthread_join(threads[i], NULL);
	vt_eq(right, THREADS / 2 * n, "all of %u connections have their own traits", THREADS / 2 * n);
}

static unsigned long long before;

/* Less than an object more for each fourth connection; the kernel frees some of it a while later. */
static bool flat(void *arg)
{
	unsigned long long now = objects();

	(void)arg;
	vt_note("%llu objects, %llu before", now, before);
	return now < before + THREADS / 2 * rounds / 4;
}

int main(void)
{
	const char *connections = getenv("VT_CONNECTIONS");
	unsigned int n = connections ? atoi(connections) / (THREADS / 2) : 40;
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
	int i;

	so_netns();
	vt_run("sysctl -qw net.ipv4.tcp_max_syn_backlog=4096");
	so_keys(ids);
	for (i = 0; i < 2; i++) {
		listeners[i] = so_listener(i ? SO_IPV6 : SO_IPV4, PORT);
		so_set_int(listeners[i], TRAITS_SO_SAVE_SYN, 1);
	}
	shared = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	so_bind(shared, SO_IPV4, PORT + 1);
	so_connect(shared, SO_IPV4, PORT + 1);
	run(WARM_UP);
	before = objects();
	run(n);
	vt_eq(failed, 0, "nothing failed");
	vt_eq(wrong, 0, "no connection has another's traits");
	vt_eq(torn, 0, "nor has the shared socket traits of two");
	vt_eq(vt_stat(TRAITS_STAT_LOST_SOCKET), lost, "nothing was lost");
	vt_ok(vt_wait_until(flat, NULL, 30000), "no more memory is in use than before");
	vt_ok(!silent(NULL), "while sockets are open somebody listens");
	close(shared);
	close(listeners[0]);
	close(listeners[1]);
	vt_ok(vt_wait_until(silent, NULL, 20000), "all are closed: nobody listens");
	vt_keys_del();
	return vt_done();
}
