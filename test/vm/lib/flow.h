/* SPDX-License-Identifier: GPL-2.0 */
/* Frames with right checksums, as a network would bring them, sent past the IP stack. */
#ifndef VT_FLOW_H
#define VT_FLOW_H

#include <stdint.h>

#define VT_FRAME_MAX	9216

/* From 10.1.0.1 to 10.1.0.2, or fd01::1 to fd01::2. */
struct vt_flow {
	uint8_t to[6], from[6];		/* Ethernet addresses */
	int family;			/* AF_INET or AF_INET6 */
	int protocol;			/* IPPROTO_UDP, IPPROTO_TCP */
	unsigned int vlan;		/* 802.1Q; 0: no tag */
	uint16_t source, port;		/* ports */
	uint8_t net;			/* IPv4: goes to 10.net.0.2; 0: to 10.1.0.2 */
};

/* To port @port of the card at the other end of the wire "right" of namespace a. */
struct vt_flow vt_flow(int family, int protocol, unsigned int vlan, uint16_t port);

/* Bytes in front of the payload. */
unsigned int vt_flow_headers(const struct vt_flow *flow);

/* Writes a frame; @seq is TCP's sequence number. Returns its length. */
unsigned int vt_flow_frame(const struct vt_flow *flow, void *frame, uint32_t seq,
			   const void *payload, unsigned int len);

/*
 * The hash of a frame's addresses and ports that network cards make with the key
 * that Microsoft's specification publishes.
 */
uint32_t vt_flow_toeplitz(const struct vt_flow *flow);

/* Sends frames by a device, many with one call. Nothing is lost: it waits where it has to. */
struct vt_wire;
struct vt_wire *vt_wire(const char *ns, const char *dev);
void vt_wire_put(struct vt_wire *w, const void *frame, unsigned int len);
void vt_wire_flush(struct vt_wire *w);
void vt_wire_close(struct vt_wire *w);

#endif
