// SPDX-License-Identifier: GPL-2.0
/*
 * What programs were refused is counted for the key that it was about, from the key's registration
 * on, and not for others; batches are counted for none. Counters of all CPUs together are those
 * of the machine.
 */
#include <errno.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <string.h>
#include <traits/traits.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 20
#define OP(...) ((struct op){ __VA_ARGS__ })

static struct traits *t;

/* Counters that are kept by key */
static const unsigned int kept[] = {
	TRAITS_STAT_EINVAL, TRAITS_STAT_EEXIST, TRAITS_STAT_ENOENT, TRAITS_STAT_ENOSPC,
	TRAITS_STAT_EBUSY, TRAITS_STAT_EOPNOTSUPP, TRAITS_STAT_LOST_MERGE,
};

/* The key has these numbers of EINVAL, EEXIST and ENOENT, and none of the others. */
static void expect(uint32_t id, uint64_t einval, uint64_t eexist, uint64_t enoent,
		   const char *what)
{
	uint64_t want[__TRAITS_STAT_MAX], got[__TRAITS_STAT_MAX];
	unsigned int i;

	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		want[i] = TRAITS_STAT_NONE;
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		want[kept[i]] = 0;
	want[TRAITS_STAT_EINVAL] = einval;
	want[TRAITS_STAT_EEXIST] = eexist;
	want[TRAITS_STAT_ENOENT] = enoent;
	if (traits_stat_key_get(t, id, got, __TRAITS_STAT_MAX))
		vt_die("counters of key %u: %s", id, traits_error(t));
	for (i = 0; i < __TRAITS_STAT_MAX; i++)
		if (got[i] != want[i])
			vt_note("%s is %lld, not %lld", traits_stat_name(i), (long long)got[i],
				(long long)want[i]);
	vt_ok(!memcmp(got, want, sizeof(got)), "%s", what);
}

struct sum {
	unsigned int cpus, active;
	uint64_t count[__TRAITS_STAT_MAX];
};

static void add_cpu(uint32_t cpu, const uint64_t *counts, unsigned int n, void *data)
{
	struct sum *sum = data;
	uint64_t any = 0;
	unsigned int i;

	/* In order of their numbers, which need not be without gaps. */
	if (sum->cpus && !cpu)
		vt_die("CPU 0 comes late");
	for (i = 0; i < n; i++) {
		sum->count[i] += counts[i];
		any |= counts[i];
	}
	sum->cpus++;
	sum->active += any != 0;
}

static void by_cpu(void)
{
	uint64_t all[__TRAITS_STAT_MAX];
	struct sum sum = {};

	if (traits_stat_get(t, all, __TRAITS_STAT_MAX) || traits_stat_cpu_dump(t, add_cpu, &sum))
		vt_die("counters: %s", traits_error(t));
	vt_ok(sum.cpus && sum.active && !memcmp(sum.count, all, sizeof(all)),
	      "%u CPUs, of which %u have counted, make up the machine's counters", sum.cpus,
	      sum.active);
	vt_ok(all[TRAITS_STAT_SET] >= 2 * PACKETS, "and there is something to count");
}

int main(void)
{
	struct script s = { .protocol = IPPROTO_UDP, .port = 7000 };
	unsigned long long total[3];
	uint64_t counts[__TRAITS_STAT_MAX];
	unsigned int ids[4];
	struct vt_script *tc;

	t = traits_open();
	if (!t)
		vt_die("registry: %s", strerror(errno));
	vt_path(2);
	vt_run("ip netns exec a traitctl dev set right headroom 200 > /dev/null");
	vt_keys_add(ids);
	expect(ids[1], 0, 0, 0, "a new key begins with nothing");
	s.op[0] = OP(OP_SET, .key = ids[1], .size = 4);
	s.op[1] = OP(OP_SET, .key = ids[1], .size = 8);
	s.op[2] = OP(OP_SET, .key = ids[1], .size = 4, .arg = TRAIT_NOEXIST);
	s.op[3] = OP(OP_SET, .key = ids[1], .size = 4, .arg = TRAIT_NOEXIST);
	s.op[4] = OP(OP_DEL, .key = ids[2]);
	s.op[5] = OP(OP_SET, .key = ids[2], .size = 8, .arg = TRAIT_EXIST);
	s.op[6] = OP(OP_SET, .key = ids[3], .size = 16);
	s.op[7] = OP(OP_SETS, .key = ids[1], .key_to = ids[2], .size = 1);
	s.op[8] = OP(OP_SET, .key = 99, .size = 4);
	total[0] = vt_stat(TRAITS_STAT_EINVAL);
	total[1] = vt_stat(TRAITS_STAT_EEXIST);
	total[2] = vt_stat(TRAITS_STAT_ENOENT);
	tc = vt_script("a", "right", VT_TC_EGRESS, &s);
	vt_send_seq(tc, "a", vt_path_end(2), 7000, 1, PACKETS, 0);

	expect(ids[0], 0, 0, 0, "a key that nobody used");
	expect(ids[1], PACKETS, 2 * PACKETS, 0, "a wrong size, and twice that it is there");
	expect(ids[2], 0, 0, 2 * PACKETS, "twice that it is not there");
	expect(ids[3], 0, 0, 0, "nothing refused");
	vt_eq(vt_stat(TRAITS_STAT_EINVAL) - total[0], 3 * PACKETS,
	      "the batch and the key that cannot be count for the machine");
	vt_eq(vt_stat(TRAITS_STAT_EEXIST) - total[1], 2 * PACKETS, "and the others");
	vt_eq(vt_stat(TRAITS_STAT_ENOENT) - total[2], 2 * PACKETS, "also");
	by_cpu();

	vt_key_del("size4");
	vt_eq(traits_stat_key_get(t, ids[1], counts, __TRAITS_STAT_MAX), -ENOENT,
	      "a key that is gone has none");
	vt_eq(vt_key_add("other", 4), ids[1], "its id has another key");
	expect(ids[1], 0, 0, 0, "which begins with nothing");
	expect(ids[2], 0, 0, 2 * PACKETS, "others go on");
	vt_send_seq(tc, "a", vt_path_end(2), 7000, 100, PACKETS, 0);
	expect(ids[1], PACKETS, 2 * PACKETS, 0, "and then counts");
	vt_script_stop(tc);
	vt_keys_del();
	traits_close(t);
	return vt_done();
}
