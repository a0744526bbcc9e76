/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of the device server, its cable and its parser: what they share. */
#ifndef TEST_NIC_UNIT_H
#define TEST_NIC_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../unit/ktap.h"
#include "device.h"
#include "vfu-proto.h"

extern const struct ktap_test frame_tests[], dma_tests[], server_tests[], hostile_tests_vfu[],
			      wire_tests[], fuzz_tests[], ice_tests[], ice_tx_tests[];

/*
 * A device whose registers, all of 8 bytes in BAR 0, do what their names say. Its BAR 2 has the MSI-X table.
 * A reset clears them.
 */
extern const struct nic_ops toy_ops;

enum toy_register {
	TOY_ID		= 0x00,		/* reads as TOY_IS */
	TOY_SCRATCH	= 0x08,
	TOY_IRQ		= 0x10,		/* raises the vector written */
	TOY_ADDR	= 0x18,		/* for the next three, up to 64 KiB */
	TOY_FILL	= 0x20,		/* writes so many bytes of TOY_BYTE to memory */
	TOY_SUM		= 0x28,		/* reads so many bytes; then reads as their sum */
	TOY_SEND	= 0x30,		/* sends so many bytes as a frame, in two pieces */
	TOY_BUFFERS	= 0x38,		/* so many more frames can be received */
	TOY_GOT		= 0x40,		/* frames received */
	TOY_GOT_ORDER	= 0x48,		/* of these, those whose number was the next */
	TOY_GOT_LEN	= 0x50,		/* length of the last one */
	TOY_LINK	= 0x58,		/* calls of .link so far */
	TOY_SEND_MANY	= 0x60,		/* sends so many frames of 1000 bytes, numbered */
	TOY_TOUCH	= 0x68,		/* writes a byte at the address, by nic_dma() for so many bytes */
	TOY_REGISTERS	= 0x70,
	TOY_IS		= 0x796f74,
	TOY_BYTE	= 0xa5,
	TOY_VECTORS	= 8,
	TOY_BAR		= 4096,
	TOY_DMA_MAX	= 65536,
};

/* A frame's number is in the four bytes behind its Ethernet header. */
enum { TOY_NUMBER = 14 };

/* A server in a process of its own, connected at both ends. */
struct client {
	int fd, wire;
	pid_t pid;
	uint16_t id;
};

struct client client_start(void);		/* has not said VERSION */
struct client client_ready(void);		/* has */

/* Leaves; returns how the server ended: its exit code, or 128 and the signal. */
int client_end(struct client *c);

/* Sends a message as it is. */
void client_send(struct client *c, const struct vfu_header *head, const void *body, size_t len,
		 const int *fds, unsigned int n_fds);

/*
 * Receives a reply to the last message; returns its errno, negative, or the number of bytes in @body. Its
 * header is checked.
 */
int client_reply(struct client *c, uint16_t command, void *body, size_t size);

/* Both: a command and its reply. */
int client_ask(struct client *c, uint16_t command, const void *body, size_t len, const int *fds,
	       unsigned int n_fds, void *answer, size_t size);

int client_map(struct client *c, uint64_t addr, uint64_t size, uint64_t offset, uint32_t flags,
	       int fd);
int client_unmap(struct client *c, uint64_t addr, uint64_t size, uint32_t flags);
int client_irqs(struct client *c, uint32_t flags, uint32_t index, uint32_t start, uint32_t count,
		const int *fds, unsigned int n_fds);

/* Any region; returns an errno or 0. */
int client_read(struct client *c, uint32_t region, uint64_t offset, void *data, uint32_t len);
int client_write(struct client *c, uint32_t region, uint64_t offset, const void *data, uint32_t len);

/* A register of the toy; these have to work. */
uint64_t toy_get(struct client *c, enum toy_register r);
void toy_set(struct client *c, enum toy_register r, uint64_t value);

/* The next frame that comes out of the cable; returns its length. */
size_t client_frame(struct client *c, uint8_t *frame, size_t size);

/*
 * A command to the wire; returns its answer. The server then has also read what was sent to the device
 * before.
 */
const char *client_tell(struct client *c, const char *text);

/* Open files of the server. */
unsigned int client_fds(const struct client *c);

/* A file of so many bytes, of memory; and what the process sees of it. */
int memory(size_t size, void *mapped);

#endif
