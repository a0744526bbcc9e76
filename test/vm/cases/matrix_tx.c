// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: packets that get their traits in TC, when they leave or on their way.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define UDP_TO(address)	.from = "a", .to = address
#define TCP_TO(address, ns)								\
	.from = "a", .to = address, .receiver = ns, .send = mx_send_tcp, .payload = 512
#define KEPT		{ MX_KEPT }
#define REFUSED		{ MX_LOST, TRAITS_STAT_ENOSPC }

/* with: the namespace whose right device it is */
static void add_headroom(const struct mx_event *event)
{
	mx_headroom(event->with[0], "right", 360);
}

static void del_headroom(const struct mx_event *event)
{
	mx_headroom(event->with[0], "right", 0);
}

/*
 * Each skb is one segment, and the others of its run say soon that it is
 * missing. TCP makes larger ones for a device without GSO, too.
 */
static void one_segment(const struct mx_event *event)
{
	mx_ip("a", "link set right gso_max_segs 1");
}

static void many_segments(const struct mx_event *event)
{
	mx_ip("a", "link set right gso_max_segs 65535");
}

static const struct mx_event events[] = {
	{
		/* The stack leaves 2 bytes in front of the Ethernet header. */
		.name = "UDP, set at TC egress",
		UDP_TO("10.1.0.2"), .sink = "b",
		.set = { "a", "right", MX_TC_EGRESS },
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = REFUSED,
	},
	{
		.name = "TCP, set at TC egress",
		TCP_TO("10.1.0.2", "b"),
		.set = { "a", "right", MX_TC_EGRESS },
		.read = {
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "TCP, set at TC egress, forwarded",
		TCP_TO("10.2.0.2", "c"),
		.set = { "a", "right", MX_TC_EGRESS },
		.read = {
			{ "b", "right", MX_TC_EGRESS, .along = true },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "TCP, set at TC egress, XDP at the peer",
		TCP_TO("10.1.0.2", "b"),
		.set = { "a", "right", MX_TC_EGRESS },
		.read = { { "b", "left", MX_XDP } },
		.want = KEPT,
	},
	{
		.name = "TCP, set at TC egress, TC behind XDP",
		TCP_TO("10.1.0.2", "b"),
		.set = { "a", "right", MX_TC_EGRESS },
		.read = {
			{ "b", "left", MX_XDP, .blind = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "TCP, lost and sent again",
		.set_up = one_segment, .tear_down = many_segments,
		.from = "a", .to = "10.1.0.2", .receiver = "b", .send = mx_send_tcp, .run = 8,
		.set = { "a", "right", MX_TC_EGRESS, .again = 8 },
		.read = {
			{ "b", "left", MX_XDP, .action = MX_DROP_SOME, .again = 8, .blind = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		/* What is sent again has no traits of its own: not those of the time before. */
		.name = "TCP, sent again, set only before",
		.set_up = one_segment, .tear_down = many_segments,
		.from = "a", .to = "10.1.0.2", .receiver = "b", .send = mx_send_tcp, .run = 8,
		.set = { "a", "right", MX_TC_EGRESS, .again = 8, .once = true },
		.read = {
			{ "b", "left", MX_XDP, .action = MX_DROP_SOME, .again = 8, .blind = true },
			{ "b", "left", MX_TC_INGRESS, .without = 8 },
		},
		.want = { MX_POLICY },
	},
	{
		.name = "TCP, set at TC ingress, forwarded",
		TCP_TO("10.2.0.2", "c"),
		.set = { "b", "left", MX_TC_INGRESS },
		.read = { { "c", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		/* XDP's headroom is there, whatever the program does. */
		.name = "UDP, set at TC egress behind XDP",
		UDP_TO("10.2.0.2"), .sink = "c",
		.set = { "b", "right", MX_TC_EGRESS },
		.read = {
			{ "b", "left", MX_XDP, .blind = true },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "UDP, set at TC egress, headroom asked for",
		.set_up = add_headroom, .tear_down = del_headroom, .with = { "a" },
		UDP_TO("10.1.0.2"), .sink = "b",
		.set = { "a", "right", MX_TC_EGRESS },
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "UDP, forwarded, headroom asked for",
		.set_up = add_headroom, .tear_down = del_headroom, .with = { "b" },
		UDP_TO("10.2.0.2"), .sink = "c",
		.set = { "b", "right", MX_TC_EGRESS },
		.read = { { "c", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "UDP, forwarded, set at TC egress",
		UDP_TO("10.2.0.2"), .sink = "c",
		.set = { "b", "right", MX_TC_EGRESS },
		.read = { { "c", "left", MX_TC_INGRESS } },
		.want = REFUSED,
	},
};

int main(void)
{
	vt_path(3);
	mx_patient_tcp();
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
