/* SPDX-License-Identifier: GPL-2.0 */
/* AF_XDP sockets for all receive queues of a device. */
#ifndef VT_XSKS_H
#define VT_XSKS_H

#include "xsk.h"
#include "xsk_ops.h"

struct vt_xsks {
	const char *ns, *dev;
	int map;			/* of the XDP program, that has them by queue */
	struct vt_xsk *xs[XSK_QUEUES];
	unsigned int n;
	unsigned int queue;		/* of the latest packet */
};

/*
 * Returns false, with errno, and nothing is open then, if the driver does not do it.
 * @zero_copy: the driver receives into their memory
 */
bool vt_xsks_open(struct vt_xsks *s, const char *ns, const char *dev, int map, bool zero_copy);
void vt_xsks_close(struct vt_xsks *s);

/* The next packet of any of them; see vt_xsk_next(). */
const void *vt_xsks_next(struct vt_xsks *s, unsigned int *len);

#endif
