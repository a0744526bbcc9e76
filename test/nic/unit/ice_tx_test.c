// SPDX-License-Identifier: GPL-2.0
/* The model of ice's device: what it sends, and what it does to frames before. */
#include <arpa/inet.h>

#include "frame.h"
#include "ice_driver.h"

enum {
	CMD_LAST	= 1 << 4,
	CMD_REPORT	= 2 << 4,
	CMD_TAG		= 8 << 4,
	CMD_IPV4_CSUM	= 0x60 << 4,
	CMD_TCP		= 0x100 << 4,
	CMD_UDP		= 0x300 << 4,
	CTX_TSO		= 1 << 4 | 1,
	TYPE_MASK	= 0xf,
};

static uint8_t frame[16384], seen[16384];

static uint64_t offsets(unsigned int l2, unsigned int l3, unsigned int l4)
{
	return (uint64_t)l2 / 2 << 16 | (uint64_t)l3 / 4 << 23 | (uint64_t)l4 / 4 << 30;
}

static void put_desc(struct drv *d, unsigned int i, uint64_t low, uint64_t high)
{
	ice_put64(drv_mem(d, DRV_TX_RING + 16 * i), low);
	ice_put64(drv_mem(d, DRV_TX_RING + 16 * i + 8), high);
}

static void put_data(struct drv *d, unsigned int i, size_t at, size_t len, uint64_t cmd)
{
	put_desc(d, i, DRV_TX_DATA + at, cmd | (uint64_t)len << 34);
}

static void ring(struct drv *d, unsigned int tail)
{
	drv_write(d, ICE_QTX_COMM_DBELL + 4 * DRV_TXQ, tail);
}

static bool is_done(struct drv *d, unsigned int i)
{
	return (*drv_mem(d, DRV_TX_RING + 16 * i + 8) & TYPE_MASK) == TYPE_MASK;
}

/* Bytes where the driver's descriptors find them */
static void load(struct drv *d, const uint8_t *data, size_t len)
{
	memcpy(drv_mem(d, DRV_TX_DATA), data, len);
}

static void pieces_become_a_frame(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 1000, 4, false, 0);

	load(d, frame, len);
	put_data(d, 0, 0, 100, 0);
	put_data(d, 1, 100, 899, 0);
	put_data(d, 2, 999, 1, CMD_LAST | CMD_REPORT);
	ring(d, 3);
	CHECK(drv_transmitted(d, seen, sizeof(seen)) == len && !memcmp(seen, frame, len), "frame");
	CHECK(!drv_transmitted(d, seen, sizeof(seen)), "one");
	CHECK(!is_done(d, 0) && !is_done(d, 1) && is_done(d, 2), "reported where it is wanted");
	CHECK(drv_interrupts(d) == 1, "interrupt");
	CHECK(drv_read(d, ICE_QTX_COMM_HEAD + 4 * DRV_TXQ) == 3, "head");
	CHECK(drv_read(d, ICE_GLPRT_UPTC) == 1 && drv_read(d, ICE_GLPRT_GOTC) == len + 4, "counted");
	drv_stop(d);
}

static void ring_wraps(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 60, 4, false, 0);
	unsigned int i, n = 0;

	load(d, frame, len);
	for (i = 0; i < 5 * DRV_TX_LEN; i++) {
		put_data(d, i % DRV_TX_LEN, 0, len, CMD_LAST);
		ring(d, (i + 1) % DRV_TX_LEN);
	}
	while (drv_transmitted(d, seen, sizeof(seen)))
		n++;
	CHECK(n == 5 * DRV_TX_LEN, "%u frames", n);
	CHECK(drv_interrupts(d) == 0, "none was asked for");
	drv_stop(d);
}

/* Leaves in the checksum's field what the driver leaves there: the pseudo header's sum */
static void leave_pseudo(uint8_t *ip, uint8_t *field, unsigned int protocol, size_t l4_len)
{
	bool is_v4 = ip[0] >> 4 == 4;
	uint32_t sum = frame_sum(is_v4 ? &ip[12] : &ip[8], is_v4 ? 8 : 32, protocol + l4_len);

	ice_put16(field, htons(frame_fold(sum)));
}

static void checksums_are_filled_in(void)
{
	struct drv *d = drv_open();
	uint8_t wanted[512];
	size_t len;

	len = drv_frame(wanted, 501, 4, false, 0);
	memcpy(frame, wanted, len);
	frame[24] = 0x55;		/* IPv4's is computed from scratch */
	leave_pseudo(&frame[14], &frame[34 + 6], 17, len - 34);
	load(d, frame, len);
	put_data(d, 0, 0, len, CMD_LAST | CMD_IPV4_CSUM | CMD_UDP | offsets(14, 20, 8));
	len = drv_frame(wanted, 301, 6, true, 0);
	memcpy(frame, wanted, len);
	leave_pseudo(&frame[14], &frame[54 + 16], 6, len - 54);
	memcpy(drv_mem(d, DRV_TX_DATA + 1024), frame, len);
	put_data(d, 1, 1024, len, CMD_LAST | CMD_TCP | offsets(14, 40, 20));
	ring(d, 2);

	len = drv_frame(wanted, 501, 4, false, 0);
	CHECK(drv_transmitted(d, seen, sizeof(seen)) == len && !memcmp(seen, wanted, len), "UDP");
	len = drv_frame(wanted, 301, 6, true, 0);
	CHECK(drv_transmitted(d, seen, sizeof(seen)) == len && !memcmp(seen, wanted, len), "TCP");
	drv_stop(d);
}

