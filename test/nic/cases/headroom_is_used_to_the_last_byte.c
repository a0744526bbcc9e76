// SPDX-License-Identifier: GPL-2.0
/*
 * A card's driver gives its frames some headroom. Of that, 40 bytes are struct
 * xdp_frame's, 8 the anchor's and 36 an empty store's: values fit into all that is
 * left, to the byte, and are read in TC; the next one is refused.
 */
#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <stdio.h>

#include "fill_ops.h"
#include "flow.h"
#include "nic.h"
#include "object.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define FRAMES	100
#define TAKEN	(40 + 8 + 36)

static struct fill_conf add_keys(void)
{
	struct fill_conf conf;
	char name[16];
	unsigned int i;

	for (i = 0; i < FILL_KEYS; i++) {
		snprintf(name, sizeof(name), "big%u", i);
		conf.big[i] = vt_key_add(name, 16);
	}
	conf.eight = vt_key_add("eight", 8);
	conf.four = vt_key_add("four", 4);
	conf.more = vt_key_add("more", 4);
	conf.flag = vt_key_add("flag", 0);
	return conf;
}

static void send_frames(unsigned int bytes)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, 7000);
	struct vt_wire *wire = vt_wire("a", "right");
	uint8_t frame[VT_FRAME_MAX], payload[1400] = {};
	unsigned int i;

	for (i = 0; i < FRAMES; i++)
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, 0, payload, bytes));
	vt_wire_close(wire);
}

static bool all_read(void *arg)
{
	struct fill_sum sum;

	vt_object_get(*(int *)arg, &sum);
	return sum.read >= FRAMES;
}

static void run(struct bpf_object *obj, unsigned int bytes)
{
	unsigned int room, big, values, refused;
	int sums = vt_object_map(obj, "sums");
	uint64_t before[__TRAITS_STAT_MAX];
	struct fill_sum s = {};

	vt_object_put(sums, &s);
	vt_stats(before);
	send_frames(bytes);
	if (!vt_wait_until(all_read, &sums, 20000))
		vt_note("not all frames arrived");
	vt_object_get(sums, &s);

	vt_eq(s.packets, FRAMES, "%u bytes: frames in XDP", bytes);
	vt_eq(s.least, s.most, "%u bytes: all have the same headroom, %llu bytes", bytes,
	      (unsigned long long)s.most);
	room = s.most - TAKEN;
	big = room / 16;
	values = big + (room % 16 >= 8) + (room % 8 >= 4) + 1;
	refused = 1 + (room % 16 < 8) + (room % 8 < 4) + 1;
	vt_eq(s.big[big], FRAMES, "%u bytes: %u values of 16 bytes fit", bytes, big);
	vt_eq(s.refused, FRAMES, "%u bytes: and not one more", bytes);
	vt_eq(s.eight, room % 16 >= 8 ? FRAMES : 0, "%u bytes: one of 8", bytes);
	vt_eq(s.four, room % 8 >= 4 ? FRAMES : 0, "%u bytes: one of 4", bytes);
	vt_eq(s.more, 0, "%u bytes: no other of 4", bytes);
	vt_eq(s.flag, FRAMES, "%u bytes: a flag always", bytes);
	vt_eq(s.bad, 0, "%u bytes: no other error", bytes);
	vt_eq(s.read, FRAMES, "%u bytes: frames in TC", bytes);
	vt_eq(s.right, FRAMES * values, "%u bytes: values in TC", bytes);
	vt_eq(s.wrong, 0, "%u bytes: none is wrong", bytes);
	vt_lost_only(before, TRAITS_STAT_ENOSPC, FRAMES * refused, "frames with no room left");
}

int main(void)
{
	struct fill_conf conf;
	struct bpf_object *obj;

	vt_nic();
	vt_path_of(">");
	conf = add_keys();
	obj = vt_object("fill");
	vt_object_put(vt_object_map(obj, "confs"), &conf);
	if (vt_object_xdp("b", "left", vt_object_prog(obj, "fill_xdp")))
		vt_die("no XDP on %s", vt_nic_driver("b", "left"));
	vt_object_tc("b", "left", vt_object_prog(obj, "fill_tc"));
	run(obj, 80);
	run(obj, 1400);
	vt_object_detach("b", "left");
	bpf_object__close(obj);
	vt_keys_del();
	return vt_done();
}
