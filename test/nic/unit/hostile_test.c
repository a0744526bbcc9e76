// SPDX-License-Identifier: GPL-2.0
/* A client that sends nonsense: it is told so, and the server goes on as if nothing had been. */
#include <errno.h>
#include <linux/vfio.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "vfu.h"

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX
#define MSIX VFIO_PCI_MSIX_IRQ_INDEX
#define CONNECT (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define OFF (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)

/* What a client that has been told off can still do. */
static void works(struct client *c)
{
	CHECK(toy_get(c, TOY_ID) == TOY_IS, "the server does not work any more");
}

static void short_messages_are_refused(void)
{
	static const uint8_t zero[64];
	static const struct {
		uint16_t command;
		size_t fixed;
	} commands[] = {
		{ VFU_VERSION, 4 }, { VFU_DMA_MAP, 32 }, { VFU_DMA_UNMAP, 24 }, { VFU_GET_INFO, 16 },
		{ VFU_GET_REGION_INFO, 32 }, { VFU_GET_IRQ_INFO, 16 }, { VFU_SET_IRQS, 20 },
		{ VFU_REGION_READ, 16 }, { VFU_REGION_WRITE, 16 },
	};
	struct client c = client_ready();

	for (unsigned int i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		for (size_t len = 0; len < commands[i].fixed; len++)
			CHECK(client_ask(&c, commands[i].command, zero, len, NULL, 0, NULL, 0) ==
			      -EINVAL, "command %u of %zu bytes", commands[i].command, len);
	}
	works(&c);
	CHECK(!client_end(&c), "left in order");
}

static void wrong_sizes_end_the_connection(void)
{
	static const uint32_t sizes[] = { 0, 1, 15, VFU_MESSAGE + 1, 0x7fffffff, 0xffffffff };

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct client c = client_ready();
		struct vfu_header head = { .id = ++c.id, .command = 4, .size = sizes[i] };
		char end;

		client_send(&c, &head, NULL, 0, NULL, 0);
		CHECK(client_reply(&c, 4, NULL, 0) == -EMSGSIZE, "size %u", sizes[i]);
		CHECK(!recv(c.fd, &end, 1, 0), "size %u: still connected", sizes[i]);
		CHECK(client_end(&c) == 1, "size %u", sizes[i]);
	}
}

static void unknown_commands_are_refused(void)
{
	static const uint16_t unknown[] = { 0, 6, 11, 12, 14, 15, 16, 999, 0xffff };
	static const uint8_t zero[1024];
	struct client c = client_ready();

	for (unsigned int i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		CHECK(client_ask(&c, unknown[i], zero, sizeof(zero), NULL, 0, NULL, 0) == -EOPNOTSUPP,
		      "command %u", unknown[i]);
	works(&c);
	CHECK(!client_end(&c), "left in order");
}

/* A reply, or another type, to a server that asked nothing */
static void replies_are_ignored(void)
{
	struct client c = client_ready();
	struct vfu_header head = { .command = VFU_RESET, .size = sizeof(head) };

	toy_set(&c, TOY_SCRATCH, 5);
	for (head.flags = 1; head.flags < 16; head.flags++)
		client_send(&c, &head, NULL, 0, NULL, 0);
	CHECK(toy_get(&c, TOY_SCRATCH) == 5, "nothing was done or answered");
	CHECK(!client_end(&c), "left in order");
}

static void regions_are_bounded(void)
{
	static const struct {
		uint32_t region;
		uint64_t offset;
		uint32_t count;
	} bad[] = {
		{ 0, 0, 0 }, { 0, 0, 3 }, { 0, 0, 16 }, { 0, 4, 8 }, { 0, 1, 2 }, { 0, TOY_BAR, 1 },
		{ 0, TOY_BAR - 4, 8 }, { 0, ~0ull, 1 }, { 0, ~0ull - 7, 8 }, { 0, 0, 0xffffffff },
		{ 1, 0, 4 }, { 3, 0, 4 }, { 6, 0, 4 }, { 8, 0, 4 }, { 9, 0, 4 }, { 0xffffffff, 0, 4 },
		{ CONFIG, 4096, 1 }, { CONFIG, 4095, 2 }, { CONFIG, 0, 4097 }, { CONFIG, ~0ull, 2 },
		{ CONFIG, 0, 0 }, { CONFIG, 1, 0xffffffff },
	};
	static uint8_t data[VFU_DATA];
	struct client c = client_ready();

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(client_read(&c, bad[i].region, bad[i].offset, data, bad[i].count) == -EINVAL,
		      "read %u", i);
		if (bad[i].count <= VFU_DATA)
			CHECK(client_write(&c, bad[i].region, bad[i].offset, data, bad[i].count) ==
			      -EINVAL, "write %u", i);
	}
	CHECK(!client_read(&c, 0, TOY_BAR - 8, data, 8) && !client_read(&c, CONFIG, 4095, data, 1),
	      "the last bytes");
	works(&c);
	CHECK(!client_end(&c), "left in order");
}

