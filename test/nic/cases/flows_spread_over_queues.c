// SPDX-License-Identifier: GPL-2.0
/*
 * The matrix on a network card with several receive queues: frames of many
 * flows arrive by more than one of them, and keep their traits.
 */
#include <netinet/in.h>

#include "matrix.h"
#include "nic.h"
#include "path.h"
#include "vt.h"

#define KEPT		{ MX_KEPT }

#define FLOWS(text, l3)								\
	{									\
		.name = "card: 31 flows, 2 queues, " text,			\
		.from = "a", .send = mx_send_frames, .flows = 31,		\
		.flow = { { 2, 0, 0, 0, 0, 0 }, { 2, 0, 0, 0, 1, 0 }, AF_##l3, IPPROTO_UDP, 0,	\
			  1024, MX_PORT },					\
		.set = { "b", "left", MX_XDP, .queues = 2 },			\
		.read = {							\
			{ "b", "left", MX_RECEIVE, .along = true },		\
			{ "b", "left", MX_TC_INGRESS },				\
		},								\
		.want = KEPT,							\
	}

static const struct mx_event events[] = {
	FLOWS("IPv4", INET),
	FLOWS("IPv6", INET6),
};

int main(void)
{
	const char *driver;

	vt_nic();
	vt_path_of(">");
	driver = vt_nic_driver("b", "left");
	/* By itself igb leaves the ports of UDP out of its hash. */
	if (vt_nic_is("igb"))
		vt_run("ip netns exec b sh -c 'ethtool -L left combined 2 &&"
		       " ethtool -N left rx-flow-hash udp4 sdfn &&"
		       " ethtool -N left rx-flow-hash udp6 sdfn'");
	if (vt_try("ip netns exec b ls -d /sys/class/net/left/queues/rx-1 > /dev/null"))
		vt_skip("%s has one receive queue here", driver);
	mx_run(events, sizeof(events) / sizeof(events[0]));
	return vt_done();
}
