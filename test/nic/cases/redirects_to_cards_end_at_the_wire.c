// SPDX-License-Identifier: GPL-2.0
/*
 * timeout: 400
 * The matrix on a network card: what XDP redirects to a card, from veth or from
 * another card, has its traits in the program of the devmap's entry, the last
 * one that sees it, and arrives at the wire without them, and whole.
 */
#include <linux/bpf.h>
#include <netinet/in.h>

#include "matrix.h"
#include "nic.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define POLICY		{ MX_POLICY }

#define REDIRECT(text, where, to_address, in, out, end_ns, end)		\
	{									\
		.name = "card: " text,						\
		.from = where, .to = to_address,				\
		.set = { "b", in, MX_XDP, .action = MX_DEVMAP },		\
		.port = { { "b", out } },					\
		.read = {							\
			{ .at = MX_DEVMAP_EGRESS, .along = true },		\
			{ end_ns, end, MX_TC_INGRESS, .absent = true, .along = true },	\
		},								\
		.want = POLICY,							\
	}

static const struct mx_event from_veth[] = {
	REDIRECT("redirect from veth", "a", "10.1.0.2", "left", "right", "c", "left"),
};

static const struct mx_event from_card[] = {
	REDIRECT("redirect from the first to the second", "a", "10.1.0.2", "left", "right",
		 "c", "left"),
	REDIRECT("redirect from the second to the first", "c", "10.2.0.1", "right", "left",
		 "a", "right"),
};

/* A card sends what is redirected to it only while it has an XDP program. */
static struct vt_script *open_for_redirects(const char *dev)
{
	const struct script nothing = { .protocol = IPPROTO_ICMP, .action = XDP_PASS };

	return vt_script("b", dev, VT_XDP, &nothing);
}

int main(void)
{
	bool pair = vt_nic_count() == 2;
	struct vt_script *right;

	vt_path_of(pair ? "><" : "v<");
	if (pair) {
		right = open_for_redirects("right");
		mx_run(&from_card[0], 1);
		vt_script_stop(right);
		right = open_for_redirects("left");
		mx_run(&from_card[1], 1);
	} else {
		right = open_for_redirects("right");
		mx_run(from_veth, 1);
	}
	vt_script_stop(right);
	return vt_done();
}
