// SPDX-License-Identifier: GPL-2.0
/* A client that behaves. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

#define CONFIG VFIO_PCI_CONFIG_REGION_INDEX
#define MSIX VFIO_PCI_MSIX_IRQ_INDEX
#define CONNECT (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define OFF (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)

static void version_comes_first(void)
{
	struct vfu_version v = { 1, 0 };
	struct client c = client_start();
	struct vfu_info info = {};
	char answer[256];
	int len;

	CHECK(client_ask(&c, VFU_GET_INFO, &info, sizeof(info), NULL, 0, &info, sizeof(info)) ==
	      -EPROTO, "before");
	CHECK(client_ask(&c, VFU_VERSION, &v, sizeof(v), NULL, 0, answer, 256) == -EINVAL, "major");
	v = (struct vfu_version){ 0, 3 };
	len = client_ask(&c, VFU_VERSION, &v, sizeof(v), NULL, 0, answer, sizeof(answer));
	CHECK(len > 4 && !answer[len - 1] && !memcmp(answer, "\0\0\0\0", 4), "%d bytes", len);
	CHECK(strstr(answer + 4, "\"max_msg_fds\":16"), "%s", answer + 4);
	CHECK(!client_end(&c), "left in order");
}

static void device_is_described(void)
{
	static const uint64_t sizes[VFIO_PCI_NUM_REGIONS] = {
		[0] = TOY_BAR, [2] = 64 << 20, [CONFIG] = 4096
	};
	struct client c = client_ready();
	struct vfu_info info = { .argsz = sizeof(info) };

	CHECK(client_ask(&c, VFU_GET_INFO, &info, sizeof(info), NULL, 0, &info, sizeof(info)) ==
	      sizeof(info), "info");
	CHECK(info.flags == 3 && info.regions == 9 && info.irqs == 5, "%#x %u %u", info.flags,
	      info.regions, info.irqs);
	for (unsigned int i = 0; i < info.regions; i++) {
		struct vfu_region_info r = { .argsz = sizeof(r), .index = i };

		CHECK(client_ask(&c, VFU_GET_REGION_INFO, &r, sizeof(r), NULL, 0, &r, sizeof(r)) ==
		      sizeof(r), "region %u", i);
		CHECK(r.size == sizes[i] && r.flags == (sizes[i] ? 3 : 0), "region %u: %#x", i,
		      r.flags);
	}
	for (unsigned int i = 0; i <= MSIX; i++) {
		struct vfu_irq_info irq = { .argsz = sizeof(irq), .index = i };

		CHECK(client_ask(&c, VFU_GET_IRQ_INFO, &irq, sizeof(irq), NULL, 0, &irq, sizeof(irq)) ==
		      sizeof(irq), "irq %u", i);
		CHECK(irq.count == (i == MSIX ? TOY_VECTORS : 0), "irq %u: %u", i, irq.count);
	}
	CHECK(!client_end(&c), "left in order");
}

static uint32_t config(struct client *c, uint32_t off, uint32_t len)
{
	uint32_t value = 0;

	CHECK(!client_read(c, CONFIG, off, &value, len), "config at %#x", off);
	return value;
}

static void set_config(struct client *c, uint32_t off, uint32_t value, uint32_t len)
{
	CHECK(!client_write(c, CONFIG, off, &value, len), "config at %#x", off);
}

static void configuration_is_that_of_pci(void)
{
	struct client c = client_ready();
	unsigned int at, seen = 0;
	uint8_t all[4096];

	CHECK(!client_read(&c, CONFIG, 0, all, sizeof(all)), "whole");
	CHECK(config(&c, 0, 4) == 0x56781234 && config(&c, PCI_SUBSYSTEM_VENDOR_ID, 4) == 0xdef09abc &&
	      config(&c, PCI_CLASS_REVISION, 4) == 0x02000003, "identity");
	set_config(&c, 0, 0xffffffff, 4);
	CHECK(config(&c, 0, 4) == 0x56781234, "identity cannot be written");
	set_config(&c, PCI_COMMAND, 0xffff, 2);
	CHECK(config(&c, PCI_COMMAND, 4) == 0x100546, "%#x", config(&c, PCI_COMMAND, 4));
	for (unsigned int bar = 0; bar < 6; bar++)
		set_config(&c, PCI_BASE_ADDRESS_0 + 4 * bar, 0xffffffff, 4);
	CHECK(config(&c, PCI_BASE_ADDRESS_0, 4) == 0xfffff00c, "4 KiB, 64 bits");
	CHECK(config(&c, PCI_BASE_ADDRESS_1, 4) == 0xffffffff, "its other half");
	CHECK(config(&c, PCI_BASE_ADDRESS_2, 4) == 0xfc00000c, "64 MiB, 64 bits");
	CHECK(!config(&c, PCI_BASE_ADDRESS_4, 4) && !config(&c, PCI_BASE_ADDRESS_5, 4), "no more");
	for (at = config(&c, PCI_CAPABILITY_LIST, 1); at; at = config(&c, at + 1, 1)) {
		seen |= 1u << config(&c, at, 1);
		if (config(&c, at, 1) != PCI_CAP_ID_MSIX)
			continue;
		CHECK(config(&c, at + 4, 4) == 0x1002 && config(&c, at + 8, 4) == 0x2002, "MSI-X");
		set_config(&c, at + 2, 0xffff, 2);
		CHECK(config(&c, at + 2, 2) == (0xc000 | (TOY_VECTORS - 1)), "MSI-X control");
	}
	CHECK(seen == (1u << PCI_CAP_ID_MSIX | 1u << PCI_CAP_ID_EXP | 1u << PCI_CAP_ID_PM), "%#x",
	      seen);
	CHECK(!client_end(&c), "left in order");
}

static void registers_are_accessed(void)
{
	struct client c = client_ready();
	uint64_t value = 0;

	CHECK(toy_get(&c, TOY_ID) == TOY_IS, "id");
	toy_set(&c, TOY_SCRATCH, 0x8877665544332211);
	CHECK(toy_get(&c, TOY_SCRATCH) == 0x8877665544332211, "8 bytes");
	CHECK(!client_read(&c, 0, TOY_SCRATCH + 4, &value, 4) && value == 0x88776655, "4 bytes");
	value = 0;
	CHECK(!client_read(&c, 0, TOY_SCRATCH + 2, &value, 2) && value == 0x4433, "2 bytes");
	value = 0xab;
	CHECK(!client_write(&c, 0, TOY_SCRATCH + 7, &value, 1), "1 byte");
	CHECK(toy_get(&c, TOY_SCRATCH) == 0xab77665544332211, "1 byte");
	CHECK(!client_end(&c), "left in order");
}

static uint64_t raised(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static void interrupts_are_raised(void)
{
	struct client c = client_ready();
	unsigned int files = client_fds(&c);
	int fd[3];

	for (unsigned int i = 0; i < 3; i++)
		fd[i] = eventfd(0, EFD_NONBLOCK);
	toy_set(&c, TOY_IRQ, 2);		/* not connected: nothing to see, and no fault */
	CHECK(!client_irqs(&c, CONNECT, MSIX, 2, 2, fd, 2), "connect 2 and 3");
	toy_set(&c, TOY_IRQ, 2);
	toy_set(&c, TOY_IRQ, 3);
	toy_set(&c, TOY_IRQ, 3);
	toy_set(&c, TOY_IRQ, 1);
	CHECK(raised(fd[0]) == 1 && raised(fd[1]) == 2, "each its own");
	CHECK(!client_irqs(&c, CONNECT, MSIX, 3, 1, &fd[2], 1), "another for 3");
	toy_set(&c, TOY_IRQ, 3);
	CHECK(!raised(fd[1]) && raised(fd[2]) == 1, "which has it then");
	CHECK(!client_irqs(&c, CONNECT, MSIX, 2, 1, NULL, 0), "take that of 2");
	toy_set(&c, TOY_IRQ, 2);
	toy_set(&c, TOY_IRQ, 3);
	CHECK(!raised(fd[0]) && raised(fd[2]) == 1, "3 stays");
	CHECK(!client_irqs(&c, OFF, MSIX, 0, 0, NULL, 0), "all off");
	toy_set(&c, TOY_IRQ, 3);
	CHECK(!raised(fd[2]), "off");
	CHECK(client_fds(&c) == files, "%u files, %u before", client_fds(&c), files);
	CHECK(!client_end(&c), "left in order");
	for (unsigned int i = 0; i < 3; i++)
		close(fd[i]);
}

