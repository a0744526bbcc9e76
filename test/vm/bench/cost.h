/* SPDX-License-Identifier: GPL-2.0 */
/* What carrying traits costs, in executed instructions: see main.c. */
#ifndef VT_COST_H
#define VT_COST_H

#include <stdbool.h>

#include "../progs/cost.h"

/* Instructions per packet inside veth_poll(), of many runs of it with a full budget. */
struct cost_spread {
	double least, low, median, high;	/* quartiles, and the smallest */
	double whole;				/* from the sender's frame to the free, the median */
	unsigned int polls;
	bool measured;
};

/* How packets carry four values of 8 bytes, and who looks at them */
struct cost_way {
	const char *name;
	bool forward;		/* else the packets end in a socket */
	const char *xdp, *ingress, *egress;
	bool map;		/* its entries are deleted where packets are freed */
	bool looked;		/* a program has to see the right values on each packet */
};

/* Namespaces a, b and c, once; then as often as wanted with a way. */
void cost_path_make(void);
struct cost_spread cost_path(const struct cost_way *way, unsigned int bursts);

/* Loads a program of the module's, or the kernel's, BTF: whether it can be. */
bool cost_path_has(const char *kernel_function);

/* Calls of kfuncs in XDP and TC; keys 0 to 15 and 20 have 8 bytes. */
void cost_calls(struct cost_calls *xdp, struct cost_calls *tc);

/* Instructions of one call of this kind. */
double cost_of(const struct cost_calls *calls, enum cost_op op);

#endif
