// SPDX-License-Identifier: GPL-2.0
/*
 * Packets with traits wait in a socket that nobody reads, while a key is deleted, its id is given
 * to another key, and that one is deleted, too. When the socket is closed, a tracing program looks
 * at the packets as the kernel frees them: the id's new owner is never there, and the other
 * traits are as they were.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/traits.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PACKETS	60
#define PORT	7000

static struct vt_script *xdp, *arrived;
static unsigned int ids[4], first;

static int open_socket(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int here = vt_ns_enter("b"), fd = socket(AF_INET, SOCK_DGRAM, 0), room = 1 << 20;

	/* Some kernels count a page for each packet. */
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&to, sizeof(to)))
		vt_die("socket: %s", strerror(errno));
	vt_ns_leave(here);
	return fd;
}

/* Packets with all four traits wait in a socket. */
static int fill_socket(void)
{
	struct script set = vt_set_seq(ids, PORT), nothing = { .protocol = IPPROTO_UDP,
							       .port = PORT };
	int fd = open_socket();

	vt_script_set(xdp, &set);
	vt_script_set(arrived, &nothing);
	vt_send_seq(arrived, "a", vt_path_end(2), PORT, first += 1000, PACKETS, 0);
	return fd;
}

/*
 * Frees the packets; each has to have the four traits of @check, but for the op @gone, if it is
 * one, which has to be absent.
 */
static void close_socket(int fd, const struct script *check, int gone, const char *what)
{
	struct vt_script *freed = vt_script(NULL, "lo", VT_FREE_ANY, check);
	unsigned int i;

	close(fd);
	vt_script_wait(freed, PACKETS);
	for (i = 0; i < 4; i++) {
		struct script_count c = vt_script_sum(freed).op[i];

		if (!vt_ok(c.ok == ((int)i == gone ? 0 : PACKETS) &&
			   c.absent == ((int)i == gone ? PACKETS : 0) && !c.wrong,
			   "%s: trait of %u bytes", what, vt_sizes[i]))
			vt_note("%llu right, %llu absent, %llu wrong", (unsigned long long)c.ok,
				(unsigned long long)c.absent, (unsigned long long)c.wrong);
	}
	vt_script_stop(freed);
}

/* Its id gets another key, of the same size, so that its value would pass for that key's. */
static void reuse(unsigned int i, unsigned int deletions, const char *what)
{
	static const char *const names[] = { "size0", "size4", "size8", "size16" };
	struct script check = vt_check_seq(ids, PORT);
	unsigned int n;
	int fd;

	fd = fill_socket();
	vt_key_del(names[i]);
	for (n = 1; n < deletions; n++) {
		vt_eq(vt_key_add("passing", vt_sizes[i]), ids[i], "%s: the same id", what);
		vt_key_del("passing");
	}
	vt_eq(vt_key_add("new", vt_sizes[i]), ids[i], "%s: the same id at last", what);
	close_socket(fd, &check, i, what);
	vt_key_del("new");
	if (vt_key_add(names[i], vt_sizes[i]) != ids[i])
		vt_die("the key is not where it was");
}

int main(void)
{
	static const struct script nothing = { .protocol = IPPROTO_UDP, .port = PORT };
	struct script check;
	int fd;

	vt_path(2);
	vt_keys_add(ids);
	xdp = vt_script("b", "left", VT_XDP, &nothing);
	arrived = vt_script("b", "left", VT_TC_INGRESS, &nothing);
	check = vt_check_seq(ids, PORT);
	fd = fill_socket();
	close_socket(fd, &check, -1, "no key changed");
	reuse(0, 1, "flag");
	reuse(1, 1, "4 bytes");
	reuse(2, 3, "8 bytes, thrice");
	reuse(3, 1, "16 bytes");
	vt_script_stop(xdp);
	vt_script_stop(arrived);
	vt_keys_del();
	return vt_done();
}
