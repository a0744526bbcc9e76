// SPDX-License-Identifier: GPL-2.0
/*
 * Packets are forwarded through network namespaces a - b - c - d. XDP in b sets
 * the traits; they are there in TC on each device that follows.
 */
#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS 1000

int main(void)
{
	static const struct {
		const char *ns, *dev;
		enum vt_place place;
		const char *what;
	} places[] = {
		{ "b", "left", VT_TC_INGRESS, "b ingress" },
		{ "b", "right", VT_TC_EGRESS, "b egress" },
		{ "c", "left", VT_TC_INGRESS, "c ingress, first crossing" },
		{ "c", "right", VT_TC_EGRESS, "c egress" },
		{ "d", "left", VT_TC_INGRESS, "d ingress, second crossing" },
		{ "d", "left", VT_RECEIVE, "d top of the stack" },
		{ "d", "left", VT_FREE, "d drop" },
	};
	enum { N = sizeof(places) / sizeof(places[0]) };
	struct vt_script *xdp, *at[N];
	struct script set, check;
	unsigned int ids[4];
	int i;

	vt_path(4);
	vt_keys_add(ids);
	set = vt_set_seq(ids, 7000);
	check = vt_check_seq(ids, 7000);
	xdp = vt_script("b", "left", VT_XDP, &set);
	for (i = 0; i < N; i++)
		at[i] = vt_script(places[i].ns, places[i].dev, places[i].place, &check);

	vt_send_seq(xdp, "a", vt_path_end(4), 7000, 1, PACKETS, 2);
	vt_script_wait(at[N - 1], PACKETS);

	for (i = 0; i < N; i++) {
		vt_all_right(at[i], PACKETS, places[i].what);
		vt_script_stop(at[i]);
	}
	vt_script_stop(xdp);
	vt_keys_del();
	return vt_done();
}
