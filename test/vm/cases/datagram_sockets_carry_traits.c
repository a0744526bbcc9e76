// SPDX-License-Identifier: GPL-2.0
/*
 * UDP, UDP-Lite, raw and ping sockets: each datagram's traits are a control message of recvmsg() and
 * recvmmsg(), and one of sendmsg() and sendmmsg(), or the socket's own for all that it sends.
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

/* Or that of UDP-Lite */
static int protocol;

/* A pair of UDP sockets: from one to the other */
struct pair {
	char name[32];
	enum so_way way;
	int from, to;
	struct sockaddr_storage address;
	socklen_t len;
};

static void open_pair(struct pair *p, enum so_way way, unsigned int port)
{
	p->way = way;
	snprintf(p->name, sizeof(p->name), "%s%s", so_way_name[way], protocol ? " UDP-Lite" : "");
	p->from = so_socket(way, SOCK_DGRAM, protocol);
	p->to = so_socket(way, SOCK_DGRAM, protocol);
	so_bind(p->to, way, port);
	so_address(way, port, &p->address, &p->len);
}

static void close_pair(struct pair *p)
{
	close(p->from);
	close(p->to);
}

static int send_one(struct pair *p, const struct pkt_trait *t, unsigned int n, int flags)
{
	return so_send(p->from, &p->address, p->len, "datagram", 8, t, n, flags);
}

static void receive(struct pair *p, const struct pkt_trait *want, int n, int flags,
		    const char *what)
{
	struct so_datagram got;

	so_recv(p->to, &got, flags);
	if (got.ret < 0)
		vt_note("recvmsg: %s", strerror(-got.ret));
	so_same(got.t, got.ret < 0 ? -2 : got.n, want, n, "%s: %s", p->name, what);
}

static void udp_messages(enum so_way way)
{
	struct pkt_trait t[4], other[4];
	struct pair p;

	open_pair(&p, way, PORT);
	so_traits(t, ids, 1);
	so_traits(other, ids, 2);
	vt_eq(send_one(&p, t, 4, 0), 8, "%s: a sender that did not ask", p.name);
	receive(&p, NULL, -1, 0, "and a receiver that did not: no traits");

	vt_eq(so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND), 0, "%s: sender asks", p.name);
	vt_eq(send_one(&p, t, 4, 0), 8, "%s: it sends traits", p.name);
	receive(&p, NULL, -1, 0, "not to one that did not ask");

	vt_eq(so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV), 0, "%s: receiver asks", p.name);
	vt_eq(so_get_int(p.to, TRAITS_SO_CMSG), TRAITS_CMSG_RECV, "%s: and can see that", p.name);
	send_one(&p, t, 4, 0);
	send_one(&p, NULL, 0, 0);
	send_one(&p, other + 2, 1, 0);
	receive(&p, t, 4, MSG_PEEK, "peek");
	receive(&p, t, 4, 0, "all four");
	receive(&p, NULL, -1, 0, "a datagram without traits");
	receive(&p, other + 2, 1, 0, "one trait");

	vt_eq(so_set_traits(p.from, TRAITS_SO_SEND, other, 4), 0, "%s: traits for all", p.name);
	so_has(p.from, TRAITS_SO_SEND, other, 4, "%s: they can be read back", p.name);
	send_one(&p, NULL, 0, 0);
	send_one(&p, t + 1, 1, 0);
	receive(&p, other, 4, 0, "those for all");
	other[1] = t[1];
	receive(&p, other, 4, 0, "a message's over those for all");
	other[0].len = 0;
	vt_eq(so_set_traits(p.from, TRAITS_SO_SEND, other, 1), 0, "%s: none for all", p.name);
	so_has(p.from, TRAITS_SO_SEND, other, 0, "%s: none are read back", p.name);
	send_one(&p, NULL, 0, 0);
	receive(&p, NULL, -1, 0, "and none are sent");

	so_connect(p.from, way, PORT);
	vt_eq(so_send(p.from, NULL, 0, "x", 1, t, 4, 0), 1, "%s: connected", p.name);
	receive(&p, t, 4, 0, "of a connected socket");

	vt_eq(so_set_int(p.to, TRAITS_SO_CMSG, 0), 0, "%s: receiver asks no more", p.name);
	send_one(&p, t, 4, 0);
	receive(&p, NULL, -1, 0, "and gets no more");
	close_pair(&p);
}

