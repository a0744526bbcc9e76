// SPDX-License-Identifier: GPL-2.0
/*
 * Each card comes up, receives all that its wire sends and sends all that its
 * wire receives, each frame once, whole and in order; also after the cable was
 * pulled and after its driver was unloaded. The module is not involved.
 *
 * timeout: 150
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "vt.h"

#define TYPE	0x88b6		/* IEEE 802, local experiments: no other frame has it */
#define CONTROL	0x88b5
#define BATCH	64
#define WINDOW	512		/* frames on their way */

struct frame {
	struct ethhdr eth;
	uint32_t seq;
	uint8_t fill[1496];
} __attribute__((packed));

enum end { NIC, WIRE };

static int open_socket(enum end end, unsigned int n, unsigned short type)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(type) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), bytes = 64 << 20;
	char dev[IFNAMSIZ];

	snprintf(dev, sizeof(dev), "%s%u", end == NIC ? "nic" : "wire", n);
	at.sll_ifindex = if_nametoindex(dev);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (fd < 0 || bind(fd, (void *)&at, sizeof(at)))
		vt_die("socket on %s: %s", dev, strerror(errno));
	return fd;
}

/* All lengths that Ethernet has, as they come. */
static unsigned int length(unsigned int seq)
{
	return ETH_ZLEN + seq * 37 % (sizeof(struct frame) - ETH_ZLEN + 1);
}

static void make_frame(struct frame *f, enum end to, unsigned int n, unsigned int seq)
{
	f->eth = (struct ethhdr){
		.h_dest = { 2, 0, 0, 0, to == WIRE, n }, .h_source = { 2, 0, 0, 0, to == NIC, n },
		.h_proto = htons(TYPE)
	};
	f->seq = seq;
	memset(f->fill, seq, sizeof(f->fill));
}

static unsigned int send_batch(int fd, enum end to, unsigned int n, unsigned int seq,
			       unsigned int count)
{
	static struct frame frames[BATCH];
	struct mmsghdr msg[BATCH] = {};
	struct iovec iov[BATCH];
	unsigned int i;
	int sent;

	for (i = 0; i < count; i++) {
		make_frame(&frames[i], to, n, seq + i);
		iov[i] = (struct iovec){ &frames[i], length(seq + i) };
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	sent = sendmmsg(fd, msg, count, 0);
	if (sent <= 0)
		vt_die("frame %u: %s", seq, strerror(errno));
	return sent;
}

/* Takes what has come, or waits for a frame; returns how many of them were as they should be. */
static unsigned int receive(int fd, unsigned int seq, bool wait, unsigned int *bad)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct frame f;
	unsigned int n = 0;
	ssize_t len;

	if (wait && poll(&p, 1, 10000) != 1)
		return 0;
	while ((len = recv(fd, &f, sizeof(f), MSG_DONTWAIT | MSG_TRUNC)) >= 0) {
		if (len == length(seq + n) && f.seq == seq + n &&
		    ((uint8_t *)&f)[len - 1] == (uint8_t)f.seq)
			n++;
		else
			(*bad)++;
	}
	return n;
}

