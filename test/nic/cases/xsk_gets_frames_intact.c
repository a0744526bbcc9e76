// SPDX-License-Identifier: GPL-2.0
/*
 * Frames with traits that XDP sends to AF_XDP sockets arrive there, every byte of
 * them, bare ones among them; nothing is counted as lost, for the traits were XDP's
 * to give away. What passes to the stack next, in the same buffers, has traits only
 * where XDP set them. In copy mode, and where the driver does it without copies.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "nic.h"
#include "object.h"
#include "path.h"
#include "script.h"
#include "vt.h"
#include "xsks.h"

#define PORT	7000
#define FRAMES	2048
#define BURST	128
#define BYTES	300		/* of payload */

static unsigned int key;

static unsigned int make(uint8_t *frame, unsigned int i)
{
	struct script_seq what = { .seq = i, .bare = i % 2 };
	struct vt_flow flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	uint8_t payload[BYTES];
	unsigned int b;

	for (b = 0; b < sizeof(payload); b++)
		payload[b] = b ^ i;
	memcpy(payload, &what, sizeof(what));
	return vt_flow_frame(&flow, frame, 0, payload, sizeof(payload));
}

struct taken {
	struct vt_xsks sockets;
	unsigned int got, same, want;
};

/* Takes what is there; whether all that were sent have come. */
static bool take(void *arg)
{
	struct taken *t = arg;
	uint8_t frame[VT_FRAME_MAX];
	const void *data;
	unsigned int len;

	while ((data = vt_xsks_next(&t->sockets, &len))) {
		/* One flow, so in order. */
		t->same += len == make(frame, t->got) && !memcmp(data, frame, len);
		t->got++;
	}
	return t->got >= t->want;
}

static void send_burst(struct vt_wire *wire, unsigned int first)
{
	uint8_t frame[VT_FRAME_MAX];
	unsigned int i;

	for (i = first; i < first + BURST; i++)
		vt_wire_put(wire, frame, make(frame, i));
	vt_wire_flush(wire);
}

static void receive(struct taken *t, int seen, const char *what)
{
	struct vt_wire *wire = vt_wire("a", "right");
	uint64_t before[__TRAITS_STAT_MAX];
	struct xsk_seen sum = {};
	unsigned int i;

	vt_object_put(seen, &sum);
	vt_stats(before);
	for (i = 0; i < FRAMES; i += BURST) {
		send_burst(wire, i);
		t->want = i + BURST;
		if (!vt_wait_until(take, t, 20000))
			break;
	}
	vt_object_get(seen, &sum);
	vt_eq(sum.packets, FRAMES, "%s: frames in XDP", what);
	vt_eq(sum.set, FRAMES / 2, "%s: of which so many got a trait", what);
	vt_eq(t->got, FRAMES, "%s: frames in the sockets", what);
	vt_eq(t->same, FRAMES, "%s: are the ones that were sent", what);
	vt_eq(vt_stat(TRAITS_STAT_SET) - before[TRAITS_STAT_SET], FRAMES / 2,
	      "%s: values that the module counts", what);
	vt_lost_only(before, -1, 0, what);
	vt_wire_close(wire);
}

static struct script check_script(void)
{
	struct script s = { .protocol = IPPROTO_UDP, .port = PORT, .action = 2,
			    .action_bare = 2 };

	s.op[0] = (struct op){ .kind = OP_GET, .key = key, .size = 8 };
	return s;
}

/* Without sockets all frames pass. */
static void pass(const char *what)
{
	struct vt_wire *wire = vt_wire("a", "right");
	struct script check = check_script();
	struct vt_script *tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	struct script_answer answer;
	unsigned int i, right = 0;
	uint64_t val;

	for (i = 0; i < FRAMES; i += BURST)
		send_burst(wire, i);
	vt_script_wait(tc, FRAMES);
	vt_eq(vt_script_sum(tc).op[0].ok, FRAMES / 2, "%s: frames with a trait in TC", what);
	for (i = 0; i < SCRIPT_SLOTS; i++) {
		answer = vt_script_answer(tc, i);
		memcpy(&val, answer.val[0], sizeof(val));
		right += answer.bare ? answer.ret[0] == -ENOENT :
				       answer.ret[0] == 8 && val == answer.seq;
	}
	vt_eq(right, SCRIPT_SLOTS, "%s: the first have their own, or none", what);
	vt_wire_close(wire);
	vt_script_stop(tc);
}

/* Whether the driver did it */
static bool run(struct bpf_object *obj, bool zero_copy, const char *what)
{
	struct taken t = {};

	if (!vt_xsks_open(&t.sockets, "b", "left", vt_object_map(obj, "sockets"), zero_copy))
		return false;
	receive(&t, vt_object_map(obj, "seen"), what);
	vt_xsks_close(&t.sockets);
	return true;
}

int main(void)
{
	struct bpf_object *obj;
	const char *driver;

	vt_nic();
	vt_path_of(">");
	driver = vt_nic_driver("b", "left");
	key = vt_key_add("xsk", 8);
	obj = vt_object("xsk");
	vt_object_put(vt_object_map(obj, "xsk_key"), &key);
	if (vt_object_xdp("b", "left", vt_object_prog(obj, "xsk_redirect")))
		vt_die("no XDP on %s", driver);

	if (!run(obj, false, "copied"))
		vt_die("AF_XDP in copy mode on %s: %s", driver, strerror(errno));
	pass("copied, then passed");
	if (run(obj, true, "not copied"))
		pass("not copied, then passed");
	else
		vt_ok(true, "not copied # SKIP %s does not: %s", driver, strerror(errno));

	vt_object_detach("b", "left");
	bpf_object__close(obj);
	vt_keys_del();
	return vt_done();
}
