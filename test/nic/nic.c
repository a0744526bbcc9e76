// SPDX-License-Identifier: GPL-2.0
/* The device between its client, its model and its cable: what models call, and the loop. */
#include "nic.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS		10000000ull
/* A model that stumbles over each packet fills no disk. */
#define FAULTS_SHOWN	200

void *nic_priv(struct nic *nic)
{
	return nic->priv;
}

uint64_t nic_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void say(struct nic *nic, const char *what, const char *fmt, va_list args)
{
	uint64_t us = nic_now() / 1000;

	fprintf(stderr, "%6llu.%06llu %s: %s", (unsigned long long)us / 1000000,
		(unsigned long long)us % 1000000, nic->ops->name, what);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void nic_fault(struct nic *nic, const char *fmt, ...)
{
	va_list args;

	if (nic->faults++ >= FAULTS_SHOWN)
		return;
	va_start(args, fmt);
	say(nic, "fault: ", fmt, args);
	va_end(args);
}

void nic_log(struct nic *nic, const char *fmt, ...)
{
	va_list args;

	if (!nic->verbose)
		return;
	va_start(args, fmt);
	say(nic, "", fmt, args);
	va_end(args);
}

void *nic_dma(struct nic *nic, uint64_t addr, size_t len)
{
	uint8_t *mem = dma_find(&nic->dma, addr, len, DMA_READ | DMA_WRITE);

	if (!mem)
		nic_fault(nic, "no memory of %zu bytes at %#llx", len, (unsigned long long)addr);
	return mem;
}

bool nic_dma_read(struct nic *nic, uint64_t addr, void *buf, size_t len)
{
	if (dma_copy(&nic->dma, addr, buf, len, DMA_READ))
		return true;
	memset(buf, 0, len);
	nic_fault(nic, "no memory to read %zu bytes at %#llx", len, (unsigned long long)addr);
	return false;
}

bool nic_dma_write(struct nic *nic, uint64_t addr, const void *buf, size_t len)
{
	if (dma_copy(&nic->dma, addr, (void *)buf, len, DMA_WRITE))
		return true;
	nic_fault(nic, "no memory to write %zu bytes at %#llx", len, (unsigned long long)addr);
	return false;
}

void nic_irq(struct nic *nic, unsigned int vector)
{
	uint64_t one = 1;

	if (vector >= nic->vfu.n_irqs) {
		nic_fault(nic, "no interrupt vector %u", vector);
		return;
	}
	if (nic->vfu.irq[vector] >= 0 &&
	    write(nic->vfu.irq[vector], &one, sizeof(one)) != sizeof(one))
		nic_fault(nic, "interrupt vector %u: %m", vector);
}

void nic_transmit(struct nic *nic, const struct iovec *iov, unsigned int n)
{
	size_t len = 0;

	for (unsigned int i = 0; i < n; i++)
		len += iov[i].iov_len;
	if (len < 14 || len > NIC_FRAME_MAX) {
		nic_fault(nic, "the driver sends a frame of %zu bytes", len);
		return;
	}
	if (!nic->link_up) {
		nic->wire.dropped++;
		return;
	}
	nic->wire.transmitted++;
	wire_send(nic, iov, n);
}

void nic_receive_again(struct nic *nic)
{
	nic->wire.blocked = false;
}

bool nic_link_up(const struct nic *nic)
{
	return nic->link_up;
}

void nic_set_link(struct nic *nic, bool up)
{
	if (nic->link_up == up)
		return;
	nic->link_up = up;
	nic_log(nic, "link %s", up ? "up" : "down");
	nic->ops->link(nic, up);
}

void nic_reset(struct nic *nic)
{
	nic_log(nic, "reset");
	config_reset(&nic->config, nic->ops);
	/* What the cable holds may fit again, or be dropped. */
	nic->wire.blocked = false;
	nic->ops->reset(nic);
}

void nic_init(struct nic *nic, const struct nic_ops *ops)
{
	memset(nic, 0, sizeof(*nic));
	nic->ops = ops;
	nic->link_up = true;
	nic->priv = calloc(1, ops->priv_size ?: 1);
	if (!nic->priv)
		abort();
	vfu_init(&nic->vfu, ops->msix_vectors);
	wire_init(&nic->wire);
}

void nic_exit(struct nic *nic)
{
	vfu_exit(&nic->vfu);
	wire_exit(&nic->wire);
	dma_unmap_all(&nic->dma);
	free(nic->priv);
}

static int until_tick(struct nic *nic)
{
	uint64_t now = nic_now();

	if (!nic->ops->tick)
		return -1;
	if (now < nic->next_tick)
		return (nic->next_tick - now) / 1000000 + 1;
	nic->next_tick = now + TICK_NS;
	nic->ops->tick(nic);
	return TICK_NS / 1000000;
}

/* What to wait for on the cable; a blocked one not even for its end, which would be told again and again. */
static struct pollfd wire_events(const struct wire *wire)
{
	struct pollfd p = { .fd = wire->fd };

	if (wire->listen_fd >= 0)
		return (struct pollfd){ .fd = wire->listen_fd, .events = POLLIN };
	if (!wire->blocked)
		p.events |= POLLIN;
	if (wire->out_start < wire->out_end)
		p.events |= POLLOUT;
	if (!p.events)
		p.fd = -1;
	return p;
}

static void wait_for_events(struct nic *nic, int timeout)
{
	struct vfu *vfu = &nic->vfu;
	struct wire *wire = &nic->wire;
	struct pollfd p[2] = {
		{ .fd = vfu->fd >= 0 ? vfu->fd : vfu->listen_fd, .events = POLLIN },
		wire_events(wire),
	};

	if (poll(p, 2, timeout) <= 0)
		return;
	if (p[0].revents) {
		if (vfu->fd >= 0)
			vfu_receive(nic);
		else
			vfu_accept(nic);
	}
	if (p[1].revents & ~POLLOUT) {
		if (p[1].fd == wire->listen_fd)
			wire_accept(nic);
		else if (!wire->blocked)
			wire_receive(nic);
	}
}

bool nic_serve(struct nic *nic)
{
	bool more;
	int timeout;

	nic_reset(nic);
	while (nic->vfu.fd >= 0 || nic->vfu.listen_fd >= 0) {
		timeout = until_tick(nic);
		more = wire_offer(nic);
		wire_flush(nic);
		wait_for_events(nic, more ? 0 : timeout);
	}
	return !nic->vfu.lost_order && !nic->faults;
}
