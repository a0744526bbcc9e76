// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel may refuse to merge two packets when all looked well, because the
 * result would be too long: then the values of the first one stay what they
 * are. Eight packets become three, of three, three and two.
 */
#include <traits/traits.h>

#include "burst.h"
#include "merge.h"
#include "vt.h"

#define ALL	0xff
#define HEADS	0x49	/* packets 0, 3 and 6 */
#define IP_UDP	28
#define IP_TCP	40

int main(void)
{
	static const struct {
		enum vt_merge_way way;
		unsigned int max;	/* a merged packet has to be shorter */
	} ways[] = {
		{ VT_MERGE_UDP, IP_UDP + 4 * VT_BURST_UDP },
		{ VT_MERGE_TCP, IP_TCP + 4 * VT_BURST_TCP },
	};
	struct vt_merge_key keys[] = {
		{ 4, TRAITS_GRO_SUM, ALL, { 1, 20, 300, 4000, 50000, 600000, 7000000, 80000000 } },
		{ 8, TRAITS_GRO_LAST, 0xdb, { 1, 2, 3, 4, 5, 6, 7, 8 } },
		{ 16, TRAITS_GRO_DISCARD, ALL, { 1, 2, 3, 4 } },
		{ 4, TRAITS_GRO_MAX, ALL, { 1, 2, 3, 4, 5, 6, 7, 8 } },
		{ 4, TRAITS_GRO_MIN, ALL, { 8, 7, 6, 5, 4, 3, 2, 1 } },
		{ 8, TRAITS_GRO_OR, ALL, { 1, 2, 4, 8, 16, 32, 64, 128 } },
	};
	enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
	unsigned int place, i;
	struct vt_merge m;

	vt_merge_start(&m);
	vt_merge_keys(keys, KEYS);
	for (place = 0; place < VT_MERGE_PLACES; place++) {
		for (i = 0; i < 2; i++) {
			vt_run("ip -n d link set left gro_max_size %u", ways[i].max);
			vt_merge_at(&m, ways[i].way, place);
			vt_merge_send(&m, keys, KEYS);
			vt_merge_check(&m, keys, KEYS, HEADS);
		}
	}
	vt_merge_stop(&m);
	vt_keys_del();
	return vt_done();
}
