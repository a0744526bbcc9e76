// SPDX-License-Identifier: GPL-2.0
/*
 * What a network card sends is the same with traits and without, byte for byte:
 * forwarded frames that got them in XDP or in TC egress, and a TCP stream made
 * here, whose packets got them in TC egress, with and without TSO.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flow.h"
#include "matrix.h"
#include "nic.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define FRAMES	200
#define BYTES	(4ULL << 20)

static struct {
	unsigned int len;
	uint8_t bytes[1600];
} first[FRAMES];	/* by number: on several CPUs frames overtake each other */

/* Of 20 to 1400 bytes, for c. Each has a flow of its own, so GRO leaves them alone. */
static void send_frames(void)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	struct vt_wire *wire = vt_wire("a", "right");
	uint8_t frame[VT_FRAME_MAX], payload[1400];
	struct script_seq what = {};
	unsigned int i;

	memcpy(flow.to, "\2\0\0\0\1\2", 6);
	flow.net = 2;
	for (i = 0; i < sizeof(payload); i++)
		payload[i] = i * 7;
	for (i = 0; i < FRAMES; i++) {
		what.seq = i;
		memcpy(payload, &what, sizeof(what));
		flow.source++;
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, 0, payload,
						       20 + i * 37 % 1381));
	}
	vt_wire_close(wire);
}

/* The next frame to PORT that is received, and its number; false if none comes for a while */
static bool next(int tap, uint8_t *buf, int *len, unsigned int *seq)
{
	struct pollfd p = { .fd = tap, .events = POLLIN };
	struct sockaddr_ll from;
	socklen_t size;

	while (poll(&p, 1, 10000) == 1) {
		size = sizeof(from);
		*len = recvfrom(tap, buf, 1600, 0, (void *)&from, &size);
		if (*len < 60 || from.sll_pkttype == PACKET_OUTGOING || buf[23] != IPPROTO_UDP ||
		    buf[36] != PORT >> 8 || buf[37] != (PORT & 0xff))
			continue;
		memcpy(seq, buf + 42, sizeof(*seq));
		return *seq < FRAMES;
	}
	return false;
}

/* Takes all frames; those of the first time are what later ones are compared with. */
static void compare(bool is_first, const char *what)
{
	int tap = vt_tap("c", "left"), len;
	unsigned int i, seq, same = 0;
	uint8_t buf[1600];

	send_frames();
	for (i = 0; i < FRAMES && next(tap, buf, &len, &seq); i++) {
		if (is_first) {
			first[seq].len = len;
			memcpy(first[seq].bytes, buf, len);
		}
		same += first[seq].len == (unsigned int)len && !memcmp(first[seq].bytes, buf, len);
	}
	vt_eq(i, FRAMES, "%s: frames on the wire", what);
	vt_eq(same, FRAMES, "%s: are what was sent without traits", what);
	vt_untap(tap);
}

static void forward(const unsigned int ids[4])
{
	struct script set = vt_set_seq(ids, PORT), check = vt_check_seq(ids, PORT);
	struct vt_script *setting, *reading;
	uint64_t before[__TRAITS_STAT_MAX];

	compare(true, "bare");
	reading = vt_script("b", "right", VT_TC_EGRESS, &check);
	setting = vt_script("b", "left", VT_XDP, &set);
	vt_stats(before);
	compare(false, "set in XDP");
	vt_all_right(reading, FRAMES, "set in XDP: TC egress");
	vt_lost_only(before, -1, 0, "set in XDP");
	vt_script_stop(setting);
	vt_script_stop(reading);

	/* What comes from no XDP program has room for traits only where it was asked for. */
	mx_headroom("b", "right", 200);
	set.action = set.action_bare = 0;	/* TC_ACT_OK */
	memcpy(&set.op[4], check.op, 4 * sizeof(set.op[0]));
	setting = vt_script("b", "right", VT_TC_EGRESS, &set);
	vt_stats(before);
	compare(false, "set in TC egress");
	vt_eq(vt_script_sum(setting).op[3].ok, FRAMES, "set in TC egress: 16 bytes on all");
	vt_eq(vt_script_sum(setting).op[7].ok, FRAMES, "set in TC egress: and read there");
	vt_lost_only(before, -1, 0, "set in TC egress");
	vt_script_stop(setting);
	mx_headroom("b", "right", 0);
}

static void stream(const unsigned int ids[4], const char *what)
{
	struct script set = vt_set_seq(ids, PORT);
	struct vt_script *setting;
	struct script_sum sum;

	set.protocol = IPPROTO_TCP;
	set.action = set.action_bare = 0;
	setting = vt_script("b", "right", VT_TC_EGRESS, &set);
	vt_tcp_transfer("b", "c", "10.2.0.2", PORT, BYTES);
	sum = vt_script_sum(setting);
	/* A packet that is sent again while its clone is on its way cannot be written to. */
	vt_ok(sum.op[2].ok && sum.op[2].ok + sum.op[2].error == sum.packets,
	      "stream, %s: %llu packets, of which %llu got traits", what, sum.packets,
	      sum.op[2].ok);
	vt_script_stop(setting);
}

int main(void)
{
	unsigned int ids[4];

	vt_nic();
	vt_path_of("v<");
	vt_keys_add(ids);
	forward(ids);
	stream(ids, "as it comes");
	/* The kernel cuts it into packets then, behind TC. */
	mx_ethtool("b", "right", "tso off");
	stream(ids, "TSO off");
	vt_try("ip netns exec b ethtool -K right tso on 2> /dev/null");
	vt_keys_del();
	return vt_done();
}
