// SPDX-License-Identifier: GPL-2.0
/*
 * The fragments that a host makes of a packet with traits have its traits, if
 * its device has room for them. A packet that was reassembled has those of its
 * first fragment; sent on in the fragments that it came in, all of them have
 * these, and none has what it had before.
 */
#include <arpa/inet.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define DATAGRAMS	50

#define OP(...) ((struct op){ __VA_ARGS__ })

static unsigned int ids[4];

/* How many fragments are made of each: at a MTU of 600, and of 1280, the least for IPv6 */
static unsigned int parts = 3;

/* 1400 bytes each; what is not the sequence number cannot be taken for a port. */
static void send_datagrams(bool ipv6, unsigned int first)
{
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(7000) };
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(7000) };
	const struct sockaddr *to = ipv6 ? (void *)&to6 : (void *)&to4;
	socklen_t len = ipv6 ? sizeof(to6) : sizeof(to4);
	struct {
		struct script_seq seq;
		unsigned char rest[1392];
	} datagram;
	int here = vt_ns_enter("a"), fd = socket(to->sa_family, SOCK_DGRAM, 0);
	int anywhere = IP_PMTUDISC_DONT;
	unsigned int i;

	/* Routers may cut what they cannot send as a whole. */
	if (!ipv6)
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &anywhere, sizeof(anywhere));
	inet_pton(AF_INET, vt_path_end(3), &to4.sin_addr);
	inet_pton(AF_INET6, "fd00:2::2", &to6.sin6_addr);
	memset(&datagram, 0xff, sizeof(datagram));
	for (i = 0; i < DATAGRAMS; i++) {
		datagram.seq = (struct script_seq){ .seq = first + i };
		if (sendto(fd, &datagram, sizeof(datagram), 0, to, len) < 0)
			vt_die("datagram %u cannot be sent", i);
	}
	close(fd);
	vt_ns_leave(here);
}

/* Any UDP packet, of which only the first fragment tells a port */
static struct script get_all(void)
{
	struct script get = { .protocol = IPPROTO_UDP };
	unsigned int i;

	for (i = 0; i < 4; i++)
		get.op[i] = OP(OP_GET, .key = ids[i], .size = vt_sizes[i]);
	return get;
}

static unsigned int same_values(struct vt_script *vs)
{
	unsigned int i, k, same = 0;

	for (i = 0; i + parts <= SCRIPT_SLOTS; i += parts) {
		struct script_answer first = vt_script_answer(vs, i);

		for (k = 1; k < parts; k++) {
			struct script_answer next = vt_script_answer(vs, i + k);

			same += !memcmp(first.val, next.val, sizeof(next.val));
		}
	}
	return same;
}

/* @kept of the fragments of each datagram have traits. */
static void fragments(bool ipv6, unsigned int first, unsigned int kept, const char *what)
{
	struct script set = vt_set_seq(ids, 7000), check = vt_check_seq(ids, 7000);
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_COPY);
	struct script get = get_all();
	struct vt_script *xdp, *all, *firsts, *whole;
	unsigned int i;

	set.action = set.action_bare = 2;
	xdp = vt_script("b", "left", VT_XDP, &set);
	all = vt_script("c", "left", VT_TC_INGRESS, &get);
	firsts = vt_script("c", "left", VT_RECEIVE, &check);
	/* No socket takes the packet: it is freed after it was reassembled. */
	whole = vt_script("c", "left", VT_FREE, &check);
	send_datagrams(ipv6, first);
	vt_script_wait(all, DATAGRAMS * parts);
	vt_script_wait(whole, DATAGRAMS);
	vt_eq(vt_script_sum(all).packets, DATAGRAMS * parts, "%s: fragments", what);
	for (i = 0; i < 4; i++)
		vt_eq(vt_script_sum(all).op[i].ok, DATAGRAMS * kept, "%s: size %u on %u of %u",
		      what, vt_sizes[i], kept, parts);
	if (kept) {
		vt_all_right(firsts, DATAGRAMS, what);
		vt_all_right(whole, DATAGRAMS, what);
	}
	if (kept == parts) {
		vt_eq(same_values(all), SCRIPT_SLOTS / parts * (parts - 1),
		      "%s: all of a packet have the same values", what);
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_COPY) - lost, DATAGRAMS * (parts - kept),
	      "%s: lost ones are counted", what);
	vt_script_stop(xdp);
	vt_script_stop(all);
	vt_script_stop(firsts);
	vt_script_stop(whole);
}

