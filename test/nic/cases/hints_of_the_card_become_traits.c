// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/rxhints.bpf.c, bound to a network card: the hash that the card made of
 * each frame's flow, and the time of its arrival, are traits in TC. The hash is
 * the one that the test computes, with the key that all models use.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "flow.h"
#include "kernel.h"
#include "nic.h"
#include "path.h"
#include "recipe.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define FLOWS	15		/* of each of IPv4 and IPv6 */
#define FRAMES	(2 * FLOWS)
#define GAP_MS	100

/* Whether the card notes the time of every frame from now on */
static bool stamps_on(void)
{
	struct hwtstamp_config config = { .tx_type = HWTSTAMP_TX_OFF,
					  .rx_filter = HWTSTAMP_FILTER_ALL };
	struct ifreq ifr = { .ifr_name = "left", .ifr_data = (void *)&config };
	int here = vt_ns_enter("b"), fd = socket(AF_INET, SOCK_DGRAM, 0), err;

	err = ioctl(fd, SIOCSHWTSTAMP, &ifr) ? errno : 0;
	close(fd);
	vt_ns_leave(here);
	vt_nic_wait_carrier("b", "left");
	if (err)
		vt_note("no timestamps: %s", strerror(err));
	return !err && config.rx_filter == HWTSTAMP_FILTER_ALL;
}

static struct vt_flow flow_of(unsigned int i)
{
	struct vt_flow flow = vt_flow(i < FLOWS ? AF_INET : AF_INET6, IPPROTO_UDP, 0, PORT);

	flow.source += 7 * i;
	return flow;
}

static void send_frames(struct vt_wire *wire, unsigned int first)
{
	struct script_seq payload[4] = {};
	uint8_t frame[VT_FRAME_MAX];
	struct vt_flow flow;
	unsigned int i;

	for (i = 0; i < FRAMES; i++) {
		flow = flow_of(i);
		payload->seq = first + i;
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, 0, payload, sizeof(payload)));
	}
	vt_wire_flush(wire);
}

/* What TC read of a frame; 0 for what was not there */
struct hints {
	unsigned int hash;
	uint64_t time;
};

/* Frames of other queues overtake, so the answers are sorted by the frames' numbers. */
static void read_hints(struct vt_script *tc, struct hints *hints)
{
	struct script_answer answer;
	unsigned int i;

	for (i = 0; i < 2 * FRAMES; i++) {
		answer = vt_script_answer(tc, i);
		if (answer.seq >= 2 * FRAMES)
			vt_die("frame number %u", answer.seq);
		if (answer.ret[0] == 4)
			memcpy(&hints[answer.seq].hash, answer.val[0], 4);
		if (answer.ret[1] == 8)
			memcpy(&hints[answer.seq].time, answer.val[1], 8);
	}
}

static void check_hashes(const struct hints *hints, unsigned long long counted)
{
	unsigned int i, right = 0;
	struct vt_flow flow;

	vt_eq(counted, 2 * FRAMES, "hashes that XDP was told");
	for (i = 0; i < 2 * FRAMES; i++) {
		flow = flow_of(i % FRAMES);
		right += hints[i].hash == vt_flow_toeplitz(&flow);
	}
	if (!vt_eq(right, 2 * FRAMES, "frames with the hash of their flow in TC"))
		vt_note("the first has %#x", hints[0].hash);
}

/* Two bursts, @GAP_MS apart at least */
static void check_times(const struct hints *hints, unsigned long long counted, bool on)
{
	uint64_t last = 0, first = ~0ULL;
	unsigned int i, there = 0;

	vt_eq(counted, on ? 2 * FRAMES : 0, "times that XDP was told");
	for (i = 0; i < 2 * FRAMES; i++) {
		there += hints[i].time != 0;
		if (i < FRAMES && hints[i].time > last)
			last = hints[i].time;
		if (i >= FRAMES && hints[i].time < first)
			first = hints[i].time;
	}
	vt_eq(there, on ? 2 * FRAMES : 0, "frames with a time in TC");
	if (!on)
		return;
	vt_ok(first >= last + GAP_MS * 1000000ULL && first < last + 20000000000ULL,
	      "%lld ns between two bursts, %u ms apart at least", (long long)(first - last),
	      GAP_MS);
}

int main(void)
{
	unsigned int hash, time, zero = 0, one = 1;
	struct timespec gap = { .tv_nsec = GAP_MS * 1000000 };
	struct hints hints[2 * FRAMES] = {};
	struct script get = { .protocol = IPPROTO_UDP, .port = PORT };
	struct vt_script *tc;
	struct vt_wire *wire;
	const char *driver;
	bool stamps;
	int map;

	vt_nic();
	if (!vt_kernel_function("bpf_xdp_metadata_rx_hash"))
		vt_skip("this kernel has no hints for XDP");
	vt_path_of(">");
	driver = vt_nic_driver("b", "left");
	hash = vt_key_add("rx_hash", 4);
	time = vt_key_add("rx_time", 8);
	if (vt_recipe_try("b", "rxhints", "xdpbound left rxhints")) {
		vt_keys_del();
		vt_skip("%s takes no program that is bound to the device", driver);
	}
	stamps = stamps_on();
	map = vt_recipe_map("rxhints", "hints");
	get.op[0] = (struct op){ .kind = OP_GET, .key = hash, .size = 4 };
	get.op[1] = (struct op){ .kind = OP_GET, .key = time, .size = 8 };
	tc = vt_script("b", "left", VT_TC_INGRESS, &get);

	wire = vt_wire("a", "right");
	send_frames(wire, 0);
	vt_script_wait(tc, FRAMES);
	nanosleep(&gap, NULL);
	send_frames(wire, FRAMES);
	vt_script_wait(tc, 2 * FRAMES);
	vt_wire_close(wire);

	read_hints(tc, hints);
	/* virtio: QEMU reports no hash. Which key igb uses is its driver's choice. */
	if (vt_nic_is("ice") || vt_nic_is("mlx5"))
		check_hashes(hints, vt_map_count(map, &zero));
	else
		vt_ok(true, "hashes # SKIP the key that %s hashes with is not known", driver);
	check_times(hints, vt_map_count(map, &one), stamps);

	close(map);
	vt_script_stop(tc);
	vt_recipe_end("b", "rxhints");
	vt_keys_del();
	return vt_done();
}
