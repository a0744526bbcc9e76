/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that a veth's NAPI takes up in one go, so that what GRO makes of them is certain. */
#ifndef VT_BURST_H
#define VT_BURST_H

/* Payload of each packet of a burst over TCP: the n-th one's sequence number is n, modulo 64. */
#define VT_BURST_TCP	1025
#define VT_BURST_UDP	80

/*
 * Sends packets number 0 to @n - 1 from "right" of namespace a to @address and
 * @port, as one packet that the kernel segments before it gives it to the
 * device, whose own segmentation has to be off: vt_burst_device(). The numbers are
 * in the payload of UDP and the sequence number of TCP, which no socket sends.
 */
void vt_burst_udp(const char *address, unsigned int port, unsigned int n);
void vt_burst_tcp(const char *address, unsigned int port, unsigned int n);

/* Makes a device one that sends bursts, or forwards them. */
void vt_burst_device(const char *ns, const char *dev);

#endif
