// SPDX-License-Identifier: GPL-2.0
/*
 * Memory keys. One that covers all memory takes addresses as they are; the others have a table that
 * the driver fills with the command or, for a striding receive queue, with work requests of its own
 * (UMR):
 *
 *	MTT	pages of one size at bus addresses, 8 bytes each
 *	KSM	the same through another key, 16 bytes each, the address in the second half
 *	KLM	ranges of any size through another key: { bytes, key, address }
 */
#include <stdlib.h>

#include "mlx5.h"

enum {
	OCTWORD		= 16,
	MTT_FLAGS	= 7,		/* what an MTT's low bits allow */
	MAX_OCTWORDS	= 1 << 20,
	NULL_MKEY	= 0x100,	/* no key: ends a list of buffers */

	UMR_KEY		= 12,		/* bytes of the work request */
	UMR_FLAGS	= 16,
	UMR_OCTWORDS	= 20,
	UMR_OFFSET	= 22,
	UMR_MASK	= 24,
	UMR_OFFSET_HIGH	= 32,
	UMR_TABLE	= 128,
	UMR_INLINE	= 0x80,
	UMR_OFFSET_EN	= 0x10,
};

/* Outside of struct mlx5, because a reset clears that and has to give these back. */
static uint8_t *tables[MLX5_MKEYS];

static void table_free(unsigned int i)
{
	free(tables[i]);
	tables[i] = NULL;
}

void mlx5_mkey_reset(void)
{
	unsigned int i;

	for (i = 0; i < MLX5_MKEYS; i++)
		table_free(i);
}

static struct mlx5_mkey *find(struct mlx5 *m, uint32_t key)
{
	struct mlx5_mkey *mkey = MLX5_FIND(m->mkey, MLX5_MKEY, key >> 8);

	return mkey && mkey->variant == (key & 0xff) ? mkey : NULL;
}

/*
 * The bus address of @offset into @mkey, and how many bytes lie contiguous there. A translation
 * through another key is followed only into one that covers all memory.
 */
static bool translate(struct mlx5 *m, struct mlx5_mkey *mkey, uint64_t offset, uint64_t *addr,
		      uint64_t *contiguous)
{
	const uint8_t *table = tables[mkey - m->mkey], *entry;
	uint64_t bytes = (uint64_t)mkey->octwords * OCTWORD;
	uint64_t page = offset >> mkey->log_page, in_page;
	struct mlx5_mkey *other;

	in_page = offset & ((1ULL << mkey->log_page) - 1);
	*contiguous = (1ULL << mkey->log_page) - in_page;
	if (mkey->mode == MLX5_MKC_ACCESS_MODE_MTT) {
		if (page >= bytes / 8)
			return false;
		*addr = mlx5_be64(table + page * 8) & ~(uint64_t)MTT_FLAGS;
		if (!*addr)
			return false;
		*addr += in_page;
		return true;
	}
	if (mkey->mode == MLX5_MKC_ACCESS_MODE_KSM) {
		if (page >= mkey->octwords)
			return false;
		entry = table + page * OCTWORD;
	} else {
		for (entry = table, in_page = offset; ; entry += OCTWORD) {
			if (entry == table + bytes)
				return false;
			if (in_page < mlx5_be32(entry))
				break;
			in_page -= mlx5_be32(entry);
		}
		*contiguous = mlx5_be32(entry) - in_page;
	}
	other = find(m, mlx5_be32(entry + 4));
	*addr = mlx5_be64(entry + 8) + in_page;
	return other && other->whole;
}

static bool resolve(struct mlx5 *m, uint32_t key, uint64_t va, uint64_t *addr, uint64_t *contiguous)
{
	struct mlx5_mkey *mkey = find(m, key);
	uint64_t offset;

	if (mkey && mkey->whole) {
		*addr = va;
		*contiguous = UINT64_MAX;
		return true;
	}
	offset = mkey ? va - mkey->start : 0;
	if (mkey && offset < mkey->len && translate(m, mkey, offset, addr, contiguous)) {
		if (*contiguous > mkey->len - offset)
			*contiguous = mkey->len - offset;
		return true;
	}
	nic_fault(m->nic, "no memory behind key %#x at %#llx", key, (unsigned long long)va);
	return false;
}

bool mlx5_mkey_read(struct mlx5 *m, uint32_t key, uint64_t va, void *buf, size_t len)
{
	uint64_t addr, n;

	for (; len; len -= n, va += n, buf = (uint8_t *)buf + n) {
		if (!resolve(m, key, va, &addr, &n))
			return false;
		n = n < len ? n : len;
		if (!nic_dma_read(m->nic, addr, buf, n))
			return false;
	}
	return true;
}

bool mlx5_mkey_write(struct mlx5 *m, uint32_t key, uint64_t va, const void *buf, size_t len)
{
	uint64_t addr, n;

	for (; len; len -= n, va += n, buf = (const uint8_t *)buf + n) {
		if (!resolve(m, key, va, &addr, &n))
			return false;
		n = n < len ? n : len;
		if (!nic_dma_write(m->nic, addr, buf, n))
			return false;
	}
	return true;
}

