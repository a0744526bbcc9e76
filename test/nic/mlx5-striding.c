// SPDX-License-Identifier: GPL-2.0
/*
 * Receive queues of the striding kind. A work request is one large buffer of 2^n strides, and each
 * frame takes as many of them as it needs, from the next free one on. A frame that does not fit
 * into what is left takes the next work request, after a completion without a frame ("filler") for
 * the strides in between. The work requests form a list: each holds the index of the next.
 */
#include <errno.h>

#include "mlx5.h"

enum {
	WQE_NEXT	= 2,
	WQE_LENGTH	= 16,
	WQE_KEY		= 20,
	WQE_ADDRESS	= 24,

	CQE_WQE		= 2,
	CQE_STRIDES	= 44,
	CQE_LENGTH	= 46,
	CQE_STRIDE	= 60,
	FILLER		= 0x8000,
};

static uint8_t *entry(struct mlx5 *m, struct mlx5_rq *rq)
{
	return mlx5_ring_entry(m, &rq->ring, rq->index);
}

/*
 * The work request to write to. The index of the next is read as late as possible: the driver links
 * a work request into its list when it posts it, perhaps long after the one before was used up.
 */
static uint8_t *current(struct mlx5 *m, struct mlx5_rq *rq)
{
	uint8_t *wqe = entry(m, rq);

	if (rq->stride || !wqe)
		return wqe;
	if (rq->begun) {
		rq->index = mlx5_be16(wqe + WQE_NEXT);
		if (rq->index >> rq->ring.log_size) {
			nic_fault(m->nic, "work request %u does not exist", rq->index);
			return NULL;
		}
		wqe = entry(m, rq);
	}
	return wqe;
}

static void complete(struct mlx5 *m, struct mlx5_rq *rq, uint8_t *cqe, uint16_t strides,
		     uint16_t flags)
{
	mlx5_be16_set(cqe + CQE_WQE, rq->index);
	mlx5_be16_set(cqe + CQE_STRIDES, flags | strides);
	mlx5_be16_set(cqe + CQE_STRIDE, rq->stride);
	rq->begun = true;
	rq->stride += strides;
	if (rq->stride == 1U << rq->log_strides) {
		rq->stride = 0;
		rq->taken++;
	}
	mlx5_cq_post(m, rq->cqn, cqe);
}

int mlx5_striding_receive(struct mlx5 *m, struct mlx5_rq *rq, const struct mlx5_packet *p)
{
	uint16_t total = 1U << rq->log_strides, strides;
	uint8_t cqe[MLX5_CQE_SIZE], *wqe;
	uint32_t offset;

	strides = (p->len + (1U << rq->log_stride_size) - 1) >> rq->log_stride_size;
	if (strides > total) {
		nic_fault(m->nic, "frame of %zu bytes for %u strides", p->len, total);
		return 0;
	}
	/* Room for the filler, too, so that all of it happens or nothing. */
	if (mlx5_cq_room(m, rq->cqn) < 2)
		return -EAGAIN;
	if (rq->stride + strides > total) {
		mlx5_rx_cqe(p, cqe);
		complete(m, rq, cqe, total - rq->stride, FILLER);
	}
	if (mlx5_rq_posted(m, rq) == rq->taken)
		return -EAGAIN;
	wqe = current(m, rq);
	if (!wqe)
		return 0;
	offset = (uint32_t)rq->stride << rq->log_stride_size;
	if (offset + p->len > mlx5_be32(wqe + WQE_LENGTH)) {
		nic_fault(m->nic, "work request of %u bytes for %u strides",
			  mlx5_be32(wqe + WQE_LENGTH), total);
		return 0;
	}
	if (!mlx5_packet_write(m, p, 0, mlx5_be32(wqe + WQE_KEY),
			       mlx5_be64(wqe + WQE_ADDRESS) + offset, p->len))
		return 0;
	mlx5_rx_cqe(p, cqe);
	mlx5_be16_set(cqe + CQE_LENGTH, p->len);
	complete(m, rq, cqe, strides, 0);
	return 0;
}
