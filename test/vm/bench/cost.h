/* SPDX-License-Identifier: GPL-2.0 */
/* What carrying traits costs, in executed instructions: see main.c. */
#ifndef VT_COST_H
#define VT_COST_H

#include <stdbool.h>

#include "../progs/cost.h"

/* Instructions per packet, of many polls with a full budget */
struct cost_spread {
	double least, low, median, high;	/* the smallest, and the quartiles */
	unsigned int polls;			/* 0: not measured */
};

struct cost_path {
	struct cost_spread veth;	/* all that happens inside veth_poll() */
	struct cost_spread backlog;	/* forwarded packets only: c receives and drops them */
};

/* How packets carry four values of 8 bytes, and who looks at them */
struct cost_way {
	const char *name;
	bool forward;		/* else the packets end in a socket */
	const char *xdp, *ingress, *egress;
	bool map;		/* its entries are deleted where packets are freed */
	bool looked;		/* a program has to see the right values on each packet */
	const char *kfunc;	/* without this one of the kernel's there is no such way */
};

/* Namespaces a, b and c, once; then as often as wanted with a way. */
void cost_path_make(void);
struct cost_path cost_path(const struct cost_way *way, unsigned int bursts);

/* Sends frames from a to b in so many batches: how many. */
unsigned int cost_path_send(unsigned int batches);

/* Does the kernel have this kfunc? */
bool cost_path_has(const char *kfunc);

/* Calls of kfuncs in XDP and TC; keys 0 to 15 and 20 have 8 bytes. */
void cost_calls(struct cost_calls *xdp, struct cost_calls *tc);

/* What sockets have asked for */
enum cost_option {
	COST_OFF,
	COST_ASKED,		/* for traits, and there are none */
	COST_TRAITS,		/* four of 8 bytes */
};

/* Instructions of one of these, the least of many */
struct cost_socket {
	double send, receive;	/* a datagram; what the sender causes up to the receiver's queue */
	double connection;	/* from connect() up to the end of accept() */
	double read;		/* getsockopt() of the SYN's traits */
};

/* Once; then with keys k0 to k3 where sockets ask for them. */
void cost_sockets_make(void);
struct cost_socket cost_socket(enum cost_option option, unsigned int rounds);

/* Instructions of one call of this kind. */
double cost_of(const struct cost_calls *calls, enum cost_op op);

#endif