static void unknown_interrupt_is_a_fault(void)
{
	struct client c = client_ready();

	toy_set(&c, TOY_IRQ, TOY_VECTORS);
	CHECK(client_end(&c) == 1, "fault");
}

static void device_accesses_memory(void)
{
	struct client c = client_ready();
	uint8_t *mem;
	int fd = memory(8192, &mem);

	CHECK(client_map(&c, 0x1000, 4096, 4096, 3, fd) == sizeof(struct vfu_dma_map), "map");
	CHECK(client_map(&c, 0x2000, 4096, 0, 3, fd) > 0, "map its neighbour");
	CHECK(client_map(&c, 0xc0000, 4096, 0, 1, -1) > 0, "map without file");
	toy_set(&c, TOY_ADDR, 0x1ffe);
	toy_set(&c, TOY_FILL, 4);
	CHECK(mem[8189] == 0 && mem[8190] == TOY_BYTE && mem[1] == TOY_BYTE && mem[2] == 0, "fill");
	mem[0] = 1;
	toy_set(&c, TOY_SUM, 4);
	CHECK(toy_get(&c, TOY_SUM) == 3 * TOY_BYTE + 1, "sum");
	toy_set(&c, TOY_ADDR, 0x1000);
	toy_set(&c, TOY_TOUCH, 4096);
	CHECK(mem[4096] == TOY_BYTE, "touch");
	CHECK(client_unmap(&c, 0x2000, 4096, 0) > 0, "unmap");
	CHECK(client_unmap(&c, 0xc0000, 4096, 0) > 0, "unmap without file");
	CHECK(!client_end(&c), "left in order");
	munmap(mem, 8192);
	close(fd);
}