static void add_ipv6(void)
{
	static const char *const ends[][3] = {
		{ "a", "right", "fd00:1::1" }, { "b", "left", "fd00:1::2" },
		{ "b", "right", "fd00:2::1" }, { "c", "left", "fd00:2::2" },
	};
	unsigned int i;

	for (i = 0; i < 4; i++)
		vt_run("ip netns exec %s sysctl -qw net.ipv6.conf.all.forwarding=1"
		       " net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.%s.disable_ipv6=0 &&"
		       " ip -n %s addr add %s/64 dev %s nodad", ends[i][0], ends[i][1],
		       ends[i][0], ends[i][2], ends[i][1]);
	vt_run("ip -n a route add fd00:2::/64 via fd00:1::2");
	vt_run("ip -n c route add fd00:1::/64 via fd00:2::1");
	vt_run("ip netns exec a ping -q -c 1 -w 30 fd00:2::2");
}

/* Of each fragment a clone waits in a queue. */
static void hold_clones(void)
{
	vt_run("ip -n b link add hold type dummy");
	vt_run("ip -n b link set hold up");
	vt_run("tc -n b qdisc add dev hold root netem delay 10s limit 10000");
	vt_run("tc -n b qdisc replace dev left clsact");
	vt_run("tc -n b filter add dev left ingress prio 1 matchall action mirred egress mirror"
	       " dev hold continue");
}

/* Fragments of one datagram follow each other as long as one CPU handles all. */
static void stay_on_one_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		vt_die("sched_setaffinity failed");
}

int main(void)
{
	stay_on_one_cpu();
	vt_path(3);
	vt_keys_add(ids);
	vt_run("ip -n b link set right mtu 600");
	fragments(false, 1000, 0, "16 bytes of headroom");
	vt_run("ip netns exec b traitctl dev set right headroom 160 > /dev/null");
	fragments(false, 2000, parts, "room for traits");
	vt_run("ip netns exec b traitctl dev set right headroom 0 > /dev/null");

	/* b reassembles, and sends on what it has the list of. */
	vt_run("modprobe -a nf_defrag_ipv4 nf_defrag_ipv6");
	vt_insmod("vt_defrag");
	vt_run("ip -n a link set right mtu 600");
	fragments(false, 3000, parts, "reassembled");
	/* IPv6's reassembly moves the headroom by a fragment header. */
	vt_run("ip -n a link set right mtu 1280");
	vt_run("ip -n b link set right mtu 1280");
	parts = 2;
	add_ipv6();
	fragments(true, 4000, parts, "IPv6, reassembled");
	/* More room than the fragments have that came in: new ones are made. */
	vt_run("ip netns exec b traitctl dev set right headroom 400 > /dev/null");
	fragments(false, 5000, parts, "made anew");
	fragments(true, 6000, parts, "IPv6, made anew");
	vt_run("ip netns exec b traitctl dev set right headroom 0 > /dev/null");
	/* The kernel gives the first fragment a head of its own, and sends on the others. */
	hold_clones();
	fragments(false, 7000, 1, "with clones");
	fragments(true, 8000, 1, "IPv6, with clones");
	vt_run("ip -n b link del hold");
	vt_run("rmmod vt_defrag");
	vt_keys_del();
	return vt_done();
}
