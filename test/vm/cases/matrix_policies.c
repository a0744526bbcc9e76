// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: keys with other policies than the default ones.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define B_XDP	.set = { "b", "left", MX_XDP }
#define KEPT	{ MX_KEPT }
#define POLICY	{ MX_POLICY }

static void add_mirror(const struct mx_event *event)
{
	mx_tc("b", "filter add dev left ingress matchall action mirred egress mirror dev p1");
}

static void del_mirror(const struct mx_event *event)
{
	mx_tc("b", "filter del dev left ingress");
}

/* Forwarded: where a socket waits, the kernel merges only what that asked for. */
#define BURSTS										\
	.from = "a", .to = "10.2.0.2", .sink = "c", .send = mx_send_bursts, .run = 16

static void gro_on(const struct mx_event *event)
{
	mx_ethtool("a", "right", "tso off gso off tx-udp-segmentation off");
	mx_ethtool("b", "left", "gro on rx-udp-gro-forwarding on");
}

static const struct mx_event events[] = {
	{
		.name = "another namespace, policy drop",
		.policy = { .netns = TRAITS_NETNS_DROP },
		.from = "a", .to = "10.2.0.2", .sink = "c",
		B_XDP,
		.read = {
			{ "b", "right", MX_TC_EGRESS },
			{ "c", "left", MX_TC_INGRESS, .absent = true },
			{ "c", "left", MX_RECEIVE, .absent = true, .along = true },
		},
		.want = POLICY,
	},
	{
		.name = "redirect to another one, policy drop",
		.policy = { .netns = TRAITS_NETNS_DROP },
		.from = "a", .to = "10.1.0.2",
		.set = { "b", "left", MX_XDP, .action = MX_DEVMAP },
		.port = { { "b", "right" } },
		.read = {
			{ "c", "left", MX_XDP, .absent = true },
			{ "c", "left", MX_TC_INGRESS, .absent = true, .along = true },
		},
		.want = POLICY,
	},
	{
		.name = "clone, policy copy",
		.set_up = add_mirror, .tear_down = del_mirror,
		.policy = { .clone = TRAITS_CLONE_COPY },
		.from = "a", .to = "10.1.0.2", .sink = "b",
		B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS }, { "c", "p1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "clone, policy drop",
		.set_up = add_mirror, .tear_down = del_mirror,
		.policy = { .clone = TRAITS_CLONE_DROP },
		.from = "a", .to = "10.1.0.2", .sink = "b",
		B_XDP,
		.read = {
			{ "b", "left", MX_TC_INGRESS },
			{ "c", "p1", MX_TC_INGRESS, .absent = true },
		},
		.want = POLICY,
	},
	{
		.name = "GRO, policy last",
		.set_up = gro_on,
		.policy = { .gro = TRAITS_GRO_LAST },
		BURSTS, B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS, .merged = true } },
		.want = POLICY,
	},
	{
		.name = "GRO, policy discard",
		.policy = { .gro = TRAITS_GRO_DISCARD },
		BURSTS, B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS, .merged = true, .absent = true } },
		.want = POLICY,
	},
	{
		/* Flags have no values that could differ. */
		.name = "GRO, policy block",
		.policy = { .gro = TRAITS_GRO_BLOCK },
		BURSTS, B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = POLICY,
	},
};

int main(void)
{
	vt_path(3);
	mx_ip("b", "link add p1 type veth peer name p1 netns c\nlink set p1 up");
	mx_ip("c", "link set p1 up");
	mx_tc("b", "qdisc add dev left clsact");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
