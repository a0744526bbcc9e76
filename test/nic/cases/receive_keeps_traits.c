// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 400
 * The matrix on a network card: traits that XDP sets on what the card received
 * are there at the top of the stack, in TC, behind GRO, and after forwarding;
 * over IPv4 and IPv6, with VLAN tags that the card takes off or leaves.
 */
#include <netinet/in.h>
#include <string.h>

#include "matrix.h"
#include "nic.h"
#include "path.h"
#include "vt.h"

#define KEPT		{ MX_KEPT }
#define POLICY		{ MX_POLICY }
#define RUN		8

#define FLOW(l3, l4, id)							\
	{ { 2, 0, 0, 0, 0, 0 }, { 2, 0, 0, 0, 1, 0 }, AF_##l3, IPPROTO_##l4, id, 1024, MX_PORT }

/* What arrives in XDP goes on to TC, one by one. */
#define PASSED(text, l3, l4, id)						\
	{									\
		.name = "card: " text,						\
		.set_up = id ? add_vlan : NULL, .tear_down = id ? del_vlan : NULL,	\
		.from = "a", .send = mx_send_frames, .flow = FLOW(l3, l4, id),	\
		.set = { "b", "left", MX_XDP },					\
		.read = {							\
			{ "b", "left", MX_RECEIVE, .along = true },		\
			{ "b", "left", MX_TC_INGRESS },				\
		},								\
		.want = KEPT,							\
	}

/* The mark that TC looks for is the first packet's: @header bytes from the start, without tag. */
#define MERGED(text, l3, id, header)						\
	{									\
		.name = "card: " text,						\
		.set_up = gro_on, .tear_down = gro_off,				\
		.from = "a", .send = mx_send_frames, .run = RUN,		\
		.flow = FLOW(l3, TCP, id), .payload = 1024,			\
		.set = { "b", "left", MX_XDP },					\
		.read = {							\
			{ "b", "left", MX_TC_INGRESS, .mark = header, .merged = true },	\
		},								\
		.want = POLICY,							\
	}

/* A card need not receive tags of VLANs that nobody is in. */
static void add_vlan(const struct mx_event *event)
{
	mx_ip("b", "link add link left name v5 type vlan id 5\n"
	      "link set v5 up");
	vt_nic_wait_carrier("b", "left");
}

static void del_vlan(const struct mx_event *event)
{
	mx_ip("b", "link del v5");
}

static void gro_on(const struct mx_event *event)
{
	if (event->flow.vlan)
		add_vlan(event);
	mx_ethtool("b", "left", "gro on");
	vt_nic_gro_waits("b", "left", 30);
}

static void gro_off(const struct mx_event *event)
{
	vt_nic_gro_waits("b", "left", 0);
	if (event->flow.vlan)
		del_vlan(event);
}

static const struct mx_event events[] = {
	{
		.name = "card: UDP to a socket",
		.from = "a", .to = "10.1.0.2", .sink = "b",
		.set = { "b", "left", MX_XDP },
		.read = {
			{ "b", "left", MX_RECEIVE, .along = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "card: forwarded, veth and netns twice",
		.from = "a", .to = "10.3.0.2", .sink = "d",
		.set = { "b", "left", MX_XDP },
		.read = {
			{ "b", "right", MX_TC_EGRESS, .along = true },
			{ "c", "left", MX_TC_INGRESS, .along = true },
			{ "d", "left", MX_TC_INGRESS },
			{ "d", "left", MX_RECEIVE, .along = true },
		},
		.want = KEPT,
	},
	PASSED("IPv4 UDP", INET, UDP, 0),
	PASSED("IPv6 UDP", INET6, UDP, 0),
	PASSED("IPv4 UDP, VLAN tag", INET, UDP, 5),
	PASSED("IPv6 UDP, VLAN tag", INET6, UDP, 5),
	MERGED("GRO of IPv4 TCP, first", INET, 0, 54),
	MERGED("GRO of IPv6 TCP, first", INET6, 0, 74),
	MERGED("GRO of IPv4 TCP, VLAN tag, first", INET, 5, 54),
	MERGED("GRO of IPv6 TCP, VLAN tag, first", INET6, 5, 74),
	{
		.name = "card: GRO of a TCP connection, first",
		.from = "a", .to = "10.1.0.2", .receiver = "b", .send = mx_send_tcp, .run = RUN,
		.set_up = gro_on, .tear_down = gro_off,
		.set = { "b", "left", MX_XDP },
		.read = { { "b", "left", MX_TC_INGRESS, .mark = 66, .merged = true } },
		.want = POLICY,
	},
};

int main(void)
{
	vt_nic();
	vt_path_of(">vv");
	mx_patient_tcp();
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
