// SPDX-License-Identifier: GPL-2.0

#include "xsks.h"

#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>

#include "nic.h"
#include "vt.h"

static bool open_next(struct vt_xsks *s, bool zero_copy)
{
	struct vt_xsk *xs = vt_xsk(s->ns, s->dev, s->n, zero_copy);
	int fd;

	if (!xs)
		return false;
	fd = vt_xsk_fd(xs);
	if (bpf_map_update_elem(s->map, &s->n, &fd, BPF_ANY))
		vt_die("AF_XDP: %s", strerror(errno));
	s->xs[s->n++] = xs;
	return true;
}

bool vt_xsks_open(struct vt_xsks *s, const char *ns, const char *dev, int map, bool zero_copy)
{
	int err;

	*s = (struct vt_xsks){ .ns = ns, .dev = dev, .map = map };
	while (s->n < XSK_QUEUES && !vt_try("ip netns exec %s test -d /sys/class/net/%s/queues/rx-%u",
					    ns, dev, s->n)) {
		if (!open_next(s, zero_copy)) {
			err = errno;
			vt_xsks_close(s);
			errno = err;
			return false;
		}
	}
	vt_nic_wait_carrier(ns, dev);
	return true;
}

void vt_xsks_close(struct vt_xsks *s)
{
	unsigned int q;

	for (q = 0; q < s->n; q++) {
		bpf_map_delete_elem(s->map, &q);
		vt_xsk_close(s->xs[q]);
	}
	s->n = 0;
	vt_nic_wait_carrier(s->ns, s->dev);
}

const void *vt_xsks_next(struct vt_xsks *s, unsigned int *len)
{
	const void *packet;

	for (s->queue = 0; s->queue < s->n; s->queue++) {
		packet = vt_xsk_next(s->xs[s->queue], len);
		if (packet)
			return packet;
	}
	return NULL;
}
