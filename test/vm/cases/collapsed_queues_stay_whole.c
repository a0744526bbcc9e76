// SPDX-License-Identifier: GPL-2.0
/*
 * Small TCP segments, each with traits, for a socket that nobody reads until the
 * kernel has collapsed its queue: made new skbs of many that it frees
 * (tcp_collapse()). The stream is whole then, and no trait counts as lost: a
 * queue has no reader of traits.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/traits.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "path.h"
#include "script.h"
#include "vt.h"

#define PORT	7001
#define PIECE	100
#define PIECES	3000

static const struct { unsigned int stat; const char *name; } losses[] = {
	{ TRAITS_STAT_LOST_DAMAGED, "damaged" },
	{ TRAITS_STAT_LOST_UNBOUND, "unbound" },
	{ TRAITS_STAT_LOST_COPY, "copy" },
	{ TRAITS_STAT_LOST_EXPAND, "expand" },
	{ TRAITS_STAT_LOST_REPLACED, "replaced" },
};

static unsigned char byte_at(size_t offset)
{
	return offset * 131 >> 3;
}

static void send_pieces(int fd)
{
	unsigned char piece[PIECE];
	size_t sent, i;

	for (sent = 0; sent < PIECE * PIECES; sent += PIECE) {
		for (i = 0; i < PIECE; i++)
			piece[i] = byte_at(sent + i);
		/* Each a segment, however full the window is. */
		if (send(fd, piece, PIECE, MSG_NOSIGNAL | MSG_EOR) != PIECE)
			vt_die("send: %s", strerror(errno));
	}
}

static unsigned long long collapsed(void)
{
	unsigned long long n = 0;
	FILE *f = popen("ip netns exec b nstat -asz TcpExtTCPRcvCollapsed | "
			"awk '/Collapsed/ { print $2 }'", "r");

	if (!f || fscanf(f, "%llu", &n) != 1)
		vt_die("nstat has no TcpExtTCPRcvCollapsed");
	pclose(f);
	return n;
}

static bool is_collapsed(void *arg)
{
	return collapsed() > 0;
}

static void receive_pieces(int fd)
{
	static unsigned char got[PIECE * PIECES];
	size_t n, i, wrong = 0;

	for (n = 0; n < sizeof(got);) {
		ssize_t ret = recv(fd, got + n, sizeof(got) - n, 0);

		if (ret <= 0)
			vt_die("recv after %zu bytes: %s", n, strerror(errno));
		n += ret;
	}
	for (i = 0; i < n; i++)
		wrong += got[i] != byte_at(i);
	vt_eq(wrong, 0, "%zu bytes arrived intact", n);
}

int main(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int here, listener, out, in, one = 1, room = 32768, status;
	unsigned long long before[5];
	struct vt_script *xdp, *tc;
	struct script set, check;
	struct script_sum sum;
	unsigned int ids[4], i;
	pid_t sender;

	vt_path(2);
	vt_run("ip netns exec a ethtool -K right tso off gso off");
	vt_keys_add(ids);
	set = vt_set_seq(ids, PORT);
	check = vt_check_seq(ids, PORT);
	set.protocol = check.protocol = IPPROTO_TCP;
	xdp = vt_script("b", "left", VT_XDP, &set);
	tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	for (i = 0; i < 5; i++)
		before[i] = vt_stat(losses[i].stat);

	inet_pton(AF_INET, vt_path_end(2), &to.sin_addr);
	here = vt_ns_enter("b");
	listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(listener, (void *)&to, sizeof(to)) || listen(listener, 1))
		vt_die("listening: %s", strerror(errno));
	vt_ns_leave(here);
	here = vt_ns_enter("a");
	out = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(out, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(out, (void *)&to, sizeof(to)))
		vt_die("connect: %s", strerror(errno));
	vt_ns_leave(here);
	in = accept(listener, NULL, NULL);

	sender = fork();
	if (!sender) {
		send_pieces(out);
		_exit(0);
	}
	vt_ok(vt_wait_until(is_collapsed, NULL, 60000), "the queue was collapsed");
	receive_pieces(in);
	if (sender < 0 || waitpid(sender, &status, 0) != sender || status)
		vt_die("the sender failed");

	sum = vt_script_sum(tc);
	vt_ok(sum.packets > 100, "%llu packets", (unsigned long long)sum.packets);
	for (i = 0; i < 4; i++)
		vt_eq(sum.op[i].ok, sum.packets, "size %u right on all", vt_sizes[i]);
	for (i = 0; i < 5; i++)
		vt_eq(vt_stat(losses[i].stat) - before[i], 0, "none counts as lost: %s",
		      losses[i].name);
	close(in);
	close(out);
	close(listener);
	vt_script_stop(xdp);
	vt_script_stop(tc);
	vt_keys_del();
	return vt_done();
}
