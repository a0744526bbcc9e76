// SPDX-License-Identifier: GPL-2.0
/* Keys whose tables lead through another key, as a striding queue of AF_XDP has them. */
#include "test.h"

static uint8_t frame[2048];

/* A key with the table that is in @table; returns it. */
static uint32_t make_key(uint32_t mode, uint32_t log_page, uint64_t len, const uint8_t *table,
			 uint32_t octwords)
{
	uint8_t *mkc = MLX5_AT(create_mkey_in, g.in, memory_key_mkey_entry);
	size_t fixed = MLX5_BYTES(create_mkey_in);
	int status;

	MLX5_SET(mkc, mkc, access_mode_1_0, mode);
	MLX5_SET(mkc, mkc, log_page_size, log_page);
	MLX5_SET64(mkc, mkc, len, len);
	MLX5_SET(mkc, mkc, translations_octword_size, octwords);
	MLX5_SET(create_mkey_in, g.in, translations_octword_actual_size, octwords);
	memcpy(g.in + fixed, table, octwords * 16);
	status = command(MLX5_CMD_OP_CREATE_MKEY, fixed + octwords * 16, 16);
	CHECK(!status, "key of mode %u: status %d", mode, status);
	return MLX5_GET(create_mkey_out, g.out, mkey_index) << 8;
}

static void entry(uint8_t *table, unsigned int i, uint32_t bytes, uint32_t key, uint32_t where)
{
	mlx5_be32_set(table + 16 * i, bytes);
	mlx5_be32_set(table + 16 * i + 4, key);
	mlx5_be64_set(table + 16 * i + 8, MEM_BASE + where);
}

/* Receives a frame into the first buffer, which is @len bytes behind @key at @va. */
static void receive_into(uint32_t key, uint64_t va, uint32_t len)
{
	uint8_t *wqe = g.mem + MEM_RQ;

	mlx5_be32_set(wqe, len);
	mlx5_be32_set(wqe + 4, key);
	mlx5_be64_set(wqe + 8, va);
	mlx5_be32_set(wqe + 16, 0);
	mlx5_be32_set(g.mem + MEM_RQ_RECORD, 1);
	make_frame(frame, 1000, 0);
	CHECK(!receive_frame(frame, 1000), "frame");
}

static void pages_of_one_size(void)
{
	uint8_t table[32];

	guest_start(false);
	entry(table, 0, 0, g.key, 0x500123);
	entry(table, 1, 0, g.key, 0x600456);
	receive_into(make_key(MLX5_MKC_ACCESS_MODE_KSM, 11, 4096, table, 2), 1500, 1000);
	CHECK(!memcmp(g.mem + 0x500123 + 1500, frame, 548), "to the end of the first page");
	CHECK(!memcmp(g.mem + 0x600456, frame + 548, 452), "from the begin of the second");
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void ranges_of_any_size(void)
{
	uint8_t table[48];

	guest_start(false);
	entry(table, 0, 300, g.key, 0x500001);
	entry(table, 1, 77, g.key, 0x600001);
	entry(table, 2, 2000, g.key, 0x700001);
	receive_into(make_key(MLX5_MKC_ACCESS_MODE_KLMS, 0, 2377, table, 3), 100, 1000);
	CHECK(!memcmp(g.mem + 0x500001 + 100, frame, 200), "first range");
	CHECK(!memcmp(g.mem + 0x600001, frame + 200, 77), "second range");
	CHECK(!memcmp(g.mem + 0x700001, frame + 277, 723), "third range");
	CHECK(!g.mem[0x600001 + 77], "nothing behind the second range");
	CHECK(!g.faults, "%lu faults", g.faults);
}

static void tables_end(void)
{
	uint8_t table[16];

	guest_start(false);
	entry(table, 0, 0, g.key, 0x500000);
	receive_into(make_key(MLX5_MKC_ACCESS_MODE_KSM, 11, 2048, table, 1), 1500, 1000);
	CHECK(g.faults == 1 && !cqe(0)[63], "beyond the key: %lu faults", g.faults);
	CHECK(!g.mem[0x500000 + 2048], "nothing behind it");
	guest_start(false);
	entry(table, 0, 0, g.umr_key, 0x500000);
	receive_into(make_key(MLX5_MKC_ACCESS_MODE_KSM, 11, 2048, table, 1), 0, 1000);
	CHECK(g.faults == 1, "through a key with a table: %lu faults", g.faults);
}

const struct ktap_test key_tests[] = {
	{ "pages_of_one_size", pages_of_one_size },
	{ "ranges_of_any_size", ranges_of_any_size },
	{ "tables_end", tables_end },
	{ }
};
