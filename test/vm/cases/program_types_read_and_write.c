// SPDX-License-Identifier: GPL-2.0
/*
 * A packet with traits from XDP goes all the way to a socket, and a program of
 * each type that the kernel lets call kfuncs reads them: TC action, netfilter
 * hooks, lightweight tunnels, cgroup, LSM, socket filter; and a parser and a
 * verdict on a TCP stream. Each that may write takes away what the one before
 * it wrote and writes something of its own. Every third packet is bare. Then
 * each fills a packet up, and no byte of the packet's headers changes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/traits.h>
#include <netinet/tcp.h>

#include "kernel.h"
#include "path.h"
#include "script.h"
#include "skb_ops.h"
#include "vt.h"

#define UDP_PORT	7000
#define PACKETS		300
#define BARE		(PACKETS / 3)
#define FILL_KEYS	16
#define CGROUP		"/sys/fs/cgroup"

/* What a store takes besides its values, behind the 40 bytes of xdp_frame; and what has to stay free. */
#define NO_VALUES	(40 + 36 + 32)

/* In the order in which a packet comes by. Those that may write have a key of their own. */
enum at {
	AT_XDP, AT_ACT, AT_PREROUTING, AT_LWT_IN, AT_FORWARD, AT_LWT_OUT, AT_POSTROUTING,
	AT_LWT_XMIT, AT_CGROUP_IN, AT_LSM, AT_FILTER, PLACES,
};

static const struct {
	const char *prog, *what;
	bool writes;
} places[PLACES] = {
	[AT_XDP] = { NULL, "XDP", true },
	[AT_ACT] = { "skb_act", "TC action", true },
	[AT_PREROUTING] = { "skb_netfilter", "netfilter prerouting", false },
	[AT_LWT_IN] = { "skb_lwt_in", "LWT in", true },
	[AT_FORWARD] = { "skb_netfilter", "netfilter forward", false },
	[AT_LWT_OUT] = { "skb_lwt_out", "LWT out", true },
	[AT_POSTROUTING] = { "skb_netfilter", "netfilter postrouting", false },
	[AT_LWT_XMIT] = { "skb_lwt_xmit", "LWT xmit", true },
	[AT_CGROUP_IN] = { "skb_cgroup_in", "cgroup ingress", true },
	[AT_LSM] = { "skb_lsm", "LSM", false },
	[AT_FILTER] = { "skb_filter", "socket filter", true },
};

static unsigned int ids[4], own[PLACES], fill[FILL_KEYS];
static struct vt_script *script[PLACES];
static const struct script idle = { .protocol = IPPROTO_UDP, .port = UDP_PORT };

/* A file that a command can name. Not below /sys: iproute2 mounts another one there. */
static const char *pinned(enum at at)
{
	static char path[PLACES][32];

	snprintf(path[at], sizeof(path[at]), "/tmp/bpf/%d", at);
	if (access(path[at], F_OK) && bpf_obj_pin(vt_script_fd(script[at]), path[at]))
		vt_die("pin: %s", strerror(errno));
	return path[at];
}

/* libbpf 1.1 cannot, and every libbpf has to build this. */
static void attach_netfilter(const char *ns, enum at at, unsigned int hook)
{
	struct {
		__u32 prog_fd, target_fd, attach_type, flags;
		__u32 pf, hooknum;
		__s32 priority;
		__u32 nf_flags;
		__u64 zero[4];
	} attr = {
		.prog_fd = vt_script_fd(script[at]), .attach_type = 45 /* BPF_NETFILTER */,
		.pf = 2 /* NFPROTO_IPV4 */, .hooknum = hook, .priority = 1,
	};
	int here = vt_ns_enter(ns);

	if (syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr)) < 0)
		vt_die("netfilter hook %u: %s", hook, strerror(errno));
	vt_ns_leave(here);
}

