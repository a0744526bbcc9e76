/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The matrix: what becomes of traits at each event in a packet's life. A case
 * names events; for each of them, and for traits of 0, 4, 8 and 16 bytes and for
 * a store that takes all the room there is, it sends MX_PACKETS packets with
 * traits and as many bare ones, one after the other. Exactly these have to
 * arrive at each reader, all with the same result, and the module's counters
 * have to account for every trait that is not there. Each of these cells prints
 * one line of JSON, which test/matrix collects.
 */
#ifndef VT_MATRIX_H
#define VT_MATRIX_H

#include <stdbool.h>
#include <linux/traits.h>

#include "flow.h"
#include "matrix_ops.h"

#define MX_READERS	6
#define MX_PORTS	4
#define MX_PORT		7000

enum mx_at {
	MX_XDP,			/* native */
	MX_XDP_FRAGS,		/* native, takes packets in more than one buffer */
	MX_XDP_GENERIC,
	MX_DISPATCHED,		/* XDP: first sets, then checks, behind a dispatcher */
	MX_TC_INGRESS,
	MX_TC_EGRESS,
	MX_RECEIVE,		/* tp_btf: top of the stack */
	MX_FREE,		/* tp_btf: kfree_skb */
	MX_DEVMAP_EGRESS,	/* the program of the devmap's entries */
	MX_CPUMAP_XDP,		/* the program of the cpumap's entry */
	MX_TAIL,		/* tail call from the program that sets */
};

/* A device of a network namespace, and the program there. */
struct mx_place {
	const char *ns, *dev;
	enum mx_at at;
	enum mx_action action;	/* XDP */
	int mark;		/* see struct mx_conf; 0: the last 8 bytes */
	unsigned int times;	/* how often each packet comes by; 0: once */
	unsigned int one_of;	/* of how many packets one comes by; 0: each */
	bool along;		/* on the way to another reader, so not added up */
	bool blind;		/* has to see the packets, and may or may not see traits */
	bool merged;		/* by GRO */
	bool absent;		/* the policy is that nothing is seen here */
	unsigned int again;	/* so many with traits, and as many bare ones, come once more */
	bool once;		/* set: not when they come once more */
	unsigned int without;	/* so many packets have no traits, as the policy is */
	unsigned int queues;	/* XDP: packets have to come by so many receive queues at least */
};

enum mx_result {
	MX_SAME,		/* full: as the other sizes */
	MX_KEPT,		/* all arrive with their traits */
	MX_POLICY,		/* as the key's policy says */
	MX_LOST,		/* all arrive without, and are counted */
};

#define MX_UNCOUNTED	-1

struct mx_want {
	enum mx_result result;
	int counter;		/* lost: one of TRAITS_STAT_*, or MX_UNCOUNTED */
};

/* Of all keys */
struct mx_policy {
	enum traits_gro gro;
	enum traits_clone clone;
	enum traits_netns netns;
};

struct mx_event {
	const char *name;
	struct mx_policy policy;
	void (*set_up)(const struct mx_event *event);
	void (*tear_down)(const struct mx_event *event);
	const char *with[3];	/* what @set_up wants to know */

	/* The datagrams' way; each has to arrive if @sink names a namespace. */
	const char *from, *to, *sink;
	const char *receiver;	/* namespace at the other end of mx_send_tcp() */
	unsigned int payload;	/* bytes, a multiple of 8; 0: 80 */
	unsigned int run;	/* how many packets are alike in a row; 0: every second is bare */
	struct vt_flow flow;	/* of mx_send_frames() */
	unsigned int flows;	/* and how many of them, by source port; 0: one */
	/* Sends the cell's packets, with sequence numbers from @first on; NULL: mx_send_udp */
	void (*send)(const struct mx_event *event, unsigned int first);

	struct mx_place set;
	struct mx_place read[MX_READERS];	/* up to the first without device */
	struct {				/* where redirects go, up to the first without name */
		const char *ns, *dev;
	} port[MX_PORTS];

	struct mx_want want, full;
};

/* Runs the events, in a namespace where all that they need is there. */
void mx_run(const struct mx_event *events, unsigned int n);

/* Whether the device takes the program that sets there; it is taken away again. */
bool mx_attachable(const struct mx_place *place);

/* Commands in a namespace, without the price of ip-netns-exec: lines for ip and tc, ethtool -K. */
void mx_ip(const char *ns, const char *lines, ...) __attribute__((format(printf, 2, 3)));
void mx_tc(const char *ns, const char *lines, ...) __attribute__((format(printf, 2, 3)));
void mx_ethtool(const char *ns, const char *dev, const char *features);
/* traitctl dev set */
void mx_headroom(const char *ns, const char *dev, unsigned int bytes);
void mx_sysctl(const char *ns, const char *path, const char *value);

/* On a slow machine a segment is not sent twice because its answer is late. */
void mx_patient_tcp(void);

/* Fills @payload bytes with the mark of the cell's packet number @index. */
unsigned int mx_payload(const struct mx_event *event, void *buf, unsigned int payload,
			unsigned int first, unsigned int index);

/*
 * The first @n packets of the cell are sent: waits until they are where they
 * should be, so that no queue overflows, however slow the machine is.
 */
void mx_sent(unsigned int n);

/* Each packet is a UDP datagram. */
void mx_send_udp(const struct mx_event *event, unsigned int first);

/* The same, 16 at a time, so that GRO can merge them. */
void mx_send_bursts(const struct mx_event *event, unsigned int first);

/*
 * Each packet is a frame of @event->flow, sent by device "right" of @event->from past
 * the IP stack, @event->run at a time.
 */
void mx_send_frames(const struct mx_event *event, unsigned int first);

/* Each packet is a TCP segment of a connection to @event->to in @event->receiver. */
void mx_send_tcp(const struct mx_event *event, unsigned int first);

#endif
