// SPDX-License-Identifier: GPL-2.0
/*
 * What a socket gives to its packets is told by the socket at the other end, in both directions,
 * where packets come by netfilter's hook for local output twice: through IPsec, in transport and
 * in tunnel mode, and through a VRF; over IPv4 and IPv6. Nothing of it is lost.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
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
#define BULK	30000

#define ESP "proto esp spi %u mode %s reqid 7 "						\
	"aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128"

static unsigned int ids[4];

/* Between the two ends of a veth pair, which are in the namespaces a and b */
struct way {
	char name[32];
	int family;
	bool vrf;
};

static const char *const ns[2] = { "a", "b" }, *const dev[2] = { "right", "left" };

static const char *address(int family, int end)
{
	static const char *const v4[] = { "10.1.0.1", "10.1.0.2" }, *const v6[] = { "fd00::1", "fd00::2" };

	return family == AF_INET ? v4[end] : v6[end];
}

/* The packets of neighbour discovery have no security association. */
static void put_neighbours(FILE *f, int end)
{
	fprintf(f, "addr replace fd00::%u/64 dev %s nodad\n", end + 1, dev[end]);
	fprintf(f, "neigh replace fd00::%u lladdr 02:00:00:00:01:0%u dev %s nud permanent\n",
		2 - end, 2 - end, dev[end]);
	fprintf(f, "neigh replace 10.1.0.%u lladdr 02:00:00:00:01:0%u dev %s nud permanent\n",
		2 - end, 2 - end, dev[end]);
}

/* An association for each direction; what comes in has to have come by it. */
static void put_ipsec(FILE *f, int end, int family, const char *mode)
{
	const char *here = address(family, end), *there = address(family, !end);
	int out;

	for (out = 0; out < 2; out++) {
		const char *src = out ? here : there, *dst = out ? there : here;

		fprintf(f, "xfrm state add src %s dst %s " ESP "\n", src, dst,
			7 + (out ? end : !end), mode);
		fprintf(f, "xfrm policy add src %s dst %s dir %s tmpl src %s dst %s proto esp"
			" reqid 7 mode %s\n", src, dst, out ? "out" : "in", src, dst, mode);
	}
}

/* For both families, in place of what was there before; @mode: of IPsec, or NULL for a VRF */
static void set_up(const char *mode)
{
	FILE *f;
	int end;

	for (end = 0; end < 2; end++) {
		f = fopen("/tmp/batch", "w");
		if (!f)
			vt_die("batch: %s", strerror(errno));
		fprintf(f, "xfrm policy flush\nxfrm state flush\n");
		if (mode) {
			put_ipsec(f, end, AF_INET, mode);
			put_ipsec(f, end, AF_INET6, mode);
		} else {
			fprintf(f, "link add red up type vrf table 10\n");
			fprintf(f, "link set %s vrf red\n", dev[end]);
		}
		/* A device that comes to a VRF loses them. */
		put_neighbours(f, end);
		fclose(f);
		vt_run("ip -n %s -batch /tmp/batch", ns[end]);
	}
}

static socklen_t fill(const struct way *way, int end, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = way->family;
	if (way->family == AF_INET) {
		v4->sin_port = htons(PORT);
		inet_pton(AF_INET, address(way->family, end), &v4->sin_addr);
		return sizeof(*v4);
	}
	v6->sin6_port = htons(PORT);
	inet_pton(AF_INET6, address(way->family, end), &v6->sin6_addr);
	return sizeof(*v6);
}

static int socket_at(const struct way *way, int end, int type, bool bound)
{
	int here = vt_ns_enter(ns[end]), fd;
	struct sockaddr_storage own;
	socklen_t len = fill(way, end, &own);

	fd = so_socket(way->family == AF_INET ? SO_IPV4 : SO_IPV6, type, 0);
	vt_ns_leave(here);
	if (way->vrf && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "red", 4))
		vt_die("SO_BINDTODEVICE: %s", strerror(errno));
	if (bound && bind(fd, (void *)&own, len))
		vt_die("%s: bind: %s", way->name, strerror(errno));
	return fd;
}

static void connect_to(const struct way *way, int fd, int end)
{
	struct sockaddr_storage to;
	socklen_t len = fill(way, end, &to);

	if (connect(fd, (void *)&to, len))
		vt_die("%s: connect: %s", way->name, strerror(errno));
}

