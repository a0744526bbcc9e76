// SPDX-License-Identifier: GPL-2.0
/* What goes out: checksums, tags, segments. */
#include "../frame.h"
#include "test.h"

static uint8_t frame[0x11000];

/* @inline_len: bytes of header in the work request, from INLINE_VLAN on: insert that tag */
enum { INLINE_VLAN = 0x8000 };

static void send_frame(size_t len, unsigned int inline_len, uint16_t mss, uint8_t checksums)
{
	uint8_t *wqe = g.mem + MEM_SQ, *data;
	size_t in = inline_len & INLINE_VLAN ? 0 : inline_len;
	unsigned int at = 32 + (in > 2 ? (in - 2 + 15) / 16 * 16 : 0);

	memset(wqe, 0, 1024);
	wqe[3] = mss ? 0x0e : 0x0a;
	mlx5_be32_set(wqe + 4, g.sqn << 8 | (at / 16 + 1));
	wqe[11] = 8;
	wqe[20] = checksums;
	mlx5_be16_set(wqe + 22, mss);
	mlx5_be16_set(wqe + 28, in ? in : inline_len & INLINE_VLAN);
	if (in)
		memcpy(wqe + 30, frame, in);
	else if (inline_len)
		mlx5_be16_set(wqe + 30, inline_len & ~INLINE_VLAN);
	data = wqe + at;
	memcpy(g.mem + MEM_SEND, frame + in, len - in);
	mlx5_be32_set(data, len - in);
	mlx5_be32_set(data + 4, g.key);
	mlx5_be64_set(data + 8, MEM_BASE + MEM_SEND);
	ring_sq((at / 16 + 1 + 3) / 4);
}

static void checksums_are_computed(void)
{
	struct nic_frame f;

	for (int kind = 0; kind < 8; kind++) {
		guest_start(false);
		make_frame(frame, 1001, kind);
		send_frame(1001, 18, 0, MLX5_SEND_L3_CSUM | MLX5_SEND_L4_CSUM);
		CHECK(g.sent == 1 && g.frame_len == 1001, "kind %d: %lu sent", kind, g.sent);
		frame_parse(&f, g.frame, g.frame_len);
		CHECK(f.l3_csum_ok && f.l4_csum_ok, "kind %d", kind);
		CHECK(cqe(0)[63] == 0 && cqe(0)[56] == 0x0a &&
		      (mlx5_be32(cqe(0) + 56) & 0xffffff) == g.sqn, "completion");
		CHECK(!g.faults, "%lu faults", g.faults);
	}
}

static void frames_go_out_as_they_are(void)
{
	for (unsigned int i = 0; i < 70; i++) {
		guest_start(false);
		make_frame(frame, 300, TCP);
		send_frame(300, i, 0, 0);
		CHECK(g.sent == 1 && g.frame_len == 300 && !memcmp(g.frame, frame, 300),
		      "%u bytes inline", i);
	}
}

static void tags_are_inserted(void)
{
	struct nic_frame f;

	guest_start(false);
	make_frame(frame, 300, IPV6);
	send_frame(300, INLINE_VLAN | 77, 0, MLX5_SEND_L4_CSUM);
	frame_parse(&f, g.frame, g.frame_len);
	CHECK(f.len == 304 && f.has_vlan && f.vlan_tci == 77 && f.l4_csum_ok, "%zu bytes", f.len);
	CHECK(!memcmp(g.frame, frame, 12) && !memcmp(g.frame + 16, frame + 12, 40), "the rest");
}

static void large_sends_are_cut(void)
{
	struct nic_frame f;

	for (int kind = 0; kind < 8; kind++) {
		size_t header = make_frame(frame, 60000, kind), last;

		guest_start(false);
		send_frame(60000, header, 1000, MLX5_SEND_L3_CSUM | MLX5_SEND_L4_CSUM);
		last = (60000 - header - 1) % 1000 + 1;
		CHECK(g.sent == (60000 - header + 999) / 1000, "kind %d: %lu segments", kind,
		      g.sent);
		frame_parse(&f, g.frame, g.frame_len);
		CHECK(f.len == header + last, "last has %zu", f.len);
		CHECK(f.l3_csum_ok && f.l4_csum_ok, "kind %d: checksums", kind);
		CHECK(!memcmp(g.frame + header, frame + 60000 - last, last), "its data");
		if (kind & TCP)
			CHECK(mlx5_be32(g.frame + header - 16) ==
			      mlx5_be32(frame + header - 16) + 60000 - header - last,
			      "sequence number");
		CHECK(!g.faults, "%lu faults", g.faults);
	}
}

const struct ktap_test tx_tests[] = {
	{ "checksums_are_computed", checksums_are_computed },
	{ "frames_go_out_as_they_are", frames_go_out_as_they_are },
	{ "tags_are_inserted", tags_are_inserted },
	{ "large_sends_are_cut", large_sends_are_cut },
	{ }
};
