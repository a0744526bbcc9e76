// SPDX-License-Identifier: GPL-2.0
/*
 * A socket has control messages with traits, or is in a sockmap, for both give it functions of
 * their own; and where IPV6_ADDRFORM has given it those of IPv4, it has the one or the other no
 * more. Whoever comes second is refused, and whatever happened, the socket works and closes.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/traits.h>

#include "kmod.h"
#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

static void sends(int from, int to, const char *what)
{
	char data[4];

	vt_ok(send(from, "data", 4, 0) == 4 && recv(to, data, 4, 0) == 4, "%s", what);
}

static void sockmap(void)
{
	int map = bpf_map_create(BPF_MAP_TYPE_SOCKMAP, "test", 4, 4, 2, NULL), zero = 0, one = 1, fd;
	int from = so_socket(SO_IPV4, SOCK_DGRAM, 0), to = so_socket(SO_IPV4, SOCK_DGRAM, 0);

	if (map < 0)
		vt_skip("this kernel has no sockmap: %s", strerror(errno));
	so_bind(to, SO_IPV4, PORT);
	so_bind(from, SO_IPV4, PORT + 1);
	so_connect(from, SO_IPV4, PORT);
	so_connect(to, SO_IPV4, PORT + 1);

	fd = to;
	vt_eq(bpf_map_update_elem(map, &zero, &fd, BPF_ANY), 0, "a socket in a sockmap");
	vt_eq(so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV), EBUSY, "has no control messages");
	vt_eq(so_get_int(to, TRAITS_SO_CMSG), 0, "and does not say so");
	sends(from, to, "it works");
	vt_eq(bpf_map_delete_elem(map, &zero), 0, "taken out");
	vt_eq(so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV), 0, "it can have them");

	fd = from;
	vt_eq(so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND), 0, "one with control messages");
	vt_ok(bpf_map_update_elem(map, &one, &fd, BPF_ANY) < 0, "cannot be in a sockmap");
	sends(from, to, "it works");
	close(from);
	close(to);
	close(map);
}

/* A connected socket of IPv6 with an IPv4 address can become one of IPv4. */
static void address_form(void)
{
	int to = so_socket(SO_IPV4, SOCK_DGRAM, 0), from = so_socket(SO_MAPPED, SOCK_DGRAM, 0);
	int family = AF_INET;
	struct so_datagram got;
	struct pkt_trait t[4];

	so_traits(t, ids, 1);
	so_bind(to, SO_IPV4, PORT);
	so_connect(from, SO_MAPPED, PORT);
	so_set_int(to, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	vt_eq(so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND), 0, "a socket of IPv6");
	so_set_traits(from, TRAITS_SO_SEND, t, 2);
	if (setsockopt(from, SOL_IPV6, IPV6_ADDRFORM, &family, sizeof(family)))
		vt_die("IPV6_ADDRFORM: %s", strerror(errno));
	vt_eq(so_send(from, NULL, 0, "datagram", 8, t + 2, 2, 0), 8, "it is one of IPv4 now");
	so_recv(to, &got, 0);
	so_same(got.t, got.n, t, 2, "what it gives to each packet is there, and no more");
	vt_eq(so_set_int(from, TRAITS_SO_CMSG, TRAITS_CMSG_SEND), EBUSY, "asking again is refused");
	close(from);
	close(to);
}

static bool unused(void *arg)
{
	(void)arg;
	return vt_module_users() == 0;
}

int main(void)
{
	so_netns();
	so_keys(ids);
	sockmap();
	address_form();
	vt_keys_del();
	vt_registry_close();
	vt_ok(vt_wait_until(unused, NULL, 20000), "no closed socket holds the module");
	return vt_done();
}
