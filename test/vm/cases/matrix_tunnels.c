// SPDX-License-Identifier: GPL-2.0
/* The matrix: b puts packets into a tunnel, c takes them out. */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define WAY		.from = "a", .to = "10.77.0.2", .sink = "c"
#define B_XDP		.set = { "b", "left", MX_XDP }
#define KEPT		{ MX_KEPT }
#define DAMAGED		{ MX_LOST, TRAITS_STAT_LOST_DAMAGED }

/* The packet with its outer headers, on both sides of the wire. */
#define OUTER										\
	{ "b", "right", MX_TC_EGRESS, .along = true },					\
	{ "c", "left", MX_TC_INGRESS, .along = true }

#define ENDS(near, far) "local 10.2.0." near " remote 10.2.0." far

/* with: what the device is at b and at c, and its address at c if it is Ethernet */
static void add_tunnel(const struct mx_event *event)
{
	mx_ip("b", "link add tn0 type %s\naddr add 10.77.0.1/24 dev tn0\nlink set tn0 up",
	      event->with[0]);
	mx_ip("c", "link add tn0 %s%s type %s\naddr add 10.77.0.2/24 dev tn0\nlink set tn0 up",
	      event->with[2] ? "address " : "", event->with[2] ?: "", event->with[1]);
	if (event->with[2])
		mx_ip("b", "neigh replace 10.77.0.2 lladdr %s dev tn0 nud permanent",
		      event->with[2]);
}

static void del_tunnel(const struct mx_event *event)
{
	mx_ip("b", "link del tn0");
	mx_ip("c", "link del tn0");
}

static void add_mpls(const struct mx_event *event)
{
	vt_run("modprobe mpls_router && modprobe mpls_iptunnel");
	mx_sysctl("c", "mpls/platform_labels", "1000");
	mx_sysctl("c", "mpls/conf/left/input", "1");
	mx_ip("b", "route add 10.77.0.0/24 encap mpls 100 via inet 10.2.0.2 dev right");
	mx_ip("c", "addr add 10.77.0.2/32 dev lo\n-f mpls route add 100 dev lo");
}

static void del_mpls(const struct mx_event *event)
{
	mx_ip("b", "route del 10.77.0.0/24");
	mx_ip("c", "-f mpls route del 100\naddr del 10.77.0.2/32 dev lo");
}

static const struct mx_event events[] = {
	{
		.name = "IPIP",
		.set_up = add_tunnel, .tear_down = del_tunnel,
		.with = { "ipip " ENDS("1", "2"), "ipip " ENDS("2", "1") },
		WAY, B_XDP,
		.read = { OUTER, { "c", "tn0", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "SIT, IPv4 inside",
		.set_up = add_tunnel, .tear_down = del_tunnel,
		.with = { "sit mode ipip " ENDS("1", "2"), "sit mode ipip " ENDS("2", "1") },
		WAY, B_XDP,
		.read = { OUTER, { "c", "tn0", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "GRE",
		.set_up = add_tunnel, .tear_down = del_tunnel,
		.with = { "gre " ENDS("1", "2"), "gre " ENDS("2", "1") },
		WAY, B_XDP,
		.read = { OUTER, { "c", "tn0", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "GRETAP",
		.set_up = add_tunnel, .tear_down = del_tunnel,
		.with = { "gretap " ENDS("1", "2"), "gretap " ENDS("2", "1"),
			  "02:00:00:00:77:02" },
		WAY, B_XDP,
		.read = { OUTER, { "c", "tn0", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "VXLAN",
		.set_up = add_tunnel, .tear_down = del_tunnel,
		.with = { "vxlan id 7 dstport 4789 dev right " ENDS("1", "2"),
			  "vxlan id 7 dstport 4789 dev left " ENDS("2", "1"),
			  "02:00:00:00:77:02" },
		WAY, B_XDP,
		.read = { OUTER, { "c", "tn0", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "Geneve",
		.set_up = add_tunnel, .tear_down = del_tunnel,
		.with = { "geneve id 7 remote 10.2.0.2", "geneve id 7 remote 10.2.0.1",
			  "02:00:00:00:77:02" },
		WAY, B_XDP,
		.read = { OUTER, { "c", "tn0", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "MPLS",
		.set_up = add_mpls, .tear_down = del_mpls,
		WAY, B_XDP,
		.read = { OUTER, { "c", "lo", MX_TC_INGRESS } },
		.want = KEPT,
	},
};

int main(void)
{
	vt_path(3);
	mx_ip("a", "route add 10.77.0.0/24 via 10.1.0.2");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
