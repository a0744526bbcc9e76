// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: XDP programs on packets that are skbs already, in generic mode or
 * on a veth whose other end gave it an skb. The packets have their traits from
 * XDP in b; the programs run in c.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define WAY		.from = "a", .to = "10.3.0.2", .set = { "b", "left", MX_XDP }
#define KEPT		{ MX_KEPT }

static const struct mx_event events[] = {
	{
		.name = "generic XDP reads",
		WAY, .sink = "d",
		.read = { { "c", "left", MX_XDP_GENERIC } },
		.want = KEPT,
	},
	{
		.name = "generic XDP, XDP_PASS",
		WAY, .sink = "d",
		.read = {
			{ "c", "left", MX_XDP_GENERIC },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "generic XDP, XDP_TX",
		WAY,
		.read = {
			{ "c", "left", MX_XDP_GENERIC, .action = MX_TX },
			{ "b", "right", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "generic XDP, redirect",
		WAY,
		.port = { { "c", "right" } },
		.read = {
			{ "c", "left", MX_XDP_GENERIC, .action = MX_DEVMAP },
			{ "d", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "veth, XDP reads an skb's",
		WAY, .sink = "d",
		.read = { { "c", "left", MX_XDP } },
		.want = KEPT,
	},
	{
		.name = "veth, skb, XDP_PASS",
		WAY, .sink = "d",
		.read = {
			{ "c", "left", MX_XDP },
			{ "c", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "veth, skb, XDP_TX",
		WAY,
		.read = {
			{ "c", "left", MX_XDP, .action = MX_TX },
			{ "b", "right", MX_XDP },
			{ "b", "right", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "veth, skb, redirect",
		WAY,
		.port = { { "c", "right" } },
		.read = {
			{ "c", "left", MX_XDP, .action = MX_DEVMAP },
			{ "d", "left", MX_XDP },
			{ "d", "left", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
};

int main(void)
{
	vt_path(4);
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
