/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of the vfio-user protocol, in the byte order of the host. */
#ifndef TEST_NIC_VFU_PROTO_H
#define TEST_NIC_VFU_PROTO_H

#include <stdint.h>

enum vfu_command {
	VFU_VERSION		= 1,
	VFU_DMA_MAP		= 2,
	VFU_DMA_UNMAP		= 3,
	VFU_GET_INFO		= 4,
	VFU_GET_REGION_INFO	= 5,
	VFU_GET_IRQ_INFO	= 7,
	VFU_SET_IRQS		= 8,
	VFU_REGION_READ		= 9,
	VFU_REGION_WRITE	= 10,
	VFU_RESET		= 13,
};

enum {
	VFU_TYPE		= 0xf,	/* struct vfu_header.flags */
	VFU_REPLY		= 1,
	VFU_NO_REPLY		= 0x10,
	VFU_ERROR		= 0x20,

	VFU_DMA_READ		= 1,	/* vfu_dma_map.flags, the same as DMA_READ and DMA_WRITE */
	VFU_DMA_WRITE		= 2,
	VFU_UNMAP_ALL		= 2,	/* vfu_dma_unmap.flags */
};

struct vfu_header {
	uint16_t id, command;
	uint32_t size, flags, error;
};

struct vfu_version {
	uint16_t major, minor;
};

struct vfu_dma_map {
	uint32_t argsz, flags;
	uint64_t offset, addr, size;
};

struct vfu_dma_unmap {
	uint32_t argsz, flags;
	uint64_t addr, size;
};

struct vfu_info {
	uint32_t argsz, flags, regions, irqs;
};

struct vfu_region_info {
	uint32_t argsz, flags, index, cap_offset;
	uint64_t size, offset;
};

struct vfu_irq_info {
	uint32_t argsz, flags, index, count;
};

struct vfu_irq_set {
	uint32_t argsz, flags, index, start, count;
};

struct vfu_region_access {
	uint64_t offset;
	uint32_t region, count;
};

#endif
