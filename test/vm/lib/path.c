// SPDX-License-Identifier: GPL-2.0

#include "path.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "script_ops.h"
#include "vt.h"

/* A locally administered address for each end of each pair. */
#define MAC "02:00:00:00:%02x:%02x"

static void make_pair(unsigned int i)
{
	char left = 'a' + i - 1, right = 'a' + i;

	vt_run("ip link add right netns %c address " MAC " type veth"
	       " peer name left netns %c address " MAC, left, i, 1, right, i, 2);
	vt_run("ip -n %c addr add 10.%u.0.1/24 dev right", left, i);
	vt_run("ip -n %c addr add 10.%u.0.2/24 dev left", right, i);
	vt_run("ip -n %c link set right up", left);
	vt_run("ip -n %c link set left up", right);
	vt_run("ip -n %c neigh replace 10.%u.0.2 lladdr " MAC " dev right nud permanent",
	       left, i, i, 2);
	vt_run("ip -n %c neigh replace 10.%u.0.1 lladdr " MAC " dev left nud permanent",
	       right, i, i, 1);
}

void vt_path(unsigned int n)
{
	unsigned int i, to;

	for (i = 0; i < n; i++) {
		vt_run("ip netns add %c", 'a' + i);
		vt_run("ip netns exec %c sysctl -qw net.ipv4.ip_forward=1"
		       " net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0"
		       " net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
		       'a' + i);
		vt_run("ip -n %c link set lo up", 'a' + i);
	}
	for (i = 1; i < n; i++)
		make_pair(i);
	for (i = 0; i < n; i++) {
		for (to = i + 2; to < n; to++)
			vt_run("ip -n %c route add 10.%u.0.0/24 via 10.%u.0.2", 'a' + i, to,
			       i + 1);
		for (to = 1; to + 1 <= i; to++)
			vt_run("ip -n %c route replace 10.%u.0.0/24 via 10.%u.0.1", 'a' + i, to,
			       i);
	}
}

const char *vt_path_end(unsigned int n)
{
	static char address[INET_ADDRSTRLEN];

	snprintf(address, sizeof(address), "10.%u.0.2", n - 1);
	return address;
}

void vt_send_seq(const char *ns, const char *address, unsigned int port, unsigned int first,
		 unsigned int n, unsigned int bare_every)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int here = vt_ns_enter(ns), fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct {
		struct script_seq seq;
		char fill[72];
	} payload = {};
	unsigned int i;

	inet_pton(AF_INET, address, &to.sin_addr);
	if (fd < 0)
		vt_die("socket: %s", strerror(errno));
	for (i = 0; i < n; i++) {
		payload.seq.seq = first + i;
		payload.seq.bare = bare_every && i % bare_every == bare_every - 1;
		/* Nobody may listen there: the error of an earlier datagram is not this one's. */
		while (sendto(fd, &payload, sizeof(payload), 0, (void *)&to, sizeof(to)) < 0) {
			if (errno != ECONNREFUSED && errno != ENOBUFS)
				vt_die("sendto %s: %s", address, strerror(errno));
		}
		/* Less than the queues on the way hold. */
		if (i % 64 == 63)
			usleep(2000);
	}
	close(fd);
	vt_ns_leave(here);
}
