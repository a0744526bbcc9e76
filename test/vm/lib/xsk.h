/* SPDX-License-Identifier: GPL-2.0 */
/* AF_XDP sockets that receive and send. */
#ifndef VT_XSK_H
#define VT_XSK_H

#include <stdbool.h>
#include <stdint.h>

/* In <linux/if_xdp.h> since 6.8 and later */
#define VT_XSK_SW_CSUM		(1 << 1)	/* XDP_UMEM_TX_SW_CSUM */
#define VT_XSK_METADATA_LEN	(1 << 2)	/* XDP_UMEM_TX_METADATA_LEN */
#define VT_XSK_METADATA		(1 << 1)	/* XDP_TX_METADATA */
#define VT_XSK_TIMESTAMP	(1 << 0)	/* XDP_TXMD_FLAGS_TIMESTAMP */
#define VT_XSK_CHECKSUM		(1 << 1)	/* XDP_TXMD_FLAGS_CHECKSUM */

/* struct xsk_tx_metadata */
struct vt_xsk_metadata {
	uint64_t flags;
	union {
		struct {
			uint16_t csum_start, csum_offset;
		};
		uint64_t tx_timestamp;
	};
	uint64_t launch_time;
};

struct vt_xsk;

/*
 * A socket for one queue of a device; NULL, and errno, if the driver does not do it.
 * @zero_copy: the driver receives into its memory
 */
struct vt_xsk *vt_xsk(const char *ns, const char *dev, unsigned int queue, bool zero_copy);
void vt_xsk_close(struct vt_xsk *xs);

/*
 * The same, for one that can send too. @metadata_len: tx_metadata_len; 0: none. NULL, and EINVAL,
 * also on kernels without that.
 */
struct vt_xsk *vt_xsk_sender(const char *ns, const char *dev, unsigned int queue, bool zero_copy,
			     unsigned int metadata_len);

int vt_xsk_fd(const struct vt_xsk *xs);

/*
 * The memory that it receives to: so many chunks, each of a page, which the kernel uses in turn.
 * In each a packet has VT_XSK_HEADROOM bytes in front of it.
 */
#define VT_XSK_CHUNK	4096
#define VT_XSK_CHUNKS	1024
#define VT_XSK_HEADROOM	256
uint8_t *vt_xsk_memory(const struct vt_xsk *xs);

/*
 * The next packet, and its length; NULL if none is there. It is good until the next
 * call. @xs gives its memory back then.
 */
const void *vt_xsk_next(struct vt_xsk *xs, unsigned int *len);

/*
 * Where a packet to be sent may begin: the middle of memory of a whole page. There are
 * VT_XSK_PLACES of them.
 */
#define VT_XSK_PLACES	64
#define VT_XSK_FRONT	2048	/* bytes in front of it, and from it on */
void *vt_xsk_place(struct vt_xsk *xs, unsigned int n);

/*
 * Sends a packet that is anywhere in the socket's memory, and waits until the kernel has done with
 * it. @options are those of the descriptor. Returns false, and errno, if the kernel does not
 * take it.
 */
bool vt_xsk_send(struct vt_xsk *xs, const void *packet, unsigned int len, unsigned int options);

#endif
