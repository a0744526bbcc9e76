// SPDX-License-Identifier: GPL-2.0
/* Rings in guest memory, of all kinds of queues: lists of pages with entries of one size. */
#include "mlx5.h"

bool mlx5_ring_init(struct mlx5 *m, struct mlx5_ring *ring, const uint8_t *pas, size_t pas_len)
{
	uint64_t bytes = 1ULL << (ring->log_size + ring->log_stride);
	uint64_t pages = (bytes + (1ULL << ring->log_page) - 1) >> ring->log_page;
	uint64_t i;

	if (pages > MLX5_RING_PAGES || pages > pas_len / sizeof(uint64_t)) {
		nic_fault(m->nic, "ring of 2^%u entries of 2^%u bytes has no %llu pages",
			  ring->log_size, ring->log_stride, (unsigned long long)pages);
		return false;
	}
	for (i = 0; i < pages; i++)
		ring->page[i] = mlx5_be64(pas + i * sizeof(uint64_t));
	return true;
}

uint8_t *mlx5_ring_entry(struct mlx5 *m, const struct mlx5_ring *ring, uint32_t index)
{
	uint64_t offset = (uint64_t)(index & ((1U << ring->log_size) - 1)) << ring->log_stride;
	uint64_t page = ring->page[offset >> ring->log_page];

	return nic_dma(m->nic, page + (offset & ((1ULL << ring->log_page) - 1)),
		       1UL << ring->log_stride);
}

void mlx5_ring_wq(struct mlx5_ring *ring, const uint8_t *wq)
{
	ring->log_page = MLX5_GET(wq, wq, log_wq_pg_sz) + 12;
	ring->log_size = MLX5_GET(wq, wq, log_wq_sz);
	ring->log_stride = MLX5_GET(wq, wq, log_wq_stride);
	ring->record = MLX5_GET64(wq, wq, dbr_addr);
}