static void udp_bad_messages(enum so_way way)
{
	struct pkt_trait t[65] = {};
	struct so_datagram got;
	struct pair p;

	open_pair(&p, way, PORT);
	so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	t[0] = so_trait(ids[1], 4, 1);
	t[0].key = 64;
	vt_eq(send_one(&p, t, 1, 0), -EIO, "%s: bad key", p.name);
	t[0] = so_trait(ids[1], 8, 1);
	vt_eq(send_one(&p, t, 1, 0), -EIO, "%s: bad length", p.name);
	memset(t, 0, sizeof(t));
	vt_eq(send_one(&p, t, 65, 0), -EINVAL, "%s: too many", p.name);
	so_recv(p.to, &got, MSG_DONTWAIT);
	vt_eq(got.ret, -EAGAIN, "%s: none of these was sent", p.name);
	t[0] = so_trait(ids[1], 4, 1);
	t[0].len = 0;
	memset(t[0].val, 0, sizeof(t[0].val));
	vt_eq(send_one(&p, t, 1, 0), 8, "%s: an absent trait is none", p.name);
	receive(&p, NULL, -1, 0, "and the datagram has none");
	close_pair(&p);
}

#define MANY 20

/* More traits than most datagrams have, some of them by the message */
static void udp_many(enum so_way way)
{
	struct pkt_trait t[MANY];
	char name[16];
	struct pair p;
	int i;

	open_pair(&p, way, PORT);
	so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		t[i] = so_trait(so_key(name, 8, TRAITS_USER_WRITE, -1), 8, i);
	}
	vt_eq(so_set_traits(p.from, TRAITS_SO_SEND, t, MANY / 2), 0, "%s: many for all", p.name);
	vt_eq(send_one(&p, t + MANY / 2, MANY / 2, 0), 8, "%s: and many more", p.name);
	receive(&p, t, MANY, 0, "all are there");
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many%d", i);
		vt_key_del(name);
	}
	close_pair(&p);
}

static int traits_of(const struct cmsghdr *cmsg)
{
	return cmsg ? (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(struct pkt_trait) : 0;
}

/* Too little room for data and for control messages */
static void udp_truncated(enum so_way way)
{
	char control[512], data[4];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	struct cmsghdr *cmsg;
	struct pkt_trait t[4];
	struct pair p;

	open_pair(&p, way, PORT);
	so_traits(t, ids, 5);
	so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);

	send_one(&p, t, 4, 0);
	msg.msg_controllen = sizeof(control);
	vt_eq(recvmsg(p.to, &msg, MSG_TRUNC), 8, "%s: MSG_TRUNC tells the whole length", p.name);
	vt_eq(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC), MSG_TRUNC, "%s: data was cut", p.name);
	cmsg = CMSG_FIRSTHDR(&msg);
	so_same((void *)CMSG_DATA(cmsg), traits_of(cmsg),
		t, 4, "%s: all traits are there", p.name);

	send_one(&p, t, 4, 0);
	msg.msg_controllen = CMSG_SPACE(2 * sizeof(t[0]));
	vt_eq(recvmsg(p.to, &msg, 0), 4, "%s: room for two traits", p.name);
	vt_ok(msg.msg_flags & MSG_CTRUNC, "%s: MSG_CTRUNC", p.name);
	cmsg = CMSG_FIRSTHDR(&msg);
	so_same((void *)CMSG_DATA(cmsg), traits_of(cmsg),
		t, 2, "%s: two are there", p.name);

	send_one(&p, t, 4, 0);
	msg.msg_controllen = 0;
	vt_eq(recvmsg(p.to, &msg, 0), 4, "%s: no room at all", p.name);
	vt_ok(msg.msg_flags & MSG_CTRUNC, "%s: MSG_CTRUNC", p.name);

	send_one(&p, t, 4, 0);
	vt_eq(recv(p.to, data, sizeof(data), 0), 4, "%s: recv()", p.name);
	close_pair(&p);
}

