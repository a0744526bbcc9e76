// SPDX-License-Identifier: GPL-2.0
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "nic.h"

#define CONTROL_TYPE 0x88b5
static const uint8_t control_address[ETHER_ADDR_LEN] = { 0x02, 0x00, 0x00, 0x00, 0xff, 0xff };

void wire_init(struct wire *wire)
{
	wire->listen_fd = -1;
	wire->fd = -1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void wire_exit(struct wire *wire)
{
	close_fd(&wire->listen_fd);
	close_fd(&wire->fd);
	free(wire->out);
}

void wire_accept(struct nic *nic)
{
	struct wire *wire = &nic->wire;

	wire->fd = accept4(wire->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (wire->fd < 0)
		return;
	close_fd(&wire->listen_fd);
	nic_log(nic, "cable connected");
}

static void hang_up(struct nic *nic)
{
	struct wire *wire = &nic->wire;

	close_fd(&wire->fd);
	wire->start = wire->end = 0;
	wire->out_start = wire->out_end = 0;
}

void wire_receive(struct nic *nic)
{
	struct wire *wire = &nic->wire;
	ssize_t n;

	memmove(wire->in, wire->in + wire->start, wire->end - wire->start);
	wire->end -= wire->start;
	wire->start = 0;
	if (wire->end == WIRE_IN)
		return;
	n = recv(wire->fd, wire->in + wire->end, WIRE_IN - wire->end, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		wire->end += n;
		return;
	}
	/* A guest may be powered off while it sends: what it sent then is for nobody. */
	nic_log(nic, "cable disconnected, %zu bytes are not offered any more",
		wire->end - wire->start);
	hang_up(nic);
}

static void make_room(struct wire *wire, size_t len)
{
	if (wire->out_start == wire->out_end)
		wire->out_start = wire->out_end = 0;
	if (wire->out_size - wire->out_end >= len)
		return;
	if (wire->out_start) {
		memmove(wire->out, wire->out + wire->out_start, wire->out_end - wire->out_start);
		wire->out_end -= wire->out_start;
		wire->out_start = 0;
		if (wire->out_size - wire->out_end >= len)
			return;
	}
	wire->out_size = 2 * (wire->out_end + len);
	wire->out = realloc(wire->out, wire->out_size);
	if (!wire->out)
		abort();
}

void wire_send(struct nic *nic, const struct iovec *iov, unsigned int n)
{
	struct wire *wire = &nic->wire;
	size_t len = 0, padded;
	uint32_t size;

	for (unsigned int i = 0; i < n; i++)
		len += iov[i].iov_len;
	padded = len < WIRE_MIN ? WIRE_MIN : len;
	if (wire->fd < 0 || wire->out_end - wire->out_start > WIRE_OUT_MAX) {
		if (wire->fd >= 0)
			nic_fault(nic, "the cable's peer does not read");
		wire->dropped++;
		return;
	}
	make_room(wire, sizeof(size) + padded);
	size = htonl(padded);
	memcpy(wire->out + wire->out_end, &size, sizeof(size));
	wire->out_end += sizeof(size);
	for (unsigned int i = 0; i < n; i++) {
		memcpy(wire->out + wire->out_end, iov[i].iov_base, iov[i].iov_len);
		wire->out_end += iov[i].iov_len;
	}
	memset(wire->out + wire->out_end, 0, padded - len);
	wire->out_end += padded - len;
}

void wire_flush(struct nic *nic)
{
	struct wire *wire = &nic->wire;

	while (wire->fd >= 0 && wire->out_start < wire->out_end) {
		ssize_t n = send(wire->fd, wire->out + wire->out_start,
				 wire->out_end - wire->out_start, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			/* What it sent before it left is still read. */
			nic_log(nic, "the cable's peer does not listen: %m");
			wire->out_start = wire->out_end;
			return;
		}
		wire->out_start += n;
	}
}

static void control(struct nic *nic, const struct ether_header *request, size_t len)
{
	struct ether_header head = { .ether_type = htons(CONTROL_TYPE) };
	char command[32] = "", text[128] = "ok";
	struct iovec iov[2] = { { &head, sizeof(head) }, { text, 0 } };
	struct wire *wire = &nic->wire;

	len -= sizeof(*request);
	memcpy(command, request + 1, len < sizeof(command) ? len : sizeof(command) - 1);
	if (!strcmp(command, "link down"))
		nic_set_link(nic, false);
	else if (!strcmp(command, "link up"))
		nic_set_link(nic, true);
	else if (!strcmp(command, "stats"))
		snprintf(text, sizeof(text), "ok received %llu transmitted %llu dropped %llu faults %lu",
			 (unsigned long long)wire->received, (unsigned long long)wire->transmitted,
			 (unsigned long long)wire->dropped, nic->faults);
	else
		strcpy(text, "error unknown command");
	memcpy(head.ether_dhost, request->ether_shost, ETHER_ADDR_LEN);
	memcpy(head.ether_shost, control_address, ETHER_ADDR_LEN);
	iov[1].iov_len = strlen(text);
	wire_send(nic, iov, 2);
}

/* Returns 0 if the frame is done with, -EAGAIN if it has to wait. */
static int take(struct nic *nic, const uint8_t *data, size_t len)
{
	const struct ether_header *head = (const void *)data;
	uint8_t padded[WIRE_MIN] = { 0 };
	struct nic_frame frame;
	int err;

	if (!memcmp(head->ether_dhost, control_address, ETHER_ADDR_LEN) &&
	    head->ether_type == htons(CONTROL_TYPE)) {
		control(nic, head, len);
		return 0;
	}
	if (!nic->link_up) {
		nic->wire.dropped++;
		return 0;
	}
	if (len < WIRE_MIN) {
		memcpy(padded, data, len);
		data = padded;
		len = WIRE_MIN;
	}
	frame_parse(&frame, data, len);
	frame.timestamp = nic_now();
	err = nic->ops->receive(nic, &frame);
	if (!err)
		nic->wire.received++;
	else if (err != -EAGAIN)
		nic_fault(nic, "the model refuses a frame with %d", err);
	return err == -EAGAIN ? err : 0;
}

bool wire_offer(struct nic *nic)
{
	struct wire *wire = &nic->wire;
	unsigned int n;
	uint32_t size;

	for (n = 0; n < WIRE_PRIORITY && !wire->blocked; n++) {
		size_t have = wire->end - wire->start;

		if (have < sizeof(size))
			return false;
		memcpy(&size, wire->in + wire->start, sizeof(size));
		size = ntohl(size);
		if (size > WIRE_IN - sizeof(size)) {
			nic_fault(nic, "a frame of %u bytes on the cable", size);
			hang_up(nic);
			return false;
		}
		if (have < sizeof(size) + size)
			return false;
		if (size < ETHER_HDR_LEN || size > NIC_FRAME_MAX) {
			nic_fault(nic, "a frame of %u bytes on the cable", size);
		} else {
			/* Before the call: the model may have buffers again while it runs. */
			wire->blocked = true;
			if (!take(nic, wire->in + wire->start + sizeof(size), size))
				wire->blocked = false;
			else
				break;
		}
		wire->start += sizeof(size) + size;
	}
	return !wire->blocked;
}
