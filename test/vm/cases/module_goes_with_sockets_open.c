// SPDX-License-Identifier: GPL-2.0
/*
 * module: own
 * Sockets that use traits do not keep the module, but for those that have asked for control
 * messages, until they are closed. Without the module the options are unknown and the sockets
 * go on; with it again they begin anew. When the last of them is closed nothing listens.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "kmod.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

static void talk(int from, int to, const char *what)
{
	char data[4];

	vt_ok(send(from, "data", 4, 0) == 4 && recv(to, data, 4, MSG_WAITALL) == 4, "%s", what);
}

static bool is_traced(const char *function)
{
	char line[64];

	snprintf(line, sizeof(line), "%s ", function);
	return strstr(vt_traced(), line);
}

static bool silent(void *arg)
{
	(void)arg;
	return !is_traced("inet_sock_destruct");
}

static void tcp(void)
{
	struct pkt_trait t[4], got = {}, none = {};
	int listener, client, fd, late, late_client;
	socklen_t len = sizeof(got);

	so_keys(ids);
	so_traits(t, ids, 1);
	client = so_socket(SO_IPV6, SOCK_STREAM, 0);
	vt_eq(so_set_traits(client, TRAITS_SO_SEND, &none, 1), 0, "nothing in place of nothing");
	vt_ok(!is_traced("inet_sock_destruct"), "is nothing to remember: nobody listens");
	close(client);
	listener = so_listener(SO_IPV6, PORT);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	client = so_socket(SO_IPV6, SOCK_STREAM, 0);
	so_set_traits(client, TRAITS_SO_SEND, t, 4);
	so_connect(client, SO_IPV6, PORT);
	fd = so_accept(listener);
	so_set_int(fd, TRAITS_SO_SAVE_DATA, 1);
	talk(client, fd, "with traits");
	so_has(fd, TRAITS_SO_SYN, t, 4, "the SYN's are there");
	so_has(fd, TRAITS_SO_DATA, t, 4, "the data's are there");
	/* A connection that nobody has accepted yet */
	late_client = so_socket(SO_IPV6, SOCK_STREAM, 0);
	so_set_traits(late_client, TRAITS_SO_SYN, t, 4);
	so_connect(late_client, SO_IPV6, PORT);

	vt_unload();
	vt_ok(!*vt_traced(), "unloaded: no function is traced");
	vt_eq(so_get(fd, TRAITS_SO_SYN, &got, &len), ENOPROTOOPT, "reading: no such option");
	vt_eq(so_set_traits(client, TRAITS_SO_SEND, t, 4), ENOPROTOOPT, "setting: no such option");
	vt_eq(so_set_int(listener, TRAITS_SO_SAVE_SYN, 1), ENOPROTOOPT, "nor for the listener");
	talk(client, fd, "the connection works");
	late = so_accept(listener);
	talk(late_client, late, "so does one that is accepted late");
	close(late);

	vt_load();
	so_keys(ids);
	so_has(fd, TRAITS_SO_SYN, t, 0, "loaded again: the old connection has nothing");
	vt_eq(so_get_int(listener, TRAITS_SO_SAVE_SYN), 0, "the listener has forgotten");
	vt_eq(so_set_int(listener, TRAITS_SO_SAVE_SYN, 1), 0, "it asks again");
	vt_ok(is_traced("inet_sock_destruct"), "somebody listens");
	close(late_client);
	late_client = so_socket(SO_IPV6, SOCK_STREAM, 0);
	so_set_traits(late_client, TRAITS_SO_SYN, t, 4);
	so_connect(late_client, SO_IPV6, PORT);
	late = so_accept(listener);
	so_has(late, TRAITS_SO_SYN, t, 4, "and gets what a SYN has");
	close(late);
	close(late_client);
	close(client);
	close(fd);
	close(listener);
	vt_ok(vt_wait_until(silent, NULL, 20000), "all are closed: nobody listens");
	vt_keys_del();
}

static void *blocked(void *arg)
{
	struct so_datagram got;

	so_recv(*(int *)arg, &got, 0);
	return (void *)(long)got.ret;
}

static bool unused(void *arg)
{
	(void)arg;
	return vt_module_users() == 0;
}

static void udp(void)
{
	int from = so_socket(SO_IPV4, SOCK_DGRAM, 0), to = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	struct pkt_trait t[4];
	pthread_t thread;
	void *ret;

	so_keys(ids);
	so_traits(t, ids, 2);
	so_bind(to, SO_IPV4, PORT);
	so_connect(from, SO_IPV4, PORT);
	so_set_traits(from, TRAITS_SO_SEND, t, 4);
	so_set_int(from, TRAITS_SO_CMSG, 0);
	vt_registry_close();
	vt_eq(vt_module_users(), 0, "a sender's traits do not hold the module");
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	vt_eq(vt_module_users(), 1, "control messages do");
	so_set_int(to, TRAITS_SO_CMSG, 0);
	vt_eq(vt_module_users(), 1, "also when they were switched off again");
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	vt_eq(vt_module_users(), 1, "and once for each socket");
	vt_eq(vt_try_unload(), EWOULDBLOCK, "so it cannot be unloaded");

	/* A receiver that waits is woken by its socket's end. */
	if (pthread_create(&thread, NULL, blocked, &to))
		vt_die("pthread_create: %s", strerror(errno));
	usleep(200000);
	shutdown(to, SHUT_RDWR);
	close(to);
	pthread_join(thread, &ret);
	vt_eq((long)ret, 0, "closed while somebody receives");
	vt_ok(vt_wait_until(unused, NULL, 20000), "the closed socket holds it no more");
	vt_unload();
	vt_eq(send(from, "x", 1, 0), 1, "the sender goes on");
	close(from);
}

int main(void)
{
	so_netns();
	vt_load();
	tcp();
	udp();
	return vt_done();
}
