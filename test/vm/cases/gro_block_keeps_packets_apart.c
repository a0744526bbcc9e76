// SPDX-License-Identifier: GPL-2.0
/*
 * Packets whose values of a key differ are not merged, and neither are packets
 * with and without a value; all others are. Of a key that does not block they
 * have what its policy says meanwhile.
 */
#include <traits/traits.h>

#include "merge.h"
#include "vt.h"

#define ALL	0xff
#define FAR	(5 + (1ULL << 60))

/* Which packets begin a new one; the first packet always does. */
static const struct {
	const char *what;
	unsigned int heads;
	struct vt_merge_key block;
} rounds[] = {
	{ "equal values", 0x01, { 4, TRAITS_GRO_BLOCK, ALL, { 7, 7, 7, 7, 7, 7, 7, 7 } } },
	{ "no value", 0x01, { 4, TRAITS_GRO_BLOCK, 0 } },
	{ "4 bytes", 0x29, { 4, TRAITS_GRO_BLOCK, ALL, { 1, 1, 1, 2, 2, 3, 3, 3 } } },
	{ "values and none", 0x11, { 4, TRAITS_GRO_BLOCK, 0x0f, { 1, 1, 1, 1 } } },
	{ "all differ", 0xff, { 4, TRAITS_GRO_BLOCK, ALL, { 1, 2, 3, 4, 5, 6, 7, 8 } } },
	{ "a flag", 0x09, { 0, TRAITS_GRO_BLOCK, 0xf8 } },
	{ "8 bytes", 0x11, { 8, TRAITS_GRO_BLOCK, ALL, { 5, 5, 5, 5, FAR, FAR, FAR, FAR } } },
	{ "16 bytes", 0x0b, { 16, TRAITS_GRO_BLOCK, 0x07, { 1, 2, 2 } } },
};

int main(void)
{
	struct vt_merge_key keys[] = {
		{ 4, TRAITS_GRO_BLOCK },
		{ 0, TRAITS_GRO_BLOCK },
		{ 8, TRAITS_GRO_BLOCK },
		{ 16, TRAITS_GRO_BLOCK },
		{ 4, TRAITS_GRO_SUM, ALL, { 1, 20, 300, 4000, 50000, 600000, 7000000, 80000000 } },
	};
	enum { KEYS = sizeof(keys) / sizeof(keys[0]), ROUNDS = sizeof(rounds) / sizeof(rounds[0]) };
	unsigned int way, place, round, i, id;
	unsigned long long lost;
	struct vt_merge m;

	vt_merge_start(&m);
	lost = vt_stat(TRAITS_STAT_LOST_MERGE);
	vt_merge_keys(keys, KEYS);
	for (place = 0; place < VT_MERGE_PLACES; place++) {
		for (way = 0; way < VT_MERGE_WAYS; way++) {
			vt_merge_at(&m, way, place);
			for (round = 0; round < ROUNDS; round++) {
				for (i = 0; i < 4; i++)
					keys[i].packets = 0;
				for (i = 0; keys[i].size != rounds[round].block.size; i++)
					;
				id = keys[i].id;
				keys[i] = rounds[round].block;
				keys[i].id = id;
				vt_note("%s", rounds[round].what);
				vt_merge_send(&m, keys, KEYS);
				vt_merge_check(&m, keys, KEYS, rounds[round].heads);
			}
		}
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_MERGE) - lost, 0, "no value lost");
	vt_merge_stop(&m);
	vt_keys_del();
	return vt_done();
}
