// SPDX-License-Identifier: GPL-2.0
/*
 * A TCP socket gives its traits to each packet that it sends, and the receiving one tells those
 * of the data that it read last. Other traits apply from the next packet on; those of the SYN
 * are on top of those of all packets.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>

#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

static void send_and_read(int from, int to, const struct pkt_trait *want, unsigned int n,
			  const char *what)
{
	char data[8];

	if (send(from, "data", 4, 0) != 4)
		vt_die("send: %s", strerror(errno));
	if (recv(to, data, 4, MSG_WAITALL) != 4)
		vt_die("recv: %s", strerror(errno));
	so_has(to, TRAITS_SO_DATA, want, n, "%s", what);
}

static void every_packet(enum so_way way)
{
	struct pkt_trait t[4], other[4], both[4], none = { .key = ids[0] };
	const char *name = so_way_name[way];
	int listener = so_listener(way, PORT), client, fd, one = 1;
	char data[4];

	so_traits(t, ids, 1);
	so_traits(other, ids, 2);
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	client = so_socket(way, SOCK_STREAM, 0);
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	vt_eq(so_set_traits(client, TRAITS_SO_SEND, t, 4), 0, "%s: traits for all packets", name);
	vt_eq(so_set_traits(client, TRAITS_SO_SYN, other + 2, 1), 0, "%s: and one for the SYN", name);
	so_connect(client, way, PORT);
	fd = so_accept(listener);
	memcpy(both, t, sizeof(both));
	both[2] = other[2];
	so_has(fd, TRAITS_SO_SYN, both, 4, "%s: the SYN has both", name);

	send_and_read(client, fd, t, 0, "nothing is told to one that did not ask");
	vt_eq(so_set_int(fd, TRAITS_SO_SAVE_DATA, 1), 0, "%s: it asks", name);
	so_has(fd, TRAITS_SO_DATA, t, 0, "%s: nothing was read since", name);
	send_and_read(client, fd, t, 4, "all four with the data");
	vt_eq(so_set_traits(client, TRAITS_SO_SEND, other, 4), 0, "%s: they change", name);
	send_and_read(client, fd, other, 4, "the new ones");
	vt_eq(so_set_traits(client, TRAITS_SO_SEND, t + 3, 1), 0, "%s: fewer of them", name);
	send_and_read(client, fd, t + 3, 1, "only this one");
	vt_eq(so_set_traits(client, TRAITS_SO_SEND, &none, 1), 0, "%s: none", name);
	send_and_read(client, fd, t, 0, "none");

	/* Back from the accepted socket */
	so_set_int(client, TRAITS_SO_SAVE_DATA, 1);
	vt_eq(so_set_traits(fd, TRAITS_SO_SEND, t, 4), 0, "%s: the other way", name);
	send_and_read(fd, client, t, 4, "from the accepted socket");
	vt_eq(so_set_int(client, TRAITS_SO_SAVE_DATA, 0), 0, "%s: it asks no more", name);
	so_has(client, TRAITS_SO_DATA, t, 0, "%s: and has nothing", name);

	/* A peek is a copy of the data as well. */
	so_set_traits(client, TRAITS_SO_SEND, other, 4);
	if (send(client, "data", 4, 0) != 4 || recv(fd, data, 4, MSG_PEEK | MSG_WAITALL) != 4)
		vt_die("peek: %s", strerror(errno));
	so_has(fd, TRAITS_SO_DATA, other, 4, "%s: data that was peeked at", name);
	if (recv(fd, data, 4, MSG_WAITALL) != 4)
		vt_die("recv: %s", strerror(errno));
	close(fd);
	close(client);
	close(listener);
}

static pid_t receiver;

static void *receives(void *arg)
{
	char data[4];

	receiver = gettid();
	return (void *)recv(*(int *)arg, data, sizeof(data), 0);
}

static bool is_asleep(void *arg)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", receiver);
	f = receiver ? fopen(path, "r") : NULL;
	if (!f || fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	if (f)
		fclose(f);
	return state == 'S';
}

