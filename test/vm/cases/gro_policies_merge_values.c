// SPDX-License-Identifier: GPL-2.0
/*
 * Eight packets become one. What it has of each key is what the key's policy
 * says: for all sizes, values that differ, values that only some packets have,
 * sums that are too large; merged into one skb and into a list of them; before
 * the traits are bound to an skb, and after.
 */
#include <traits/traits.h>

#include "merge.h"
#include "vt.h"

#define ALL	0xff
#define KEYS	12
#define TOP4	0x80000000ULL
#define TOP8	0x8000000000000000ULL

static struct vt_merge_key keys[KEYS] = {
	{ 4, TRAITS_GRO_FIRST, ALL, { 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ 0, TRAITS_GRO_LAST, 1 << 7 },
	{ 16, TRAITS_GRO_LAST, ALL, { 11, 12, 13, 14 } },
	{ 8, TRAITS_GRO_DISCARD, ALL, { 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ 4, TRAITS_GRO_SUM, ALL, { 1, 20, 300, 4000, 50000, 600000, 7000000, 80000000 } },
	{ 8, TRAITS_GRO_SUM, ALL & ~1, { 9, 0, 1, TOP4, TOP4, 5, 6, 7 } },
	{ 4, TRAITS_GRO_MIN, ALL, { 5, TOP4, 4, 7, 3, 4, 6, 7 } },
	{ 8, TRAITS_GRO_MIN, ALL, { TOP8, TOP8 + 1, ~0ULL, 1ULL << 33, 1ULL << 34, TOP8 } },
	{ 4, TRAITS_GRO_MAX, 0x56, { 9, 2, 4, 0, TOP4, 0, 3, ~0ULL } },
	{ 8, TRAITS_GRO_MAX, ALL, { 1, 2, 1ULL << 32, TOP8, 5, 6, 7, 8 } },
	{ 4, TRAITS_GRO_OR, ALL, { 1, 2, 4, 8, 0x10, 0x20, 0x40, TOP4 } },
	{ 8, TRAITS_GRO_OR, 0x0e, { ~0ULL, 1, TOP8, 1ULL << 40 } },
};

/* The same keys, other values */
static const struct vt_merge_key others[KEYS] = {
	{ 4, TRAITS_GRO_FIRST, ALL & ~1, { 0, 2, 3, 4, 5, 6, 7, 8 } },
	{ 0, TRAITS_GRO_LAST, ALL & ~(1 << 7) },
	{ 16, TRAITS_GRO_LAST, 0x7f, { 11, 12, 13, 14 } },
	{ 8, TRAITS_GRO_DISCARD, 1, { 5 } },
	{ 4, TRAITS_GRO_SUM, ALL, { TOP4, TOP4 - 1, 0, 0, 0, 1, 0, 0 } },
	{ 8, TRAITS_GRO_SUM, ALL, { TOP8, 1, 2, TOP8, TOP8 } },
	{ 4, TRAITS_GRO_MIN, 1, { 77 } },
	{ 8, TRAITS_GRO_MIN, 1 << 7, { [7] = 78 } },
	{ 4, TRAITS_GRO_MAX, 1, { 79 } },
	{ 8, TRAITS_GRO_MAX, 0, { 1 } },
	{ 4, TRAITS_GRO_OR, 1 << 3, { [3] = 80 } },
	{ 8, TRAITS_GRO_OR, 0x81, { 1, [7] = TOP8 } },
};

int main(void)
{
	struct vt_merge_key second[KEYS];
	unsigned int i, way, place;
	unsigned long long lost;
	struct vt_merge m;

	vt_merge_start(&m);
	lost = vt_stat(TRAITS_STAT_LOST_MERGE);
	vt_merge_keys(keys, KEYS);
	for (i = 0; i < KEYS; i++) {
		second[i] = others[i];
		second[i].id = keys[i].id;
	}
	for (place = 0; place < VT_MERGE_PLACES; place++) {
		for (way = 0; way < VT_MERGE_WAYS; way++) {
			vt_merge_at(&m, way, place);
			vt_merge_send(&m, keys, KEYS);
			vt_merge_check(&m, keys, KEYS, 1);
			vt_merge_send(&m, second, KEYS);
			vt_merge_check(&m, second, KEYS, 1);
		}
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_MERGE) - lost, 0, "no value lost");
	vt_merge_stop(&m);
	vt_keys_del();
	return vt_done();
}