/* Sends frames over a cable; all have to arrive. */
static void transfer(enum end from, unsigned int n, unsigned int frames, const char *when)
{
	enum end to = from == NIC ? WIRE : NIC;
	int out = open_socket(from, n, 0), in = open_socket(to, n, TYPE);
	unsigned int sent = 0, got = 0, bad = 0, new;
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (got < frames) {
		unsigned int room = WINDOW - (sent - got);

		if (room > frames - sent)
			room = frames - sent;
		if (room)
			sent += send_batch(out, to, n, sent, room < BATCH ? room : BATCH);
		new = receive(in, got, !room, &bad);
		got += new;
		if (bad || (!room && !new))
			break;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	vt_note("%u frames took %ld ms", got,
		(now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
	receive(in, frames + 1, false, &bad);
	vt_eq(got, frames, "%s: frames that %s%u sent", when, from == NIC ? "nic" : "wire", n);
	vt_eq(bad, 0, "%s: frames that it did not send like that", when);
	close(in);
	close(out);
}

/* Tells the model a command; returns what its answer has behind "ok". */
static const char *control(unsigned int n, const char *command)
{
	static struct {
		struct ethhdr eth;
		char text[256];
	} __attribute__((packed)) answer;
	struct {
		struct ethhdr eth;
		char text[46];
	} __attribute__((packed)) c = {
		.eth = { { 2, 0, 0, 0, 0xff, 0xff }, { 2, 0, 0, 0, 1, n }, htons(CONTROL) }
	};
	int fd = open_socket(WIRE, n, CONTROL);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	memset(&answer, 0, sizeof(answer));
	strcpy(c.text, command);
	if (send(fd, &c, sizeof(c), 0) != sizeof(c) || poll(&p, 1, 10000) != 1 ||
	    recv(fd, &answer, sizeof(answer) - 1, 0) < 0)
		vt_die("no answer to \"%s\": %s", command, strerror(errno));
	close(fd);
	if (strncmp(answer.text, "ok", 2))
		vt_die("\"%s\": %s", command, answer.text);
	return answer.text + 2;
}

struct carrier {
	unsigned int n;
	bool want;
};

static bool carrier_is(void *arg)
{
	struct carrier *c = arg;

	return !vt_try("grep -qx %d /sys/class/net/nic%u/carrier", c->want, c->n);
}

static void wait_carrier(unsigned int n, bool want, const char *when)
{
	struct carrier c = { n, want };

	vt_ok(vt_wait_until(carrier_is, &c, 30000), "%s: nic%u has %s", when, n,
	      want ? "a carrier" : "none");
}

static void up(unsigned int n, const char *card)
{
	/* With several, QEMU's igb drops frames for one that is full. */
	if (!strcmp(card, "igb"))
		vt_run("ethtool -L nic%u combined 1", n);
	vt_run("for dev in nic%u wire%u; do "
	       "echo 1 > /proc/sys/net/ipv6/conf/$dev/disable_ipv6; ip link set $dev up; done", n, n);
	wait_carrier(n, true, "up");
}

/* What the model has counted under this name. */
static unsigned long long counted(unsigned int n, const char *name)
{
	const char *at = strstr(control(n, "stats"), name);

	if (!at)
		vt_die("stats have no \"%s\"", name);
	return strtoull(at + strlen(name), NULL, 10);
}

static void pull_cable(unsigned int n)
{
	unsigned long long dropped = counted(n, "dropped ");
	int out = open_socket(WIRE, n, 0);

	control(n, "link down");
	wait_carrier(n, false, "cable pulled");
	send_batch(out, NIC, n, 0, 10);
	vt_eq(counted(n, "dropped ") - dropped, 10, "cable pulled: frames dropped");
	close(out);
	control(n, "link up");
	wait_carrier(n, true, "cable plugged in");
}

static void test(unsigned int n, const char *card, unsigned int frames)
{
	bool model = !strcmp(card, "ice") || !strncmp(card, "mlx5", 4);
	unsigned long long received;

	up(n, card);
	received = model ? counted(n, "received ") : 0;
	transfer(WIRE, n, frames, "first");
	if (model)
		vt_eq(counted(n, "received ") - received, frames, "the model counts the same");
	transfer(NIC, n, frames, "first");
	if (model)
		pull_cable(n);
	else
		vt_note("SKIP pulled cable: QEMU's own device cannot be told");
	vt_run("modprobe -r %s", !strncmp(card, "mlx5", 4) ? "mlx5_core" :
	       !strcmp(card, "virtio") ? "virtio_net" : card);
	vt_run("bash /src/test/nic/guest");
	up(n, card);
	transfer(WIRE, n, 1000, "driver reloaded");
	transfer(NIC, n, 1000, "driver reloaded");
	if (model)
		vt_eq(counted(n, "faults "), 0, "the model understood all");
	vt_run("ip link set nic%u down && ip link set wire%u down", n, n);
}

int main(void)
{
	const char *fixture = getenv("VT_NIC");
	unsigned int frames = getenv("VT_NIC_SHORT") ? 5000 : 100000, n = 0;
	int init = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);
	char cards[64] = "", *card;
	cpu_set_t first;

	if (!fixture)
		vt_skip("no network card: test/vm/run --nic FIXTURE");
	/* The cards are there, and come back there with their drivers. */
	if (init < 0 || setns(init, CLONE_NEWNET))
		vt_die("the first network namespace: %s", strerror(errno));
	vt_run("busybox mount -t sysfs sys /sys");
	/* Each CPU has a queue of its own to send by, and queues overtake each other. */
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		vt_die("one CPU: %s", strerror(errno));
	snprintf(cards, sizeof(cards), "%s", fixture);
	for (card = strtok(cards, "+"); card; card = strtok(NULL, "+"))
		test(n++, card, frames / (strchr(fixture, '+') ? 10 : 1));
	return vt_done();
}
