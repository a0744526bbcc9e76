// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: what XDP programs do with packets.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define FROM_A		.from = "a", .to = "10.1.0.2"
#define B_XDP(act)	{ "b", "left", MX_XDP, .action = act }
#define KEPT		{ MX_KEPT }

/* A second pair of b and c. */
static void add_pair(const struct mx_event *event)
{
	mx_ip("b", "link add right2 type veth peer name left2 netns c\n"
	      "link set right2 up");
	mx_ip("c", "link set left2 up");
}

static void del_pair(const struct mx_event *event)
{
	mx_ip("b", "link del right2");
}

static void raise_mtu(const struct mx_event *event)
{
	mx_ip("a", "link set right mtu 9000");
	mx_ip("b", "link set left mtu 9000");
}

static const struct mx_event events[] = {
	{
		.name = "redirect by devmap",
		FROM_A,
		.set = B_XDP(MX_DEVMAP),
		.port = { { "b", "right" } },
		.read = {
			{ "c", "left", MX_XDP, .along = true },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "redirect by devmap hash",
		FROM_A,
		.set = B_XDP(MX_DEVMAP_HASH),
		.port = { { "b", "right" } },
		.read = {
			{ "c", "left", MX_XDP, .along = true },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "redirect, egress program",
		FROM_A,
		.set = B_XDP(MX_DEVMAP),
		.port = { { "b", "right" } },
		.read = {
			{ .at = MX_DEVMAP_EGRESS, .along = true },
			{ "c", "left", MX_XDP, .along = true },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "redirect, broadcast to 2",
		.set_up = add_pair, .tear_down = del_pair,
		FROM_A,
		.set = B_XDP(MX_BROADCAST),
		.port = { { "b", "right" }, { "b", "right2" } },
		.read = {
			{ "c", "left", MX_XDP, .along = true },
			{ "c", "left2", MX_XDP, .along = true },
			{ "c", "left", MX_TC_INGRESS },
			{ "c", "left2", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "XDP_TX",
		FROM_A,
		.set = B_XDP(MX_TX),
		.read = {
			{ "a", "right", MX_XDP, .along = true },
			{ "a", "right", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "cpumap",
		FROM_A, .sink = "b",
		.set = B_XDP(MX_CPUMAP),
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "cpumap with program",
		FROM_A, .sink = "b",
		.set = B_XDP(MX_CPUMAP),
		.read = {
			{ .at = MX_CPUMAP_XDP, .along = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "tail call",
		FROM_A, .sink = "b",
		.set = B_XDP(MX_TAIL_CALL),
		.read = {
			{ .at = MX_TAIL, .along = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "dispatcher of two programs",
		FROM_A, .sink = "b",
		.set = { "b", "left", MX_DISPATCHED },
		.read = {
			{ "b", "left", MX_DISPATCHED, .along = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "frame in several buffers",
		.set_up = raise_mtu,
		FROM_A, .sink = "b", .payload = 8000,
		.set = { "b", "left", MX_XDP_FRAGS },
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
};

int main(void)
{
	vt_path(3);
	/* No skb remembers that a checksum is still to be done. */
	mx_ethtool("a", "right", "tx off");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
