// SPDX-License-Identifier: GPL-2.0
/*
 * TCP. On the way in, traits from XDP are read by a parser and a verdict of
 * type sk_skb on a socket in a SOCKMAP; the verdict, whose packet no other skb
 * sees, writes too. On the way out, a program of type cgroup_skb sets traits on
 * the socket's own packets, the next one on the cgroup reads them, and so does
 * TC at the other end of the wire. Both fill a packet up without touching its
 * headers, and every byte of the stream arrives. UDP's own packets have no room.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/traits.h>
#include <netinet/tcp.h>

#include "kernel.h"
#include "path.h"
#include "script.h"
#include "skb_ops.h"
#include "vt.h"

#define PORT		7001
#define MESSAGES	100
#define FILL_KEYS	16

/* What a store takes besides its values, behind the 40 bytes of xdp_frame; and what has to stay free. */
#define NO_VALUES	(40 + 36 + 32)

static unsigned int ids[4], own, fill[FILL_KEYS];
static const struct script none = { .protocol = IPPROTO_TCP, .port = 1 };

static struct script tcp_script(struct script s)
{
	s.protocol = IPPROTO_TCP;
	return s;
}

/* Adds: a value of its own, read again; then as many more as there is room for. */
static struct script and_write(struct script s)
{
	s.op[4] = (struct op){ .kind = OP_SET_SEQ, .key = own, .size = 4 };
	s.op[5] = (struct op){ .kind = OP_CHECK_SEQ, .key = own, .size = 4 };
	s.op[6].kind = OP_ROOM;
	s.op[7] = (struct op){ .kind = OP_FILL, .key = fill[0], .key_to = fill[FILL_KEYS - 1] };
	return s;
}

/* The store had @values bytes of values before it was filled up. */
static void filled(struct vt_script *vs, unsigned int values, const char *what)
{
	struct script_answer answer = vt_script_answer(vs, 0);

	vt_ok(answer.ret[6] >= NO_VALUES + values + 16, "%s: there is room: %lld bytes", what,
	      (long long)answer.ret[6]);
	vt_eq(answer.ret[7], (answer.ret[6] - NO_VALUES - values) / 16, "%s: filled up", what);
}

