/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access by name to the fields of mlx5's commands, objects and registers, whose layouts come from
 * the kernel's own mlx5_ifc.h (in its headers package; the Makefile says where). That header
 * describes each structure as one of byte arrays, one byte for each bit of the device: offsetof()
 * and sizeof() there are positions and widths in bits.
 */
#ifndef TEST_NIC_MLX5_IFC_H
#define TEST_NIC_MLX5_IFC_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What mlx5_ifc.h needs of the kernel. */
typedef uint8_t u8;
#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))
#define DECLARE_FLEX_ARRAY(type, name) struct { struct { } empty_##name; type name[]; }
#include <mlx5_ifc.h>
#undef DECLARE_FLEX_ARRAY
#undef BIT_ULL
#undef BIT

#define MLX5_BIT_OFF(typ, fld)	offsetof(struct mlx5_ifc_##typ##_bits, fld)
#define MLX5_BIT_WIDTH(typ, fld) sizeof(((struct mlx5_ifc_##typ##_bits *)NULL)->fld)

/* A field of up to 32 bits; none crosses a dword. */
#define MLX5_GET(typ, p, fld) \
	mlx5_bits_get(p, MLX5_BIT_OFF(typ, fld), MLX5_BIT_WIDTH(typ, fld))
#define MLX5_SET(typ, p, fld, value) \
	mlx5_bits_set(p, MLX5_BIT_OFF(typ, fld), MLX5_BIT_WIDTH(typ, fld), value)
/* A field of exactly 64 bits. */
#define MLX5_GET64(typ, p, fld)	mlx5_be64(MLX5_AT(typ, p, fld))
#define MLX5_SET64(typ, p, fld, value)	mlx5_be64_set(MLX5_AT(typ, p, fld), value)
/* Where a structure inside another begins. */
#define MLX5_AT(typ, p, fld)	((uint8_t *)(p) + MLX5_BIT_OFF(typ, fld) / 8)
#define MLX5_BYTES(typ)		(sizeof(struct mlx5_ifc_##typ##_bits) / 8)

static inline uint16_t mlx5_be16(const void *p)
{
	uint16_t value;

	memcpy(&value, p, sizeof(value));
	return be16toh(value);
}

static inline uint32_t mlx5_be32(const void *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return be32toh(value);
}

static inline uint64_t mlx5_be64(const void *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return be64toh(value);
}

static inline void mlx5_be16_set(void *p, uint16_t value)
{
	value = htobe16(value);
	memcpy(p, &value, sizeof(value));
}

static inline void mlx5_be32_set(void *p, uint32_t value)
{
	value = htobe32(value);
	memcpy(p, &value, sizeof(value));
}

static inline void mlx5_be64_set(void *p, uint64_t value)
{
	value = htobe64(value);
	memcpy(p, &value, sizeof(value));
}

static inline uint32_t mlx5_bits_mask(size_t width)
{
	return width >= 32 ? UINT32_MAX : (1U << width) - 1;
}

static inline uint32_t mlx5_bits_get(const void *p, size_t offset, size_t width)
{
	const uint8_t *dword = (const uint8_t *)p + offset / 32 * 4;

	return mlx5_be32(dword) >> (32 - offset % 32 - width) & mlx5_bits_mask(width);
}

static inline void mlx5_bits_set(void *p, size_t offset, size_t width, uint32_t value)
{
	uint8_t *dword = (uint8_t *)p + offset / 32 * 4;
	unsigned int shift = 32 - offset % 32 - width;
	uint32_t mask = mlx5_bits_mask(width) << shift;

	mlx5_be32_set(dword, (mlx5_be32(dword) & ~mask) | (value << shift & mask));
}

#endif
