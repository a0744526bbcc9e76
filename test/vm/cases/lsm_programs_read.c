// SPDX-License-Identifier: GPL-2.0
/*
 * Traits set in XDP are read by an LSM program when a socket is about to have
 * the packet. Every third packet is bare.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PORT	7000
#define PACKETS	300

static int udp_socket(const char *ns)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int here = vt_ns_enter(ns), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&to, sizeof(to)))
		vt_die("UDP socket: %s", strerror(errno));
	vt_ns_leave(here);
	return fd;
}

int main(void)
{
	struct script set, check;
	struct vt_script *xdp, *lsm;
	unsigned int ids[4];
	int fd;

	vt_path(2);
	vt_keys_add(ids);
	set = vt_set_seq(ids, PORT);
	check = vt_check_seq(ids, PORT);
	fd = udp_socket("b");
	xdp = vt_script("b", "left", VT_XDP, &set);
	lsm = vt_script("b", "left", VT_LSM, &check);
	vt_send_seq(lsm, "a", vt_path_end(2), PORT, 1, PACKETS, 3);
	vt_all_right(lsm, PACKETS, "LSM");
	close(fd);
	vt_script_stop(xdp);
	vt_script_stop(lsm);
	vt_keys_del();
	return vt_done();
}
