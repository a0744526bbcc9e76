// SPDX-License-Identifier: GPL-2.0
/*
 * A value that a merged packet should take over, and has no room for, is lost
 * and counted; what there is room for it takes. 256 bytes of headroom hold 172
 * bytes of values while the packet is not bound, and 148 when they grow on an
 * skb: ten values of 16 bytes leave 12 bytes, or none.
 */
#include <traits/traits.h>

#include "merge.h"
#include "vt.h"

#define LATER	0xfe	/* all packets but the first */

enum { FILL = 10, KEYS = FILL + 2 };

int main(void)
{
	static const unsigned int lost[] = {
		[VT_MERGE_FRAME] = 7,
		[VT_MERGE_SKB] = 14,
		[VT_MERGE_FORWARDED] = 14,
	};
	struct vt_merge_key keys[KEYS], want[KEYS];
	unsigned long long before;
	unsigned int i, place;
	struct vt_merge m;

	for (i = 0; i < FILL; i++)
		keys[i] = (struct vt_merge_key){ 16, TRAITS_GRO_FIRST, 1, { i + 1 } };
	keys[FILL] = (struct vt_merge_key){ 16, TRAITS_GRO_LAST, LATER, { 1, 2, 3, 4 } };
	keys[FILL + 1] = (struct vt_merge_key){ 8, TRAITS_GRO_SUM, LATER,
						{ 1, 2, 3, 4, 5, 6, 7, 8 } };
	vt_merge_start(&m);
	vt_merge_keys(keys, KEYS);
	for (place = 0; place < VT_MERGE_PLACES; place++) {
		for (i = 0; i < KEYS; i++)
			want[i] = keys[i];
		want[FILL].packets = 0;
		if (place != VT_MERGE_FRAME)
			want[FILL + 1].packets = 0;
		before = vt_stat(TRAITS_STAT_LOST_MERGE);
		vt_merge_at(&m, VT_MERGE_TCP, place);
		vt_merge_send(&m, keys, KEYS);
		vt_merge_check(&m, want, KEYS, 1);
		vt_eq(vt_stat(TRAITS_STAT_LOST_MERGE) - before, lost[place], "%s: values lost",
		      m.what);
	}
	vt_merge_stop(&m);
	vt_keys_del();
	return vt_done();
}
