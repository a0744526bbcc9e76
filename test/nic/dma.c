// SPDX-License-Identifier: GPL-2.0
#include "dma.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* The last byte may be that of the address space: ends are inclusive. */
static bool range_ok(uint64_t addr, uint64_t size)
{
	return size && addr + (size - 1) >= addr;
}

static uint64_t last(const struct dma_map *m)
{
	return m->addr + (m->size - 1);
}

/* The first mapping that ends at @addr or behind it. */
static unsigned int first_behind(const struct dma *dma, uint64_t addr)
{
	unsigned int low = 0, high = dma->n;

	while (low < high) {
		unsigned int mid = (low + high) / 2;

		if (last(&dma->map[mid]) < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int map_file(struct dma_map *m, uint64_t offset, int fd)
{
	int prot = (m->prot & DMA_READ ? PROT_READ : 0) | (m->prot & DMA_WRITE ? PROT_WRITE : 0);
	struct stat st;
	void *mem;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return -EINVAL;
	if (offset > (uint64_t)st.st_size || m->size > (uint64_t)st.st_size - offset)
		return -EFBIG;
	mem = mmap(NULL, m->size, prot, MAP_SHARED, fd, offset);
	if (mem == MAP_FAILED)
		return -EINVAL;
	m->mem = mem;
	return 0;
}

int dma_map(struct dma *dma, uint64_t addr, uint64_t size, uint64_t offset, unsigned int prot, int fd)
{
	struct dma_map m = { .addr = addr, .size = size, .prot = prot };
	unsigned int at;
	int err;

	if (!range_ok(addr, size) || !prot || prot & ~(DMA_READ | DMA_WRITE))
		return -EINVAL;
	at = first_behind(dma, addr);
	if (at < dma->n && dma->map[at].addr <= last(&m))
		return -EEXIST;
	if (dma->n == DMA_MAPS)
		return -ENOSPC;
	err = fd < 0 ? 0 : map_file(&m, offset, fd);
	if (err)
		return err;
	memmove(&dma->map[at + 1], &dma->map[at], (dma->n - at) * sizeof(m));
	dma->map[at] = m;
	dma->n++;
	return 0;
}

static void forget(struct dma *dma, unsigned int from, unsigned int to)
{
	for (unsigned int i = from; i < to; i++) {
		if (dma->map[i].mem)
			munmap(dma->map[i].mem, dma->map[i].size);
	}
	memmove(&dma->map[from], &dma->map[to], (dma->n - to) * sizeof(dma->map[0]));
	dma->n -= to - from;
}

int dma_unmap(struct dma *dma, uint64_t addr, uint64_t size)
{
	unsigned int from, to;

	if (!range_ok(addr, size))
		return -EINVAL;
	from = first_behind(dma, addr);
	for (to = from; to < dma->n && dma->map[to].addr <= addr + (size - 1); to++) {
		if (dma->map[to].addr < addr || last(&dma->map[to]) > addr + (size - 1))
			return -EINVAL;
	}
	if (from == to)
		return -ENOENT;
	forget(dma, from, to);
	return 0;
}

void dma_unmap_all(struct dma *dma)
{
	forget(dma, 0, dma->n);
}

uint8_t *dma_find(const struct dma *dma, uint64_t addr, uint64_t len, unsigned int prot)
{
	unsigned int at = first_behind(dma, addr);
	const struct dma_map *m = &dma->map[at];

	if (at == dma->n || m->addr > addr || !m->mem || (m->prot & prot) != prot ||
	    len > m->size - (addr - m->addr))
		return NULL;
	return m->mem + (addr - m->addr);
}

/* How much of a range one mapping has. */
static uint64_t piece(const struct dma *dma, uint64_t addr, uint64_t len)
{
	const struct dma_map *m = &dma->map[first_behind(dma, addr)];
	uint64_t left = last(m) - addr;

	return len - 1 <= left ? len : left + 1;
}

bool dma_copy(const struct dma *dma, uint64_t addr, void *buf, uint64_t len, unsigned int prot)
{
	uint64_t done, n;

	if (len && !range_ok(addr, len))
		return false;
	for (done = 0; done < len; done += n) {
		if (!dma_find(dma, addr + done, 1, prot))
			return false;
		n = piece(dma, addr + done, len - done);
	}
	for (done = 0; done < len; done += n) {
		uint8_t *mem = dma_find(dma, addr + done, 1, prot), *at = (uint8_t *)buf + done;

		n = piece(dma, addr + done, len - done);
		memcpy(prot & DMA_WRITE ? mem : at, prot & DMA_WRITE ? at : mem, n);
	}
	return true;
}
