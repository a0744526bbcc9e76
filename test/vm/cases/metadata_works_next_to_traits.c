// SPDX-License-Identifier: GPL-2.0
/*
 * The XDP program's own metadata, made before or after the first trait or both,
 * is what TC reads from data_meta: the same bytes, and nothing else.
 */
#include <string.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 50

static struct op adjust(int delta)
{
	return (struct op){ .kind = OP_ADJUST_META, .arg = delta };
}

static struct op write_meta(unsigned int value)
{
	struct op op = { .kind = OP_META_WRITE };

	memcpy(op.val, &value, sizeof(value));
	return op;
}

/* c's XDP is given xdp_frames, and b's skbs. @want: length of the metadata in TC; @first: what it begins with */
static void run(const char *ns, const struct script *set, const unsigned int ids[4],
		unsigned int want, unsigned int first, const char *what)
{
	struct script check = vt_check_seq(ids, 7000);
	struct vt_script *xdp, *tc;
	struct script_answer answer;
	unsigned int i, n, got;

	check.op[4].kind = OP_META_READ;
	xdp = vt_script(ns, "left", VT_XDP, set);
	tc = vt_script(ns, "left", VT_TC_INGRESS, &check);
	vt_send_seq(xdp, "a", vt_path_end(3), 7000, 1, PACKETS, 0);
	vt_script_wait(tc, PACKETS);

	for (i = 0; set->op[i].kind != OP_END; i++)
		vt_eq(vt_script_sum(xdp).op[i].ok, PACKETS, "%s: op %u", what, i);
	vt_all_right(tc, PACKETS, what);
	for (n = 0, i = 0; i < PACKETS; i++) {
		answer = vt_script_answer(tc, i);
		memcpy(&got, answer.val[4], sizeof(got));
		n += answer.ret[4] == want && got == first;
	}
	vt_eq(n, PACKETS, "%s: metadata of %u bytes", what, want);
	if (n != PACKETS)
		vt_note("the last packet has %lld bytes of it, beginning with %#x",
			(long long)answer.ret[4], got);
	vt_script_stop(xdp);
	vt_script_stop(tc);
}

static void runs(const char *ns, const unsigned int ids[4])
{
	struct script set, plain = vt_set_seq(ids, 7000);
	unsigned int i;

	run(ns, &plain, ids, 0, 0, "no metadata");

	set = plain;
	set.op[0] = adjust(-4);
	set.op[1] = write_meta(0x11223344);
	for (i = 0; i < 4; i++)
		set.op[i + 2] = plain.op[i];
	run(ns, &set, ids, 4, 0x11223344, "metadata before the first trait");

	set = plain;
	set.op[4] = adjust(-8);
	set.op[5] = write_meta(0x55667788);
	run(ns, &set, ids, 8, 0x55667788, "metadata after the first trait");

	set.op[0] = adjust(-4);
	set.op[1] = write_meta(0x11223344);
	for (i = 0; i < 4; i++)
		set.op[i + 2] = plain.op[i];
	set.op[6] = adjust(-12);
	set.op[7] = write_meta(0x99aabbcc);
	run(ns, &set, ids, 16, 0x99aabbcc, "metadata before and after");
}

int main(void)
{
	struct vt_script *redirect;
	unsigned int ids[4];

	vt_path(3);
	vt_keys_add(ids);
	vt_note("skbs");
	runs("b", ids);
	redirect = vt_redirect("b", "left", "right", 7000);
	vt_note("xdp_frames");
	runs("c", ids);
	vt_script_stop(redirect);
	vt_keys_del();
	return vt_done();
}
