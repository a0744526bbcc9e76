// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: packets that become several, and devices that hand packets to others.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/mroute.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "matrix.h"
#include "path.h"
#include "vt.h"

#define B_XDP		.set = { "b", "left", MX_XDP }
#define TO(address)	.from = "a", .to = address
#define KEPT		{ MX_KEPT }

/* Three more pairs of b and c: p1 and q1, and so on. */
static void add_pairs(void)
{
	unsigned int i;

	for (i = 1; i <= 3; i++) {
		mx_ip("b", "link add p%u type veth peer name q%u netns c\nlink set p%u up", i, i, i);
		mx_ip("c", "link set q%u up", i);
	}
	mx_tc("b", "qdisc add dev left clsact");
}

/* with: what TC does at the ingress of b's left device */
static void add_filter(const struct mx_event *event)
{
	mx_tc("b", "filter add dev left ingress matchall action mirred %s", event->with[0]);
}

static void del_filter(const struct mx_event *event)
{
	mx_tc("b", "filter del dev left ingress");
}

static void add_ifb(const struct mx_event *event)
{
	mx_ip("b", "link add ifb0 type ifb\nlink set ifb0 up");
	add_filter(event);
}

static void del_ifb(const struct mx_event *event)
{
	del_filter(event);
	mx_ip("b", "link del ifb0");
}

static void add_bridge(const struct mx_event *event)
{
	mx_ip("b", "link add br0 type bridge\nlink set left master br0\nlink set p1 master br0\n"
	      "link set p2 master br0\nlink set p3 master br0\nlink set br0 up");
	mx_ip("a", "neigh replace 10.1.0.99 lladdr 02:00:00:00:00:99 dev right nud permanent");
}

static void del_bridge(const struct mx_event *event)
{
	mx_ip("b", "link del br0");
}

/* with: the devices of b that packets to 239.1.1.1 go to */
static int router = -1;

static void add_vif(const char *dev, unsigned int vif)
{
	struct vifctl v = {
		.vifc_vifi = vif, .vifc_flags = VIFF_USE_IFINDEX, .vifc_threshold = 1,
		.vifc_lcl_ifindex = if_nametoindex(dev),
	};

	if (setsockopt(router, IPPROTO_IP, MRT_ADD_VIF, &v, sizeof(v)))
		vt_die("MRT_ADD_VIF %s: %s", dev, strerror(errno));
}

static void add_multicast(const struct mx_event *event)
{
	struct mfcctl route = { .mfcc_parent = 0 };
	int here = vt_ns_enter("b"), one = 1;
	unsigned int i;

	router = socket(AF_INET, SOCK_RAW, IPPROTO_IGMP);
	if (router < 0 || setsockopt(router, IPPROTO_IP, MRT_INIT, &one, sizeof(one)))
		vt_die("MRT_INIT: %s", strerror(errno));
	add_vif("left", 0);
	for (i = 0; i < 3 && event->with[i]; i++) {
		add_vif(event->with[i], i + 1);
		route.mfcc_ttls[i + 1] = 1;
	}
	inet_pton(AF_INET, "10.1.0.1", &route.mfcc_origin);
	inet_pton(AF_INET, "239.1.1.1", &route.mfcc_mcastgrp);
	if (setsockopt(router, IPPROTO_IP, MRT_ADD_MFC, &route, sizeof(route)))
		vt_die("MRT_ADD_MFC: %s", strerror(errno));
	vt_ns_leave(here);
	mx_ip("a", "route replace 239.0.0.0/8 dev right");
}

static void del_multicast(const struct mx_event *event)
{
	close(router);
}

static void add_macvlan(const struct mx_event *event)
{
	mx_ip("b", "link add link left name mv0 address 02:00:00:00:00:50 type macvlan mode bridge\n"
	      "link add link left name mv1 address 02:00:00:00:00:51 type macvlan mode bridge\n"
	      "link set mv0 up\nlink set mv1 up\naddr add 10.1.0.50/32 dev mv0");
	mx_ip("a", "neigh replace 10.1.0.50 lladdr 02:00:00:00:00:50 dev right nud permanent");
}

static void del_macvlan(const struct mx_event *event)
{
	mx_ip("b", "link del mv0\nlink del mv1");
}

static void add_ipvlan(const struct mx_event *event)
{
	mx_ip("b", "link add link left name iv0 type ipvlan mode %s\n"
	      "link set iv0 up\naddr add 10.1.0.60/32 dev iv0", event->with[0]);
	mx_ip("a", "neigh replace 10.1.0.60 lladdr 02:00:00:00:01:02 dev right nud permanent");
}

static void del_ipvlan(const struct mx_event *event)
{
	mx_ip("b", "link del iv0");
}

/* A bond at each side of p1 - q1 and p2 - q2; with: its mode */
static void add_bond_end(const char *ns, char port, unsigned int side, const char *mode)
{
	mx_ip(ns, "link add bo0 address 02:00:00:00:60:%02x type bond mode %s\n"
	      "link set %c1 down\nlink set %c1 master bo0\n"
	      "link set %c2 down\nlink set %c2 master bo0\n"
	      "link set bo0 up\naddr add 10.60.0.%u/24 dev bo0\n"
	      "neigh replace 10.60.0.%u lladdr 02:00:00:00:60:%02x dev bo0 nud permanent",
	      side, mode, port, port, port, port, side, 3 - side, 3 - side);
}

