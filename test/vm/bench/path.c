// SPDX-License-Identifier: GPL-2.0
/*
 * Packets from namespace a to a socket in b, or through b to c, where they are
 * dropped at once. They begin as frames of BPF_PROG_TEST_RUN that an XDP program
 * redirects into a's veth: b's NAPI then finds 64 frames with 256 bytes of
 * headroom in its ring, as in a busy network card's. What is measured is
 * veth_poll() there and nothing of the sender: XDP, building the skb, GRO, TC,
 * IP, and either UDP up to the socket's queue or forwarding up to c's backlog.
 */

#include "cost.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "attach.h"
#include "frame.h"
#include "path.h"
#include "vt.h"

#define PORT		7000
#define PAYLOAD		200
#define BATCH		64	/* NAPI's budget */
#define BURST		8	/* batches in one go */
#define WARM_UP		2	/* bursts that are not looked at */

static int receiver;

/* As vt_path() numbers b's left side. */
static const unsigned char mac_of_b[6] = { 2, 0, 0, 0, 1, 2 };

void cost_path_make(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int bytes = 64 << 20, here;

	vt_path(3);
	cost_qdisc("b", "left");
	cost_qdisc("b", "right");
	cost_qdisc("c", "left");
	here = vt_ns_enter("b");
	receiver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (receiver < 0 || bind(receiver, (void *)&any, sizeof(any)) ||
	    setsockopt(receiver, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		vt_die("receiving socket: %s", strerror(errno));
	vt_ns_leave(here);
}

bool cost_path_has(const char *kfunc)
{
	struct btf *btf = btf__load_vmlinux_btf();
	bool has = btf && btf__find_by_name_kind(btf, kfunc, BTF_KIND_FUNC) > 0;

	btf__free(btf);
	return has;
}

static uint16_t ip_checksum(const struct iphdr *ip)
{
	const uint16_t *word = (const void *)ip;
	uint32_t sum = 0;
	int i;

	for (i = 0; i < ip->ihl * 2; i++)
		sum += word[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static unsigned int make_frame(unsigned char *frame, bool forward)
{
	struct iphdr *ip = (void *)(frame + 14);
	unsigned int len = vt_frame(frame, PORT, 0, PAYLOAD);

	memcpy(frame, mac_of_b, sizeof(mac_of_b));
	if (forward)
		ip->daddr = inet_addr("10.2.0.2");
	ip->check = 0;
	ip->check = ip_checksum(ip);
	return len;
}

/* Takes all packets that are there out of the socket: their number. */
static unsigned int drain(void)
{
	unsigned int n = 0;
	char buf[PAYLOAD];

	while (recv(receiver, buf, sizeof(buf), MSG_DONTWAIT) == PAYLOAD)
		n++;
	return n;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Loads everything and attaches it; links are not needed any more when the object is closed. */
struct setup {
	const struct cost_way *way;
	struct bpf_object *obj;
	struct bpf_link *link[6];
	unsigned int links;
};

static void link_one(struct setup *s, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(s->obj, name);
	struct bpf_link *link = bpf_program__attach(prog);

	if (!link)
		vt_die("attaching %s: %s", name, strerror(errno));
	s->link[s->links++] = link;
}

static void set_before_load(struct bpf_object *obj, const unsigned char *frame)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, ".rodata");
	size_t size;
	struct cost_setup *to = map ? (void *)bpf_map__initial_value(map, &size) : NULL;

	if (!to || size != sizeof(*to))
		vt_die("unexpected read-only data");
	to->watched = cost_ifindex("b", "left");
	to->outlet = cost_ifindex("a", "right");
	memcpy(&to->headers, frame, sizeof(to->headers));
}

static void set_up(struct setup *s, const struct cost_way *way, const unsigned char *frame)
{
	const char *names[] = {
		"veth_begin", "veth_end", "backlog_begin", "backlog_end", "inject", "tc_drop",
		way->xdp, way->ingress, way->egress ?: "tc_pass",
		way->map ? "map_consume" : NULL, way->map ? "map_kfree" : NULL, NULL
	};

	*s = (struct setup){ .way = way, .obj = cost_open("cost_path", names) };
	set_before_load(s->obj, frame);
	cost_load(s->obj);
	cost_attach("b", "left", COST_XDP, cost_prog_fd(s->obj, way->xdp));
	cost_attach("b", "left", COST_INGRESS, cost_prog_fd(s->obj, way->ingress));
	cost_attach("b", "right", COST_EGRESS, cost_prog_fd(s->obj, way->egress ?: "tc_pass"));
	cost_attach("c", "left", COST_INGRESS, cost_prog_fd(s->obj, "tc_drop"));
	link_one(s, "veth_begin");
	link_one(s, "veth_end");
	link_one(s, "backlog_begin");
	link_one(s, "backlog_end");
	if (way->map) {
		link_one(s, "map_consume");
		link_one(s, "map_kfree");
	}
}

static void take_down(struct setup *s)
{
	while (s->links)
		bpf_link__destroy(s->link[--s->links]);
	cost_attach("c", "left", COST_INGRESS, -1);
	cost_attach("b", "right", COST_EGRESS, -1);
	cost_attach("b", "left", COST_INGRESS, -1);
	cost_attach("b", "left", COST_XDP, -1);
	bpf_object__close(s->obj);
}

static void send_frames(int prog, void *frame, unsigned int len, unsigned int batches)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = BATCH * batches, .batch_size = BATCH,
		    .data_in = frame, .data_size_in = len, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	int here = vt_ns_enter("a");

	if (bpf_prog_test_run_opts(prog, &opts))
		vt_die("live frames: %s", strerror(errno));
	vt_ns_leave(here);
}

static void burst(int prog, void *frame, unsigned int len, bool forward)
{
	unsigned int n;

	send_frames(prog, frame, len, BURST);
	n = drain();
	if (n != (forward ? 0 : BATCH * BURST))
		vt_die("the socket received %u packets", n);
}

unsigned int cost_path_send(unsigned int batches)
{
	const char *names[] = { "inject", NULL };
	struct bpf_object *obj = cost_open("cost_path", names);
	unsigned char frame[512];
	unsigned int len = make_frame(frame, false);

	set_before_load(obj, frame);
	cost_load(obj);
	send_frames(cost_prog_fd(obj, "inject"), frame, len, batches);
	bpf_object__close(obj);
	return batches * BATCH;
}

/* The programs' variables, in .sums. */
static void check_values(struct bpf_object *obj, const struct cost_way *way, unsigned int bursts)
{
	struct cost_sums sums;
	struct bpf_map *map = bpf_object__find_map_by_name(obj, ".bss");
	__u32 zero = 0;

	if (!map || bpf_map__value_size(map) != sizeof(sums) ||
	    bpf_map_lookup_elem(bpf_map__fd(map), &zero, &sums))
		vt_die("%s: the programs' variables cannot be read", way->name);
	if (sums.wrong || sums.right != (way->looked ? bursts * BURST * BATCH : 0))
		vt_die("%s: %llu packets with the right values, %llu with wrong ones", way->name,
		       sums.right, sums.wrong);
}

static struct cost_spread spread(struct bpf_object *obj, const struct cost_way *way,
				 enum cost_window window, unsigned int bursts)
{
	int fd = bpf_object__find_map_fd_by_name(obj, "polls");
	unsigned int i, key, n = 0, first = WARM_UP * BURST;
	double *polls = calloc(COST_POLLS, sizeof(*polls));
	struct cost_spread s;
	struct cost_poll poll;

	for (i = 0; polls && i < COST_POLLS; i++) {
		key = window * COST_POLLS + i;
		if (bpf_map_lookup_elem(fd, &key, &poll))
			vt_die("polls: %s", strerror(errno));
		if (poll.packets != BATCH)
			continue;
		if (first)
			first--;
		else
			polls[n++] = (double)poll.instructions / BATCH;
	}
	if (n != (bursts - WARM_UP) * BURST)
		vt_die("%s: %u polls with a full budget", way->name, n);
	qsort(polls, n, sizeof(*polls), by_size);
	s = (struct cost_spread){
		.least = polls[0], .low = polls[n / 4], .median = polls[n / 2],
		.high = polls[n - n / 4 - 1], .polls = n,
	};
	free(polls);
	return s;
}

struct cost_path cost_path(const struct cost_way *way, unsigned int bursts)
{
	struct cost_path path = {};
	unsigned char frame[512];
	unsigned int len, i;
	struct setup s;
	int fd;

	len = make_frame(frame, way->forward);
	set_up(&s, way, frame);
	fd = cost_prog_fd(s.obj, "inject");
	for (i = 0; i < bursts; i++)
		burst(fd, frame, len, way->forward);

	check_values(s.obj, way, bursts);
	path.veth = spread(s.obj, way, COST_VETH, bursts);
	if (way->forward)
		path.backlog = spread(s.obj, way, COST_BACKLOG, bursts);
	take_down(&s);
	return path;
}
