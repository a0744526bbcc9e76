// SPDX-License-Identifier: GPL-2.0
/*
 * XDP programs on a network card encapsulate frames, change their end, and make
 * metadata of their own, before they set traits and after: traits are read in TC,
 * and so is the metadata, which is what the program wrote and nothing else.
 */
#include <linux/bpf.h>
#include <linux/traits.h>
#include <string.h>

#include "nic.h"
#include "path.h"
#include "script.h"
#include "vt.h"

#define FRAMES	200
#define PORT	7000
#define OUTER	4789

#define OP(...)		{ __VA_ARGS__ }
#define META(bytes)	OP(OP_ADJUST_META, .arg = -(bytes))
#define WRITE(byte)	OP(OP_META_WRITE, .val = { byte, byte, byte, byte })
#define HEADERS		OP(OP_ENCAP, .arg = OUTER)

static const struct move {
	const char *what;
	struct op before[2], after[2];
	unsigned int port;		/* where TC finds the frames; 0: PORT */
	unsigned int meta;		/* bytes of metadata in TC */
	unsigned int first;		/* each of its first four bytes */
} moves[] = {
	{ "nothing" },
	{ "traits, then headers", .after = { HEADERS }, .port = OUTER },
	{ "headers, then traits", .before = { HEADERS }, .port = OUTER },
	{ "headers, traits, headers off again", .before = { HEADERS },
	  .after = { OP(OP_ADJUST_HEAD, .arg = 50) } },
	/* Of 122: virtio of 6.1 copies frames of up to 120, without their traits. */
	{ "traits, then a byte off the end", .after = { OP(OP_ADJUST_TAIL, .arg = -1) } },
	{ "a byte off the end, then traits", .before = { OP(OP_ADJUST_TAIL, .arg = -1) } },
	{ "metadata, then traits", .before = { META(4), WRITE(0x11) }, .meta = 4, .first = 0x11 },
	{ "traits, then metadata", .after = { META(8), WRITE(0x22) }, .meta = 8, .first = 0x22 },
	{ "metadata, traits, metadata", .before = { META(4), WRITE(0x33) },
	  .after = { META(12), WRITE(0x44) }, .meta = 16, .first = 0x44 },
	{ "headers, traits, metadata", .before = { HEADERS }, .after = { META(8), WRITE(0x55) },
	  .port = OUTER, .meta = 8, .first = 0x55 },
};

static unsigned int add_ops(struct script *s, unsigned int n, const struct op *op,
			    unsigned int count)
{
	for (; count && op->kind != OP_END; op++, count--)
		s->op[n++] = *op;
	return n;
}

/* Loading these takes longer than all that is done with them. */
static struct vt_script *xdp, *tc, *top;

static void run(const unsigned int ids[4], const struct move *m)
{
	struct script set = { .protocol = 17, .port = PORT, .action = XDP_PASS,
			      .action_bare = XDP_PASS };
	struct script traits = vt_set_seq(ids, PORT);
	struct script check = vt_check_seq(ids, m->port ?: PORT);
	unsigned int i, n, good = 0, first = m->first * 0x01010101u, got;
	uint64_t before[__TRAITS_STAT_MAX];
	struct script_answer answer;

	n = add_ops(&set, 0, m->before, 2);
	n = add_ops(&set, n, traits.op, 4);
	n = add_ops(&set, n, m->after, 2);
	check.op[4].kind = OP_META_READ;
	vt_script_set(xdp, &set);
	vt_script_set(tc, &check);
	vt_script_set(top, &check);
	vt_stats(before);
	vt_send_seq(tc, "a", "10.1.0.2", PORT, 1, FRAMES, 2);

	for (i = 0; i < n; i++)
		vt_eq(vt_script_sum(xdp).op[i].ok, FRAMES, "%s: op %u", m->what, i);
	vt_all_right(tc, FRAMES, m->what);
	vt_all_right(top, FRAMES, m->what);
	for (i = 0; i < SCRIPT_SLOTS; i++) {
		answer = vt_script_answer(tc, i);
		memcpy(&got, answer.val[4], sizeof(got));
		good += answer.ret[4] == m->meta && got == first;
	}
	vt_eq(good, SCRIPT_SLOTS, "%s: metadata of %u bytes", m->what, m->meta);
	vt_lost_only(before, -1, 0, m->what);
}

int main(void)
{
	const struct script nothing = { .protocol = 1, .action = XDP_PASS };
	unsigned int ids[4], i;

	vt_nic();
	vt_path_of(">");
	vt_keys_add(ids);
	xdp = vt_script("b", "left", VT_XDP, &nothing);
	tc = vt_script("b", "left", VT_TC_INGRESS, &nothing);
	top = vt_script("b", "left", VT_RECEIVE, &nothing);
	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		run(ids, &moves[i]);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_script_stop(top);
	vt_keys_del();
	return vt_done();
}
