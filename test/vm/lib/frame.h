/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that no socket sends. */
#ifndef VT_FRAME_H
#define VT_FRAME_H

/*
 * Writes an Ethernet frame with IPv4, UDP to @port, and @payload bytes that
 * begin with struct script_seq for @seq; returns its length, which is 42 more
 * than @payload.
 */
unsigned int vt_frame(void *buf, unsigned int port, unsigned int seq, unsigned int payload);

#endif
