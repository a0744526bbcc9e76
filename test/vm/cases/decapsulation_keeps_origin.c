// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/origin.bpf.c takes IPIP, GRE and VXLAN off in XDP. TC, and a filter
 * on the socket where there can be one, read from the inner packet who sent the
 * outer one; packets that came as they are have no origin.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/traits.h>

#include "kernel.h"
#include "path.h"
#include "recipe.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define PACKETS	20
#define VNI	42

/* The inner packet's address in b: which tunnel it comes through. */
static const struct way {
	const char *what, *address, *dev;
	bool origin, vni;
} ways[] = {
	{ "as it is", "10.1.0.2", "right", false, false },
	{ "IPIP", "10.50.0.1", "t1", true, false },
	{ "GRE", "10.50.0.2", "t2", true, false },
	{ "VXLAN", "10.50.0.3", "t3", true, true },
};

static void make_tunnels(void)
{
	unsigned int i;

	vt_run("ip -n a link add t1 type ipip local 10.1.0.1 remote 10.1.0.2");
	vt_run("ip -n a link add t2 type gre local 10.1.0.1 remote 10.1.0.2");
	vt_run("ip -n a link add t3 type vxlan id %d local 10.1.0.1 remote 10.1.0.2 dstport 4789"
	       " dev right", VNI);
	vt_run("ip -n a addr add 10.60.0.1/32 dev t1");
	for (i = 1; i < 4; i++) {
		vt_run("ip -n a link set %s up", ways[i].dev);
		vt_run("ip -n a route add %s dev %s src 10.60.0.1", ways[i].address, ways[i].dev);
		vt_run("ip -n b addr add %s/32 dev lo", ways[i].address);
	}
	/* The inner Ethernet frame is for the device that XDP runs on. */
	vt_run("ip -n a neigh add 10.50.0.3 lladdr 02:00:00:00:01:02 dev t3 nud permanent");
}

static void expect(struct vt_script *vs, const struct way *way, const char *where)
{
	struct script_sum sum = vt_script_sum(vs);
	struct script_answer answer = vt_script_answer(vs, PACKETS - 1);
	unsigned int address, vni;

	vt_eq(sum.packets, PACKETS, "%s, %s: packets", way->what, where);
	vt_eq(sum.op[0].ok, way->origin ? PACKETS : 0, "%s, %s: origin", way->what, where);
	vt_eq(sum.op[1].ok, way->vni ? PACKETS : 0, "%s, %s: VNI", way->what, where);
	memcpy(&address, answer.val[0], sizeof(address));
	memcpy(&vni, answer.val[1], sizeof(vni));
	if (way->origin)
		vt_eq(ntohl(address), 0x0a010001, "%s, %s: it is 10.1.0.1", way->what, where);
	if (way->vni)
		vt_eq(vni, VNI, "%s, %s: it is %d", way->what, where, VNI);
}

static int key_id(const char *name)
{
	char command[128];
	FILE *f;
	int id;

	snprintf(command, sizeof(command), "traitctl -j key show %s | jq '.[0].id // .id'", name);
	f = popen(command, "r");
	if (!f || fscanf(f, "%d", &id) != 1)
		vt_die("key %s", name);
	pclose(f);
	return id;
}

int main(void)
{
	struct script get = { .protocol = IPPROTO_UDP, .port = PORT };
	struct vt_script *tc, *filter = NULL;
	unsigned int from = inet_addr("10.1.0.1"), i;
	unsigned long long zero = 0;
	int udp, map, prog;

	vt_path(2);
	make_tunnels();
	vt_recipe("b", "origin", "xdp left decap");
	map = vt_recipe_map("origin", "peers");
	if (bpf_map_update_elem(map, &from, &zero, BPF_ANY))
		vt_die("peers: %s", strerror(errno));
	get.op[0] = (struct op){ .kind = OP_GET, .key = key_id("origin"), .size = 4 };
	get.op[1] = (struct op){ .kind = OP_GET, .key = key_id("vni"), .size = 4 };
	tc = vt_script("b", "left", VT_TC_INGRESS, &get);
	udp = vt_udp_socket("b", PORT);
	if (vt_kfunc_hook("SOCKET_FILTER")) {
		filter = vt_script_load("skb_types", "skb_filter", &get);
		prog = vt_script_fd(filter);
		if (setsockopt(udp, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog)))
			vt_die("socket filter: %s", strerror(errno));
	}

	for (i = 0; i < 4; i++) {
		vt_script_set(tc, &get);
		if (filter)
			vt_script_set(filter, &get);
		vt_send_seq(tc, "a", ways[i].address, PORT, 1, PACKETS, 0);
		vt_eq(vt_udp_count(udp, PACKETS), PACKETS, "%s: datagrams arrived", ways[i].what);
		expect(tc, &ways[i], "TC");
		if (filter)
			expect(filter, &ways[i], "socket");
	}
	vt_eq(vt_map_count(map, &from), 3 * PACKETS, "packets decapsulated");
	close(udp);
	close(map);
	vt_script_stop(tc);
	if (filter)
		vt_script_stop(filter);
	vt_recipe_end("b", "origin");
	vt_keys_del();
	return vt_done();
}
