/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The server of the vfio-user protocol, as much of it as QEMU's vfio-user-pci needs: one client on a unix
 * stream socket, whose commands are answered in order.
 *
 * BARs cannot be mapped by the client, so that each register access is a message. What is unknown or makes
 * no sense is answered with an errno; a stream that has lost its framing ends the connection.
 */
#ifndef TEST_NIC_VFU_H
#define TEST_NIC_VFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nic;

enum {
	VFU_FDS		= 16,		/* file descriptors of a message */
	VFU_DATA	= 65536,	/* bytes that a REGION_READ or _WRITE may carry */
	VFU_MESSAGE	= VFU_DATA + 32,
};

/**
 * struct vfu - the connection
 * @listen_fd: waits for the client; closed when it has come
 * @fd: the client; -1: not there yet, or gone
 * @hello: it has said VERSION
 * @lost_order: it left in the middle of a message, or made no sense of the stream
 * @have: bytes of @msg that have come; a message may come in pieces
 * @fds: those that came with it
 * @lost_fds: more came than VFU_FDS
 * @irq: eventfd of each MSI-X vector; -1: none
 */
struct vfu {
	int listen_fd, fd;
	bool hello, lost_order;
	size_t have;
	int fds[VFU_FDS];
	unsigned int n_fds;
	bool lost_fds;
	int *irq;
	unsigned int n_irqs;
	uint8_t msg[VFU_MESSAGE];
};

/* vfu_init - no client yet; vfu_exit() closes all */
void vfu_init(struct vfu *vfu, unsigned int vectors);
void vfu_exit(struct vfu *vfu);

/* vfu_accept - takes the client that has come */
void vfu_accept(struct nic *nic);

/* vfu_receive - takes what the client has sent; answers if that completes a message */
void vfu_receive(struct nic *nic);

#endif
