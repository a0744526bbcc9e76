// SPDX-License-Identifier: GPL-2.0
/* The matrix: from XDP to the stack, and through it. */
#include "matrix.h"
#include "path.h"
#include "vt.h"

#define B_XDP		{ "b", "left", MX_XDP }
#define KEPT		{ MX_KEPT }

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
};

int main(void)
{
	vt_path(4);
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