/* Each in a server of its own: one fault is as good as many. */
static void wild_accesses_are_faults(void)
{
	static const struct {
		enum toy_register what;
		uint64_t addr, len;
	} wild[] = {
		{ TOY_FILL, 0x1ffe, 4 }, { TOY_SUM, 0xfff, 1 }, { TOY_TOUCH, 0x1001, 4096 },
		{ TOY_TOUCH, 0x1000, ~0ull }, { TOY_FILL, ~0ull, 2 }, { TOY_FILL, 0xc0000, 1 },
		{ TOY_TOUCH, 0xd0000, 1 }, { TOY_SEND, 0x1000, 13 }, { TOY_SEND, 0x100000, 16385 },
	};

	for (unsigned int i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		struct client c = client_ready();
		uint8_t *mem;
		int fd = memory(65536, &mem);

		CHECK(client_map(&c, 0x1000, 4096, 0, 3, fd) > 0, "map");
		CHECK(client_map(&c, 0xc0000, 4096, 0, 3, -1) > 0, "map without file");
		CHECK(client_map(&c, 0xd0000, 4096, 0, 1, fd) > 0, "map read only");
		CHECK(client_map(&c, 0x100000, 65536, 0, 3, fd) > 0, "map");
		toy_set(&c, TOY_ADDR, wild[i].addr);
		toy_set(&c, wild[i].what, wild[i].len);
		CHECK(!mem[0] && !mem[4095], "%u: nothing is written", i);
		CHECK(client_end(&c) == 1, "%u: no fault", i);
		munmap(mem, 65536);
		close(fd);
	}
}

static void unmapped_memory_is_gone(void)
{
	struct client c = client_ready();
	int fd = memory(4096, NULL);

	CHECK(client_map(&c, 0x1000, 4096, 0, 3, fd) > 0, "map");
	CHECK(client_unmap(&c, 0, 0, VFU_UNMAP_ALL) > 0, "unmap all");
	toy_set(&c, TOY_ADDR, 0x1000);
	toy_set(&c, TOY_FILL, 1);
	CHECK(client_end(&c) == 1, "fault");
	close(fd);
}

static void resets_clear_registers(void)
{
	struct client c = client_ready();
	int fd = eventfd(0, EFD_NONBLOCK);
	uint32_t express;

	CHECK(!client_irqs(&c, CONNECT, MSIX, 0, 1, &fd, 1), "connect");
	toy_set(&c, TOY_SCRATCH, 1);
	set_config(&c, PCI_COMMAND, PCI_COMMAND_MASTER, 2);
	CHECK(!client_ask(&c, VFU_RESET, NULL, 0, NULL, 0, NULL, 0), "reset");
	CHECK(!toy_get(&c, TOY_SCRATCH) && !config(&c, PCI_COMMAND, 2), "by command");
	for (express = config(&c, PCI_CAPABILITY_LIST, 1); config(&c, express, 1) != PCI_CAP_ID_EXP;)
		express = config(&c, express + 1, 1);
	toy_set(&c, TOY_SCRATCH, 1);
	set_config(&c, express + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_CERE, 2);
	CHECK(toy_get(&c, TOY_SCRATCH) == 1, "not by other bits");
	set_config(&c, express + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR, 2);
	CHECK(!toy_get(&c, TOY_SCRATCH), "function level reset");
	toy_set(&c, TOY_IRQ, 0);
	CHECK(raised(fd) == 1, "interrupts stay connected");
	CHECK(!client_end(&c), "left in order");
	close(fd);
}