#define BATCH 8

static void udp_batches(enum so_way way)
{
	static char control[2][BATCH][CMSG_SPACE(4 * sizeof(struct pkt_trait))];
	struct mmsghdr out[BATCH] = {}, in[BATCH] = {};
	unsigned int data[2][BATCH], i, right = 0;
	struct iovec iov[2][BATCH];
	struct pkt_trait t[4];
	struct cmsghdr *cmsg;
	struct pair p;

	open_pair(&p, way, PORT);
	so_connect(p.from, way, PORT);
	so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	for (i = 0; i < BATCH; i++) {
		data[0][i] = i;
		iov[0][i] = (struct iovec){ &data[0][i], 4 };
		iov[1][i] = (struct iovec){ &data[1][i], 4 };
		out[i].msg_hdr = (struct msghdr){
			.msg_iov = &iov[0][i], .msg_iovlen = 1,
			.msg_control = control[0][i], .msg_controllen = sizeof(control[0][i]),
		};
		in[i].msg_hdr = (struct msghdr){
			.msg_iov = &iov[1][i], .msg_iovlen = 1,
			.msg_control = control[1][i], .msg_controllen = sizeof(control[1][i]),
		};
		so_traits(t, ids, 100 + i);
		cmsg = CMSG_FIRSTHDR(&out[i].msg_hdr);
		cmsg->cmsg_level = SOL_TRAITS;
		cmsg->cmsg_type = TRAITS_CM;
		cmsg->cmsg_len = CMSG_LEN(sizeof(t));
		memcpy(CMSG_DATA(cmsg), t, sizeof(t));
	}
	vt_eq(sendmmsg(p.from, out, BATCH, 0), BATCH, "%s: sendmmsg()", p.name);
	vt_eq(recvmmsg(p.to, in, BATCH, MSG_WAITFORONE, NULL), BATCH, "%s: recvmmsg()", p.name);
	for (i = 0; i < BATCH; i++) {
		so_traits(t, ids, 100 + i);
		cmsg = CMSG_FIRSTHDR(&in[i].msg_hdr);
		right += data[1][i] == i && cmsg && cmsg->cmsg_level == SOL_TRAITS &&
			 cmsg->cmsg_len == CMSG_LEN(sizeof(t)) &&
			 !memcmp(CMSG_DATA(cmsg), t, sizeof(t));
	}
	vt_eq(right, BATCH, "%s: each datagram has its own", p.name);
	close_pair(&p);
}

/* One send for several datagrams; received one by one, or joined again */
static void udp_segments(enum so_way way)
{
	int one = 1, size = 100, i;
	struct so_datagram got;
	char data[400] = {};
	struct pkt_trait t[4];
	struct pair p;

	for (i = 0; i < 2; i++) {
		open_pair(&p, way, PORT);
		so_traits(t, ids, 60 + i);
		so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
		so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
		if (setsockopt(p.from, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)) ||
		    (i && setsockopt(p.to, IPPROTO_UDP, UDP_GRO, &one, sizeof(one))))
			vt_die("UDP_SEGMENT, UDP_GRO: %s", strerror(errno));
		vt_eq(so_send(p.from, &p.address, p.len, data, sizeof(data), t, 4, 0),
		      sizeof(data), "%s: UDP GSO", p.name);
		if (i) {
			so_recv(p.to, &got, 0);
			vt_eq(got.ret, sizeof(data), "%s: UDP GRO: one datagram", p.name);
			so_same(got.t, got.n, t, 4, "%s: UDP GRO: its traits", p.name);
			close_pair(&p);
			continue;
		}
		for (size = 0; size < 4; size++)
			receive(&p, t, 4, 0, "each segment has the traits");
		close_pair(&p);
		size = 100;
	}
}

