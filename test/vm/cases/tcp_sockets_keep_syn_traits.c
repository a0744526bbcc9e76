// SPDX-License-Identifier: GPL-2.0
/*
 * The traits of a SYN come from the socket that connects, and are read from the one that is
 * accepted: over IPv4, IPv6 and IPv4 on a socket of IPv6, with TCP Fast Open, and when the
 * socket belongs to another process meanwhile. SYN cookies lose them, and that is counted.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/traits.h>

#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

/* A connection from a socket with these traits on its SYN; returns the accepted one. */
static int connected(enum so_way way, int listener, unsigned int port, const struct pkt_trait *t,
		     unsigned int n, int *client)
{
	int fd = so_socket(way, SOCK_STREAM, 0);

	if (n && so_set_traits(fd, TRAITS_SO_SYN, t, n))
		vt_die("TRAITS_SO_SYN: %s", strerror(errno));
	so_connect(fd, way, port);
	*client = fd;
	return so_accept(listener);
}

static void way_keeps(enum so_way way)
{
	struct pkt_trait t[4], other[4], absent[2] = { { .key = ids[1] }, { .key = ids[3] } };
	const char *name = so_way_name[way];
	int listener = so_listener(way, PORT), client, fd, late, late_client;
	struct pkt_trait got[4];

	so_traits(t, ids, 1);
	so_traits(other, ids, 2);
	fd = connected(way, listener, PORT, t, 4, &client);
	so_has(fd, TRAITS_SO_SYN, t, 0, "%s: nothing is kept for a listener that did not ask", name);
	close(fd);
	close(client);

	vt_eq(so_set_int(listener, TRAITS_SO_SAVE_SYN, 1), 0, "%s: the listener asks", name);
	vt_eq(so_get_int(listener, TRAITS_SO_SAVE_SYN), 1, "%s: and can see that", name);
	fd = connected(way, listener, PORT, t, 4, &client);
	so_has(fd, TRAITS_SO_SYN, t, 4, "%s: all four of the SYN", name);
	so_has(client, TRAITS_SO_SYN, t, 4, "%s: the other end still has what it sent", name);
	vt_eq(so_set_int(client, TRAITS_SO_SAVE_SYN, 1), 0, "%s: asked on a connection", name);
	so_has(client, TRAITS_SO_SYN, t, 4, "%s: it changes nothing", name);
	vt_eq(so_set_traits(client, TRAITS_SO_SYN, other, 4), EOPNOTSUPP,
	      "%s: too late for another SYN", name);
	vt_eq(so_set_traits(fd, TRAITS_SO_SYN, other, 4), EOPNOTSUPP,
	      "%s: there was one already", name);
	vt_eq(so_set_traits(listener, TRAITS_SO_SYN, other, 4), EOPNOTSUPP,
	      "%s: a listener sends none", name);

	late = connected(way, listener, PORT, other + 1, 1, &late_client);
	so_has(late, TRAITS_SO_SYN, other + 1, 1, "%s: one of the next SYN", name);
	so_has(fd, TRAITS_SO_SYN, t, 4, "%s: the first connection has its own", name);
	memcpy(got, absent, sizeof(absent));
	vt_eq(so_get_traits(late, TRAITS_SO_SYN, got, 2), 0, "%s: one of two is there", name);
	vt_ok(!memcmp(got, other + 1, sizeof(got[0])) && !memcmp(got + 1, absent + 1, sizeof(got[0])),
	      "%s: the other one has length 0", name);
	close(late);
	close(late_client);

	late = connected(way, listener, PORT, NULL, 0, &late_client);
	so_has(late, TRAITS_SO_SYN, t, 0, "%s: nothing of a SYN without traits", name);
	close(late);
	close(late_client);

	vt_eq(so_set_int(listener, TRAITS_SO_SAVE_SYN, 0), 0, "%s: the listener asks no more", name);
	late = connected(way, listener, PORT, t, 4, &late_client);
	so_has(late, TRAITS_SO_SYN, t, 0, "%s: nothing is kept", name);
	so_has(fd, TRAITS_SO_SYN, t, 4, "%s: an older connection still has them", name);
	close(late);
	close(late_client);
	close(fd);
	close(client);
	close(listener);
}

static void cookies_lose(enum so_way way)
{
	int listener = so_listener(way, PORT + 1), client, fd;
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
	struct pkt_trait t[4];

	so_traits(t, ids, 3);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	vt_run("sysctl -qw net.ipv4.tcp_syncookies=2");
	fd = connected(way, listener, PORT + 1, t, 4, &client);
	vt_run("sysctl -qw net.ipv4.tcp_syncookies=1");
	so_has(fd, TRAITS_SO_SYN, t, 0, "%s: a SYN cookie keeps nothing", so_way_name[way]);
	vt_eq(vt_stat(TRAITS_STAT_LOST_SOCKET) - lost, 1, "%s: which is counted", so_way_name[way]);
	close(fd);
	close(client);
	close(listener);
}

