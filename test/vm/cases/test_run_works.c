// SPDX-License-Identifier: GPL-2.0
/*
 * Programs with traits under BPF_PROG_TEST_RUN, in XDP with and
 * without metadata, with frames that go into the stack, and in TC, where the
 * room is exactly known: each answer is right, ten thousand repeats change
 * nothing, and memory is as free as before.
 */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <linux/traits.h>

#include "frame.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define REPEATS	10000
#define XDP_PASS 2

static unsigned char frame[256], out[512];
static unsigned int frame_len;

#define OP(...) ((struct op){ __VA_ARGS__ })

/* Runs a script that is attached to nothing; each operation has to return what @want says. */
static void run(enum vt_place place, const struct op *op, const long long *want, unsigned int ops,
		unsigned int meta, unsigned int repeat, const char *what)
{
	struct script s = { .protocol = 17, .port = PORT };
	unsigned char in[sizeof(frame) + 64];
	struct xdp_md md = { .data = meta, .data_end = meta + frame_len };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = repeat, .data_in = in,
		    .data_size_in = meta + frame_len, .data_out = out,
		    .data_size_out = sizeof(out));
	struct script_answer answer;
	struct vt_script *vs;
	struct script_sum sum;
	unsigned int i;

	s.action = place == VT_XDP_IDLE ? XDP_PASS : 0;
	memcpy(s.op, op, ops * sizeof(*op));
	memset(in, 0xa5, meta);
	memcpy(in + meta, frame, frame_len);
	if (place == VT_XDP_IDLE) {
		opts.ctx_in = &md;
		opts.ctx_size_in = sizeof(md);
	}
	vs = vt_script(NULL, "lo", place, &s);
	if (bpf_prog_test_run_opts(vt_script_fd(vs), &opts))
		vt_die("%s: test run: %s", what, strerror(errno));
	sum = vt_script_sum(vs);
	vt_eq(sum.packets, repeat, "%s: ran %u times", what, repeat);
	vt_eq(opts.retval, s.action, "%s: verdict", what);

	/* The first run, the one after it, and the one that ran last. */
	for (i = 0; i < ops; i++) {
		answer = vt_script_answer(vs, 0);
		vt_eq(answer.ret[i], want[i], "%s: op %u", what, i);
		vt_eq(want[i] < 0 ? sum.op[i].error : sum.op[i].ok, repeat,
		      "%s: op %u, each time", what, i);
		if (repeat > SCRIPT_SLOTS)
			answer = vt_script_answer(vs, SCRIPT_SLOTS);
		vt_eq(answer.ret[i], want[i], "%s: op %u at last", what, i);
	}
	vt_script_stop(vs);
}

static void xdp(const unsigned int ids[4])
{
	const struct op op[] = {
		OP(OP_IS_SET, .key = ids[2]),
		OP(OP_SET, .key = ids[2], .size = 8, .val = { 1, 2, 3 }),
		OP(OP_SET, .key = ids[0]),
		OP(OP_GET, .key = ids[2], .size = 8),
		OP(OP_SETS, .key = ids[0], .key_to = ids[3], .size = 28, .val = { 4, 5 }),
		OP(OP_GETS, .key = ids[0], .key_to = ids[3], .size = 28),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_GET, .key = ids[2], .size = 8),
		OP(OP_DEL, .key = ids[0]),
		OP(OP_DEL, .key = ids[1]),
		OP(OP_DEL, .key = ids[3]),
	};
	const long long want[] = { 0, 0, 0, 8, 0, 28, 0, -ENOENT, 0, 0, 0 };
	const unsigned int ops = sizeof(op) / sizeof(op[0]);

	run(VT_XDP_IDLE, op, want, ops, 0, 1, "XDP");
	run(VT_XDP_IDLE, op, want, ops, 0, REPEATS, "XDP repeated");
	run(VT_XDP_IDLE, op, want, ops, 16, REPEATS, "XDP with metadata");
}

