// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of an AF_XDP socket is used again and again, and what is in front of a packet there is
 * what an earlier one left, unless the XDP program said something: by traits, by a block without any
 * where there is no room for them, or by not letting the socket have the packet. Then no packet shows
 * what is another's. In copy mode; with cards, also where the driver receives into the
 * application's memory.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
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
#define FRAMES	VT_XSK_CHUNKS	/* each chunk once */
#define BURST	128

static unsigned int ids[4];

struct test {
	struct bpf_object *obj;
	struct xsk_how how;
	struct vt_wire *wire;
	struct vt_xsks sockets;
	unsigned int sent, want;
	/* Frames that arrived; with their own traits; with an empty block; with others' */
	unsigned int got, own, none, older;
};

static struct traits_block block_of(const struct script_seq *seq)
{
	struct traits_block b = {};
	unsigned int i, word;
	uint32_t val[4];

	for (i = 0; seq->bare != 1 && i < 4; i++) {
		for (word = 0; word < 4; word++)
			val[word] = script_word(seq->seq, ids[i], word);
		traits_block_set(&b, ids[i], val, vt_sizes[i]);
	}
	return b;
}

static void look(struct test *t, const uint8_t *frame)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	struct traits_block got, want;
	struct script_seq seq;
	int n;

	memcpy(&seq, frame + vt_flow_headers(&flow), sizeof(seq));
	want = block_of(&seq);
	n = traits_block_get_end(&got, frame, (uintptr_t)frame % VT_XSK_CHUNK);
	t->got++;
	if (!n)
		t->none++;
	else if (n == 4 && !memcmp(&got, &want, sizeof(got)))
		t->own++;
	else if (n == 4)
		t->older++;
}

static bool take(void *arg)
{
	struct test *t = arg;
	const uint8_t *frame;
	unsigned int len;

	while ((frame = vt_xsks_next(&t->sockets, &len)))
		look(t, frame);
	return t->got >= t->want;
}

static void put(struct test *t, unsigned int kind)
{
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	struct script_seq what = { .seq = t->sent++, .bare = kind };
	uint8_t frame[VT_FRAME_MAX], payload[80] = {};

	memcpy(payload, &what, sizeof(what));
	vt_wire_put(t->wire, frame, vt_flow_frame(&flow, frame, 0, payload, sizeof(payload)));
}

/* So many frames of two kinds in turn; those of the second do not arrive if they are dropped. */
static struct xsk_told frames(struct test *t, unsigned int then, const unsigned int kinds[2],
			      unsigned int arrive)
{
	int map = vt_object_map(t->obj, "told");
	struct xsk_told told = {};
	unsigned int i;

	t->how.then = then;
	vt_object_put(vt_object_map(t->obj, "how"), &t->how);
	vt_object_put(map, &told);
	t->got = t->own = t->none = t->older = 0;
	for (i = 0; i < FRAMES; i++) {
		put(t, kinds[i % 2]);
		if (i % BURST != BURST - 1)
			continue;
		vt_wire_flush(t->wire);
		t->want = (i + 1) / 2 * arrive;
		if (!vt_wait_until(take, t, 20000))
			break;
	}
	vt_object_get(map, &told);
	vt_eq(told.set, 0, "values that could not be set");
	return told;
}

static void use_again(struct test *t, const char *mode)
{
	static const unsigned int with[2] = { 0, 0 }, bare[2] = { 1, 1 },
				  full[2] = { XSK_FULL, XSK_FULL }, mixed[2] = { 0, XSK_FULL };
	struct xsk_told told;

	told = frames(t, XSK_DROP, with, 2);
	vt_eq(told.refused, 0, "%s: all are exported", mode);
	vt_eq(t->own, FRAMES, "%s: and have their traits", mode);

	/* Why a program must not do so; and that the memory is used again */
	frames(t, XSK_SILENT, bare, 2);
	vt_eq(t->older, FRAMES, "%s: without a word of the program, others' are there", mode);

	told = frames(t, XSK_EMPTY, full, 2);
	vt_eq(told.refused, FRAMES, "%s: too much in front of them", mode);
	vt_eq(told.bytes, FRAMES * sizeof(struct traits_xsk), "%s: so they get an empty block",
	      mode);
	vt_eq(t->none, FRAMES, "%s: and no traits", mode);

	frames(t, XSK_DROP, with, 2);
	told = frames(t, XSK_DROP, mixed, 1);
	vt_eq(told.refused, FRAMES / 2, "%s: too much in front of every second one", mode);
	vt_eq(t->got, FRAMES / 2, "%s: which does not arrive", mode);
	vt_eq(t->own, FRAMES / 2, "%s: the others have their traits", mode);
}

/* Whether the driver did it */
static bool run(struct test *t, bool zero_copy, const char *mode)
{
	if (!vt_xsks_open(&t->sockets, "b", "left", vt_object_map(t->obj, "sockets"), zero_copy))
		return false;
	use_again(t, mode);
	vt_xsks_close(&t->sockets);
	return true;
}

int main(void)
{
	static const char *const names[] = { "full-1", "full-2", "full-3", "full-4" };
	bool card = getenv("VT_NIC");
	struct test t = { .how.keys = ~0ULL };
	unsigned int i;

	vt_path_of(card ? ">" : "v");
	/* virtio_net has 268 bytes of headroom, ice of 6.1 192, which four have to leave some of. */
	t.how.fulls = card && !strcmp(vt_nic_driver("b", "left"), "virtio_net") ? 4 : 3;
	so_keys(ids);
	memcpy(t.how.ids, ids, sizeof(ids));
	for (i = 0; i < t.how.fulls; i++)
		t.how.full[i] = so_key(names[i], 16, TRAITS_USER_READ, -1);
	t.obj = vt_object("xsk_traits");
	if (vt_object_xdp("b", "left", vt_object_prog(t.obj, "xsk_out")))
		vt_die("no XDP on %s", vt_nic_driver("b", "left"));
	t.wire = vt_wire("a", "right");
	if (!run(&t, false, "copied"))
		vt_die("AF_XDP in copy mode: %s", strerror(errno));
	if (card && !run(&t, true, "not copied"))
		vt_ok(true, "not copied # SKIP %s does not: %s", vt_nic_driver("b", "left"),
		      strerror(errno));
	vt_wire_close(t.wire);
	vt_object_detach("b", "left");
	bpf_object__close(t.obj);
	if (!card)
		vt_path_del(2);
	vt_keys_del();
	return vt_done();
}
