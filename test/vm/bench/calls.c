// SPDX-License-Identifier: GPL-2.0
/*
 * What a call of each kfunc costs, as programs on a path's packets measure it
 * (test/vm/progs/cost_calls.bpf.c): the smallest of many rounds, in which no
 * interrupt came.
 */

#include "cost.h"

#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach.h"
#include "vt.h"

#define BATCHES 4

static void take(struct bpf_object *obj, struct cost_calls *calls, unsigned int packets,
		 const char *where)
{
	int fd = bpf_object__find_map_fd_by_name(obj, "calls");
	__u32 zero = 0;

	if (bpf_map_lookup_elem(fd, &zero, calls))
		vt_die("%s: reading the results: %s", where, strerror(errno));
	if (calls->rounds != packets || calls->errors)
		vt_die("%s: %llu rounds, %llu errors", where, calls->rounds, calls->errors);
}

void cost_calls(struct cost_calls *xdp, struct cost_calls *tc)
{
	const char *xdp_name[] = { "calls_xdp", NULL }, *tc_name[] = { "calls_tc", NULL };
	struct bpf_object *xdp_obj, *tc_obj;
	unsigned int packets;

	/* One object for each: the map in it is that program's own. */
	xdp_obj = cost_open("cost_calls", xdp_name);
	cost_load(xdp_obj);
	tc_obj = cost_open("cost_calls", tc_name);
	cost_load(tc_obj);
	cost_attach("b", "left", COST_INGRESS, cost_prog_fd(tc_obj, "calls_tc"));
	cost_attach("b", "left", COST_XDP, cost_prog_fd(xdp_obj, "calls_xdp"));

	/* Not from a socket: to a veth's XDP that is an skb, and a network card has none yet. */
	packets = cost_path_send(BATCHES);

	cost_attach("b", "left", COST_XDP, -1);
	cost_attach("b", "left", COST_INGRESS, -1);
	take(xdp_obj, xdp, packets, "XDP");
	take(tc_obj, tc, packets, "TC");
	bpf_object__close(xdp_obj);
	bpf_object__close(tc_obj);
}

double cost_of(const struct cost_calls *calls, enum cost_op op)
{
	bool single = op == COST_FIRST || op == COST_SETS || op == COST_GETS;

	if (!calls->least[op])
		return 0;
	return (double)(calls->least[op] - calls->least[COST_NOTHING]) /
	       (single ? 1 : COST_CALLS);
}
