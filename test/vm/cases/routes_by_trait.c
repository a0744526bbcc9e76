// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/route.bpf.c sends packets to the same address different ways by
 * their service: as the routing table says, by a mark that a rule is for, and
 * by a device.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "path.h"
#include "recipe.h"
#include "vt.h"

#define PORT	7001
#define PACKETS	20

struct route {
	unsigned int mark, ifindex;
};

/* Beside c, which has 10.2.0.2, a namespace d behind b that has it too. */
static unsigned int make_other_way(void)
{
	unsigned int ifindex;
	int here;

	vt_run("ip netns add d");
	vt_run("ip link add other netns b address 02:00:00:00:09:01 type veth peer name left netns d"
	       " address 02:00:00:00:09:02");
	vt_run("ip -n d addr add 10.2.0.2/24 dev left; ip -n d link set left up");
	vt_run("ip -n b link set other up");
	vt_run("ip -n b neigh add 10.2.0.2 lladdr 02:00:00:00:09:02 dev other nud permanent");
	vt_run("ip -n b route add 10.2.0.0/24 dev other metric 1000");
	vt_run("ip -n b route add 10.2.0.0/24 dev other table 100");
	vt_run("ip -n b rule add fwmark 7 lookup 100");
	here = vt_ns_enter("d");
	vt_write_file("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
	vt_write_file("/proc/sys/net/ipv4/conf/left/rp_filter", "0");
	vt_ns_leave(here);
	here = vt_ns_enter("b");
	ifindex = if_nametoindex("other");
	vt_ns_leave(here);
	/* Where packets come from has to be somewhere. */
	vt_run("ip -n d route add 10.1.0.0/24 dev left");
	return ifindex;
}

static void routes_add(int map, unsigned long long service, struct route route)
{
	if (bpf_map_update_elem(map, &service, &route, BPF_ANY))
		vt_die("routes: %s", strerror(errno));
}

int main(void)
{
	static const char *const how[] = { "table", "mark", "device" };
	unsigned int i, ifindex;
	int c[3], d[3], map;

	vt_path(3);
	ifindex = make_other_way();
	vt_classify("b", "left", PORT, 3);
	vt_recipe("b", "route", "tc left ingress route");
	map = vt_recipe_map("route", "routes");
	for (i = 0; i < 3; i++) {
		c[i] = vt_udp_socket("c", PORT + i);
		d[i] = vt_udp_socket("d", PORT + i);
	}

	for (i = 0; i < 3; i++)
		vt_send_seq(NULL, "a", "10.2.0.2", PORT + i, 1, PACKETS, 0);
	for (i = 0; i < 3; i++)
		vt_eq(vt_udp_count(c[i], PACKETS), PACKETS, "%s: at first, all go one way", how[i]);
	routes_add(map, 2, (struct route){ .mark = 7 });
	routes_add(map, 3, (struct route){ .ifindex = ifindex });
	for (i = 0; i < 3; i++)
		vt_send_seq(NULL, "a", "10.2.0.2", PORT + i, 1, PACKETS, 0);
	for (i = 0; i < 3; i++) {
		vt_eq(vt_udp_count(i ? d[i] : c[i], PACKETS), PACKETS, "%s: packets", how[i]);
		vt_eq(vt_udp_count(i ? c[i] : d[i], 0), 0, "%s: none elsewhere", how[i]);
		close(c[i]);
		close(d[i]);
	}
	close(map);
	vt_recipe_end("b", "route");
	vt_recipe_end("b", "classify");
	vt_run("for key in service_id trace_id sampled; do traitctl key del $key; done");
	return vt_done();
}
