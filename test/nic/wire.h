/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cable. Its other end is a stream socket as QEMU's "-netdev stream" has it: each frame comes behind its
 * length, four bytes in network byte order. So no frame is ever lost on it: while the device has no buffer
 * for a frame, nothing more is read, and who sends has to wait.
 *
 * A frame to 02:00:00:00:ff:ff with Ethernet type 0x88b5 is a command to the wire, and its answer comes back
 * in a frame from there to who sent it:
 *
 *	link down	ok; frames of both directions are dropped from now on
 *	link up		ok
 *	stats		ok received N transmitted N dropped N faults N
 *			received: frames that the device took, also those that it then dropped as a device
 *			does; transmitted: frames that its driver sent; dropped: of both, without link, and
 *			transmitted ones while nothing was connected; faults: calls of nic_fault()
 *	anything else	error unknown command
 */
#ifndef TEST_NIC_WIRE_H
#define TEST_NIC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct nic;

enum {
	WIRE_IN		= 1 << 18,	/* bytes read ahead */
	WIRE_OUT_MAX	= 1 << 28,	/* bytes that may wait for who reads too slowly */
	WIRE_PRIORITY	= 64,		/* frames until registers have their turn again */
	WIRE_MIN	= 60,		/* Ethernet's shortest frame: shorter ones are padded */
};

/**
 * struct wire - the connection
 * @listen_fd: waits for the peer; closed when it has come
 * @fd: the peer; -1: not there yet, or gone
 * @blocked: the device has no buffer for the next frame
 * @start, @end: what of @in is to be taken
 * @out_start, @out_end: what of @out is to be sent
 */
struct wire {
	int listen_fd, fd;
	bool blocked;
	size_t start, end;
	uint8_t *out;
	size_t out_start, out_end, out_size;
	uint64_t received, transmitted, dropped;
	uint8_t in[WIRE_IN];
};

void wire_init(struct wire *wire);
void wire_exit(struct wire *wire);

/* wire_accept - takes the peer that has come */
void wire_accept(struct nic *nic);

/* wire_receive - reads what the peer has sent */
void wire_receive(struct nic *nic);

/* wire_offer - gives frames to the device; true: more wait, and could be taken */
bool wire_offer(struct nic *nic);

/* wire_send - queues a frame for the peer; wire_flush() sends what the socket takes */
void wire_send(struct nic *nic, const struct iovec *iov, unsigned int n);
void wire_flush(struct nic *nic);

#endif