static void add_bond(const struct mx_event *event)
{
	add_bond_end("b", 'p', 1, event->with[0]);
	add_bond_end("c", 'q', 2, event->with[0]);
	mx_ip("a", "route replace 10.60.0.0/24 via 10.1.0.2");
}

static void del_bond(const struct mx_event *event)
{
	mx_ip("b", "link del bo0\nlink set p1 up\nlink set p2 up");
	mx_ip("c", "link del bo0\nlink set q1 up\nlink set q2 up");
}

static int tap = -1;

static void add_tap(const struct mx_event *event)
{
	tap = vt_tap("b", "left");
}

static void del_tap(const struct mx_event *event)
{
	vt_untap(tap);
}

/* with: family, hook and rule of nftables */
static void add_dup(const struct mx_event *event)
{
	int here = vt_ns_enter("b");

	vt_run("nft 'table %s t { chain c { type filter hook %s priority 0; %s; }; }'",
	       event->with[0], event->with[1], event->with[2]);
	vt_ns_leave(here);
}

static void del_dup(const struct mx_event *event)
{
	int here = vt_ns_enter("b");

	vt_run("nft delete table %s t", event->with[0]);
	vt_ns_leave(here);
}

static const struct mx_event events[] = {
	{
		.name = "a tap listens",
		.set_up = add_tap, .tear_down = del_tap,
		TO("10.1.0.2"), .sink = "b",
		B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "TC mirred, mirror",
		.set_up = add_filter, .tear_down = del_filter,
		.with = { "egress mirror dev p1" },
		TO("10.1.0.2"), .sink = "b",
		B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS }, { "c", "q1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "TC mirred, redirect",
		.set_up = add_filter, .tear_down = del_filter,
		.with = { "egress redirect dev p1" },
		TO("10.1.0.2"),
		B_XDP,
		.read = { { "c", "q1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "TC mirred, mirror to ingress",
		.set_up = add_filter, .tear_down = del_filter,
		.with = { "ingress mirror dev p1" },
		TO("10.1.0.2"),
		B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS }, { "b", "p1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "TC mirred, redirect to ingress",
		.set_up = add_filter, .tear_down = del_filter,
		.with = { "ingress redirect dev p1" },
		TO("10.1.0.2"), .sink = "b",
		B_XDP,
		.read = { { "b", "p1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "IFB",
		.set_up = add_ifb, .tear_down = del_ifb,
		.with = { "egress redirect dev ifb0" },
		TO("10.1.0.2"), .sink = "b",
		B_XDP,
		.read = {
			{ "b", "ifb0", MX_TC_EGRESS },
			{ "b", "left", MX_RECEIVE, .times = 2, .along = true },
		},
		.want = KEPT,
	},
	{
		.name = "bridge, flooding to 3 ports",
		.set_up = add_bridge, .tear_down = del_bridge,
		TO("10.1.0.99"),
		B_XDP,
		.read = {
			{ "c", "q1", MX_TC_INGRESS },
			{ "c", "q2", MX_TC_INGRESS },
			{ "c", "q3", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "multicast forwarding to 2 devices",
		.set_up = add_multicast, .tear_down = del_multicast,
		.with = { "right", "p1" },
		TO("239.1.1.1"),
		B_XDP,
		.read = { { "c", "left", MX_TC_INGRESS }, { "c", "q1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "macvlan",
		.set_up = add_macvlan, .tear_down = del_macvlan,
		TO("10.1.0.50"), .sink = "b",
		B_XDP,
		.read = { { "b", "mv0", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "macvlan, broadcast to 2",
		.set_up = add_macvlan, .tear_down = del_macvlan,
		TO("10.1.0.255"),
		B_XDP,
		.read = {
			{ "b", "left", MX_TC_INGRESS },
			{ "b", "mv0", MX_TC_INGRESS },
			{ "b", "mv1", MX_TC_INGRESS },
		},
		.want = KEPT,
	},
	{
		.name = "ipvlan, L2",
		.set_up = add_ipvlan, .tear_down = del_ipvlan,
		.with = { "l2" },
		TO("10.1.0.60"), .sink = "b",
		B_XDP,
		.read = { { "b", "iv0", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "ipvlan, L3",
		.set_up = add_ipvlan, .tear_down = del_ipvlan,
		.with = { "l3" },
		TO("10.1.0.60"), .sink = "b",
		B_XDP,
		.read = { { "b", "iv0", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "bonding, active-backup",
		.set_up = add_bond, .tear_down = del_bond,
		.with = { "active-backup" },
		TO("10.60.0.2"), .sink = "c",
		B_XDP,
		.read = { { "c", "bo0", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "bonding, balance-rr",
		.set_up = add_bond, .tear_down = del_bond,
		.with = { "balance-rr" },
		TO("10.60.0.2"), .sink = "c",
		B_XDP,
		.read = { { "c", "bo0", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "nftables dup, at ingress",
		.set_up = add_dup, .tear_down = del_dup,
		.with = { "netdev", "ingress device left", "dup to p1" },
		TO("10.1.0.2"), .sink = "b",
		B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS }, { "c", "q1", MX_TC_INGRESS } },
		.want = KEPT,
	},
	{
		.name = "nftables dup, routed",
		.set_up = add_dup, .tear_down = del_dup,
		.with = { "ip", "prerouting", "iifname left dup to 10.2.0.2 device right" },
		TO("10.1.0.2"),
		B_XDP,
		.read = { { "b", "left", MX_TC_INGRESS }, { "c", "left", MX_TC_INGRESS } },
		.want = KEPT,
	},
};

int main(void)
{
	vt_path(3);
	add_pairs();
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
