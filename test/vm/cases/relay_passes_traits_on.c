// SPDX-License-Identifier: GPL-2.0
/*
 * What libtraits has for sockets: a relay for TCP gives the connection that it makes the traits of
 * the one that it accepted, without knowing any, and leaves out what it may only read; a UDP
 * server answers with the traits of the question; keys are found by their names.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/traits.h>
#include <traits/socket.h>
#include <traits/traits.h>

#include "script.h"
#include "so.h"
#include "vt.h"

#define PORT 7000

static unsigned int ids[4];

/* Client, relay, server; returns what the server sees. */
static int relayed(const struct pkt_trait *sent, unsigned int n, int want_copied,
		   struct pkt_trait seen[TRAITS_KEYS_MAX])
{
	int relay = so_listener(SO_IPV4, PORT), server = so_listener(SO_IPV6, PORT);
	int client, in, out, end;

	so_set_int(relay, TRAITS_SO_SAVE_SYN, 1);
	so_set_int(server, TRAITS_SO_SAVE_SYN, 1);
	client = so_socket(SO_IPV4, SOCK_STREAM, 0);
	if (n && so_set_traits(client, TRAITS_SO_SYN, sent, n))
		vt_die("TRAITS_SO_SYN: %s", strerror(errno));
	so_connect(client, SO_IPV4, PORT);
	in = so_accept(relay);
	out = so_socket(SO_IPV6, SOCK_STREAM, 0);
	vt_eq(traits_sock_copy(in, TRAITS_SO_SYN, out, TRAITS_SO_SYN), want_copied,
	      "of %u traits %d are passed on", n, want_copied);
	so_connect(out, SO_IPV6, PORT);
	end = so_accept(server);
	n = traits_sock_dump(end, TRAITS_SO_SYN, seen, TRAITS_KEYS_MAX);
	close(end);
	close(out);
	close(in);
	close(client);
	close(server);
	close(relay);
	return n;
}

static void relay(void)
{
	struct pkt_trait t[4], seen[TRAITS_KEYS_MAX];
	int n;

	so_traits(t, ids, 1);
	n = relayed(t, 4, 4, seen);
	so_same(seen, n, t, 4, "the server sees all");
	n = relayed(NULL, 0, 0, seen);
	so_same(seen, n, t, 0, "and none of a client that has none");
	so_key_user("size0", TRAITS_USER_READ);
	/* The client is the same process, so it cannot set it now either. */
	n = relayed(t + 1, 3, 3, seen);
	so_same(seen, n, t + 1, 3, "three of three");
	so_key_user("size0", TRAITS_USER_WRITE);
}

/* Between reading and writing, a key is closed for writing. */
static void leaves_out(void)
{
	int from = so_socket(SO_IPV4, SOCK_DGRAM, 0), to = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	struct pkt_trait t[4];

	so_traits(t, ids, 2);
	so_set_traits(from, TRAITS_SO_SEND, t, 4);
	so_key_user("size8", TRAITS_USER_READ);
	vt_eq(traits_sock_copy(from, TRAITS_SO_SEND, to, TRAITS_SO_SEND), 3, "one cannot be set");
	t[2] = t[3];
	so_has(to, TRAITS_SO_SEND, t, 3, "the others are");
	so_traits(t, ids, 3);
	vt_eq(traits_sock_set_writable(to, TRAITS_SO_SEND, t, 4), 3, "of an array the same ones");
	so_has(to, TRAITS_SO_SEND, t, 3, "are set");
	vt_ok(t[2].key == ids[3] && t[3].key == ids[2] && t[3].io_err == EACCES && !t[2].io_err,
	      "the one that is left out is the last one, with the reason");
	vt_eq(traits_sock_set_writable(to, TRAITS_SO_SEND, t + 3, 1), 0, "an array of this one");
	so_has(to, TRAITS_SO_SEND, t, 0, "takes away what was set");
	so_traits(t, ids, 3);
	vt_eq(traits_sock_set(to, TRAITS_SO_SEND, t, 4), -EIO, "setting it is refused");
	vt_eq(t[2].io_err, EACCES, "and the reason given");
	vt_eq(t[1].io_err, 0, "for this one only");
	so_key_user("size8", TRAITS_USER_WRITE);
	close(from);
	close(to);
}