static void tags_are_inserted(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 100, 4, false, 0);
	uint8_t wanted[104];

	load(d, frame, len);
	put_data(d, 0, 0, len, CMD_LAST | CMD_TAG | 0x2064ull << 48);
	ring(d, 1);
	drv_frame(wanted, 104, 4, false, 0x2064);
	CHECK(drv_transmitted(d, seen, sizeof(seen)) == 104, "length");
	CHECK(!memcmp(seen, wanted, 104), "bytes");
	drv_stop(d);
}

/* Cuts 3100 bytes of payload into segments of 1400 and looks at each one as a receiver does. */
static void segment(int version, bool is_tcp)
{
	unsigned int ip_len = version == 4 ? 20 : 40, l4_len = is_tcp ? 20 : 8;
	unsigned int header = 14 + ip_len + l4_len, at = 0, n = 0;
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, header + 3100, version, is_tcp, 0), got;
	struct nic_frame parsed;
	uint8_t *l4 = seen + 14 + ip_len;

	if (is_tcp)
		frame[14 + ip_len + 13] = 0x19;		/* FIN, PSH, ACK */
	load(d, frame, len);
	put_desc(d, 0, 0, CTX_TSO | (uint64_t)(len - header) << 30 | 1400ull << 50);
	put_data(d, 1, 0, len, CMD_LAST | CMD_REPORT | (version == 4 ? CMD_IPV4_CSUM : 0) |
		 (is_tcp ? CMD_TCP : CMD_UDP) | offsets(14, ip_len, l4_len));
	ring(d, 2);
	while ((got = drv_transmitted(d, seen, sizeof(seen)))) {
		frame_parse(&parsed, seen, got);
		CHECK(parsed.l3_csum_ok && parsed.l4_csum_ok, "checksums of segment %u", n);
		CHECK(!memcmp(seen + header, frame + header + at, got - header), "payload of %u", n);
		CHECK(got - header == (n < 2 ? 1400 : 300), "%zu bytes in %u", got, n);
		if (version == 4)
			CHECK(ntohs(ice_get16(&seen[14 + 4])) == n, "its IPv4 id");
		if (is_tcp) {
			CHECK(ntohl(ice_get32(&l4[4])) == at, "sequence number of %u", n);
			CHECK(l4[13] == (n < 2 ? 0x10 : 0x19), "flags of %u: %#x", n, l4[13]);
		}
		at += got - header;
		n++;
	}
	CHECK(n == 3, "%u segments", n);
	CHECK(is_done(d, 1), "reported");
	drv_stop(d);
}

static void tcp_is_segmented(void)
{
	segment(4, true);
	segment(6, true);
}

static void udp_is_segmented(void)
{
	segment(4, false);
	segment(6, false);
}

static void bad_descriptors_are_faults(void)
{
	struct drv *d = drv_open();

	put_data(d, 0, 0, 100, CMD_LAST | CMD_TCP | offsets(14, 20, 20) | 0x7);
	ring(d, 1);
	CHECK(d->nic.faults == 2, "type 7, and no packet: %lu", d->nic.faults);
	put_data(d, 0, DRV_SIZE, 100, CMD_LAST);
	ring(d, 1);
	CHECK(d->nic.faults == 3, "memory that is not there: %lu", d->nic.faults);
	put_data(d, 1, 0, 30, CMD_LAST | CMD_TCP | offsets(14, 20, 20));
	ring(d, 2);
	CHECK(d->nic.faults == 4, "headers that are not there: %lu", d->nic.faults);
	put_data(d, 2, 0, 100, 0);
	ring(d, 3);
	CHECK(d->nic.faults == 5, "half a packet: %lu", d->nic.faults);
	ring(d, DRV_TX_LEN);
	CHECK(!drv_transmitted(d, seen, sizeof(seen)), "nothing goes out");
	drv_stop_with_faults(d, 6);
}

const struct ktap_test ice_tx_tests[] = {
	{ "ice_pieces_become_a_frame", pieces_become_a_frame },
	{ "ice_ring_wraps", ring_wraps },
	{ "ice_checksums_are_filled_in", checksums_are_filled_in },
	{ "ice_tags_are_inserted", tags_are_inserted },
	{ "ice_tcp_is_segmented", tcp_is_segmented },
	{ "ice_udp_is_segmented", udp_is_segmented },
	{ "ice_bad_descriptors_are_faults", bad_descriptors_are_faults },
	{ }
};
