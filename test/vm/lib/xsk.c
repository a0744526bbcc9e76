// SPDX-License-Identifier: GPL-2.0

#include "xsk.h"

#include <errno.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vt.h"

#ifndef SOL_XDP
#define SOL_XDP	283
#endif
#ifndef AF_XDP
#define AF_XDP	44
#endif

#define FRAME	VT_XSK_CHUNK
#define FRAMES	VT_XSK_CHUNKS	/* to receive; also of each ring: none is ever full */
#define ALL	(FRAMES + VT_XSK_PLACES)

struct ring {
	void *map;
	size_t size;
	uint32_t *producer, *consumer;
	void *desc;
};

struct vt_xsk {
	int fd;
	uint8_t *umem;
	struct ring fill, completion, rx, tx;
	bool holds;		/* the last packet */
	uint64_t held;
};

static bool map_ring(struct vt_xsk *xs, struct ring *r, const struct xdp_ring_offset *at,
		     size_t entry, uint64_t where)
{
	r->size = at->desc + FRAMES * entry;
	r->map = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, xs->fd,
		      where);
	if (r->map == MAP_FAILED) {
		r->map = NULL;
		return false;
	}
	r->producer = r->map + at->producer;
	r->consumer = r->map + at->consumer;
	r->desc = r->map + at->desc;
	return true;
}

/* struct xdp_umem_reg of 6.8; older kernels do not look at what is behind theirs */
struct umem_reg {
	uint64_t addr, len;
	uint32_t chunk_size, headroom, flags, tx_metadata_len;
};

static bool make_rings(struct vt_xsk *xs, unsigned int metadata_len)
{
	struct umem_reg umem = {
		.addr = (uintptr_t)xs->umem, .len = ALL * FRAME, .chunk_size = FRAME,
		.flags = metadata_len ? VT_XSK_METADATA_LEN | VT_XSK_SW_CSUM : 0,
		.tx_metadata_len = metadata_len,
	};
	struct xdp_mmap_offsets at;
	socklen_t size = sizeof(at);
	int n = FRAMES;

	return !setsockopt(xs->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)) &&
	       !setsockopt(xs->fd, SOL_XDP, XDP_UMEM_FILL_RING, &n, sizeof(n)) &&
	       !setsockopt(xs->fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, &n, sizeof(n)) &&
	       !setsockopt(xs->fd, SOL_XDP, XDP_RX_RING, &n, sizeof(n)) &&
	       !setsockopt(xs->fd, SOL_XDP, XDP_TX_RING, &n, sizeof(n)) &&
	       !getsockopt(xs->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &size) &&
	       map_ring(xs, &xs->fill, &at.fr, sizeof(uint64_t), XDP_UMEM_PGOFF_FILL_RING) &&
	       map_ring(xs, &xs->completion, &at.cr, sizeof(uint64_t),
			XDP_UMEM_PGOFF_COMPLETION_RING) &&
	       map_ring(xs, &xs->rx, &at.rx, sizeof(struct xdp_desc), XDP_PGOFF_RX_RING) &&
	       map_ring(xs, &xs->tx, &at.tx, sizeof(struct xdp_desc), XDP_PGOFF_TX_RING);
}

static void give(struct vt_xsk *xs, uint64_t addr)
{
	uint64_t *slot = xs->fill.desc;
	uint32_t at = *xs->fill.producer;

	slot[at % FRAMES] = addr;
	/* The kernel reads the slot when it sees that it is filled. */
	__atomic_store_n(xs->fill.producer, at + 1, __ATOMIC_RELEASE);
}

struct attempt {
	int fd, err;
	const struct sockaddr_xdp *at;
};

static bool attempt_bind(void *arg)
{
	struct attempt *a = arg;

	a->err = bind(a->fd, (void *)a->at, sizeof(*a->at)) ? errno : 0;
	return a->err != EBUSY;
}

/* A queue is busy until the kernel has let go of a socket that was closed, which it does later. */
static int bind_queue(int fd, const struct sockaddr_xdp *at)
{
	struct attempt a = { .fd = fd, .at = at };

	vt_wait_until(attempt_bind, &a, 10000);
	return a.err;
}