/* The count says one thing, the message's length another. */
static void writes_have_their_data(void)
{
	struct {
		struct vfu_region_access a;
		uint8_t data[16];
	} m = { .a = { TOY_SCRATCH, 0, 8 } };
	struct client c = client_ready();

	memset(m.data, 0xff, sizeof(m.data));
	for (size_t len = 0; len <= 16; len++) {
		if (len != 8)
			CHECK(client_ask(&c, VFU_REGION_WRITE, &m, sizeof(m.a) + len, NULL, 0, NULL, 0) ==
			      -EINVAL, "%zu bytes", len);
	}
	CHECK(client_ask(&c, VFU_REGION_READ, &m, sizeof(m.a) + 1, NULL, 0, NULL, 0) == -EINVAL,
	      "a read with data");
	CHECK(!toy_get(&c, TOY_SCRATCH), "nothing is written");
	CHECK(!client_end(&c), "left in order");
}

static void indexes_are_bounded(void)
{
	struct client c = client_ready();
	struct vfu_region_info r = { .argsz = sizeof(r), .index = 9 };
	struct vfu_irq_info i = { .argsz = sizeof(i), .index = 3 };
	int fd = eventfd(0, 0);

	CHECK(client_ask(&c, VFU_GET_REGION_INFO, &r, sizeof(r), NULL, 0, &r, sizeof(r)) == -EINVAL,
	      "region 9");
	r.index = 0xffffffff;
	CHECK(client_ask(&c, VFU_GET_REGION_INFO, &r, sizeof(r), NULL, 0, &r, sizeof(r)) == -EINVAL,
	      "last region");
	CHECK(client_ask(&c, VFU_GET_IRQ_INFO, &i, sizeof(i), NULL, 0, &i, sizeof(i)) == -EINVAL,
	      "errors");
	i.index = 5;
	CHECK(client_ask(&c, VFU_GET_IRQ_INFO, &i, sizeof(i), NULL, 0, &i, sizeof(i)) == -EINVAL,
	      "irq 5");
	CHECK(client_irqs(&c, CONNECT, 0, 0, 1, &fd, 1) == -EINVAL, "INTx");
	CHECK(client_irqs(&c, CONNECT, 99, 0, 1, &fd, 1) == -EINVAL, "irq 99");
	CHECK(client_irqs(&c, CONNECT, MSIX, TOY_VECTORS, 1, &fd, 1) == -EINVAL, "vector too high");
	CHECK(client_irqs(&c, CONNECT, MSIX, 1, TOY_VECTORS, NULL, 0) == -EINVAL, "too many");
	CHECK(client_irqs(&c, CONNECT, MSIX, 0xffffffff, 2, NULL, 0) == -EINVAL, "wraps around");
	CHECK(client_irqs(&c, CONNECT, MSIX, 2, 0xffffffff, NULL, 0) == -EINVAL, "wraps around");
	works(&c);
	CHECK(!client_end(&c), "left in order");
	close(fd);
}

static void interrupts_need_eventfds(void)
{
	struct client c = client_ready();
	unsigned int files = client_fds(&c);
	int fds[3] = { eventfd(0, 0) }, pipes[2];

	CHECK(!pipe(pipes), "pipe");
	fds[1] = pipes[1];
	fds[2] = memory(4096, NULL);
	CHECK(client_irqs(&c, CONNECT, MSIX, 0, 2, fds, 2) == -EINVAL, "a pipe");
	CHECK(client_irqs(&c, CONNECT, MSIX, 0, 1, &fds[2], 1) == -EINVAL, "a file");
	CHECK(client_irqs(&c, CONNECT, MSIX, 0, 2, fds, 1) == -EINVAL, "too few");
	CHECK(client_irqs(&c, CONNECT, MSIX, 0, 1, fds, 3) == -EINVAL, "too many");
	CHECK(client_irqs(&c, CONNECT, MSIX, 0, 0, fds, 1) == -EOPNOTSUPP, "for none");
	CHECK(client_irqs(&c, OFF, MSIX, 0, 1, NULL, 0) == -EOPNOTSUPP, "trigger");
	CHECK(client_irqs(&c, OFF, MSIX, 0, 0, fds, 1) == -EOPNOTSUPP, "off with a file");
	for (uint32_t flags = 0; flags < 64; flags++) {
		if (flags != OFF && flags != CONNECT)
			CHECK(client_irqs(&c, flags, MSIX, 0, 1, fds, 1) == -EOPNOTSUPP, "%#x", flags);
	}
	/* Nothing was connected by half. */
	toy_set(&c, TOY_IRQ, 0);
	toy_set(&c, TOY_IRQ, 1);
	CHECK(client_fds(&c) == files, "%u files, %u before", client_fds(&c), files);
	CHECK(!client_end(&c), "left in order");
	for (unsigned int i = 0; i < 3; i++)
		close(fds[i]);
	close(pipes[0]);
}

