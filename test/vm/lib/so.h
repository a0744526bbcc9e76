/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets that read and write traits, by their options and control messages. */
#ifndef VT_SO_H
#define VT_SO_H

#include <stdbool.h>
#include <sys/socket.h>
#include <netinet/in.h>

#include <linux/traits_socket.h>

/* Ways to reach a port of this host, over its loopback device */
enum so_way {
	SO_IPV4,
	SO_IPV6,
	SO_MAPPED,	/* an IPv4 address on a socket of IPv6 */
	SO_WAYS,
};

extern const char *const so_way_name[SO_WAYS];

/* Registers a key of each size, 0, 4, 8 and 16 bytes, open to all for writing. */
void so_keys(unsigned int ids[4]);
/* Registers one key; @gid: of which group, -1: any. */
unsigned int so_key(const char *name, unsigned int size, unsigned int user, long gid);
/* Changes what applications may do with it. */
void so_key_user(const char *name, unsigned int user);

/* Enters a new network namespace with nothing but a loopback device, which is up. */
void so_netns(void);

/* A socket; the case fails after a minute in which it has nothing to do. */
int so_socket(enum so_way way, int type, int protocol);
void so_address(enum so_way way, unsigned int port, struct sockaddr_storage *address,
		socklen_t *len);
void so_bind(int fd, enum so_way way, unsigned int port);
void so_connect(int fd, enum so_way way, unsigned int port);
int so_listener(enum so_way way, unsigned int port);
int so_accept(int listener);

/* 0, or an errno */
int so_set(int fd, int option, const void *val, socklen_t len);
int so_get(int fd, int option, void *val, socklen_t *len);
int so_set_int(int fd, int option, int val);
/* -1 on an error, which errno tells */
int so_get_int(int fd, int option);
int so_set_traits(int fd, int option, const struct pkt_trait *t, unsigned int n);
int so_get_traits(int fd, int option, struct pkt_trait *t, unsigned int n);

/* A trait of this size whose value is made of @seed. */
struct pkt_trait so_trait(unsigned int key, unsigned int size, unsigned int seed);
/* One of each of these keys. */
void so_traits(struct pkt_trait t[4], const unsigned int ids[4], unsigned int seed);

/* One KTAP line: the option has exactly these, in order of their keys, and nothing else. */
void so_has(int fd, int option, const struct pkt_trait *want, unsigned int n, const char *what,
	    ...) __attribute__((format(printf, 5, 6)));
/* The same for an array that was read. */
void so_same(const struct pkt_trait *got, int n_got, const struct pkt_trait *want, int n,
	     const char *what, ...) __attribute__((format(printf, 5, 6)));

/*
 * sendmsg() with traits in a control message (@n 0: without one). Returns what it returned, or
 * a negative errno.
 */
int so_send(int fd, const struct sockaddr_storage *to, socklen_t to_len, const void *data,
	    size_t len, const struct pkt_trait *t, unsigned int n, int flags);

/*
 * recvmsg(). The traits that came with it, at most 64, and how many; 0 without a control message.
 */
struct so_datagram {
	int ret;	/* or a negative errno */
	int flags;	/* of the message */
	int n;		/* traits; -1: no control message */
	int gro;	/* bytes of each of the datagrams that these are; 0: one */
	struct pkt_trait t[64];
	char data[2048];
};

void so_recv(int fd, struct so_datagram *got, int flags);

#endif