struct vt_xsk *vt_xsk(const char *ns, const char *dev, unsigned int queue, bool zero_copy)
{
	return vt_xsk_sender(ns, dev, queue, zero_copy, 0);
}

struct vt_xsk *vt_xsk_sender(const char *ns, const char *dev, unsigned int queue, bool zero_copy,
			     unsigned int metadata_len)
{
	struct sockaddr_xdp at = {
		.sxdp_family = AF_XDP, .sxdp_queue_id = queue,
		.sxdp_flags = zero_copy ? XDP_ZEROCOPY : XDP_COPY,
	};
	struct vt_xsk *xs = calloc(1, sizeof(*xs));
	int here = vt_ns_enter(ns), err = 0;
	uint64_t i;

	if (!xs)
		vt_die("AF_XDP: no memory");
	xs->fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	xs->umem = mmap(NULL, ALL * FRAME, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (xs->fd < 0 || xs->umem == MAP_FAILED)
		vt_die("AF_XDP: %s", strerror(errno));
	if (!make_rings(xs, metadata_len))
		err = errno;
	if (err && !metadata_len)
		vt_die("AF_XDP: %s", strerror(err));
	for (i = 0; !err && i < FRAMES; i++)
		give(xs, i * FRAME);
	at.sxdp_ifindex = if_nametoindex(dev);
	if (!err)
		err = bind_queue(xs->fd, &at);
	vt_ns_leave(here);
	if (!err)
		return xs;
	vt_xsk_close(xs);
	errno = err;
	return NULL;
}

static void unmap(struct ring *r)
{
	if (r->map)
		munmap(r->map, r->size);
}

void vt_xsk_close(struct vt_xsk *xs)
{
	unmap(&xs->fill);
	unmap(&xs->completion);
	unmap(&xs->rx);
	unmap(&xs->tx);
	close(xs->fd);
	munmap(xs->umem, ALL * FRAME);
	free(xs);
}

int vt_xsk_fd(const struct vt_xsk *xs)
{
	return xs->fd;
}

uint8_t *vt_xsk_memory(const struct vt_xsk *xs)
{
	return xs->umem;
}

const void *vt_xsk_next(struct vt_xsk *xs, unsigned int *len)
{
	uint32_t at = *xs->rx.consumer;
	struct xdp_desc *desc;

	if (xs->holds)
		give(xs, xs->held);
	xs->holds = at != __atomic_load_n(xs->rx.producer, __ATOMIC_ACQUIRE);
	if (!xs->holds)
		return NULL;
	desc = (struct xdp_desc *)xs->rx.desc + at % FRAMES;
	/* Aligned chunks: the kernel takes any address in one. */
	xs->held = desc->addr / FRAME * FRAME;
	*len = desc->len;
	__atomic_store_n(xs->rx.consumer, at + 1, __ATOMIC_RELEASE);
	return xs->umem + desc->addr;
}

void *vt_xsk_place(struct vt_xsk *xs, unsigned int n)
{
	return xs->umem + (FRAMES + n % VT_XSK_PLACES) * FRAME + VT_XSK_FRONT;
}

bool vt_xsk_send(struct vt_xsk *xs, const void *packet, unsigned int len, unsigned int options)
{
	uint32_t at = *xs->tx.producer, done = *xs->completion.consumer;
	struct xdp_desc *desc = (struct xdp_desc *)xs->tx.desc + at % FRAMES;

	*desc = (struct xdp_desc){
		.addr = (const uint8_t *)packet - xs->umem, .len = len, .options = options,
	};
	__atomic_store_n(xs->tx.producer, at + 1, __ATOMIC_RELEASE);
	do {
		if (sendto(xs->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 && errno != EAGAIN &&
		    errno != EBUSY)
			return false;
	} while (__atomic_load_n(xs->completion.producer, __ATOMIC_ACQUIRE) == done);
	__atomic_store_n(xs->completion.consumer, done + 1, __ATOMIC_RELEASE);
	return true;
}
