// SPDX-License-Identifier: GPL-2.0
/*
 * Traits that an XDP program sets reach the application, of datagrams and of SYNs; so do those
 * that a filter of its socket sets on SYNs, where kernels let filters do that; and those
 * that an application sets reach TC on the next host, and on the way out of this one, where the
 * device leaves no room for them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "kernel.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT	7000
#define N	64

static unsigned int ids[4];

static int socket_in(const char *ns, int type, in_addr_t address, bool local)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(address),
	};
	int here = vt_ns_enter(ns), fd = so_socket(SO_IPV4, type, 0);

	vt_ns_leave(here);
	if (local ? bind(fd, (void *)&to, sizeof(to)) : connect(fd, (void *)&to, sizeof(to)))
		vt_die("socket in %s: %s", ns, strerror(errno));
	return fd;
}

/* The values that the program makes of this number */
static void values_of(struct pkt_trait t[4], unsigned int seq)
{
	__u32 words[4];
	int i, k;

	for (i = 0; i < 4; i++) {
		for (k = 0; k < 4; k++)
			words[k] = script_word(seq, ids[i], k);
		t[i] = (struct pkt_trait){ .key = ids[i], .len = vt_sizes[i] ?: TRAITS_LEN_FLAG };
		memcpy(t[i].val, words, vt_sizes[i]);
	}
}

static void datagrams(void)
{
	int to = socket_in("b", SOCK_DGRAM, INADDR_ANY, true);
	int from = socket_in("a", SOCK_DGRAM, 0x0a010002, false);
	struct script set = vt_set_seq(ids, PORT);
	struct vt_script *xdp = vt_script("b", "left", VT_XDP, &set);
	unsigned int i, right = 0, bare = 0;
	struct so_datagram got;
	struct pkt_trait t[4];

	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	for (i = 0; i < N; i++) {
		struct script_seq seq = { i, i % 3 == 0 };

		if (send(from, &seq, sizeof(seq), 0) != sizeof(seq))
			vt_die("send: %s", strerror(errno));
		so_recv(to, &got, 0);
		values_of(t, i);
		if (seq.bare)
			bare += got.n == -1;
		else
			right += got.n == 4 && !memcmp(got.t, t, sizeof(t));
	}
	vt_eq(right, N - (N + 2) / 3, "each datagram has what XDP set for it");
	vt_eq(bare, (N + 2) / 3, "and those without have nothing");
	vt_script_stop(xdp);
	close(from);
	close(to);
}

static void connections(void)
{
	struct script set = { .protocol = IPPROTO_TCP, .port = PORT, .action = 2 };
	int listener = socket_in("b", SOCK_STREAM, INADDR_ANY, true), client, fd, i;
	struct pkt_trait t[4];
	struct vt_script *xdp;

	so_traits(t, ids, 3);
	for (i = 0; i < 4; i++) {
		set.op[i] = (struct op){ .kind = OP_SET, .key = ids[i], .size = vt_sizes[i] };
		memcpy(set.op[i].val, t[i].val, vt_sizes[i]);
	}
	xdp = vt_script("b", "left", VT_XDP, &set);
	if (listen(listener, 1))
		vt_die("listen: %s", strerror(errno));
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	client = socket_in("a", SOCK_STREAM, 0x0a010002, false);
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SYN, t, 4, "a SYN has what XDP set");
	vt_script_stop(xdp);
	close(fd);
	close(client);
	close(listener);
}

/* A filter of the listening socket gives SYNs @n traits. */
static void filtered(unsigned int n)
{
	struct script set = { .protocol = IPPROTO_TCP, .port = PORT };
	int listener = socket_in("b", SOCK_STREAM, INADDR_ANY, true), client, fd, prog;
	struct vt_script *filter;
	struct pkt_trait t[4];
	unsigned int i;

	so_traits(t, ids, 5);
	for (i = 0; i < n; i++) {
		set.op[i] = (struct op){ .kind = OP_SET, .key = ids[i], .size = vt_sizes[i] };
		memcpy(set.op[i].val, t[i].val, vt_sizes[i]);
	}
	filter = vt_script_load("skb_types", "skb_filter", &set);
	prog = vt_script_fd(filter);
	if (setsockopt(listener, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog)) ||
	    listen(listener, 1))
		vt_die("filter: %s", strerror(errno));
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	client = socket_in("a", SOCK_STREAM, 0x0a010002, false);
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SYN, t, n, "a SYN has what a socket filter set: %u traits", n);
	close(fd);
	close(client);
	close(listener);
	vt_script_stop(filter);
}

static void filters(void)
{
	unsigned int n;

	if (!vt_kfunc_hook("SOCKET_FILTER")) {
		vt_note("socket filters of this kernel call no kfuncs");
		return;
	}
	for (n = 1; n <= 4; n++)
		filtered(n);
}

/* Seen on the way out, and by the receiver: in TC, and by its socket */
static void outgoing(const char *what)
{
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
	struct script get = { .protocol = IPPROTO_UDP, .port = PORT };
	int to = socket_in("b", SOCK_DGRAM, INADDR_ANY, true);
	int from = socket_in("a", SOCK_DGRAM, 0x0a010002, false);
	struct vt_script *out, *in;
	struct script_sum sums[2];
	struct so_datagram got;
	unsigned int i, right = 0;
	struct pkt_trait t[4];

	for (i = 0; i < 4; i++)
		get.op[i] = (struct op){ .kind = OP_GET, .key = ids[i], .size = vt_sizes[i] };
	out = vt_script("a", "right", VT_TC_EGRESS, &get);
	in = vt_script("b", "left", VT_TC_INGRESS, &get);
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND);
	for (i = 0; i < N; i++) {
		so_traits(t, ids, i);
		if (so_send(from, NULL, 0, "datagram", 8, t, 4, 0) != 8)
			vt_die("sendmsg: %s", strerror(errno));
		so_recv(to, &got, 0);
		right += got.n == 4 && !memcmp(got.t, t, sizeof(t));
	}
	vt_eq(right, N, "%s: the socket has each datagram's", what);
	sums[0] = vt_script_sum(out);
	sums[1] = vt_script_sum(in);
	for (i = 0; i < 2; i++) {
		vt_eq(sums[i].packets, N, "%s: %s sees all", what, i ? "ingress" : "egress");
		vt_ok(sums[i].op[0].ok == N && sums[i].op[1].ok == N && sums[i].op[2].ok == N &&
		      sums[i].op[3].ok == N, "%s: with four traits each", what);
	}
	vt_eq(vt_stat(TRAITS_STAT_LOST_SOCKET), lost, "%s: nothing was lost", what);
	vt_script_stop(out);
	vt_script_stop(in);
	close(from);
	close(to);
}

int main(void)
{
	vt_path(2);
	so_keys(ids);
	datagrams();
	connections();
	filters();
	outgoing("a device without headroom");
	vt_run("ip netns exec a traitctl dev set right headroom 200");
	outgoing("a device with headroom");
	vt_keys_del();
	return vt_done();
}