static void datagrams(const struct way *way)
{
	int fd[2], from, right[2] = {}, i;
	struct pkt_trait t[4], want[4];
	struct so_datagram got;

	for (from = 0; from < 2; from++)
		fd[from] = socket_at(way, from, SOCK_DGRAM, true);
	for (from = 0; from < 2; from++) {
		connect_to(way, fd[from], !from);
		so_set_int(fd[from], TRAITS_SO_CMSG, TRAITS_CMSG_RECV | TRAITS_CMSG_SEND);
		so_traits(t, ids, from);
		so_set_traits(fd[from], TRAITS_SO_SEND, t, 2);
	}
	/* Two are the socket's, two the message's. */
	for (i = 0; i < 2 * N; i++) {
		from = i & 1;
		so_traits(want, ids, from);
		so_traits(t, ids, i);
		want[2] = t[2];
		want[3] = t[3];
		if (so_send(fd[from], NULL, 0, "datagram", 8, t + 2, 2, 0) != 8)
			vt_die("%s: sendmsg: %s", way->name, strerror(errno));
		so_recv(fd[!from], &got, 0);
		right[from] += got.ret == 8 && got.n == 4 && !memcmp(got.t, want, sizeof(want));
	}
	vt_eq(right[0], N, "%s: datagrams", way->name);
	vt_eq(right[1], N, "%s: datagrams that go back", way->name);
	close(fd[0]);
	close(fd[1]);
}

/* @bytes, in as many packets as that takes */
static void pass(const struct way *way, int from, int to, int bytes, const struct pkt_trait *want)
{
	static char data[BULK];
	int left, n;

	if (send(from, data, bytes, 0) != bytes)
		vt_die("%s: send: %s", way->name, strerror(errno));
	for (left = bytes; left; left -= n) {
		n = recv(to, data, left, 0);
		if (n <= 0)
			vt_die("%s: recv: %s", way->name, strerror(errno));
	}
	so_has(to, TRAITS_SO_DATA, want, 4, "%s: %d bytes of TCP", way->name, bytes);
}

static void stream(const struct way *way)
{
	int listener = socket_at(way, 1, SOCK_STREAM, true), fd;
	int client = socket_at(way, 0, SOCK_STREAM, false);
	struct pkt_trait t[4], other[4], both[4];

	so_traits(t, ids, 1);
	so_traits(other, ids, 2);
	memcpy(both, t, sizeof(both));
	both[2] = other[2];
	if (listen(listener, 1))
		vt_die("listen: %s", strerror(errno));
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	so_set_traits(client, TRAITS_SO_SEND, t, 4);
	so_set_traits(client, TRAITS_SO_SYN, other + 2, 1);
	connect_to(way, client, 1);
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SYN, both, 4, "%s: the SYN", way->name);
	so_set_int(fd, TRAITS_SO_SAVE_DATA, 1);
	so_set_int(client, TRAITS_SO_SAVE_DATA, 1);
	so_set_traits(fd, TRAITS_SO_SEND, other, 4);
	pass(way, client, fd, 4, t);
	pass(way, fd, client, 4, other);
	pass(way, client, fd, BULK, t);
	pass(way, fd, client, BULK, other);
	close(fd);
	close(client);
	close(listener);
}

/* What was lost since the last time, of all kinds */
static unsigned long long lost(void)
{
	static unsigned long long before[__TRAITS_STAT_MAX];
	unsigned long long now, all = 0;
	int stat;

	for (stat = TRAITS_STAT_LOST_DAMAGED; stat < __TRAITS_STAT_MAX; stat++) {
		now = vt_stat(stat);
		if (now != before[stat])
			vt_note("%s: %llu", traits_stat_name(stat), now - before[stat]);
		all += now - before[stat];
		before[stat] = now;
	}
	return all;
}

int main(void)
{
	static const char *const modes[] = { "transport", "tunnel", NULL };
	int end, here, i, v6;
	struct way way;

	vt_path(2);
	for (end = 0; end < 2; end++) {
		here = vt_ns_enter(ns[end]);
		vt_write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
		vt_ns_leave(here);
	}
	so_keys(ids);
	lost();
	for (i = 0; i < 3; i++) {
		set_up(modes[i]);
		for (v6 = 0; v6 < 2; v6++) {
			way.family = v6 ? AF_INET6 : AF_INET;
			way.vrf = !modes[i];
			snprintf(way.name, sizeof(way.name), "%s, %s%s", v6 ? "IPv6" : "IPv4",
				 modes[i] ?: "VRF", modes[i] ? " mode" : "");
			datagrams(&way);
			stream(&way);
			vt_eq(lost(), 0, "%s: nothing was lost", way.name);
		}
	}
	vt_keys_del();
	return vt_done();
}
