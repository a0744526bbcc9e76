// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: packets that are cut into several, and put together.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <string.h>
#include <unistd.h>

#include "matrix.h"
#include "path.h"
#include "vt.h"

#define KEPT		{ MX_KEPT }

#define LOST_COPY	{ MX_LOST, TRAITS_STAT_LOST_COPY }

#define SEGMENTS	4
#define SEGMENT		80	/* bytes of UDP */
#define MSS		1448	/* of TCP over Ethernet, with timestamps */

static void raise_mtu(const struct mx_event *event)
{
	mx_ip("a", "link set right mtu 3000");
	mx_ip("b", "link set left mtu 3000");
}

static void raise_mtu_and_headroom(const struct mx_event *event)
{
	raise_mtu(event);
	mx_headroom("b", "right", 360);
}

static void lower_mtu(const struct mx_event *event)
{
	mx_ip("a", "link set right mtu 1500");
	mx_ip("b", "link set left mtu 1500");
	mx_headroom("b", "right", 0);
}

static void gso_off(const struct mx_event *event)
{
	mx_ethtool("b", "right", "tso off gso off tx-udp-segmentation off");
}

/* a cuts, b puts together what a cut, and cuts it again. */
static void gro_on(const struct mx_event *event)
{
	mx_ethtool("a", "right", "tso off gso off tx-udp-segmentation off");
	mx_ethtool("b", "left", "gro on rx-udp-gro-forwarding on");
	gso_off(event);
}

static void list_on(const struct mx_event *event)
{
	gro_on(event);
	mx_ethtool("b", "left", "rx-gro-list on");
}

static void gro_off(const struct mx_event *event)
{
	mx_ethtool("b", "left", "gro off rx-gro-list off rx-udp-gro-forwarding off");
}

/* Packets of SEGMENTS segments that have one mark. */
static void send_gso(const struct mx_event *event, unsigned int first)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(MX_PORT) };
	int here = vt_ns_enter(event->from), fd = socket(AF_INET, SOCK_DGRAM, 0);
	int size = SEGMENT;
	char buf[SEGMENTS * SEGMENT];
	unsigned int i, len;

	inet_pton(AF_INET, event->to, &to.sin_addr);
	if (fd < 0 || setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		vt_die("UDP_SEGMENT: %s", strerror(errno));
	for (i = 0; i < 2 * MX_PACKETS; i++) {
		len = mx_payload(event, buf, sizeof(buf), first, i);
		if (sendto(fd, buf, len, 0, (void *)&to, sizeof(to)) != len)
			vt_die("sendto: %s", strerror(errno));
		/* Bare packets and others, all skbs, would be merged: see GRO policies. */
		mx_sent(i + 1);
	}
	close(fd);
	vt_ns_leave(here);
}

static const struct mx_event events[] = {
	{
		.name = "TCP GSO, cut in software",
		.set_up = gso_off,
		.from = "a", .to = "10.2.0.2", .receiver = "c",
		.send = mx_send_tcp, .payload = SEGMENTS * MSS,
		.set = { "b", "left", MX_TC_INGRESS, .times = SEGMENTS },
		.read = { { "c", "left", MX_TC_INGRESS, .times = SEGMENTS } },
		.want = KEPT,
	},
	{
		.name = "UDP merged by GRO, cut in software",
		.set_up = gro_on, .tear_down = gro_off,
		.from = "a", .to = "10.2.0.2", .send = send_gso,
		.set = { "b", "left", MX_XDP, .times = SEGMENTS },
		.read = {
			{ "b", "left", MX_TC_INGRESS, .times = SEGMENTS, .merged = true, .along = true },
			{ "c", "left", MX_TC_INGRESS, .times = SEGMENTS },
		},
		.want = KEPT,
	},
	{
		/* Each of the list has a head, and traits, of its own. */
		.name = "UDP listed by GRO, cut in software",
		.set_up = list_on, .tear_down = gro_off,
		.from = "a", .to = "10.2.0.2", .send = send_gso,
		.set = { "b", "left", MX_XDP, .times = SEGMENTS },
		.read = {
			{ "b", "left", MX_TC_INGRESS, .times = SEGMENTS, .merged = true, .along = true },
			{ "c", "left", MX_TC_INGRESS, .times = SEGMENTS },
		},
		.want = KEPT,
	},
	{
		.name = "IP fragments, made while forwarding",
		.set_up = raise_mtu, .tear_down = lower_mtu,
		.from = "a", .to = "10.2.0.2", .sink = "c", .payload = 2800,
		.set = { "b", "left", MX_XDP },
		.read = { { "c", "left", MX_TC_INGRESS, .times = 2 } },
		/* They are made with no more headroom than the device needs. */
		.want = LOST_COPY,
	},
	{
		.name = "the same, a device with headroom",
		.set_up = raise_mtu_and_headroom, .tear_down = lower_mtu,
		.from = "a", .to = "10.2.0.2", .sink = "c", .payload = 2800,
		.set = { "b", "left", MX_XDP },
		.read = { { "c", "left", MX_TC_INGRESS, .times = 2 } },
		.want = KEPT,
	},
	{
		/* Each fragment has traits; the datagram has those of the first. */
		.name = "IP fragments, reassembled",
		.from = "a", .to = "10.1.0.2", .payload = 2800,
		.set = { "b", "left", MX_XDP, .times = 2 },
		.read = {
			{ "b", "left", MX_TC_INGRESS, .times = 2, .along = true },
			{ "b", "left", MX_FREE, .mark = sizeof(struct udphdr) },
		},
		.want = KEPT,
	},
};

int main(void)
{
	vt_path(3);
	mx_patient_tcp();
	/* As many segments as one send() has bytes for. */
	mx_sysctl("a", "ipv4/tcp_min_tso_segs", "4");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