void mlx5_mkey_umr(struct mlx5 *m, const uint8_t *wqe, size_t len)
{
	uint64_t offset, bytes;
	struct mlx5_mkey *mkey;

	if (len < UMR_TABLE) {
		nic_fault(m->nic, "UMR of %zu bytes", len);
		return;
	}
	mkey = find(m, mlx5_be32(wqe + UMR_KEY));
	bytes = (uint64_t)mlx5_be16(wqe + UMR_OCTWORDS) * OCTWORD;
	offset = ((uint64_t)mlx5_be32(wqe + UMR_OFFSET_HIGH) << 16 | mlx5_be16(wqe + UMR_OFFSET)) *
		OCTWORD;
	if (!mkey || !tables[mkey - m->mkey] ||
	    (wqe[UMR_FLAGS] & (UMR_INLINE | UMR_OFFSET_EN)) != (UMR_INLINE | UMR_OFFSET_EN) ||
	    bytes > len - UMR_TABLE || offset > (uint64_t)mkey->octwords * OCTWORD ||
	    bytes > (uint64_t)mkey->octwords * OCTWORD - offset) {
		nic_fault(m->nic, "UMR of key %#x, flags %#x: %llu bytes at %llu of its table",
			  mlx5_be32(wqe + UMR_KEY), wqe[UMR_FLAGS], (unsigned long long)bytes,
			  (unsigned long long)offset);
		return;
	}
	memcpy(tables[mkey - m->mkey] + offset, wqe + UMR_TABLE, bytes);
}

static bool table_make(struct mlx5 *m, struct mlx5_mkey *mkey, const struct mlx5_cmd *cmd)
{
	uint64_t given = MLX5_GET(create_mkey_in, cmd->in, translations_octword_actual_size);
	size_t fixed = MLX5_BYTES(create_mkey_in);
	unsigned int i = mkey - m->mkey;

	if (!mkey->octwords || mkey->octwords > MAX_OCTWORDS || given > mkey->octwords ||
	    given * OCTWORD > cmd->in_len - fixed || mkey->log_page > 30)
		return false;
	table_free(i);
	tables[i] = calloc(mkey->octwords, OCTWORD);
	if (!tables[i])
		return false;
	memcpy(tables[i], cmd->in + fixed, given * OCTWORD);
	return true;
}

uint8_t mlx5_create_mkey(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	const uint8_t *mkc = MLX5_AT(create_mkey_in, cmd->in, memory_key_mkey_entry);
	struct mlx5_mkey *mkey = MLX5_NEW(m->mkey);

	if (!mkey)
		return MLX5_LIMIT;
	if (cmd->in_len < MLX5_BYTES(create_mkey_in))
		return MLX5_BAD_INPUT_LEN;
	mkey->mode = MLX5_GET(mkc, mkc, access_mode_1_0) | MLX5_GET(mkc, mkc, access_mode_4_2) << 2;
	mkey->start = MLX5_GET64(mkc, mkc, start_addr);
	mkey->len = MLX5_GET64(mkc, mkc, len);
	mkey->octwords = MLX5_GET(mkc, mkc, translations_octword_size);
	mkey->log_page = MLX5_GET(mkc, mkc, log_page_size);
	mkey->variant = MLX5_GET(mkc, mkc, mkey_7_0);
	mkey->whole = mkey->mode == MLX5_MKC_ACCESS_MODE_PA && MLX5_GET(mkc, mkc, length64);
	if (!mkey->whole && (mkey->mode < MLX5_MKC_ACCESS_MODE_MTT ||
			     mkey->mode > MLX5_MKC_ACCESS_MODE_KSM || !table_make(m, mkey, cmd))) {
		nic_fault(m->nic, "memory key of mode %u with %u octwords", mkey->mode,
			  mkey->octwords);
		return MLX5_BAD_PARAM;
	}
	mkey->used = true;
	MLX5_SET(create_mkey_out, cmd->out, mkey_index, mkey - m->mkey + MLX5_MKEY);
	return MLX5_OK;
}

uint8_t mlx5_destroy_mkey(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	struct mlx5_mkey *mkey = MLX5_FIND(m->mkey, MLX5_MKEY,
					   MLX5_GET(destroy_mkey_in, cmd->in, mkey_index));

	if (!mkey)
		return MLX5_BAD_RESOURCE;
	mkey->used = false;
	table_free(mkey - m->mkey);
	return MLX5_OK;
}

uint8_t mlx5_query_special_contexts(struct mlx5 *m, struct mlx5_cmd *cmd)
{
	(void)m;
	MLX5_SET(query_special_contexts_out, cmd->out, null_mkey, NULL_MKEY);
	MLX5_SET(query_special_contexts_out, cmd->out, terminate_scatter_list_mkey, NULL_MKEY);
	return MLX5_OK;
}