static void maps_are_checked(void)
{
	struct client c = client_ready();
	unsigned int files = client_fds(&c);
	struct vfu_dma_map m = { sizeof(m), 3, 0, 0x1000, 4096 };
	int fds[2] = { memory(4096, NULL), memory(4096, NULL) };

	CHECK(client_map(&c, 0x1000, 8192, 0, 3, fds[0]) == -EFBIG, "file too short");
	CHECK(client_map(&c, 0x1000, 4096, 1ull << 62, 3, fds[0]) == -EFBIG, "offset too far");
	CHECK(client_map(&c, 0x1000, 0, 0, 3, fds[0]) == -EINVAL, "empty");
	CHECK(client_map(&c, ~0ull, 2, 0, 3, -1) == -EINVAL, "wraps around");
	CHECK(client_ask(&c, VFU_DMA_MAP, &m, sizeof(m), fds, 2, NULL, 0) == -EINVAL, "two files");
	CHECK(client_map(&c, 0x1000, 4096, 0, 3, fds[0]) > 0, "good");
	CHECK(client_map(&c, 0x1800, 4096, 0, 3, fds[1]) == -EEXIST, "overlaps");
	CHECK(client_unmap(&c, 0x1000, 2048, 0) == -EINVAL, "cuts");
	CHECK(client_unmap(&c, 0x10000, 4096, 0) == -ENOENT, "nothing there");
	CHECK(client_unmap(&c, 0x1000, 4096, 1) == -EOPNOTSUPP, "dirty pages");
	CHECK(client_unmap(&c, 0x1000, 4096, VFU_UNMAP_ALL) == -EINVAL, "all, and a range");
	/* The last page of a file that shrinks is no memory any more: a map of it has to fail. */
	CHECK(!ftruncate(fds[1], 100), "truncate");
	CHECK(client_map(&c, 0x2000, 4096, 0, 3, fds[1]) == -EFBIG, "not a page");
	toy_set(&c, TOY_ADDR, 0x1000);
	toy_set(&c, TOY_FILL, 4096);
	CHECK(client_fds(&c) == files, "%u files, %u before", client_fds(&c), files);
	CHECK(!client_end(&c), "left in order");
	close(fds[0]);
	close(fds[1]);
}

static void too_many_files_are_closed(void)
{
	struct vfu_dma_map m = { sizeof(m), 3, 0, 0x1000, 4096 };
	struct client c = client_ready();
	unsigned int files = client_fds(&c);
	int fds[60], fd = memory(4096, NULL);

	for (unsigned int i = 0; i < 60; i++)
		fds[i] = fd;
	CHECK(client_ask(&c, VFU_DMA_MAP, &m, sizeof(m), fds, 60, NULL, 0) == -EMFILE, "60");
	CHECK(client_ask(&c, VFU_GET_INFO, &m, sizeof(m), fds, 17, NULL, 0) == -EMFILE, "17");
	CHECK(client_ask(&c, VFU_RESET, NULL, 0, fds, 16, NULL, 0) == 0, "16, where none is needed");
	CHECK(client_fds(&c) == files, "%u files, %u before", client_fds(&c), files);
	works(&c);
	CHECK(!client_end(&c), "left in order");
	close(fd);
}

static void leaving_in_a_message_is_told(void)
{
	static const struct vfu_header head = { .command = VFU_DMA_MAP, .size = 48 };
	static const uint8_t body[32];

	for (size_t len = 1; len < 48; len++) {
		struct client c = client_ready();

		CHECK(send(c.fd, &head, len < 16 ? len : 16, 0) > 0, "send");
		CHECK(len <= 16 || send(c.fd, body, len - 16, 0) > 0, "send");
		CHECK(client_end(&c) == 1, "after %zu bytes", len);
	}
}

/* Its client does not read what it asked for, and then is gone. */
static void leaving_before_a_reply_is_survived(void)
{
	struct client c = client_ready();
	struct vfu_header head = { .command = VFU_GET_INFO, .size = sizeof(head) + 16 };
	static const uint8_t body[16];

	for (unsigned int i = 0; i < 100; i++)
		client_send(&c, &head, body, sizeof(body), NULL, 0);
	CHECK(client_end(&c) < 128, "a signal");
}

const struct ktap_test hostile_tests_vfu[] = {
	{ "short_messages_are_refused", short_messages_are_refused },
	{ "wrong_sizes_end_the_connection", wrong_sizes_end_the_connection },
	{ "unknown_commands_are_refused", unknown_commands_are_refused },
	{ "replies_are_ignored", replies_are_ignored },
	{ "regions_are_bounded", regions_are_bounded },
	{ "writes_have_their_data", writes_have_their_data },
	{ "indexes_are_bounded", indexes_are_bounded },
	{ "interrupts_need_eventfds", interrupts_need_eventfds },
	{ "maps_are_checked", maps_are_checked },
	{ "too_many_files_are_closed", too_many_files_are_closed },
	{ "leaving_in_a_message_is_told", leaving_in_a_message_is_told },
	{ "leaving_before_a_reply_is_survived", leaving_before_a_reply_is_survived },
	{}
};
