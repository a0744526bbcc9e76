// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 400
 * The matrix on a network card: traits of what XDP redirects from the card to
 * veth, through a cpumap or a tail call, and sends back. What goes to a card is
 * on the wire then, where traits end: the frames arrive there as they were sent.
 */
#include "matrix.h"
#include "nic.h"
#include "path.h"
#include "vt.h"

#define FROM_A		.from = "a", .to = "10.1.0.2"
#define B_XDP(act)	{ "b", "left", MX_XDP, .action = act }
#define KEPT		{ MX_KEPT }
#define POLICY		{ MX_POLICY }

static const struct mx_event events[] = {
	{
		.name = "card: redirect to veth by devmap",
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
		.name = "card: redirect to veth, egress program",
		FROM_A,
		.set = B_XDP(MX_DEVMAP_HASH),
		.port = { { "b", "right" } },
		.read = {
			{ .at = MX_DEVMAP_EGRESS, .along = true },
			{ "c", "left", MX_XDP, .along = true },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "card: cpumap",
		FROM_A, .sink = "b",
		.set = B_XDP(MX_CPUMAP),
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "card: cpumap with program",
		FROM_A, .sink = "b",
		.set = B_XDP(MX_CPUMAP),
		.read = {
			{ .at = MX_CPUMAP_XDP, .along = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "card: tail call",
		FROM_A, .sink = "b",
		.set = B_XDP(MX_TAIL_CALL),
		.read = {
			{ .at = MX_TAIL, .along = true },
			{ "b", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "card: XDP_TX, to the wire",
		FROM_A,
		.set = B_XDP(MX_TX),
		.read = { { "a", "right", MX_TC_INGRESS, .absent = true, .along = true } },
		.want = POLICY,
	},
};

int main(void)
{
	vt_nic();
	vt_path_of(">v");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