static void attach_cgroup(int prog, enum bpf_attach_type type)
{
	int cgroup = open(CGROUP, O_RDONLY | O_CLOEXEC);

	/* A link goes with the process. */
	if (cgroup < 0 || bpf_link_create(prog, cgroup, type, NULL) < 0)
		vt_die("cgroup: %s", strerror(errno));
	close(cgroup);
}

static void attach_lsm(int prog)
{
	if (bpf_link_create(prog, 0, BPF_LSM_MAC, NULL) < 0)
		vt_die("LSM: %s", strerror(errno));
}

static void attach_all(int udp)
{
	int filter = vt_script_fd(script[AT_FILTER]);

	vt_run("tc -n b qdisc add dev left clsact");
	vt_run("tc -n b filter add dev left ingress matchall action bpf object-pinned %s",
	       pinned(AT_ACT));
	vt_run("ip -n b route add 10.2.0.2/32 encap bpf in pinned %s out pinned %s xmit pinned %s dev right",
	       pinned(AT_LWT_IN), pinned(AT_LWT_OUT), pinned(AT_LWT_XMIT));
	attach_netfilter("b", AT_PREROUTING, 0);
	attach_netfilter("b", AT_FORWARD, 2);
	attach_netfilter("b", AT_POSTROUTING, 4);
	attach_cgroup(vt_script_fd(script[AT_CGROUP_IN]), BPF_CGROUP_INET_INGRESS);
	attach_lsm(vt_script_fd(script[AT_LSM]));
	if (setsockopt(udp, SOL_SOCKET, SO_ATTACH_BPF, &filter, sizeof(filter)))
		vt_die("socket filter: %s", strerror(errno));
}

