/* SPDX-License-Identifier: GPL-2.0 */
/* What each command of the vfio-user protocol does. */
#ifndef TEST_NIC_VFU_COMMAND_H
#define TEST_NIC_VFU_COMMAND_H

#include <stddef.h>
#include <stdint.h>

struct nic;

/**
 * struct vfu_request - a message and its answer
 * @in: what follows the header, @len bytes
 * @out: the answer's, VFU_MESSAGE bytes are there; @out_len are used
 * @fds: came with it; a command that keeps one puts -1 in its place
 */
struct vfu_request {
	uint16_t command;
	const uint8_t *in;
	size_t len;
	uint8_t *out;
	size_t out_len;
	int *fds;
	unsigned int n_fds;
};

/* vfu_command - does it; returns 0 or a negative errno */
int vfu_command(struct nic *nic, struct vfu_request *req);

#endif
