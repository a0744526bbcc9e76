// SPDX-License-Identifier: GPL-2.0
/*
 * What a socket gives to its packets is on no others, as raw sockets see them: the traits of a
 * SYN are on the SYN alone, also when IPsec has encrypted what it sends, so that its headers
 * look like anything; those of a listener are not on its SYN-ACKs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

static int raw_socket(enum so_way way, int protocol)
{
	int fd = so_socket(way, SOCK_RAW, protocol), on = TRAITS_CMSG_RECV, bytes = 4 << 20;

	if (setsockopt(fd, way == SO_IPV4 ? SOL_IP : SOL_IPV6, TRAITS_SO_CMSG, &on, sizeof(on)))
		vt_die("TRAITS_SO_CMSG of a raw socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	return fd;
}

static void talk(int from, int to)
{
	char data[4];

	if (send(from, "data", 4, 0) != 4 || recv(to, data, 4, MSG_WAITALL) != 4)
		vt_die("talking: %s", strerror(errno));
}

/* Packets of TCP that a raw socket has: SYNs, SYN-ACKs and others; and how many have traits. */
struct seen {
	unsigned int packets[3], with[3];
	struct pkt_trait syn[64];
};

static void look(int raw, enum so_way way, struct seen *seen)
{
	struct so_datagram got;
	struct tcphdr tcp;
	int kind, at;

	memset(seen, 0, sizeof(*seen));
	for (so_recv(raw, &got, MSG_DONTWAIT); got.ret > 0; so_recv(raw, &got, MSG_DONTWAIT)) {
		at = way == SO_IPV4 ? (got.data[0] & 15) * 4 : 0;
		memcpy(&tcp, got.data + at, sizeof(tcp));
		kind = !tcp.syn ? 2 : tcp.ack;
		seen->packets[kind]++;
		seen->with[kind] += got.n > 0;
		if (!kind)
			memcpy(seen->syn, got.t, sizeof(seen->syn));
	}
}

static void handshake(enum so_way way)
{
	int raw = raw_socket(way, IPPROTO_TCP), listener = so_listener(way, PORT), client, fd;
	const char *name = so_way_name[way];
	struct pkt_trait t[4];
	struct seen seen;

	so_traits(t, ids, 1);
	if (so_set_traits(listener, TRAITS_SO_SEND, t, 4))
		vt_die("TRAITS_SO_SEND: %s", strerror(errno));
	client = so_socket(way, SOCK_STREAM, 0);
	so_set_traits(client, TRAITS_SO_SYN, t + 1, 2);
	so_connect(client, way, PORT);
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SEND, t, 0, "%s: the accepted socket has not those of the listener",
	       name);
	talk(client, fd);
	talk(fd, client);
	look(raw, way, &seen);
	vt_eq(seen.packets[0], 1, "%s: one SYN", name);
	so_same(seen.syn, seen.with[0] ? 2 : 0, t + 1, 2, "%s: with its traits", name);
	vt_eq(seen.packets[1], 1, "%s: one SYN-ACK", name);
	vt_eq(seen.with[1], 0, "%s: without any", name);
	vt_ok(seen.packets[2] >= 3, "%s: %u other packets", name, seen.packets[2]);
	vt_eq(seen.with[2], 0, "%s: without any", name);
	close(client);
	close(fd);
	close(listener);
	close(raw);
}

#define ROUNDS 50

static void ipsec(const char *ns)
{
	vt_run("ip -n %s xfrm state add src 10.1.0.1 dst 10.1.0.2 proto esp spi 0x70 reqid 7 "
	       "mode transport aead 'rfc4106(gcm(aes))' "
	       "0x000102030405060708090a0b0c0d0e0f10111213 128", ns);
	vt_run("ip -n %s xfrm policy add src 10.1.0.1 dst 10.1.0.2 proto 6 dir %s "
	       "tmpl src 10.1.0.1 dst 10.1.0.2 proto esp reqid 7 mode transport", ns,
	       *ns == 'a' ? "out" : "in");
}

/* Each packet is one of TCP at netfilter's hook for output first, and then one of ESP. */
static void encrypted(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int here, raw, listener, client, fd, i, packets = 0, with = 0;
	struct so_datagram got;
	struct pkt_trait t[4];

	ipsec("a");
	ipsec("b");
	here = vt_ns_enter("b");
	raw = raw_socket(SO_IPV4, IPPROTO_ESP);
	listener = so_socket(SO_IPV4, SOCK_STREAM, 0);
	if (bind(listener, (void *)&to, sizeof(to)) || listen(listener, 1))
		vt_die("listen: %s", strerror(errno));
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	vt_ns_leave(here);
	here = vt_ns_enter("a");
	client = so_socket(SO_IPV4, SOCK_STREAM, 0);
	vt_ns_leave(here);
	so_traits(t, ids, 5);
	so_set_traits(client, TRAITS_SO_SYN, t, 4);
	to.sin_addr.s_addr = htonl(0x0a010002);
	if (connect(client, (void *)&to, sizeof(to)))
		vt_die("connect: %s", strerror(errno));
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SYN, t, 4, "the traits of an encrypted SYN");
	for (i = 0; i < ROUNDS; i++)
		talk(client, fd);
	for (so_recv(raw, &got, MSG_DONTWAIT); got.ret > 0; so_recv(raw, &got, MSG_DONTWAIT)) {
		packets++;
		with += got.n > 0;
	}
	vt_ok(packets > ROUNDS, "%d encrypted packets", packets);
	vt_eq(with, 1, "of which one has traits");
	close(client);
	close(fd);
	close(listener);
	close(raw);
}

int main(void)
{
	vt_path(2);
	so_netns();
	so_keys(ids);
	handshake(SO_IPV4);
	handshake(SO_IPV6);
	encrypted();
	vt_keys_del();
	return vt_done();
}