/* Somebody waits for data, of which the traits are to be kept, when the socket is closed. */
static void closed_while_received(enum so_way way)
{
	int listener = so_listener(way, PORT), client, fd;
	struct pkt_trait t[4];
	pthread_t thread;
	void *ret;

	so_traits(t, ids, 4);
	client = so_socket(way, SOCK_STREAM, 0);
	so_set_traits(client, TRAITS_SO_SEND, t, 4);
	so_connect(client, way, PORT);
	fd = so_accept(listener);
	so_set_int(fd, TRAITS_SO_SAVE_DATA, 1);
	send_and_read(client, fd, t, 4, "before it is closed");
	receiver = 0;
	if (pthread_create(&thread, NULL, receives, &fd))
		vt_die("pthread_create: %s", strerror(errno));
	vt_ok(vt_wait_until(is_asleep, NULL, 20000), "%s: somebody receives", so_way_name[way]);
	shutdown(fd, SHUT_RDWR);
	close(fd);
	pthread_join(thread, &ret);
	vt_eq((long)ret, 0, "%s: closed meanwhile: the end of the data", so_way_name[way]);
	close(client);
	close(listener);
}

/* Over devices, with segments that the kernel makes of what was sent, and their traits in TC */
static void over_devices(void)
{
	unsigned long long lost = vt_stat(TRAITS_STAT_LOST_SOCKET);
	struct script all = { .protocol = IPPROTO_TCP, .port = PORT };
	struct vt_script *vs;
	struct script_sum sum;
	struct pkt_trait t[4];
	char data[30000] = {};
	int here, listener, client, fd, got = 0, ret;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	so_traits(t, ids, 7);
	all.op[0] = (struct op){ .kind = OP_GET, .key = ids[3], .size = 16 };
	all.op[1] = (struct op){ .kind = OP_GET, .key = ids[1], .size = 4 };
	vs = vt_script("b", "left", VT_TC_INGRESS, &all);
	here = vt_ns_enter("b");
	listener = so_socket(SO_IPV4, SOCK_STREAM, 0);
	if (bind(listener, (void *)&to, sizeof(to)) || listen(listener, 1))
		vt_die("listen: %s", strerror(errno));
	so_set_int(listener, TRAITS_SO_SAVE_SYN, 1);
	vt_ns_leave(here);
	here = vt_ns_enter("a");
	client = so_socket(SO_IPV4, SOCK_STREAM, 0);
	vt_ns_leave(here);
	so_set_traits(client, TRAITS_SO_SEND, t, 4);
	to.sin_addr.s_addr = htonl(0x0a010002);
	if (connect(client, (void *)&to, sizeof(to)))
		vt_die("connect: %s", strerror(errno));
	fd = so_accept(listener);
	so_has(fd, TRAITS_SO_SYN, t, 4, "over a veth: the SYN");
	so_set_int(fd, TRAITS_SO_SAVE_DATA, 1);
	if (send(client, data, sizeof(data), 0) != sizeof(data))
		vt_die("send: %s", strerror(errno));
	while (got < (int)sizeof(data)) {
		ret = recv(fd, data, sizeof(data), 0);
		if (ret <= 0)
			vt_die("recv: %s", strerror(errno));
		got += ret;
	}
	so_has(fd, TRAITS_SO_DATA, t, 4, "over a veth: data in many segments");
	sum = vt_script_sum(vs);
	vt_ok(sum.packets > 2, "TC has seen %llu packets", (unsigned long long)sum.packets);
	vt_ok(sum.op[0].ok == sum.packets && sum.op[1].ok == sum.packets,
	      "each of them with its traits");
	vt_script_stop(vs);
	vt_eq(vt_stat(TRAITS_STAT_LOST_SOCKET), lost, "nothing was lost");
	close(fd);
	close(client);
	close(listener);
}

int main(void)
{
	enum so_way way;

	vt_path(2);
	so_netns();
	so_keys(ids);
	for (way = 0; way < SO_WAYS; way++) {
		every_packet(way);
		closed_while_received(way);
	}
	vt_run("ip netns exec a ethtool -K right tso off gso off > /dev/null");
	over_devices();
	vt_keys_del();
	return vt_done();
}
