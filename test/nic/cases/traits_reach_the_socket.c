// SPDX-License-Identifier: GPL-2.0
/*
 * Traits of 0, 4, 8 and 16 bytes, set in XDP on what a network card received, are
 * read at the top of the stack, in TC, and by the LSM when the socket is about to
 * have the packet. Every second one is bare. The socket gets all.
 */
#include <linux/traits.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nic.h"
#include "path.h"
#include "recipe.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define FRAMES	1000

int main(void)
{
	struct vt_script *xdp, *top, *tc, *lsm;
	uint64_t before[__TRAITS_STAT_MAX];
	struct script set, check;
	unsigned int ids[4];
	int fd, bytes = 16 << 20;

	vt_nic();
	vt_path_of(">");
	vt_keys_add(ids);
	set = vt_set_seq(ids, PORT);
	check = vt_check_seq(ids, PORT);
	fd = vt_udp_socket("b", PORT);
	xdp = vt_script("b", "left", VT_XDP, &set);
	top = vt_script("b", "left", VT_RECEIVE, &check);
	tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	lsm = vt_script("b", "left", VT_LSM, &check);
	vt_stats(before);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	vt_send_seq(lsm, "a", "10.1.0.2", PORT, 1, FRAMES, 2);

	vt_eq(vt_script_sum(xdp).op[3].ok, FRAMES, "XDP set 16 bytes, or skipped");
	vt_all_right(top, FRAMES, "top of the stack");
	vt_all_right(tc, FRAMES, "TC");
	vt_all_right(lsm, FRAMES, "LSM at the socket");
	vt_eq(vt_udp_count(fd, FRAMES), FRAMES, "datagrams that the socket got");
	vt_eq(vt_stat(TRAITS_STAT_BIND) - before[TRAITS_STAT_BIND], FRAMES / 2,
	      "packets whose traits were bound");
	vt_lost_only(before, -1, 0, "on the way");

	close(fd);
	vt_script_stop(xdp);
	vt_script_stop(top);
	vt_script_stop(tc);
	vt_script_stop(lsm);
	vt_keys_del();
	return vt_done();
}