static void connect_pair(const char *from, const char *to, const char *address, int fd[2])
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int here = vt_ns_enter(to), listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (listener < 0 || bind(listener, (void *)&addr, sizeof(addr)) || listen(listener, 1))
		vt_die("listen: %s", strerror(errno));
	vt_ns_leave(here);
	here = vt_ns_enter(from);
	inet_pton(AF_INET, address, &addr.sin_addr);
	fd[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd[0] < 0 || connect(fd[0], (void *)&addr, sizeof(addr)))
		vt_die("connect: %s", strerror(errno));
	vt_ns_leave(here);
	setsockopt(fd[0], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fd[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
}

/* One message at a time, each in a packet of its own; each is read before the next is sent. */
static void talk(const int fd[2], const char *what)
{
	unsigned int i, good = 0;
	char out[32], in[32];

	for (i = 0; i < MESSAGES; i++) {
		memset(out, i, sizeof(out));
		if (send(fd[0], out, sizeof(out), 0) != sizeof(out))
			vt_die("%s: send: %s", what, strerror(errno));
		if (recv(fd[1], in, sizeof(in), MSG_WAITALL) != sizeof(in))
			vt_die("%s: recv: %s", what, strerror(errno));
		good += !memcmp(in, out, sizeof(in));
	}
	vt_eq(good, MESSAGES, "%s: messages arrived as they were sent", what);
}

static void way_in(void)
{
	struct script set = tcp_script(vt_set_seq(ids, PORT));
	struct script check = tcp_script(vt_check_seq(ids, PORT));
	struct vt_script *xdp, *parser, *verdict;
	struct script both = and_write(check);
	struct script_sum sum;
	int fd[2], map;
	__u32 zero = 0;

	map = bpf_map_create(BPF_MAP_TYPE_SOCKMAP, NULL, 4, 4, 1, NULL);
	xdp = vt_script("b", "left", VT_XDP, &set);
	verdict = vt_script_load("skb_types", "skb_verdict", &both);
	if (map < 0 || bpf_prog_attach(vt_script_fd(verdict), map, BPF_SK_SKB_STREAM_VERDICT, 0))
		vt_die("verdict: %s", strerror(errno));
	connect_pair("a", "b", "10.1.0.2", fd);
	if (bpf_map_update_elem(map, &zero, &fd[1], BPF_ANY))
		vt_die("sockmap: %s", strerror(errno));
	talk(fd, "verdict");
	vt_all_right(verdict, MESSAGES, "verdict");
	sum = vt_script_sum(verdict);
	vt_eq(sum.op[4].ok, MESSAGES, "verdict: writes its own");
	vt_eq(sum.op[5].ok, MESSAGES, "verdict: reads its own");
	filled(verdict, 28 + 4, "verdict");
	close(fd[0]);
	close(fd[1]);

	/* With a parser the packets are clones, whose heads nobody may write to. */
	parser = vt_script_load("skb_types", "skb_parser", &check);
	if (bpf_prog_attach(vt_script_fd(parser), map, BPF_SK_SKB_STREAM_PARSER, 0))
		vt_die("parser: %s", strerror(errno));
	vt_script_set(verdict, &both);
	connect_pair("a", "b", "10.1.0.2", fd);
	if (bpf_map_update_elem(map, &zero, &fd[1], BPF_ANY))
		vt_die("sockmap: %s", strerror(errno));
	talk(fd, "parser");
	vt_all_right(parser, MESSAGES, "parser");
	vt_all_right(verdict, MESSAGES, "verdict behind a parser");
	vt_eq(vt_script_sum(verdict).op[4].error, MESSAGES, "verdict behind a parser: refused");
	vt_eq(vt_script_answer(verdict, 0).ret[4], -EBUSY, "verdict behind a parser: -EBUSY");
	close(fd[0]);
	close(fd[1]);
	close(map);
	vt_script_stop(xdp);
	vt_script_stop(parser);
	vt_script_stop(verdict);
}

static void attach_egress(struct vt_script *vs)
{
	int cgroup = open("/sys/fs/cgroup", O_RDONLY | O_CLOEXEC);

	/* A link goes with the process. */
	if (cgroup < 0 || bpf_link_create(vt_script_fd(vs), cgroup, BPF_CGROUP_INET_EGRESS, NULL) < 0)
		vt_die("cgroup: %s", strerror(errno));
	close(cgroup);
}

static void way_out(void)
{
	struct script set = and_write(tcp_script(vt_set_seq(ids, PORT)));
	struct script check = tcp_script(vt_check_seq(ids, PORT));
	struct vt_script *first, *next, *tc;
	struct script_sum sum;
	struct script no_room;
	unsigned long long n;
	int fd[2];

	check.op[4] = (struct op){ .kind = OP_CHECK_SEQ, .key = own, .size = 4 };
	check.op[5] = (struct op){ .kind = OP_IS_SET, .key = fill[0] };
	first = vt_script_load("skb_types", "skb_cgroup_out", &set);
	next = vt_script_load("skb_types", "skb_cgroup_out", &check);
	tc = vt_script("b", "left", VT_TC_INGRESS, &check);
	attach_egress(first);
	attach_egress(next);
	connect_pair("a", "b", "10.1.0.2", fd);
	talk(fd, "cgroup egress");
	close(fd[0]);
	close(fd[1]);

	/* Handshake, messages, acknowledgements: whatever a sent, b got, with its traits. */
	sum = vt_script_sum(first);
	n = sum.packets;
	vt_ok(n > MESSAGES, "cgroup egress: %llu packets", n);
	vt_eq(sum.op[0].ok + sum.op[1].ok + sum.op[2].ok + sum.op[3].ok, 4 * n,
	      "cgroup egress: sets four traits");
	vt_eq(sum.op[5].ok, n, "cgroup egress: reads its own");
	filled(first, 28 + 4, "cgroup egress");
	vt_all_right(next, n, "next cgroup program");
	vt_eq(vt_script_sum(next).op[4].ok, n, "next cgroup program: the fifth trait");
	vt_script_wait(tc, n);
	vt_all_right(tc, n, "TC at the other end");
	vt_eq(vt_script_sum(tc).op[4].ok, n, "TC at the other end: the fifth trait");
	vt_eq(vt_script_answer(tc, 0).ret[5], 1, "TC at the other end: what filled it up");

	vt_script_set(tc, &none);
	no_room = vt_set_seq(ids, PORT);
	vt_script_set(first, &no_room);
	vt_script_set(next, &none);
	vt_send_seq(first, "a", "10.1.0.2", PORT, 1, 1, 0);
	vt_eq(vt_script_answer(first, 0).ret[2], -ENOSPC, "cgroup egress: UDP has no room");
	vt_script_stop(first);
	vt_script_stop(next);
	vt_script_stop(tc);
}

int main(void)
{
	char name[16];
	unsigned int i;

	if (!vt_kfunc_hook("SK_SKB") || !vt_kfunc_hook("CGROUP"))
		vt_skip("this kernel lets only XDP, TC and tracing programs call kfuncs (see program_types_may_call)");
	vt_path(2);
	vt_keys_add(ids);
	own = vt_key_add("own", 4);
	for (i = 0; i < FILL_KEYS; i++) {
		snprintf(name, sizeof(name), "fill%u", i);
		fill[i] = vt_key_add(name, 16);
	}
	way_in();
	way_out();
	vt_keys_del();
	return vt_done();
}
