// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that XDP sends to AF_XDP sockets have their traits in front of them, bare ones an empty
 * block, whatever was in the same memory before: in copy mode, and where the driver receives into
 * the application's memory.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <traits/xsk.h>

#include "flow.h"
#include "nic.h"
#include "object.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk_traits.h"
#include "xsks.h"

#define PORT	7000
#define FRAMES	2048
#define BURST	128
#define VALUES	(4 + 8 + 16)

static unsigned int ids[4];

struct taken {
	struct vt_xsks sockets;
	unsigned int got, right, want;
};

static struct traits_block block_of(const struct script_seq *seq)
{
	struct traits_block b = {};
	unsigned int i, word;
	uint32_t val[4];

	for (i = 0; !seq->bare && i < 4; i++) {
		for (word = 0; word < 4; word++)
			val[word] = script_word(seq->seq, ids[i], word);
		traits_block_set(&b, ids[i], val, vt_sizes[i]);
	}
	return b;
}

static bool is_right(const uint8_t *frame, const struct vt_flow *flow, unsigned int i)
{
	struct traits_block got, want;
	struct script_seq seq;

	memcpy(&seq, frame + vt_flow_headers(flow), sizeof(seq));
	want = block_of(&seq);
	return seq.seq == i && seq.bare == i % 2 &&
	       traits_block_get_end(&got, frame, (uintptr_t)frame % 4096) == (seq.bare ? 0 : 4) &&
	       !memcmp(&got, &want, sizeof(got));
}

/* Takes what is there; whether all that were sent have come. One flow, so in order. */
static bool take(void *arg)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	struct taken *t = arg;
	const uint8_t *frame;
	unsigned int len;

	while ((frame = vt_xsks_next(&t->sockets, &len)))
		t->right += is_right(frame, &flow, t->got++);
	return t->got >= t->want;
}

static void send_burst(struct vt_wire *wire, unsigned int first)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	uint8_t frame[VT_FRAME_MAX], payload[80] = {};
	struct script_seq what;
	unsigned int i;

	for (i = first; i < first + BURST; i++) {
		what = (struct script_seq){ .seq = i, .bare = i % 2 };
		memcpy(payload, &what, sizeof(what));
		vt_wire_put(wire, frame, vt_flow_frame(&flow, frame, 0, payload, sizeof(payload)));
	}
	vt_wire_flush(wire);
}

static void receive(struct taken *t, int map, const char *what)
{
	struct vt_wire *wire = vt_wire("a", "right");
	uint64_t before[__TRAITS_STAT_MAX];
	struct xsk_told told = {};
	unsigned int i;

	vt_object_put(map, &told);
	vt_stats(before);
	for (i = 0; i < FRAMES; i += BURST) {
		send_burst(wire, i);
		t->want = i + BURST;
		if (!vt_wait_until(take, t, 20000))
			break;
	}
	vt_object_get(map, &told);
	vt_eq(told.packets, FRAMES, "%s: frames in XDP", what);
	vt_eq(told.refused + told.set, 0, "%s: errors, the last %lld", what, told.last);
	vt_eq(told.bytes, FRAMES * sizeof(struct traits_xsk) + FRAMES / 2 * VALUES,
	      "%s: bytes of blocks", what);
	vt_eq(t->got, FRAMES, "%s: frames in the sockets", what);
	vt_eq(t->right, FRAMES, "%s: with their own traits, or none", what);
	vt_lost_only(before, -1, 0, what);
	vt_wire_close(wire);
}

/* Whether the driver did it */
static bool run(struct bpf_object *obj, bool zero_copy, const char *what)
{
	struct taken t = {};

	if (!vt_xsks_open(&t.sockets, "b", "left", vt_object_map(obj, "sockets"), zero_copy))
		return false;
	receive(&t, vt_object_map(obj, "told"), what);
	vt_xsks_close(&t.sockets);
	return true;
}

int main(void)
{
	struct xsk_how how = { .keys = ~0ULL };
	struct bpf_object *obj;
	const char *driver;

	vt_nic();
	vt_path_of(">");
	driver = vt_nic_driver("b", "left");
	so_keys(ids);
	memcpy(how.ids, ids, sizeof(ids));
	obj = vt_object("xsk_traits");
	vt_object_put(vt_object_map(obj, "how"), &how);
	if (vt_object_xdp("b", "left", vt_object_prog(obj, "xsk_out")))
		vt_die("no XDP on %s", driver);
	if (!run(obj, false, "copied"))
		vt_die("AF_XDP in copy mode on %s: %s", driver, strerror(errno));
	if (!run(obj, true, "not copied"))
		vt_ok(true, "not copied # SKIP %s does not: %s", driver, strerror(errno));
	vt_object_detach("b", "left");
	bpf_object__close(obj);
	vt_keys_del();
	return vt_done();
}
