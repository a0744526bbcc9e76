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
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define DATAGRAMS	50
#define FRAGMENTS	3	/* of each, at a MTU of 600 */

#define OP(...) ((struct op){ __VA_ARGS__ })

static unsigned int ids[4];

/* 1400 bytes each; what is not the sequence number cannot be taken for a port. */
static void send_datagrams(unsigned int first)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7000) };
	struct {
		struct script_seq seq;
		unsigned char rest[1392];
	} datagram;
	int here = vt_ns_enter("a"), fd = socket(AF_INET, SOCK_DGRAM, 0);
	int anywhere = IP_PMTUDISC_DONT;
	unsigned int i;

	/* Routers may cut what they cannot send as a whole. */
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &anywhere, sizeof(anywhere));
	inet_pton(AF_INET, vt_path_end(3), &to.sin_addr);
	memset(&datagram, 0xff, sizeof(datagram));
	for (i = 0; i < DATAGRAMS; i++) {
		datagram.seq = (struct script_seq){ .seq = first + i };
		if (sendto(fd, &datagram, sizeof(datagram), 0, (void *)&to, sizeof(to)) < 0)
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

	for (i = 0; i + FRAGMENTS <= SCRIPT_SLOTS; i += FRAGMENTS) {
		struct script_answer first = vt_script_answer(vs, i);

		for (k = 1; k < FRAGMENTS; k++) {
			struct script_answer next = vt_script_answer(vs, i + k);

			same += !memcmp(first.val, next.val, sizeof(next.val));
		}
	}
	return same;
}

static void fragments(unsigned int first, bool kept, const char *what)
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
	send_datagrams(first);
	vt_script_wait(all, DATAGRAMS * FRAGMENTS);
	vt_script_wait(whole, DATAGRAMS);
	vt_eq(vt_script_sum(all).packets, DATAGRAMS * FRAGMENTS, "%s: fragments", what);
	for (i = 0; i < 4; i++)
		vt_eq(vt_script_sum(all).op[i].ok, kept ? DATAGRAMS * FRAGMENTS : 0,
		      "%s: size %u on each", what, vt_sizes[i]);
	if (kept) {
		vt_all_right(firsts, DATAGRAMS, what);
		vt_all_right(whole, DATAGRAMS, what);
		vt_eq(same_values(all), SCRIPT_SLOTS / FRAGMENTS * (FRAGMENTS - 1),
		      "%s: all of a packet have the same values", what);
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_COPY) - lost, kept ? 0 : DATAGRAMS * FRAGMENTS,
	      "%s: lost ones are counted", what);
	vt_script_stop(xdp);
	vt_script_stop(all);
	vt_script_stop(firsts);
	vt_script_stop(whole);
}

int main(void)
{
	vt_path(3);
	vt_keys_add(ids);
	vt_run("ip -n b link set right mtu 600");
	fragments(1000, false, "16 bytes of headroom");
	vt_run("ip netns exec b traitctl dev set right headroom 160");
	fragments(2000, true, "room for traits");
	vt_run("ip netns exec b traitctl dev set right headroom 0");

	/* b reassembles, and sends on what it has the list of. */
	vt_run("modprobe -a nf_defrag_ipv4 nf_defrag_ipv6");
	vt_insmod("vt_defrag");
	vt_run("ip -n a link set right mtu 600");
	fragments(3000, true, "reassembled");
	vt_run("rmmod vt_defrag");
	vt_keys_del();
	return vt_done();
}
