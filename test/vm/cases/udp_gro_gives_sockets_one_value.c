// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams that GRO merges on their way over a veth, for a socket that has asked for that
 * (UDP_GRO): recvmsg() gives all of them at once, with one control message of traits, which has of
 * each key what its policy makes of them, beside the one with the length of a datagram. Where
 * values of a key differ that must not be merged, there are several.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>
#include <traits/traits.h>

#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT	7000
#define N	8
#define SIZE	100

enum { FIRST, BLOCK, SUM, LAST, KEYS };

static const enum traits_gro policies[KEYS] = {
	TRAITS_GRO_FIRST, TRAITS_GRO_BLOCK, TRAITS_GRO_SUM, TRAITS_GRO_LAST,
};

static unsigned int ids[KEYS];

static void keys_add(void)
{
	struct traits *t = traits_open();
	int i;

	for (i = 0; t && i < KEYS; i++) {
		struct traits_key key = {
			.id = TRAITS_ID_ANY, .size = 4, .gro = policies[i], .user = TRAITS_USER_WRITE,
		};

		snprintf(key.name, sizeof(key.name), "%s", traits_gro_name(policies[i]));
		if (traits_key_register(t, &key))
			vt_die("registry: adding %s: %s", key.name, traits_error(t));
		ids[i] = key.id;
	}
	if (!t)
		vt_die("registry");
	traits_close(t);
}

static int socket_in(const char *ns, int family, bool local)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	bool is_v4 = family == AF_INET;
	int here = vt_ns_enter(ns), fd, err;

	inet_pton(AF_INET, local ? "0.0.0.0" : "10.1.0.2", &v4.sin_addr);
	inet_pton(AF_INET6, local ? "::" : "fd00::2", &v6.sin6_addr);
	fd = so_socket(is_v4 ? SO_IPV4 : SO_IPV6, SOCK_DGRAM, 0);
	vt_ns_leave(here);
	if (local)
		err = is_v4 ? bind(fd, (void *)&v4, sizeof(v4)) : bind(fd, (void *)&v6, sizeof(v6));
	else
		err = is_v4 ? connect(fd, (void *)&v4, sizeof(v4)) :
			      connect(fd, (void *)&v6, sizeof(v6));
	if (err)
		vt_die("socket in %s: %s", ns, strerror(errno));
	return fd;
}

static struct pkt_trait trait(int key, __u64 val)
{
	return (struct pkt_trait){ .key = ids[key], .len = 4, .val = { val } };
}

/* All leave the device at once: each with its number for one key, and @block for another. */
static void send_all(int fd, const unsigned int block[N])
{
	struct pkt_trait t[KEYS];
	char data[SIZE];
	int i;

	vt_run("tc -n a qdisc change dev right root plug block");
	for (i = 0; i < N; i++) {
		t[0] = trait(FIRST, i);
		t[1] = trait(BLOCK, block[i]);
		t[2] = trait(SUM, i);
		t[3] = trait(LAST, i);
		memset(data, i, sizeof(data));
		if (so_send(fd, NULL, 0, data, sizeof(data), t, KEYS, 0) != SIZE)
			vt_die("sendmsg: %s", strerror(errno));
	}
	vt_run("tc -n a qdisc change dev right root plug release_indefinite");
}

/* The next message is datagrams @from to @to - 1. */
static void expect(int fd, int from, int to, unsigned int block, const char *what)
{
	struct so_datagram got;
	struct pkt_trait want[KEYS];
	int i, sum = 0, right = 0;

	for (i = from; i < to; i++)
		sum += i;
	want[0] = trait(FIRST, from);
	want[1] = trait(BLOCK, block);
	want[2] = trait(SUM, sum);
	want[3] = trait(LAST, to - 1);
	so_recv(fd, &got, 0);
	vt_eq(got.ret, (to - from) * SIZE, "%s: %d datagrams at once", what, to - from);
	for (i = 0; i < got.ret; i++)
		right += got.data[i] == from + i / SIZE;
	vt_eq(right, (to - from) * SIZE, "%s: these are %d to %d", what, from, to - 1);
	vt_eq(got.gro, to - from > 1 ? SIZE : 0, "%s: the length of each", what);
	so_same(got.t, got.n, want, KEYS, "%s: what the policies say", what);
}

static void over(int family, const char *name)
{
	static const unsigned int same[N] = { 7, 7, 7, 7, 7, 7, 7, 7 };
	static const unsigned int halves[N] = { 7, 7, 7, 7, 7, 8, 8, 8 };
	int from = socket_in("a", family, false), to = socket_in("b", family, true), one = 1, i;
	char what[64];

	so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	snprintf(what, sizeof(what), "%s, not asked for", name);
	send_all(from, same);
	for (i = 0; i < N; i++)
		expect(to, i, i + 1, 7, what);
	if (setsockopt(to, IPPROTO_UDP, UDP_GRO, &one, sizeof(one)))
		vt_die("UDP_GRO: %s", strerror(errno));
	snprintf(what, sizeof(what), "%s, alike", name);
	send_all(from, same);
	expect(to, 0, N, 7, what);
	snprintf(what, sizeof(what), "%s, two kinds", name);
	send_all(from, halves);
	expect(to, 0, 5, 7, what);
	expect(to, 5, N, 8, what);
	close(from);
	close(to);
}

int main(void)
{
	unsigned long long merge, socket;
	int end, here;

	vt_path(2);
	for (end = 0; end < 2; end++) {
		here = vt_ns_enter(end ? "b" : "a");
		vt_write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
		vt_ns_leave(here);
		vt_run("ip -n %s addr add fd00::%d/64 dev %s nodad", end ? "b" : "a", end + 1,
		       end ? "left" : "right");
	}
	/* A veth has GRO for what comes from one that leaves no segments to it. */
	vt_run("ip netns exec a ethtool -K right tso off > /dev/null");
	vt_run("ip netns exec b ethtool -K left gro on");
	vt_run("tc -n a qdisc add dev right root plug limit 1000000");
	keys_add();
	merge = vt_stat(TRAITS_STAT_LOST_MERGE);
	socket = vt_stat(TRAITS_STAT_LOST_SOCKET);
	over(AF_INET, "IPv4");
	over(AF_INET6, "IPv6");
	vt_eq(vt_stat(TRAITS_STAT_LOST_MERGE), merge, "no value was lost");
	vt_eq(vt_stat(TRAITS_STAT_LOST_SOCKET), socket, "nor were the traits of a datagram");
	vt_keys_del();
	return vt_done();
}
