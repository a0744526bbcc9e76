/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory: which bus addresses the client has mapped, and where they are here. */
#ifndef TEST_NIC_DMA_H
#define TEST_NIC_DMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DMA_MAPS	= 512,
	DMA_READ	= 1,	/* the device may read; bits as in the protocol */
	DMA_WRITE	= 2,
};

/* @mem: NULL for a range without file, such as a ROM: known, but no memory for a device */
struct dma_map {
	uint64_t addr, size;
	uint8_t *mem;
	unsigned int prot;
};

/* Sorted by address; no two overlap. */
struct dma {
	unsigned int n;
	struct dma_map map[DMA_MAPS];
};

/**
 * dma_map - make a range known
 * @addr: bus address, bytes
 * @size: bytes
 * @offset: of the range in the file, bytes
 * @prot: DMA_READ, DMA_WRITE
 * @fd: the file, which stays the caller's; -1 for none
 *
 * Return: 0; -EINVAL: empty, wraps around, or cannot be mapped; -EEXIST: overlaps with another;
 * -EFBIG: the file is shorter, so that an access behind its end would be a SIGBUS; -ENOSPC: too many.
 */
int dma_map(struct dma *dma, uint64_t addr, uint64_t size, uint64_t offset, unsigned int prot,
	    int fd);

/**
 * dma_unmap - forget all mappings in a range
 *
 * Return: 0; -EINVAL: it is empty, wraps around or cuts a mapping, and nothing is done; -ENOENT: no
 * mapping is there.
 */
int dma_unmap(struct dma *dma, uint64_t addr, uint64_t size);

/* dma_unmap_all - at the end, and for the protocol's flag that says so */
void dma_unmap_all(struct dma *dma);

/* dma_find - memory of @len bytes in one mapping that allows @prot; NULL if there is none */
uint8_t *dma_find(const struct dma *dma, uint64_t addr, uint64_t len, unsigned int prot);

/**
 * dma_copy - between guest memory and @buf, across mappings
 * @prot: DMA_READ: into @buf; DMA_WRITE: out of it
 *
 * Return: false, and nothing is copied, if a byte of it is not mapped with @prot.
 */
bool dma_copy(const struct dma *dma, uint64_t addr, void *buf, uint64_t len, unsigned int prot);

#endif
