// SPDX-License-Identifier: GPL-2.0
/*
 * Packets with traits wait on their way from b to c while keys are
 * deleted and their ids given to other keys. In c the new keys are absent,
 * whatever their size, and all other traits are as they were. Setting a new key
 * drops the old value, which is counted. A packet that waited through too many
 * deletions, or through one of all keys, has no trait at all.
 */
#include <errno.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <string.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 60

static struct vt_script *xdp, *wait, *tc;
static unsigned int ids[4], first;

#define OP(...) ((struct op){ __VA_ARGS__ })

/* All packets from XDP in b pile up behind b's TC egress until release(). */
static void hold(void)
{
	struct script set = vt_set_seq(ids, 7000), nothing = { .protocol = IPPROTO_UDP, .port = 7000 };

	vt_run("tc -n b qdisc add dev right root plug limit 1000000");
	vt_script_set(xdp, &set);
	vt_script_set(wait, &nothing);
	vt_send_seq(wait, "a", vt_path_end(3), 7000, first += 1000, PACKETS, 0);
	vt_eq(vt_script_sum(tc).packets, 0, "packets wait");
}

static void release(const struct script *s)
{
	vt_script_set(tc, s);
	vt_run("tc -n b qdisc change dev right root plug release_indefinite");
	vt_script_wait(tc, PACKETS);
	vt_run("tc -n b qdisc del dev right root");
}

/* Each operation @op returned @want for all packets. */
static void all(unsigned int op, long long want, const char *what)
{
	unsigned int i, n = 0;

	for (i = 0; i < PACKETS; i++)
		n += vt_script_answer(tc, i).ret[op] == want;
	vt_eq(n, PACKETS, "%s (op %u)", what, op);
}

/* Operation @op is an OP_CHECK_SEQ, and was right for all packets. */
static void right(unsigned int op, const char *what)
{
	vt_eq(vt_script_sum(tc).op[op].ok, PACKETS, "%s (op %u)", what, op);
}

static void clear(void)
{
	static const struct script nothing = { .protocol = IPPROTO_UDP, .port = 7000 };

	vt_script_set(tc, &nothing);
}

/* The key of vt_sizes[old] gives its id to one of @size bytes. */
static void reuse(unsigned int old, unsigned int size)
{
	unsigned int other = (old + 1) % 4, third = (old + 2) % 4, id;
	struct script s, check = vt_check_seq(ids, 7000);
	unsigned long long epoch, damaged;
	char what[64], name[16];

	snprintf(what, sizeof(what), "%u bytes after %u", size, vt_sizes[old]);
	vt_note("# %s", what);
	clear();
	epoch = vt_stat(TRAITS_STAT_LOST_EPOCH);
	damaged = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	hold();
	snprintf(name, sizeof(name), "size%u", vt_sizes[old]);
	vt_key_del(name);
	id = vt_key_add("new", size);
	vt_eq(id, ids[old], "%s: the same id", what);

	s = check;
	s.op[0] = OP(OP_IS_SET, .key = id);
	s.op[1] = OP(OP_GET, .key = id, .size = 16);
	s.op[2] = OP(OP_GETS, .key = id, .key_to = id, .size = 16);
	s.op[3] = OP(OP_SET, .key = id, .size = size, .arg = TRAIT_EXIST);
	s.op[4] = OP(OP_DEL, .key = id);
	s.op[5] = check.op[other];
	s.op[6] = OP(OP_SET_SEQ, .key = id, .size = size);
	s.op[7] = OP(OP_CHECK_SEQ, .key = id, .size = size);
	s.op[8] = check.op[other];
	s.op[9] = check.op[third];
	s.op[10] = OP(OP_DEL, .key = id);
	s.op[11] = check.op[(old + 3) % 4];
	release(&s);
	all(0, 0, what);
	all(1, -ENOENT, what);
	all(2, -ENOENT, what);
	all(3, -ENOENT, what);
	all(4, -ENOENT, what);
	right(5, what);
	all(6, 0, what);
	right(7, what);
	right(8, what);
	right(9, what);
	all(10, 0, what);
	right(11, what);
	vt_eq(vt_stat(TRAITS_STAT_LOST_EPOCH) - epoch, PACKETS, "%s: old values counted", what);
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - damaged, 0, "%s: no store is lost", what);

	vt_key_del("new");
	vt_eq(vt_key_add(name, vt_sizes[old]), id, "%s: and back", what);
}

/* A key is deleted @deletions times, each time after it was given out. */
static void age(unsigned int deletions, bool known)
{
	struct script s = vt_check_seq(ids, 7000);
	unsigned long long epoch;
	unsigned int i;
	char what[64];

	snprintf(what, sizeof(what), "%u deletions", deletions);
	vt_note("# %s", what);
	clear();
	epoch = vt_stat(TRAITS_STAT_LOST_EPOCH);
	hold();
	for (i = 0; i < deletions; i++) {
		vt_key_add("passing", 4);
		vt_key_del("passing");
	}
	s.op[4] = OP(OP_SET_SEQ, .key = ids[1], .size = 4);
	s.op[5] = OP(OP_CHECK_SEQ, .key = ids[1], .size = 4);
	s.op[6] = vt_check_seq(ids, 7000).op[2];
	release(&s);
	for (i = 0; i < 4; i++) {
		if (known)
			right(i, what);
		else
			vt_eq(vt_script_sum(tc).op[i].absent, PACKETS, "%s: absent (op %u)", what,
			      i);
	}
	all(4, 0, what);
	right(5, what);
	if (known)
		right(6, what);
	else
		vt_eq(vt_script_sum(tc).op[6].absent, PACKETS, "%s: absent (op 6)", what);
	vt_eq(vt_stat(TRAITS_STAT_LOST_EPOCH) - epoch, known ? 0 : 4 * PACKETS,
	      "%s: old values counted", what);
}

static void all_keys(void)
{
	static const char what[] = "all keys deleted and added again";
	unsigned int again[4], i;
	unsigned long long damaged;
	struct script s;

	vt_note("# %s", what);
	clear();
	damaged = vt_stat(TRAITS_STAT_LOST_DAMAGED);
	hold();
	vt_keys_del();
	vt_keys_add(again);
	vt_ok(!memcmp(again, ids, sizeof(ids)), "%s: the same ids", what);
	s = vt_check_seq(ids, 7000);
	for (i = 0; i < 4; i++)
		s.op[4 + i] = vt_set_seq(ids, 7000).op[i];
	for (i = 0; i < 4; i++)
		s.op[8 + i] = s.op[i];
	release(&s);
	for (i = 0; i < 4; i++) {
		vt_eq(vt_script_sum(tc).op[i].absent, PACKETS, "%s: absent (op %u)", what, i);
		all(4 + i, 0, what);
		right(8 + i, what);
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_DAMAGED) - damaged, PACKETS, "%s: counted", what);
}

int main(void)
{
	static const struct script nothing = { .protocol = IPPROTO_UDP, .port = 7000 };

	vt_path(3);
	vt_keys_add(ids);
	xdp = vt_script("b", "left", VT_XDP, &nothing);
	wait = vt_script("b", "right", VT_TC_EGRESS, &nothing);
	tc = vt_script("c", "left", VT_TC_INGRESS, &nothing);
	reuse(2, 8);
	reuse(3, 4);
	reuse(1, 16);
	reuse(2, 0);
	reuse(0, 8);
	age(15, true);
	age(16, false);
	age(40, false);
	all_keys();
	vt_script_stop(xdp);
	vt_script_stop(wait);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
