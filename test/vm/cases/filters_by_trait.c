// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/filter.bpf.c, attached to netfilter by traits-attach, drops the
 * packets of a blocked service and no others. Where the kernel has no such
 * programs, the attempt is refused and leaves nothing behind.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "kernel.h"
#include "path.h"
#include "recipe.h"
#include "vt.h"

#define PORT	7001
#define PACKETS	20

struct dropped {
	unsigned long long packets, bytes;
};

static void refused(void)
{
	vt_eq(vt_recipe_try("b", "filter", "netfilter input filter"), 2,
	      "this kernel has no netfilter programs: refused");
	vt_ok(access(vt_recipe_dir("filter"), F_OK), "nothing is pinned");
}

static void filters(void)
{
	unsigned long long service = 1;
	struct dropped count = {};
	int map, one, two, none;

	vt_recipe("b", "filter", "netfilter input filter");
	map = vt_recipe_map("filter", "blocked");
	one = vt_udp_socket("b", PORT);
	two = vt_udp_socket("b", PORT + 1);
	none = vt_udp_socket("b", PORT + 2);

	vt_send_seq(NULL, "a", "10.1.0.2", PORT, 1, PACKETS, 0);
	vt_eq(vt_udp_count(one, PACKETS), PACKETS, "service 1, not blocked yet");
	if (bpf_map_update_elem(map, &service, &count, BPF_ANY))
		vt_die("blocked: %s", strerror(errno));
	vt_send_seq(NULL, "a", "10.1.0.2", PORT, 1, PACKETS, 0);
	vt_send_seq(NULL, "a", "10.1.0.2", PORT + 1, 1, PACKETS, 0);
	vt_send_seq(NULL, "a", "10.1.0.2", PORT + 2, 1, PACKETS, 0);
	vt_eq(vt_udp_count(two, PACKETS), PACKETS, "service 2");
	vt_eq(vt_udp_count(none, PACKETS), PACKETS, "no service");
	vt_eq(vt_udp_count(one, 0), 0, "service 1, blocked");
	bpf_map_lookup_elem(map, &service, &count);
	vt_eq(count.packets, PACKETS, "packets dropped");
	vt_eq(count.bytes, PACKETS * (20 + 8 + 80), "bytes dropped");
	close(one);
	close(two);
	close(none);
	close(map);
	vt_recipe_end("b", "filter");
}

int main(void)
{
	vt_path(2);
	vt_classify("b", "left", PORT, 2);
	if (vt_kfunc_hook("NETFILTER"))
		filters();
	else
		refused();
	vt_recipe_end("b", "classify");
	vt_run("for key in service_id trace_id sampled; do traitctl key del $key; done");
	return vt_done();
}