/* What comes out of a run with metadata ends in the metadata that went in, and the packet. */
static void xdp_output(const unsigned int ids[4])
{
	struct script s = { .protocol = 17, .port = PORT, .action = XDP_PASS };
	unsigned char in[sizeof(frame) + 8];
	struct xdp_md md = { .data = 8, .data_end = 8 + frame_len }, md_out = {};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = 1, .data_in = in,
		    .data_size_in = 8 + frame_len, .data_out = out,
		    .data_size_out = sizeof(out), .ctx_in = &md, .ctx_size_in = sizeof(md),
		    .ctx_out = &md_out, .ctx_size_out = sizeof(md_out));
	struct vt_script *vs;

	memcpy(in, "metadata", 8);
	memcpy(in + 8, frame, frame_len);
	s.op[0] = OP(OP_SET, .key = ids[3], .size = 16);
	vs = vt_script(NULL, "lo", VT_XDP_IDLE, &s);
	if (bpf_prog_test_run_opts(vt_script_fd(vs), &opts))
		vt_die("XDP output: test run: %s", strerror(errno));
	vt_eq(md_out.data, 16, "XDP output: eight bytes of metadata more");
	vt_eq(opts.data_size_out, 16 + frame_len, "XDP output: length");
	vt_ok(!memcmp(out + 8, in, 8 + frame_len), "XDP output: the rest is as it was");
	vt_script_stop(vs);
}

/* Frames that really go into the stack, of a page pool that uses its pages again and again. */
static void xdp_live(const unsigned int ids[4])
{
	struct script set = vt_set_seq(ids, PORT), check = vt_check_seq(ids, PORT);
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = REPEATS, .data_in = frame,
		    .data_size_in = frame_len, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	struct vt_script *xdp, *tc;

	xdp = vt_script(NULL, "lo", VT_XDP_IDLE, &set);
	tc = vt_script(NULL, "lo", VT_TC_INGRESS, &check);
	if (bpf_prog_test_run_opts(vt_script_fd(xdp), &opts))
		vt_die("live frames: test run: %s", strerror(errno));
	vt_script_wait(tc, REPEATS);
	vt_all_right(tc, REPEATS, "live frames");
	vt_script_stop(xdp);
	vt_script_stop(tc);
}

/*
 * The kernel makes this skb with 64 bytes of headroom. A store of 44 bytes that
 * begins at 40 and leaves 32 free needs 116: 52 more.
 */
static void tc(const unsigned int ids[4])
{
	const struct op room[] = {
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_IS_SET, .key = ids[2]),
		OP(OP_ADJUST_ROOM, .arg = -51),
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_ADJUST_ROOM, .arg = -1),
		OP(OP_SET, .key = ids[2], .size = 8, .val = { 9 }),
		OP(OP_SET, .key = ids[1], .size = 4),
		OP(OP_SET, .key = ids[0]),
		OP(OP_GET, .key = ids[2], .size = 8),
		OP(OP_SETS, .key = ids[0], .key_to = ids[3], .size = 28),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_GETS, .key = ids[2], .key_to = ids[2], .size = 8),
	};
	const long long room_want[] = {
		-ENOSPC, 0, 0, -ENOSPC, 0, 0, -ENOSPC, 0, 8, -ENOSPC, 0, -ENOENT,
	};
	const struct op bare[] = {
		OP(OP_SET, .key = ids[2], .size = 8),
		OP(OP_SET, .key = ids[0]),
		OP(OP_GET, .key = ids[2], .size = 8),
		OP(OP_DEL, .key = ids[2]),
		OP(OP_IS_SET, .key = ids[0]),
	};
	const long long bare_want[] = { -ENOSPC, -ENOSPC, -ENOENT, -ENOENT, 0 };

	run(VT_TC_IDLE, room, room_want, 12, 0, 1, "TC with exactly the room");
	run(VT_TC_IDLE, bare, bare_want, 5, 0, REPEATS, "TC without room");
}

static unsigned long long unreclaimable(void)
{
	unsigned long long kb = 0;
	char line[128];
	FILE *f;

	vt_run("sync; echo 3 > /proc/sys/vm/drop_caches");
	f = fopen("/proc/meminfo", "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "SUnreclaim: %llu", &kb);
	if (!f || !kb)
		vt_die("meminfo cannot be read");
	fclose(f);
	return kb;
}

int main(void)
{
	unsigned long long before, after;
	unsigned int ids[4];

	frame_len = vt_frame(frame, PORT, 1, 160);
	vt_keys_add(ids);
	xdp(ids);
	before = unreclaimable();
	xdp_output(ids);
	xdp_live(ids);
	tc(ids);
	xdp(ids);
	after = unreclaimable();
	/* One leaked allocation of each run would be several times this. */
	vt_ok(after < before + 4096, "slab memory: %llu kB before, %llu kB after", before, after);
	vt_keys_del();
	return vt_done();
}
