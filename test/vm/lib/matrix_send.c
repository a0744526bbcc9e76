// SPDX-License-Identifier: GPL-2.0
/* The packets of the matrix's cells. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "matrix.h"
#include "vt.h"

#define ALL (2 * MX_PACKETS)

static char buf[65536];

unsigned int mx_payload(const struct mx_event *event, void *to, unsigned int payload,
			unsigned int first, unsigned int index)
{
	bool bare = index / (event->run ?: 1) % 2;
	struct mx_mark *mark = to;
	unsigned int i;

	for (i = 0; i < payload / sizeof(*mark); i++) {
		mark[i].magic = MX_MAGIC;
		mark[i].seq = (first + index) | (bare ? MX_BARE : 0);
	}
	return payload;
}

static struct sockaddr_in address(const char *text)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(MX_PORT) };

	if (text && inet_pton(AF_INET, text, &sin.sin_addr) != 1)
		vt_die("matrix: no address: %s", text);
	return sin;
}

void mx_send_udp(const struct mx_event *event, unsigned int first)
{
	int here = vt_ns_enter(event->from), fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in to = address(event->to);
	int one = 1, ttl = 8, no = IP_PMTUDISC_DONT;
	unsigned int i, len;

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one));
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl));
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &no, sizeof(no));
	for (i = 0; i < ALL; i++) {
		len = mx_payload(event, buf, event->payload ?: 80, first, i);
		/* Nobody may listen there: the error of an earlier datagram is not this one's. */
		while (sendto(fd, buf, len, 0, (void *)&to, sizeof(to)) < 0) {
			if (errno != ECONNREFUSED && errno != ENOBUFS)
				vt_die("matrix: sending to %s: %s", event->to, strerror(errno));
		}
		if (i % 32 == 31)
			mx_sent(i + 1);
	}
	close(fd);
	vt_ns_leave(here);
}

/* With one call; the kernel makes them packets that arrive together. */
#define BURST	16
#define SEGMENT	80

void mx_send_bursts(const struct mx_event *event, unsigned int first)
{
	int here = vt_ns_enter(event->from), fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in to = address(event->to);
	unsigned int i, len, size = SEGMENT;

	if (fd < 0 || setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		vt_die("matrix: UDP_SEGMENT: %s", strerror(errno));
	for (i = 0; i < ALL; i += BURST) {
		for (len = 0; len < BURST * SEGMENT;)
			len += mx_payload(event, buf + len, size, first, i + len / size);
		if (sendto(fd, buf, len, 0, (void *)&to, sizeof(to)) != (ssize_t)len)
			vt_die("matrix: sending to %s: %s", event->to, strerror(errno));
		mx_sent(i + BURST);
	}
	close(fd);
	vt_ns_leave(here);
}

static void limit(int fd)
{
	struct timeval s = { .tv_sec = 20 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &s, sizeof(s));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &s, sizeof(s));
}

void mx_send_frames(const struct mx_event *event, unsigned int first)
{
	unsigned int i, len, together = event->run ?: 32, at = 0;
	struct vt_wire *wire = vt_wire(event->from, "right");
	struct vt_flow flow = event->flow;
	uint8_t frame[VT_FRAME_MAX];

	for (i = 0; i < ALL; i++) {
		len = mx_payload(event, buf, event->payload ?: 80, first, i);
		/* Far from each other: many bits differ, of which a card hashes on some. */
		flow.source = event->flow.source + i % (event->flows ?: 1) * 257;
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, at, buf, len));
		at += len;
		if (i % together == together - 1) {
			vt_wire_flush(wire);
			mx_sent(i + 1);
		}
	}
	vt_wire_close(wire);
}

/*
 * The receiver's queue holds all that is sent, so one process can do both. Each
 * packet is sent when the one before, or the @event->run before, was received.
 */
static void send_all(const struct mx_event *event, int from, int to, unsigned int first)
{
	unsigned int i, run = event->run ?: 1, mss, len, got;
	struct tcp_info info;
	socklen_t size = sizeof(info);
	char sink[65536];
	int n;

	if (getsockopt(from, IPPROTO_TCP, TCP_INFO, &info, &size))
		vt_die("matrix: TCP_INFO: %s", strerror(errno));
	mss = event->payload ?: info.tcpi_snd_mss;
	if (mss % 8 || mss * run > sizeof(buf))
		vt_die("matrix: segments of %u bytes", mss);
	for (i = 0; i < ALL; i += run) {
		for (len = 0; len < mss * run;)
			len += mx_payload(event, buf + len, mss, first, i + len / mss);
		if (send(from, buf, len, MSG_NOSIGNAL) != (ssize_t)len)
			vt_die("matrix: send: %s", strerror(errno));
		for (got = 0; got < mss * run; got += n) {
			n = recv(to, sink + got, mss * run - got, 0);
			if (n <= 0)
				vt_die("matrix: recv: %s", n ? strerror(errno) : "end");
		}
		if (memcmp(sink, buf, got))
			vt_die("matrix: a byte is wrong");
	}
}

void mx_send_tcp(const struct mx_event *event, unsigned int first)
{
	struct sockaddr_in at = address(NULL), to = address(event->to);
	int here, listener, from, end, one = 1;

	here = vt_ns_enter(event->receiver);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	limit(listener);
	if (bind(listener, (void *)&at, sizeof(at)) || listen(listener, 1))
		vt_die("matrix: listening in %s: %s", event->receiver, strerror(errno));
	vt_ns_leave(here);

	here = vt_ns_enter(event->from);
	from = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(from, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	limit(from);
	if (connect(from, (void *)&to, sizeof(to)))
		vt_die("matrix: connecting to %s: %s", event->to, strerror(errno));
	vt_ns_leave(here);
	end = accept(listener, NULL, NULL);
	if (end < 0)
		vt_die("matrix: accept: %s", strerror(errno));
	limit(end);
	send_all(event, from, end, first);
	/* Resets, so that nothing is on its way and nobody waits. */
	setsockopt(from, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(from);
	close(end);
	close(listener);
}