static int udp_socket(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(UDP_PORT) };
	int here = vt_ns_enter("c"), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int bytes = 64 << 20;

	if (fd < 0 || bind(fd, (void *)&to, sizeof(to)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		vt_die("UDP socket: %s", strerror(errno));
	vt_ns_leave(here);
	return fd;
}

/* Reads @n datagrams of vt_send_seq(): each is whole, and there once, in any order. */
static void receive(int udp, unsigned int first, unsigned int n, const char *what)
{
	bool seen[PACKETS] = {};
	struct script_seq seq[10];
	unsigned int i, good = 0;
	ssize_t len;

	for (i = 0; i < n; i++) {
		len = recv(udp, seq, sizeof(seq), 0);
		if (len != sizeof(seq) || seq[0].seq - first >= n || seen[seq[0].seq - first])
			continue;
		seen[seq[0].seq - first] = true;
		good++;
	}
	vt_eq(good, n, "%s: datagrams arrived", what);
}

/* What a place does: checks the four keys and that of the last writer, which it replaces by its own. */
static struct script read_and_write(enum at at, enum at last)
{
	struct script s = vt_check_seq(ids, UDP_PORT);

	s.op[4] = (struct op){ .kind = OP_CHECK_SEQ, .key = own[last], .size = 4 };
	if (places[at].writes) {
		s.op[5] = (struct op){ .kind = OP_DEL, .key = own[last] };
		s.op[6] = (struct op){ .kind = OP_SET_SEQ, .key = own[at], .size = 4 };
		s.op[7] = (struct op){ .kind = OP_CHECK_SEQ, .key = own[at], .size = 4 };
	}
	return s;
}

static void reads_and_writes(int udp)
{
	enum at at, last = AT_XDP;
	struct script_sum sum;
	struct script s;

	for (at = AT_XDP + 1; at < PLACES; at++) {
		s = read_and_write(at, last);
		vt_script_set(script[at], &s);
		if (places[at].writes)
			last = at;
	}
	vt_send_seq(script[AT_FILTER], "a", "10.2.0.2", UDP_PORT, 1, PACKETS, 3);
	receive(udp, 1, PACKETS, "traits");

	for (at = AT_XDP + 1; at < PLACES; at++) {
		vt_all_right(script[at], PACKETS, places[at].what);
		sum = vt_script_sum(script[at]);
		vt_eq(sum.op[4].ok, PACKETS, "%s: what the last writer wrote", places[at].what);
		if (!places[at].writes)
			continue;
		vt_eq(sum.op[5].ok, PACKETS - BARE, "%s: takes it away", places[at].what);
		vt_eq(sum.op[5].error, BARE, "%s: which bare packets do not have",
		      places[at].what);
		vt_eq(sum.op[6].ok, PACKETS, "%s: writes its own", places[at].what);
		vt_eq(sum.op[7].ok, PACKETS, "%s: reads its own", places[at].what);
	}
}

static struct script fill_script(unsigned int protocol, unsigned int port)
{
	struct script s = { .protocol = protocol, .port = port };

	s.op[0].kind = OP_ROOM;
	s.op[1] = (struct op){ .kind = OP_FILL, .key = fill[0], .key_to = fill[FILL_KEYS - 1] };
	s.op[2] = (struct op){ .kind = OP_IS_SET, .key = fill[0] };
	return s;
}

/* As many values of 16 bytes as there is room for, and not one more. */
static void filled(struct vt_script *vs, unsigned int packet, const char *what)
{
	struct script_answer answer = vt_script_answer(vs, packet);

	vt_ok(answer.ret[0] >= NO_VALUES + 16, "%s: there is room: %lld bytes", what,
	      (long long)answer.ret[0]);
	vt_eq(answer.ret[1], (answer.ret[0] - NO_VALUES) / 16, "%s: filled up", what);
	vt_eq(answer.ret[2], 1, "%s: reads what it filled in", what);
}

static void fills(int udp)
{
	struct script pass = { .protocol = IPPROTO_UDP, .port = UDP_PORT, .action = 2 };
	struct script s = fill_script(IPPROTO_UDP, UDP_PORT);
	enum at at;

	vt_script_set(script[AT_XDP], &pass);
	for (at = AT_XDP + 1; at < PLACES; at++)
		vt_script_set(script[at], &idle);
	for (at = AT_XDP + 1; at < PLACES; at++) {
		if (!places[at].writes)
			continue;
		vt_script_set(script[at], &s);
		vt_send_seq(script[at], "a", "10.2.0.2", UDP_PORT, at, 1, 0);
		receive(udp, at, 1, places[at].what);
		filled(script[at], 0, places[at].what);
		vt_script_set(script[at], &idle);
	}
}

int main(void)
{
	struct script set;
	char name[16];
	unsigned int i;
	enum at at;
	int udp;

	if (!vt_kfunc_hook("NETFILTER"))
		vt_skip("this kernel lets only XDP, TC and tracing programs call kfuncs (see program_types_may_call)");
	vt_path(3);
	vt_run("mkdir /tmp/bpf && mount -t bpf bpf /tmp/bpf");
	vt_keys_add(ids);
	for (at = AT_XDP; at < PLACES; at++) {
		snprintf(name, sizeof(name), "own%d", at);
		own[at] = vt_key_add(name, 4);
	}
	for (i = 0; i < FILL_KEYS; i++) {
		snprintf(name, sizeof(name), "fill%u", i);
		fill[i] = vt_key_add(name, 16);
	}
	set = vt_set_seq(ids, UDP_PORT);
	set.op[4] = (struct op){ .kind = OP_SET_SEQ, .key = own[AT_XDP], .size = 4 };
	script[AT_XDP] = vt_script("b", "left", VT_XDP, &set);
	for (at = AT_XDP + 1; at < PLACES; at++)
		script[at] = vt_script_load("skb_types", places[at].prog, &idle);
	udp = udp_socket();
	attach_all(udp);

	reads_and_writes(udp);
	fills(udp);

	close(udp);
	vt_run("ip -n b route del 10.2.0.2/32; rm -r /tmp/bpf/*");
	for (at = AT_XDP; at < PLACES; at++)
		vt_script_stop(script[at]);
	vt_keys_del();
	return vt_done();
}
