// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 480
 * The matrix: b puts packets into a tunnel, c takes them out.
 */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define WAY		.from = "a", .to = "10.77.0.2", .sink = "c"
#define B_XDP		.set = { "b", "left", MX_XDP }
#define KEPT		{ MX_KEPT }
#define LOST_UNCOUNTED	{ MX_LOST, MX_UNCOUNTED }
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
	mx_ip("c", "addr add 10.77.0.2/32 dev lo");
	vt_run("ip -n c -f mpls route add 100 dev lo");
}

static void del_mpls(const struct mx_event *event)
{
	mx_ip("b", "route del 10.77.0.0/24");
	vt_run("ip -n c -f mpls route del 100");
	mx_ip("c", "addr del 10.77.0.2/32 dev lo");
}

static void wireguard(const char *ns, const char *peer, unsigned int side)
{
	int here = vt_ns_enter(ns);

	vt_run("wg set tn0 listen-port 51820 private-key /tmp/%s.key peer $(wg pubkey < /tmp/%s.key)"
	       " allowed-ips 0.0.0.0/0 endpoint 10.2.0.%u:51820", ns, peer, 3 - side);
	vt_ns_leave(here);
	mx_ip(ns, "addr add 10.77.0.%u/24 dev tn0\nlink set tn0 up", side);
}

static void add_wireguard(const struct mx_event *event)
{
	vt_run("umask 77; wg genkey > /tmp/b.key; wg genkey > /tmp/c.key");
	mx_ip("b", "link add tn0 type wireguard");
	mx_ip("c", "link add tn0 type wireguard");
	wireguard("b", "c", 1);
	wireguard("c", "b", 2);
}

#define ESP										\
	"proto esp spi 7 mode %s reqid 7 "						\
	"aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128"

/* with: mode, and the ESP packet's source and destination */
static void add_esp(const struct mx_event *event)
{
	const char *mode = event->with[0], *src = event->with[1], *dst = event->with[2];

	mx_ip("b", "xfrm state add src %s dst %s " ESP "\n"
	      "xfrm policy add src 10.1.0.1 dst 10.77.0.2 dir out tmpl src %s dst %s proto esp "
	      "reqid 7 mode %s\n"
	      "route add 10.77.0.0/24 via 10.2.0.2", src, dst, mode, src, dst, mode);
	mx_ip("c", "xfrm state add src %s dst %s " ESP "\n"
	      "xfrm policy add src 10.1.0.1 dst 10.77.0.2 dir in tmpl src %s dst %s proto esp "
	      "reqid 7 mode %s\n"
	      "addr add 10.77.0.2/32 dev lo", src, dst, mode, src, dst, mode);
}

static void del_esp(const struct mx_event *event)
{
	mx_ip("b", "xfrm state flush\nxfrm policy flush\nroute del 10.77.0.0/24");
	mx_ip("c", "xfrm state flush\nxfrm policy flush\naddr del 10.77.0.2/32 dev lo");
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
	{
		/* wg_reset_packet() makes all of struct sk_buff's headers zero, on both sides. */
		.name = "WireGuard",
		.set_up = add_wireguard, .tear_down = del_tunnel,
		WAY, B_XDP,
		.read = { { "c", "tn0", MX_TC_INGRESS } },
		.want = LOST_UNCOUNTED,
	},
	{
		.name = "ESP, tunnel",
		.set_up = add_esp, .tear_down = del_esp,
		.with = { "tunnel", "10.2.0.1", "10.2.0.2" },
		WAY, B_XDP,
		.read = { { "c", "left", MX_TC_INGRESS } },
		.want = KEPT, .full = DAMAGED,
	},
	{
		.name = "ESP, transport",
		.set_up = add_esp, .tear_down = del_esp,
		.with = { "transport", "10.1.0.1", "10.77.0.2" },
		.from = "a", .to = "10.77.0.2", B_XDP,
		/*
		 * Decrypted, it goes on behind TC; nobody waits for it. A tracing program looks
		 * without changing anything, so it counts no loss either.
		 */
		.read = { { "c", "left", MX_FREE } },
		.want = KEPT, .full = LOST_UNCOUNTED,
	},
};

int main(void)
{
	vt_path(3);
	mx_ip("a", "route add 10.77.0.0/24 via 10.1.0.2");
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
