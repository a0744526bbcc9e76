// SPDX-License-Identifier: GPL-2.0
/*
 * bpf-progs/steer.bpf.c gives packets to the socket of their service, whatever
 * port they were sent to: UDP, and TCP connections. Others go where they would.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "path.h"
#include "recipe.h"
#include "vt.h"

#define PORT	7001	/* service 1; and so on */
#define PACKETS	20

static void sockets_add(int map, unsigned long long service, int fd)
{
	unsigned long long value = fd;

	if (bpf_map_update_elem(map, &service, &value, BPF_ANY))
		vt_die("sockets: %s", strerror(errno));
}

/* Connects to a port that nobody listens on; the service's socket is elsewhere. */
static void tcp(int map)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(8081) };
	int here = vt_ns_enter("b"), listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[6] = "";
	int client, server;

	if (listener < 0 || bind(listener, (void *)&addr, sizeof(addr)) || listen(listener, 1))
		vt_die("listen: %s", strerror(errno));
	vt_ns_leave(here);
	sockets_add(map, 4, listener);

	here = vt_ns_enter("a");
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	addr.sin_port = htons(PORT + 3);
	inet_pton(AF_INET, "10.1.0.2", &addr.sin_addr);
	vt_ok(!connect(client, (void *)&addr, sizeof(addr)), "TCP: connected");
	vt_ns_leave(here);
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	vt_ok(send(client, "hello", 6, 0) == 6 && recv(server, text, 6, MSG_WAITALL) == 6 &&
	      !strcmp(text, "hello"), "TCP: the service's socket gets what was sent");
	vt_ok(send(server, "again", 6, 0) == 6 && recv(client, text, 6, MSG_WAITALL) == 6 &&
	      !strcmp(text, "again"), "TCP: and answers");
	close(client);
	close(server);
	close(listener);
}

int main(void)
{
	int one, two, own, map, steered;
	unsigned long long service;
	unsigned int i;

	vt_path(2);
	vt_classify("b", "left", PORT, 4);
	vt_recipe("b", "steer", "tc left ingress steer");
	map = vt_recipe_map("steer", "sockets");
	steered = vt_recipe_map("steer", "steered");
	one = vt_udp_socket("b", 9001);
	two = vt_udp_socket("b", 9002);
	own = vt_udp_socket("b", PORT + 2);
	sockets_add(map, 1, one);
	sockets_add(map, 2, two);

	for (i = 0; i < 3; i++)
		vt_send_seq(NULL, "a", "10.1.0.2", PORT + i, 1, PACKETS, 0);
	vt_send_seq(NULL, "a", "10.1.0.2", 9002, 1, PACKETS, 0);
	vt_eq(vt_udp_count(two, 2 * PACKETS), 2 * PACKETS,
	      "service 2, and packets to its socket's own port");
	vt_eq(vt_udp_count(one, PACKETS), PACKETS, "service 1");
	vt_eq(vt_udp_count(own, PACKETS), PACKETS, "service 3 has no socket: the port decides");
	for (service = 1; service <= 3; service++)
		vt_eq(vt_map_count(steered, &service), service < 3 ? PACKETS : 0,
		      "service %llu: packets steered", service);
	tcp(map);
	service = 4;
	vt_eq(vt_map_count(steered, &service), 1, "TCP: one packet steered");

	close(one);
	close(two);
	close(own);
	close(map);
	close(steered);
	vt_recipe_end("b", "steer");
	vt_recipe_end("b", "classify");
	vt_run("for key in service_id trace_id sampled; do traitctl key del $key; done");
	return vt_done();
}