/* An answer has what the question had. */
static void echo(void)
{
	_Alignas(struct cmsghdr) char control[TRAITS_MSG_SPACE(4)], back[TRAITS_MSG_SPACE(4)];
	int client = so_socket(SO_IPV6, SOCK_DGRAM, 0), server = so_socket(SO_IPV6, SOCK_DGRAM, 0);
	struct sockaddr_storage address;
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 }, answer = msg;
	char data[1], value[16];
	struct iovec in = { data, 1 };
	const struct pkt_trait *array;
	struct so_datagram got;
	struct pkt_trait t[4];
	size_t n;

	so_traits(t, ids, 4);
	so_bind(server, SO_IPV6, PORT);
	so_bind(client, SO_IPV6, PORT + 1);
	so_set_int(server, TRAITS_SO_CMSG, TRAITS_CMSG_RECV | TRAITS_CMSG_SEND);
	so_set_int(client, TRAITS_SO_CMSG, TRAITS_CMSG_RECV | TRAITS_CMSG_SEND);
	so_connect(client, SO_IPV6, PORT);
	traits_msg_put(&msg, control, t, 4);
	if (sendmsg(client, &msg, 0) != 1)
		vt_die("sendmsg: %s", strerror(errno));

	msg = (struct msghdr){
		.msg_name = &address, .msg_namelen = sizeof(address), .msg_iov = &in, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	if (recvmsg(server, &msg, 0) != 1)
		vt_die("recvmsg: %s", strerror(errno));
	array = traits_msg_find(&msg, &n);
	so_same(array, n, t, 4, "the question's traits");
	vt_eq(traits_msg_get(&msg, ids[3], value, sizeof(value)), 16, "one of 16 bytes");
	vt_ok(!memcmp(value, t[3].val, 16), "its value");
	vt_eq(traits_msg_get(&msg, ids[0], value, 0), 0, "a flag");
	vt_eq(traits_msg_get(&msg, ids[3], value, 15), -ENOSPC, "too little room");
	vt_eq(traits_msg_get(&msg, ids[3] + 1, value, 16), -ENOENT, "one that is not there");
	traits_msg_put(&answer, back, array, n);
	answer.msg_name = msg.msg_name;
	answer.msg_namelen = msg.msg_namelen;
	if (sendmsg(server, &answer, 0) != 1)
		vt_die("sendmsg: %s", strerror(errno));
	so_recv(client, &got, 0);
	so_same(got.t, got.n, t, 4, "the answer has them, too");
	close(client);
	close(server);
}

static void by_name(void)
{
	int fd = so_socket(SO_IPV4, SOCK_STREAM, 0);
	struct traits *t = traits_open();
	struct pkt_trait trait, want;

	vt_eq(traits_sock_named(t, "size8", &trait), 8, "a key by its name");
	want = so_trait(ids[2], 8, 9);
	traits_sock_value(&trait, want.val, 8);
	vt_eq(traits_sock_set(fd, TRAITS_SO_SYN, &trait, 1), 0, "it is set");
	traits_sock_named(t, "size8", &trait);
	vt_eq(traits_sock_get(fd, TRAITS_SO_SYN, &trait, 1), 0, "and read");
	so_same(&trait, 1, &want, 1, "the same");
	vt_eq(traits_sock_named(t, "size0", &trait), 0, "a flag by its name");
	traits_sock_value(&trait, NULL, 0);
	vt_eq(traits_sock_set(fd, TRAITS_SO_SYN, &trait, 1), 0, "it is set");
	vt_eq(traits_sock_named(t, "nobody", &trait), -ENOENT, "a name that no key has");
	traits_close(t);
	close(fd);
}

/* Also when the id of a deleted key is given to another */
static void names(void)
{
	struct traits_names *n = traits_names_open();
	const char *name;
	int i;

	vt_ok(n, "names of keys");
	for (i = 0; i < 2; i++) {
		name = traits_names_get(n, ids[1]);
		vt_ok(name && !strcmp(name, "size4"), "a name by its id");
		vt_key_del("size4");
		vt_ok(!traits_names_get(n, ids[1]) && errno == ENOENT, "it is gone with its key");
		vt_eq(so_key("another", 4, TRAITS_USER_READ, -1), ids[1], "the id is another key's");
		name = traits_names_get(n, ids[1]);
		vt_ok(name && !strcmp(name, "another"), "and has its name");
		vt_key_del("another");
		so_key("size4", 4, TRAITS_USER_WRITE, -1);
	}
	traits_names_close(n);
}

int main(void)
{
	so_netns();
	so_keys(ids);
	relay();
	leaves_out();
	echo();
	by_name();
	names();
	vt_keys_del();
	return vt_done();
}