/* Parts of a datagram: the traits of the call that sends it */
static void udp_corked(enum so_way way)
{
	struct pkt_trait t[4], other[4];
	struct pair p;

	open_pair(&p, way, PORT);
	so_connect(p.from, way, PORT);
	so_traits(t, ids, 70);
	so_traits(other, ids, 71);
	so_set_int(p.from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	so_set_int(p.to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	vt_eq(so_send(p.from, NULL, 0, "x", 1, t, 4, MSG_MORE), 1, "%s: first part", p.name);
	vt_eq(so_send(p.from, NULL, 0, "y", 1, other, 4, 0), 1, "%s: second part", p.name);
	receive(&p, other, 4, 0, "those of the second");
	close_pair(&p);
}

/* 7.x kernels have it no more. */
static void udp_lite(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	enum so_way way;

	if (fd < 0 && errno == EPROTONOSUPPORT) {
		vt_note("this kernel has no UDP-Lite");
		return;
	}
	close(fd);
	protocol = IPPROTO_UDPLITE;
	for (way = 0; way < SO_WAYS; way++) {
		udp_messages(way);
		udp_truncated(way);
		udp_batches(way);
		udp_corked(way);
	}
	protocol = 0;
}

static void echo_request(enum so_way way, void *data)
{
	struct icmphdr *v4 = data;
	struct icmp6_hdr *v6 = data;

	memset(data, 0, 8);
	if (way == SO_IPV4)
		v4->type = ICMP_ECHO;
	else
		v6->icmp6_type = ICMP6_ECHO_REQUEST;
}

/* The loopback device gives a raw socket what another one, or a ping socket, has sent. */
static void raw_and_ping(enum so_way way)
{
	int protocol = way == SO_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6, ping, raw, i;
	int level = way == SO_IPV4 ? SOL_IP : SOL_IPV6, recv_flag = TRAITS_CMSG_RECV;
	int send_flag = TRAITS_CMSG_SEND;
	struct sockaddr_storage address;
	struct so_datagram got;
	struct pkt_trait t[4];
	char data[8];
	socklen_t len;

	vt_run("sysctl -qw net.ipv4.ping_group_range='0 2147483647'");
	so_address(way, 0, &address, &len);
	raw = so_socket(way, SOCK_RAW, protocol);
	ping = so_socket(way, SOCK_DGRAM, protocol);
	echo_request(way, data);
	vt_eq(setsockopt(raw, level, TRAITS_SO_CMSG, &recv_flag, sizeof(recv_flag)), 0,
	      "%s: a raw socket asks", so_way_name[way]);
	vt_eq(setsockopt(ping, level, TRAITS_SO_CMSG, &send_flag, sizeof(send_flag)), 0,
	      "%s: a ping socket asks", so_way_name[way]);
	so_traits(t, ids, 80);
	vt_eq(so_send(ping, &address, len, data, sizeof(data), t, 4, 0), sizeof(data),
	      "%s: ping", so_way_name[way]);
	/* The request, and the kernel's reply, which has none */
	for (i = 0; i < 2; i++) {
		so_recv(raw, &got, 0);
		so_same(got.t, got.n, t, i ? -1 : 4, "%s: the raw socket sees the %s",
			so_way_name[way], i ? "reply" : "request");
	}
	so_recv(ping, &got, 0);
	so_same(got.t, got.n, t, -1, "%s: the ping socket has not asked", so_way_name[way]);

	send_flag |= TRAITS_CMSG_RECV;
	setsockopt(ping, level, TRAITS_SO_CMSG, &send_flag, sizeof(send_flag));
	setsockopt(raw, level, TRAITS_SO_SEND, t, sizeof(t));
	vt_eq(so_send(raw, &address, len, data, sizeof(data), NULL, 0, 0), sizeof(data),
	      "%s: a raw socket sends", so_way_name[way]);
	so_recv(raw, &got, 0);
	so_same(got.t, got.n, t, 4, "%s: and sees what it sent", so_way_name[way]);
	close(ping);
	close(raw);
}

int main(void)
{
	enum so_way way;

	so_netns();
	so_keys(ids);
	for (way = 0; way < SO_WAYS; way++) {
		udp_messages(way);
		udp_bad_messages(way);
		udp_truncated(way);
		udp_batches(way);
		udp_segments(way);
		udp_corked(way);
	}
	udp_lite();
	udp_many(SO_IPV6);
	raw_and_ping(SO_IPV4);
	raw_and_ping(SO_IPV6);
	vt_keys_del();
	return vt_done();
}