static void posted_writes_have_no_reply(void)
{
	struct {
		struct vfu_region_access a;
		uint64_t value;
	} m = { { TOY_SCRATCH, 0, 8 }, 0 };
	struct client c = client_ready();
	struct vfu_header head = {
		.command = VFU_REGION_WRITE, .size = sizeof(head) + sizeof(m), .flags = VFU_NO_REPLY
	};

	for (m.value = 1; m.value <= 100; m.value++)
		client_send(&c, &head, &m, sizeof(m), NULL, 0);
	CHECK(toy_get(&c, TOY_SCRATCH) == 100, "in order");
	head.size = 20;
	client_send(&c, &head, &m, 4, NULL, 0);
	CHECK(toy_get(&c, TOY_SCRATCH) == 100, "no reply to a bad one either");
	CHECK(!client_end(&c), "left in order");
}

/* A map with its file and a read, byte by byte; and many commands at once. */
static void messages_come_as_they_like(void)
{
	struct {
		struct vfu_header head;
		struct vfu_dma_map m;
	} map = {
		{ .id = 9, .command = VFU_DMA_MAP, .size = sizeof(map) },
		{ sizeof(map.m), 3, 0, 0x1000, 4096 }
	};
	struct {
		struct vfu_header head;
		struct vfu_region_access a;
	} get = {
		{ .id = 9, .command = VFU_REGION_READ, .size = sizeof(get) }, { TOY_ID, 0, 8 }
	}, many[64];
	struct {
		struct vfu_region_access a;
		uint64_t value;
	} got;
	struct client c = client_ready();
	const uint8_t *p = (const uint8_t *)&map;
	int fd = memory(4096, NULL);

	/* The file comes with the first 20 bytes: the header and a piece of the body. */
	c.id = 9;
	client_send(&c, &map.head, p + sizeof(map.head), 4, &fd, 1);
	for (size_t i = 20; i < sizeof(map); i++) {
		CHECK(send(c.fd, p + i, 1, 0) == 1, "byte %zu", i);
		client_tell(&c, "stats");
	}
	CHECK(client_reply(&c, VFU_DMA_MAP, &map.m, sizeof(map.m)) == sizeof(map.m), "map");
	toy_set(&c, TOY_ADDR, 0x1000);
	toy_set(&c, TOY_FILL, 4096);

	c.id = 9;
	p = (const uint8_t *)&get;
	for (size_t i = 0; i < sizeof(get); i++) {
		CHECK(send(c.fd, p + i, 1, 0) == 1, "byte %zu", i);
		client_tell(&c, "stats");
	}
	CHECK(client_reply(&c, VFU_REGION_READ, &got, sizeof(got)) == sizeof(got), "read");
	CHECK(got.value == TOY_IS, "in pieces");
	for (unsigned int i = 0; i < 64; i++) {
		many[i] = get;
		many[i].head.id = i;
	}
	CHECK(send(c.fd, many, sizeof(many), 0) == sizeof(many), "many");
	for (c.id = 0; c.id < 64; c.id++)
		CHECK(client_reply(&c, VFU_REGION_READ, &got, sizeof(got)) == sizeof(got), "many");
	CHECK(!client_end(&c), "left in order");
	close(fd);
}

const struct ktap_test server_tests[] = {
	{ "version_comes_first", version_comes_first },
	{ "device_is_described", device_is_described },
	{ "configuration_is_that_of_pci", configuration_is_that_of_pci },
	{ "registers_are_accessed", registers_are_accessed },
	{ "interrupts_are_raised", interrupts_are_raised },
	{ "unknown_interrupt_is_a_fault", unknown_interrupt_is_a_fault },
	{ "device_accesses_memory", device_accesses_memory },
	{ "wild_accesses_are_faults", wild_accesses_are_faults },
	{ "unmapped_memory_is_gone", unmapped_memory_is_gone },
	{ "resets_clear_registers", resets_clear_registers },
	{ "posted_writes_have_no_reply", posted_writes_have_no_reply },
	{ "messages_come_as_they_like", messages_come_as_they_like },
	{}
};
