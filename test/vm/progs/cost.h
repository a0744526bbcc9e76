/* SPDX-License-Identifier: GPL-2.0 */
/* What cost_*.bpf.c and test/vm/bench share. */
#ifndef COST_H
#define COST_H

/* One kfunc each, called COST_CALLS times in a row, each time for another key of 8 bytes. */
enum cost_op {
	COST_NOTHING,		/* no call at all */
	COST_EMPTY_SET,
	COST_EMPTY_GET,
	COST_EMPTY_DEL,
	COST_FIRST,		/* one call: set that makes the packet's store */
	COST_NEW,
	COST_OVERWRITE,
	COST_GET,
	COST_IS_SET,
	COST_DEL,
	COST_SETS,		/* one call: overwrites 4 keys */
	COST_GETS,		/* one call: reads 4 keys */
	COST_OPS,
};

#define COST_CALLS	16

struct cost_calls {
	unsigned long long least[COST_OPS];	/* instructions; 0: never measured */
	unsigned long long rounds, errors;
};

/* What is measured: veth_poll() on one device, and process_backlog() behind it */
enum cost_window { COST_VETH, COST_BACKLOG, COST_WINDOWS };

/* One run of it */
struct cost_poll {
	unsigned long long instructions;
	unsigned int packets, unused;
};

#define COST_POLLS	4096

/* Ethernet and IP */
struct cost_headers {
	unsigned char byte[34];
};

struct cost_setup {
	int watched;		/* device whose NAPI is watched */
	int outlet;		/* its peer, which gets packets to there */
	struct cost_headers headers;
};

/* The variables of cost_path.bpf.c */
struct cost_sums {
	unsigned long long begun[COST_WINDOWS];	/* clock at the last begin */
	unsigned int polls[COST_WINDOWS];
	unsigned long long right, wrong;	/* values that came with a packet */
};

#endif
