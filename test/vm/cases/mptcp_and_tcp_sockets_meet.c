// SPDX-License-Identifier: GPL-2.0
/*
 * MPTCP sockets refuse the options, whatever they are connected to, and lose nothing by it. A
 * listener of TCP keeps the traits of a SYN that offers MPTCP; and what a listener of MPTCP
 * accepts from a client without it is a socket of TCP, which has all options but the SYN's
 * traits, for its listener could not ask. Over IPv4 and IPv6.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];
static struct pkt_trait t[4];
static int family;
static const char *name;

static socklen_t fill(struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	if (family == AF_INET) {
		v4->sin_port = htons(PORT);
		inet_pton(AF_INET, "10.1.0.2", &v4->sin_addr);
		return sizeof(*v4);
	}
	v6->sin6_port = htons(PORT);
	inet_pton(AF_INET6, "fd00::2", &v6->sin6_addr);
	return sizeof(*v6);
}

static int socket_in(const char *ns, int protocol)
{
	int here = vt_ns_enter(ns), fd;

	fd = so_socket(family == AF_INET ? SO_IPV4 : SO_IPV6, SOCK_STREAM, protocol);
	vt_ns_leave(here);
	return fd;
}

static int listener_of(int protocol)
{
	struct sockaddr_storage to;
	socklen_t len = fill(&to);
	int fd = socket_in("b", protocol);

	if (bind(fd, (void *)&to, len) || listen(fd, 1))
		vt_die("listen: %s", strerror(errno));
	return fd;
}

static int connected(int protocol)
{
	struct sockaddr_storage to;
	socklen_t len = fill(&to);
	int fd = socket_in("a", protocol);

	if (connect(fd, (void *)&to, len))
		vt_die("connect: %s", strerror(errno));
	return fd;
}

static void talk(int from, int to, const char *what)
{
	char data[8];

	vt_ok(send(from, "data", 4, 0) == 4 && recv(to, data, 4, MSG_WAITALL) == 4,
	      "%s: %s", name, what);
}

/* Setting, by each option and by both levels */
static void refuses(int fd, const char *what)
{
	static const int options[] = { TRAITS_SO_SYN, TRAITS_SO_SEND }, ints[] = {
		TRAITS_SO_SAVE_SYN, TRAITS_SO_SAVE_DATA, TRAITS_SO_CMSG };
	int one = 1, bad = 0;
	unsigned int i;

	for (i = 0; i < 2; i++)
		bad += so_set_traits(fd, options[i], t, 4) != ENOPROTOOPT;
	for (i = 0; i < 3; i++)
		bad += so_set_int(fd, ints[i], 1) != ENOPROTOOPT;
	bad += !setsockopt(fd, SOL_IPV6, TRAITS_SO_SEND, t, sizeof(t)) || errno != ENOPROTOOPT;
	bad += !setsockopt(fd, SOL_IPV6, TRAITS_SO_SAVE_SYN, &one, sizeof(one)) ||
	       errno != ENOPROTOOPT;
	vt_eq(bad, 0, "%s: %s refuses all options", name, what);
}

/* XDP at b gives the SYN, and all else, traits. */
static void to_tcp(void)
{
	int listener = listener_of(IPPROTO_TCP), client, fd;

	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	client = connected(IPPROTO_MPTCP);
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SYN, t, 4, "%s: a SYN that offers MPTCP", name);
	so_set_int(fd, TRAITS_SO_SAVE_DATA, 1);
	talk(client, fd, "a client that has fallen back sends");
	so_has(fd, TRAITS_SO_DATA, t, 4, "%s: what XDP set", name);
	refuses(client, "a client that has fallen back");
	so_has(client, TRAITS_SO_SEND, t, 0, "%s: but is like one of TCP for reading", name);
	close(fd);
	close(client);
	close(listener);
}

static void to_mptcp(int protocol)
{
	int listener = listener_of(IPPROTO_MPTCP), client, fd;
	struct pkt_trait got = { .key = TRAITS_KEY_WILDCARD };
	socklen_t len = sizeof(got);

	refuses(listener, "a listener of MPTCP");
	client = connected(protocol);
	fd = so_accept(listener);
	talk(client, fd, "to a listener of MPTCP");
	talk(fd, client, "and back");
	if (protocol == IPPROTO_MPTCP) {
		refuses(client, "a client of MPTCP");
		refuses(fd, "an accepted socket of MPTCP");
		vt_eq(so_get(fd, TRAITS_SO_SEND, &got, &len), EOPNOTSUPP, "%s: and reading", name);
	} else {
		so_has(fd, TRAITS_SO_SYN, t, 0, "%s: nobody asked for the SYN's", name);
		vt_eq(so_set_int(fd, TRAITS_SO_SAVE_DATA, 1), 0, "%s: a client of TCP's", name);
		talk(client, fd, "one more");
		so_has(fd, TRAITS_SO_DATA, t, 4, "%s: the data's are there", name);
		vt_eq(so_set_traits(fd, TRAITS_SO_SEND, t, 2), 0, "%s: it can give traits", name);
		so_set_int(client, TRAITS_SO_SAVE_DATA, 1);
		talk(fd, client, "with them");
		so_has(client, TRAITS_SO_DATA, t, 2, "%s: which arrive", name);
	}
	close(fd);
	close(client);
	close(listener);
}

static void set_up(void)
{
	int end, here;

	vt_path(2);
	for (end = 0; end < 2; end++) {
		here = vt_ns_enter(end ? "b" : "a");
		vt_write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
		vt_write_file("/proc/sys/net/mptcp/enabled", "1");
		vt_ns_leave(here);
		vt_run("ip -n %s addr add fd00::%d/64 dev %s nodad", end ? "b" : "a", end + 1,
		       end ? "left" : "right");
	}
}

int main(void)
{
	struct script set = { .protocol = IPPROTO_TCP, .port = PORT, .action = 2 };
	unsigned long long lost;
	struct vt_script *tc;
	unsigned int i;

	set_up();
	so_keys(ids);
	so_traits(t, ids, 3);
	for (i = 0; i < 4; i++) {
		set.op[i] = (struct op){ .kind = OP_SET, .key = ids[i], .size = vt_sizes[i] };
		memcpy(set.op[i].val, t[i].val, vt_sizes[i]);
	}
	lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
	tc = vt_script("b", "left", VT_XDP, &set);
	for (i = 0; i < 2; i++) {
		family = i ? AF_INET6 : AF_INET;
		name = i ? "IPv6" : "IPv4";
		to_tcp();
		to_mptcp(IPPROTO_TCP);
		to_mptcp(IPPROTO_MPTCP);
	}
	vt_script_stop(tc);
	vt_eq(vt_stat(TRAITS_STAT_LOST_SOCKET), lost, "nothing was lost");
	vt_keys_del();
	return vt_done();
}
