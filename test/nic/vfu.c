// SPDX-License-Identifier: GPL-2.0
/* The connection: messages in pieces, their file descriptors, replies. */
#include "vfu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nic.h"
#include "vfu-command.h"
#include "vfu-proto.h"

/* The client always reads replies; one that does not must not stop the model for ever. */
#define REPLY_MS 10000

void vfu_init(struct vfu *vfu, unsigned int vectors)
{
	vfu->listen_fd = -1;
	vfu->fd = -1;
	vfu->irq = calloc(vectors, sizeof(*vfu->irq));
	if (!vfu->irq)
		abort();
	vfu->n_irqs = vectors;
	for (unsigned int i = 0; i < vectors; i++)
		vfu->irq[i] = -1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void drop_fds(struct vfu *vfu)
{
	for (unsigned int i = 0; i < vfu->n_fds; i++)
		close_fd(&vfu->fds[i]);
	vfu->n_fds = 0;
	vfu->lost_fds = false;
}

static void hang_up(struct nic *nic)
{
	close_fd(&nic->vfu.fd);
	drop_fds(&nic->vfu);
}

void vfu_exit(struct vfu *vfu)
{
	close_fd(&vfu->listen_fd);
	close_fd(&vfu->fd);
	drop_fds(vfu);
	for (unsigned int i = 0; i < vfu->n_irqs; i++)
		close_fd(&vfu->irq[i]);
	free(vfu->irq);
}

void vfu_accept(struct nic *nic)
{
	struct vfu *vfu = &nic->vfu;

	vfu->fd = accept4(vfu->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (vfu->fd < 0)
		return;
	close_fd(&vfu->listen_fd);
	nic_log(nic, "client connected");
	nic_reset(nic);
}

static void take_fds(struct vfu *vfu, struct msghdr *msg)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		int *fd = (int *)CMSG_DATA(c);
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(*fd); n; n--, fd++) {
			if (vfu->n_fds < VFU_FDS) {
				vfu->fds[vfu->n_fds++] = *fd;
			} else {
				vfu->lost_fds = true;
				close(*fd);
			}
		}
	}
	if (msg->msg_flags & MSG_CTRUNC)
		vfu->lost_fds = true;
}

/*
 * Reads until @vfu->msg has @want bytes. Never more: what belongs to the next message would bring that
 * one's file descriptors.
 *
 * Return: true if it has.
 */
static bool fill(struct nic *nic, size_t want)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(VFU_FDS * sizeof(int))];
	} control;
	struct vfu *vfu = &nic->vfu;

	while (vfu->have < want) {
		struct iovec iov = { vfu->msg + vfu->have, want - vfu->have };
		struct msghdr msg = {
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = &control, .msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(vfu->fd, &msg, MSG_CMSG_CLOEXEC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		take_fds(vfu, &msg);
		if (n <= 0) {
			nic_log(nic, "client disconnected%s", vfu->have ? " in a message" : "");
			vfu->lost_order |= vfu->have || n < 0;
			hang_up(nic);
			return false;
		}
		vfu->have += n;
	}
	return true;
}

static void reply(struct nic *nic, const struct vfu_header *request, const void *body, size_t len,
		  int err)
{
	struct vfu_header head = {
		.id = request->id, .command = request->command, .size = sizeof(head) + len,
		.flags = VFU_REPLY | (err ? VFU_ERROR : 0), .error = -err,
	};
	struct iovec iov[2] = { { &head, sizeof(head) }, { (void *)body, len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	struct vfu *vfu = &nic->vfu;
	struct pollfd ready = { .fd = vfu->fd, .events = POLLOUT };

	for (;;) {
		ssize_t n = sendmsg(vfu->fd, &msg, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno != EAGAIN || poll(&ready, 1, REPLY_MS) != 1)) {
			nic_log(nic, "no reply possible: %m");
			vfu->lost_order = true;
			hang_up(nic);
			return;
		}
		if (n < 0)
			continue;
		for (unsigned int i = 0; i < 2; i++) {
			size_t part = (size_t)n < iov[i].iov_len ? (size_t)n : iov[i].iov_len;

			iov[i].iov_base = (char *)iov[i].iov_base + part;
			iov[i].iov_len -= part;
			n -= part;
		}
		if (!iov[0].iov_len && !iov[1].iov_len)
			return;
	}
}

static void run(struct nic *nic, const struct vfu_header *head)
{
	static uint8_t out[VFU_MESSAGE];
	struct vfu *vfu = &nic->vfu;
	struct vfu_request req = {
		.command = head->command, .in = vfu->msg + sizeof(*head),
		.len = head->size - sizeof(*head), .out = out,
		.fds = vfu->fds, .n_fds = vfu->n_fds,
	};
	int err;

	if (vfu->lost_fds)
		err = -EMFILE;
	else if (!vfu->hello && head->command != VFU_VERSION)
		err = -EPROTO;
	else
		err = vfu_command(nic, &req);
	if (err)
		nic_log(nic, "command %u of %u bytes: %s", head->command, head->size,
			strerror(-err));
	else if (head->command == VFU_VERSION)
		vfu->hello = true;
	/* Before the client goes on, which may count them. */
	drop_fds(vfu);
	if (!(head->flags & VFU_NO_REPLY))
		reply(nic, head, out, err ? 0 : req.out_len, err);
}

void vfu_receive(struct nic *nic)
{
	struct vfu *vfu = &nic->vfu;
	struct vfu_header head;

	if (!fill(nic, sizeof(head)))
		return;
	memcpy(&head, vfu->msg, sizeof(head));
	if (head.size < sizeof(head) || head.size > VFU_MESSAGE) {
		/* Nobody knows where the next message begins. */
		nic_log(nic, "message of %u bytes", head.size);
		reply(nic, &head, NULL, 0, -EMSGSIZE);
		vfu->lost_order = true;
		hang_up(nic);
		return;
	}
	if (!fill(nic, head.size))
		return;
	/* The server asks nothing, so a reply answers nothing, and is not answered. */
	if (head.flags & VFU_TYPE)
		nic_log(nic, "message that is no command ignored");
	else
		run(nic, &head);
	drop_fds(vfu);
	vfu->have = 0;
}