static void fast_open_keeps(enum so_way way)
{
	int listener = so_socket(way, SOCK_STREAM, 0), client, fd, queue = 16, round;
	struct sockaddr_storage address;
	struct pkt_trait t[4];
	socklen_t len;

	so_bind(listener, way, PORT + 2);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	setsockopt(listener, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue));
	if (listen(listener, 16))
		vt_die("listen: %s", strerror(errno));
	so_address(way, PORT + 2, &address, &len);
	/* The first one gets the cookie that the second one sends data with. */
	for (round = 0; round < 2; round++) {
		char data[4] = {};

		so_traits(t, ids, 10 + round);
		client = so_socket(way, SOCK_STREAM, 0);
		so_set_traits(client, TRAITS_SO_SYN, t, 4);
		if (sendto(client, "data", 4, MSG_FASTOPEN, (void *)&address, len) != 4)
			vt_die("sendto with MSG_FASTOPEN: %s", strerror(errno));
		fd = so_accept(listener);
		so_has(fd, TRAITS_SO_SYN, t, 4, "%s: Fast Open, %s", so_way_name[way],
		       round ? "data on the SYN" : "cookie asked for");
		vt_ok(recv(fd, data, 4, MSG_WAITALL) == 4 && !memcmp(data, "data", 4),
		      "%s: and its data", so_way_name[way]);
		close(fd);
		close(client);
	}
	close(listener);
}

/* What is sent to @to by SCM_RIGHTS; or received */
static void pass(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(fd))] = {};
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(socket, &msg, 0) != 1)
		vt_die("passing a socket: %s", strerror(errno));
}

static int passed(int socket)
{
	char control[CMSG_SPACE(sizeof(int))] = {}, c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(socket, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

/* A child has the socket by fork(), and by SCM_RIGHTS after its parent closed it. */
static void moves(enum so_way way)
{
	int listener = so_listener(way, PORT + 3), client, fd, pair[2], status, pid;
	struct pkt_trait t[4], got[4];

	so_traits(t, ids, 20);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	fd = connected(way, listener, PORT + 3, t, 4, &client);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		vt_die("socketpair: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		memcpy(got, t, sizeof(got));
		memset(got[3].val, 0, sizeof(got[3].val));
		status = so_get_traits(fd, TRAITS_SO_SYN, got, 4) || memcmp(got, t, sizeof(t));
		close(fd);
		fd = passed(pair[1]);
		memset(got[3].val, 0, sizeof(got[3].val));
		status |= (so_get_traits(fd, TRAITS_SO_SYN, got, 4) || memcmp(got, t, sizeof(t))) << 1;
		_exit(status);
	}
	pass(pair[0], fd);
	close(fd);
	close(pair[0]);
	close(pair[1]);
	waitpid(pid, &status, 0);
	vt_eq(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0,
	      "%s: a child reads them, inherited and passed", so_way_name[way]);
	close(client);
	close(listener);
}

/* An accepted socket that is disconnected and connected to somebody else has no old traits. */
static void disconnect_forgets(enum so_way way)
{
	int listener = so_listener(way, PORT + 4), other = so_listener(way, PORT + 6);
	int client, fd, again;
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	struct pkt_trait t[4];

	so_traits(t, ids, 30);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	fd = connected(way, listener, PORT + 4, t, 4, &client);
	so_has(fd, TRAITS_SO_SYN, t, 4, "before it is disconnected");
	vt_eq(connect(fd, &nobody, sizeof(nobody)), 0, "disconnected");
	so_has(fd, TRAITS_SO_SYN, t, 0, "the old ones are gone");
	so_set_int(other, TRAITS_SO_SAVE_SYN, 1);
	so_connect(fd, way, PORT + 6);
	again = so_accept(other);
	so_has(fd, TRAITS_SO_SYN, t, 0, "also with a new connection");
	so_has(again, TRAITS_SO_SYN, t, 0, "to which they were not sent");
	close(again);
	close(other);
	close(fd);
	close(client);
	close(listener);
}

/* Values of a key that is deleted go, also when its id is given out again. */
static void deleted_keys_are_gone(void)
{
	int listener = so_listener(SO_IPV4, PORT + 5), client, fd;
	unsigned int id = so_key("later", 4, TRAITS_USER_WRITE, -1);
	struct pkt_trait t = so_trait(id, 4, 40), none = { .key = id }, got = none;

	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	fd = connected(SO_IPV4, listener, PORT + 5, &t, 1, &client);
	so_has(fd, TRAITS_SO_SYN, &t, 1, "a key that will be deleted");
	vt_key_del("later");
	vt_eq(so_get_traits(fd, TRAITS_SO_SYN, &got, 1), EIO, "deleted: an error of the element");
	vt_eq(got.io_err, ENOKEY, "which is ENOKEY");
	vt_eq(so_key("anew", 4, TRAITS_USER_WRITE, -1), id, "the id is another key's");
	got = none;
	vt_eq(so_get_traits(fd, TRAITS_SO_SYN, &got, 1), 0, "which can be read");
	vt_ok(!memcmp(&got, &none, sizeof(got)), "and has no value");
	vt_key_del("anew");
	close(fd);
	close(client);
	close(listener);
}

int main(void)
{
	enum so_way way;

	so_netns();
	vt_run("sysctl -qw net.ipv4.tcp_fastopen=3");
	so_keys(ids);
	for (way = 0; way < SO_WAYS; way++) {
		way_keeps(way);
		cookies_lose(way);
		fast_open_keeps(way);
		moves(way);
	}
	disconnect_forgets(SO_IPV4);
	disconnect_forgets(SO_IPV6);
	deleted_keys_are_gone();
	vt_keys_del();
	return vt_done();
}
