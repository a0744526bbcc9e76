// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: from XDP to the stack, and through it.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define B_XDP		{ "b", "left", MX_XDP }
#define KEPT		{ MX_KEPT }
#define POLICY		{ MX_POLICY }

/* Tags are in the packet's bytes, so that headers are really moved. */
static void tags_in_bytes(void)
{
	mx_ethtool("a", "right", "txvlan off tx-vlan-stag-hw-insert off");
	mx_ethtool("b", "left", "rxvlan off rx-vlan-stag-hw-parse off");
	mx_ethtool("b", "right", "txvlan off tx-vlan-stag-hw-insert off");
	mx_ethtool("c", "left", "rxvlan off rx-vlan-stag-hw-parse off");
}

/* VLAN 5 on both ends of a pair, with addresses in 10.55.0.0/24. */
#define NEAR(dev)									\
	"link add link " dev " name v5 address 02:00:00:00:55:01 type vlan id 5\n"	\
	"addr add 10.55.0.1/24 dev v5\n"						\
	"link set v5 up\n"								\
	"neigh replace 10.55.0.2 lladdr 02:00:00:00:55:02 dev v5 nud permanent\n"
#define FAR(dev)									\
	"link add link " dev " name v5 address 02:00:00:00:55:02 type vlan id 5\n"	\
	"addr add 10.55.0.2/24 dev v5\n"						\
	"link set v5 up\n"
#define S_TAG(dev)									\
	"link add link " dev " name s7 type vlan proto 802.1ad id 7\n"			\
	"link set s7 up\n"

static void add_vlan_ab(const struct mx_event *event)
{
	mx_ip("a", NEAR("right"));
	mx_ip("b", FAR("left"));
}

static void del_vlan_ab(const struct mx_event *event)
{
	mx_ip("a", "link del v5");
	mx_ip("b", "link del v5");
}

static void add_vlan_bc(const struct mx_event *event)
{
	mx_ip("b", NEAR("right"));
	mx_ip("c", FAR("left"));
	mx_ip("a", "route replace 10.55.0.0/24 via 10.1.0.2");
}

static void del_vlan_bc(const struct mx_event *event)
{
	mx_ip("b", "link del v5");
	mx_ip("c", "link del v5");
}

static void add_qinq(const struct mx_event *event)
{
	mx_ip("b", S_TAG("right") NEAR("s7"));
	mx_ethtool("b", "s7", "txvlan off");
	mx_ip("c", S_TAG("left") FAR("s7"));
}

static void del_qinq(const struct mx_event *event)
{
	mx_ip("b", "link del s7");
	mx_ip("c", "link del s7");
}

static void gro_on(const struct mx_event *event)
{
	mx_ethtool("a", "right", "tso off gso off tx-udp-segmentation off");
	mx_ethtool("b", "left", "gro on rx-udp-gro-forwarding on");
}

static const struct mx_event events[] = {
	{
		.name = "XDP to TC and tracing",
		.from = "a", .to = "10.1.0.2", .sink = "b",
		.set = B_XDP,
		.read = {
			{ "b", "left", MX_TC_INGRESS },
			{ "b", "left", MX_RECEIVE, .along = true },
		},
		.want = KEPT,
	},
	{
		.name = "forwarding, veth and netns twice",
		.from = "a", .to = "10.3.0.2", .sink = "d",
		.set = B_XDP,
		.read = {
			{ "b", "right", MX_TC_EGRESS, .along = true },
			{ "c", "left", MX_TC_INGRESS, .along = true },
			{ "c", "right", MX_TC_EGRESS, .along = true },
			{ "d", "left", MX_TC_INGRESS },
			{ "d", "left", MX_RECEIVE, .along = true },
		},
		.want = KEPT,
	},
	{
		.name = "VLAN tag popped",
		.set_up = add_vlan_ab, .tear_down = del_vlan_ab,
		.from = "a", .to = "10.55.0.2", .sink = "b",
		.set = B_XDP,
		.read = { { "b", "v5", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "VLAN tag pushed and popped",
		.set_up = add_vlan_bc, .tear_down = del_vlan_bc,
		.from = "a", .to = "10.55.0.2", .sink = "c",
		.set = B_XDP,
		.read = {
			{ "b", "right", MX_TC_EGRESS, .along = true },
			{ "c", "v5", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "QinQ tags pushed and popped",
		.set_up = add_qinq, .tear_down = del_qinq,
		.from = "a", .to = "10.55.0.2", .sink = "c",
		.set = B_XDP,
		.read = {
			{ "b", "right", MX_TC_EGRESS, .along = true },
			{ "c", "v5", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "GRO of UDP, first",
		.set_up = gro_on,
		/* Forwarded: where a socket waits, the kernel merges only what that asked for. */
		.from = "a", .to = "10.2.0.2", .sink = "c", .send = mx_send_bursts, .run = 16,
		.set = B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS, .mark = 42, .merged = true } },
		.want = POLICY,
	},
	{
		.name = "GRO of TCP, first",
		.from = "a", .to = "10.1.0.2", .receiver = "b",
		.send = mx_send_tcp, .run = 8,
		.set = B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS, .mark = 66, .merged = true } },
		.want = POLICY,
	},
};

int main(void)
{
	vt_path(4);
	mx_patient_tcp();
	tags_in_bytes();
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
