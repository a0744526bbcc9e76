// SPDX-License-Identifier: GPL-2.0

#include "path.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nic.h"
#include "script.h"
#include "vt.h"

#define MAC "%02x:%02x:%02x:%02x:%02x:%02x"

/* One command for all: under emulation, starting a program takes longer than what it does. */
#define BATCH "/tmp/vt_path"

/* One end of pair @i; @side is 1 on the left, 2 on the right. */
struct end {
	const char *dev;
	unsigned int i, side;
	unsigned char mac[6];
	char ns[2];
};

/* The addresses and neighbours of one end */
static void make_end(const struct end *end, const struct end *other)
{
	const unsigned char *mac = other->mac;
	char path[32];
	FILE *f;

	snprintf(path, sizeof(path), BATCH ".%s", end->ns);
	f = fopen(path, "a");
	if (!f)
		vt_die("%s: %s", path, strerror(errno));
	fprintf(f, "addr add 10.%u.0.%u/24 dev %s\n", end->i, end->side, end->dev);
	fprintf(f, "link set %s up\n", end->dev);
	fprintf(f, "neigh replace 10.%u.0.%u lladdr " MAC " dev %s nud permanent\n",
		other->i, other->side, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], end->dev);
	fclose(f);
}

static void set_up(char ns)
{
	static const char *const knobs[][2] = {
		{ "/proc/sys/net/ipv4/ip_forward", "1" },
		{ "/proc/sys/net/ipv4/conf/all/rp_filter", "0" },
		{ "/proc/sys/net/ipv4/conf/default/rp_filter", "0" },
		{ "/proc/sys/net/ipv6/conf/all/disable_ipv6", "1" },
		{ "/proc/sys/net/ipv6/conf/default/disable_ipv6", "1" },
	};
	char name[2] = { ns };
	unsigned int i;
	int here;

	vt_run("ip netns add %s", name);
	here = vt_ns_enter(name);
	for (i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++)
		vt_write_file(knobs[i][0], knobs[i][1]);
	vt_ns_leave(here);
}

/* The devices of pair @i; a veth pair is made later, by @batch. */
static void make_pair(char kind, unsigned int i, unsigned int *cards, FILE *batch)
{
	struct end left = { "right", i, 1, { 2, 0, 0, 0, i, 1 }, { 'a' + i - 1 } };
	struct end right = { "left", i, 2, { 2, 0, 0, 0, i, 2 }, { 'a' + i } };
	enum vt_nic_end on_right = kind == '>' ? VT_NIC_CARD : VT_NIC_WIRE;

	if (kind == 'v') {
		fprintf(batch, "link add right netns %s address 02:00:00:00:%02x:01 type veth"
			" peer name left netns %s address 02:00:00:00:%02x:02\n",
			left.ns, i, right.ns, i);
	} else {
		vt_nic_take(!on_right, *cards, left.ns, left.dev, left.mac);
		vt_nic_take(on_right, (*cards)++, right.ns, right.dev, right.mac);
	}
	make_end(&left, &right);
	make_end(&right, &left);
}

/* Routes to the pairs that namespace number @i of @n is not at. */
static void make_routes(unsigned int i, unsigned int n)
{
	unsigned int to;
	char path[32];
	FILE *f;

	snprintf(path, sizeof(path), BATCH ".%c", 'a' + i);
	f = fopen(path, "a");
	if (!f)
		vt_die("%s: %s", path, strerror(errno));
	fprintf(f, "link set lo up\n");
	for (to = i + 2; to < n; to++)
		fprintf(f, "route add 10.%u.0.0/24 via 10.%u.0.2\n", to, i + 1);
	for (to = 1; to + 1 <= i; to++)
		fprintf(f, "route add 10.%u.0.0/24 via 10.%u.0.1\n", to, i);
	fclose(f);
	vt_run("ip -n %c -batch %s", 'a' + i, path);
}

void vt_path_of(const char *links)
{
	unsigned int i, n = strlen(links) + 1, cards = 0;
	char path[32], ns[] = "a";
	FILE *batch;

	batch = fopen(BATCH, "w");
	if (!batch)
		vt_die(BATCH ": %s", strerror(errno));
	for (i = 0; i < n; i++) {
		set_up('a' + i);
		snprintf(path, sizeof(path), BATCH ".%c", 'a' + i);
		remove(path);
	}
	for (i = 1; i < n; i++)
		make_pair(links[i - 1], i, &cards, batch);
	fclose(batch);
	vt_run("ip -batch " BATCH);
	for (i = 0; i < n; i++)
		make_routes(i, n);
	for (i = 1; i < n; i++) {
		if (links[i - 1] == 'v')
			continue;
		ns[0] = 'a' + i - (links[i - 1] == '<');
		vt_nic_wait_carrier(ns, links[i - 1] == '<' ? "right" : "left");
	}
}

void vt_path(unsigned int n)
{
	vt_path_of("vvvv" + 5 - n);
}

void vt_path_del(unsigned int n)
{
	vt_nic_release();
	while (n--)
		vt_run("ip netns del %c", 'a' + n);
}

const char *vt_path_end(unsigned int n)
{
	static char address[INET_ADDRSTRLEN];

	snprintf(address, sizeof(address), "10.%u.0.2", n - 1);
	return address;
}

void vt_send_seq(struct vt_script *counter, const char *ns, const char *address,
		 unsigned int port, unsigned int first, unsigned int n, unsigned int bare_every)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int here = vt_ns_enter(ns), fd = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned long long before = counter ? vt_script_sum(counter).packets : 0;
	struct {
		struct script_seq seq;
		char fill[72];
	} payload = {};
	unsigned int i;

	inet_pton(AF_INET, address, &to.sin_addr);
	if (fd < 0)
		vt_die("socket: %s", strerror(errno));
	for (i = 0; i < n; i++) {
		payload.seq.seq = first + i;
		payload.seq.bare = bare_every && i % bare_every == bare_every - 1;
		/* Nobody may listen there: the error of an earlier datagram is not this one's. */
		while (sendto(fd, &payload, sizeof(payload), 0, (void *)&to, sizeof(to)) < 0) {
			if (errno != ECONNREFUSED && errno != ENOBUFS)
				vt_die("sendto %s: %s", address, strerror(errno));
		}
		if (counter && (i % 64 == 63 || i == n - 1))
			vt_script_wait(counter, before + i + 1);
	}
	close(fd);
	vt_ns_leave(here);
}
