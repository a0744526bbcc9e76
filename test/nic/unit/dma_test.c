// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dma.h"
#include "test.h"

#define RW (DMA_READ | DMA_WRITE)
#define PAGE 4096ull

static struct dma dma;

static void ranges_are_checked(void)
{
	int fd = memory(4 * PAGE, NULL), pipes[2];

	CHECK(dma_map(&dma, 0, 0, 0, RW, fd) == -EINVAL, "empty");
	CHECK(dma_map(&dma, ~0ull - PAGE + 2, PAGE, 0, RW, fd) == -EINVAL, "wraps around");
	CHECK(dma_map(&dma, 0, PAGE, 0, 0, fd) == -EINVAL, "no access");
	CHECK(dma_map(&dma, 0, PAGE, 0, 4 | RW, fd) == -EINVAL, "unknown access");
	CHECK(dma_map(&dma, 0, PAGE, 1, RW, fd) == -EINVAL, "odd offset");
	CHECK(dma_map(&dma, 0, 5 * PAGE, 0, RW, fd) == -EFBIG, "short file");
	CHECK(dma_map(&dma, 0, 4 * PAGE, PAGE, RW, fd) == -EFBIG, "short file behind offset");
	CHECK(dma_map(&dma, 0, PAGE, ~0ull - PAGE + 1, RW, fd) == -EFBIG, "offset wraps around");
	CHECK(!pipe(pipes), "pipe");
	CHECK(dma_map(&dma, 0, PAGE, 0, RW, pipes[0]) == -EINVAL, "pipe");
	CHECK(!dma.n, "nothing was mapped");

	CHECK(!dma_map(&dma, 0x10000, 2 * PAGE, 0, RW, fd), "two pages");
	CHECK(dma_map(&dma, 0x10000, 2 * PAGE, 0, RW, fd) == -EEXIST, "the same");
	CHECK(dma_map(&dma, 0x11fff, 1, 0, RW, -1) == -EEXIST, "its last byte");
	CHECK(dma_map(&dma, 0xf000, PAGE + 1, 0, RW, -1) == -EEXIST, "its first byte");
	CHECK(dma_map(&dma, 0, 1 << 20, 0, RW, -1) == -EEXIST, "around it");
	CHECK(!dma_map(&dma, 0xf000, PAGE, 0, RW, fd), "before it");
	CHECK(!dma_map(&dma, 0x12000, PAGE, 0, RW, fd), "behind it");
	CHECK(!dma_map(&dma, ~0ull - PAGE + 1, PAGE, 0, RW, fd), "the last page");
	CHECK(dma.n == 4, "%u", dma.n);
	dma_unmap_all(&dma);
	close(fd);
	close(pipes[0]);
	close(pipes[1]);
}

static void ranges_are_unmapped_whole(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		CHECK(!dma_map(&dma, i * 2 * PAGE, PAGE, 0, RW, -1), "%u", i);
	CHECK(dma_unmap(&dma, PAGE, PAGE) == -ENOENT, "gap");
	CHECK(dma_unmap(&dma, 0, 0) == -EINVAL, "empty");
	CHECK(dma_unmap(&dma, 0, PAGE - 1) == -EINVAL, "cuts the end");
	CHECK(dma_unmap(&dma, 1, PAGE) == -EINVAL, "cuts the beginning");
	CHECK(dma_unmap(&dma, 0, 2 * PAGE + 1) == -EINVAL, "cuts the second one");
	CHECK(dma_unmap(&dma, PAGE, ~0ull) == -EINVAL, "wraps around");
	CHECK(dma.n == 4, "%u", dma.n);
	CHECK(!dma_unmap(&dma, PAGE, 4 * PAGE), "two, and the gaps around");
	CHECK(dma.n == 2 && !dma.map[0].addr && dma.map[1].addr == 6 * PAGE, "%u", dma.n);
	CHECK(!dma_unmap(&dma, 6 * PAGE, ~0ull - 6 * PAGE + 1), "to the end of addresses");
	CHECK(!dma_unmap(&dma, 0, PAGE), "the first");
	CHECK(!dma.n && dma_unmap(&dma, 0, PAGE) == -ENOENT, "gone");
}

