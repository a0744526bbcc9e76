/* SPDX-License-Identifier: GPL-2.0 */
/* AF_XDP sockets that receive. */
#ifndef VT_XSK_H
#define VT_XSK_H

#include <stdbool.h>

struct vt_xsk;

/*
 * A socket for one queue of a device; NULL, and errno, if the driver does not do it.
 * @zero_copy: the driver receives into its memory
 */
struct vt_xsk *vt_xsk(const char *ns, const char *dev, unsigned int queue, bool zero_copy);
void vt_xsk_close(struct vt_xsk *xs);

int vt_xsk_fd(const struct vt_xsk *xs);

/*
 * The next packet, and its length; NULL if none is there. It is good until the next
 * call. @xs gives its memory back then.
 */
const void *vt_xsk_next(struct vt_xsk *xs, unsigned int *len);

#endif