static void table_is_bounded(void)
{
	unsigned int i;

	/* Backwards, so that each goes to the front. */
	for (i = 0; i < DMA_MAPS; i++)
		CHECK(!dma_map(&dma, (DMA_MAPS - i) * PAGE, PAGE, 0, RW, -1), "%u", i);
	CHECK(dma_map(&dma, 0, PAGE, 0, RW, -1) == -ENOSPC, "one too many");
	for (i = 1; i < DMA_MAPS; i++)
		CHECK(dma.map[i - 1].addr < dma.map[i].addr, "sorted at %u", i);
	CHECK(!dma_unmap(&dma, PAGE, DMA_MAPS * PAGE), "all");
	CHECK(!dma.n, "%u", dma.n);
}

static void memory_is_found(void)
{
	uint8_t *mem;
	int fd = memory(2 * PAGE, &mem);

	CHECK(!dma_map(&dma, 0x10000, PAGE, PAGE, RW, fd), "map");
	CHECK(!dma_map(&dma, 0x11000, PAGE, 0, DMA_READ, fd), "map, read only");
	CHECK(!dma_map(&dma, 0x12000, PAGE, 0, RW, -1), "map without file");
	CHECK(!dma_find(&dma, 0xffff, 1, RW) && !dma_find(&dma, 0x13000, 1, DMA_READ), "outside");
	CHECK(dma_find(&dma, 0x10000, PAGE, RW), "whole");
	CHECK(!dma_find(&dma, 0x10001, PAGE, DMA_READ), "across the end");
	CHECK(!dma_find(&dma, 0x10000, ~0ull, DMA_READ), "endless");
	CHECK(!dma_find(&dma, 0x11000, 1, RW) && dma_find(&dma, 0x11000, 1, DMA_READ), "read only");
	CHECK(!dma_find(&dma, 0x12000, 1, DMA_READ), "without file");
	*dma_find(&dma, 0x10010, 1, RW) = 77;
	CHECK(mem[PAGE + 0x10] == 77, "the offset counts");
	dma_unmap_all(&dma);
	munmap(mem, 2 * PAGE);
	close(fd);
}

static void copies_cross_mappings(void)
{
	uint8_t *mem, buf[3 * PAGE];
	int fd = memory(3 * PAGE, &mem);

	/* Neighbours in bus addresses, not in the file. */
	CHECK(!dma_map(&dma, 0x10000, PAGE, 2 * PAGE, RW, fd), "first");
	CHECK(!dma_map(&dma, 0x11000, PAGE, 0, RW, fd), "second");
	CHECK(!dma_map(&dma, 0x12000, PAGE, PAGE, DMA_READ, fd), "third, read only");
	memset(mem, 1, PAGE);
	memset(mem + PAGE, 2, PAGE);
	memset(mem + 2 * PAGE, 3, PAGE);
	CHECK(dma_copy(&dma, 0x10ffe, buf, PAGE + 4, DMA_READ), "read");
	CHECK(buf[0] == 3 && buf[1] == 3 && buf[2] == 1 && buf[PAGE + 1] == 1 &&
	      buf[PAGE + 2] == 2 && buf[PAGE + 3] == 2, "order");
	CHECK(!dma_copy(&dma, 0x10ffe, buf, 3 * PAGE, DMA_READ), "too long");
	memset(buf, 9, sizeof(buf));
	CHECK(!dma_copy(&dma, 0x10ffe, buf, PAGE + 4, DMA_WRITE), "write into read only");
	CHECK(mem[3 * PAGE - 1] == 3 && mem[0] == 1, "nothing is written then");
	CHECK(dma_copy(&dma, 0x10ffe, buf, 4, DMA_WRITE), "write");
	CHECK(mem[3 * PAGE - 1] == 9 && mem[1] == 9 && mem[2] == 1, "across");
	CHECK(dma_copy(&dma, 0, buf, 0, DMA_READ), "nothing, anywhere");
	CHECK(!dma_copy(&dma, ~0ull, buf, 2, DMA_READ), "wraps around");
	dma_unmap_all(&dma);
	munmap(mem, 3 * PAGE);
	close(fd);
}

const struct ktap_test dma_tests[] = {
	{ "ranges_are_checked", ranges_are_checked },
	{ "ranges_are_unmapped_whole", ranges_are_unmapped_whole },
	{ "table_is_bounded", table_is_bounded },
	{ "memory_is_found", memory_is_found },
	{ "copies_cross_mappings", copies_cross_mappings },
	{}
};
