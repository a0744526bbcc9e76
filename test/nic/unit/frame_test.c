// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <string.h>

#include "frame.h"
#include "test.h"

/* The published verification suite for receive side scaling. */
static void toeplitz_is_as_published(void)
{
	static const struct {
		const char *from, *to;
		uint16_t from_port, to_port;
		uint32_t addresses, ports;
	} suite[] = {
		{ "66.9.149.187", "161.142.100.80", 2794, 1766, 0x323e8fc2, 0x51ccc178 },
		{ "199.92.111.2", "65.69.140.83", 14230, 4739, 0xd718262a, 0xc626b0ea },
		{ "24.19.198.95", "12.22.207.184", 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
		{ "38.27.205.30", "209.142.163.6", 48228, 2217, 0x82989176, 0xafc7327f },
		{ "153.39.163.191", "202.188.127.2", 44251, 1303, 0x5d1809c5, 0x10e828a2 },
		{ "3ffe:2501:200:1fff::7", "3ffe:2501:200:3::1", 2794, 1766, 0x2cc18cd5, 0x40207d3d },
		{ "3ffe:501:8::260:97ff:fe40:efab", "ff02::1", 14230, 4739, 0x0f0c461c, 0xdde51bbf },
		{ "3ffe:1900:4545:3:200:f8ff:fe21:67cf", "fe80::200:f8ff:fe21:67cf", 44251, 38024,
		  0x4b61e985, 0x02d1feef },
	};
	uint8_t tuple[36];

	for (unsigned int i = 0; i < sizeof(suite) / sizeof(suite[0]); i++) {
		int family = strchr(suite[i].from, ':') ? AF_INET6 : AF_INET;
		unsigned int len = family == AF_INET6 ? 16 : 4;
		uint16_t ports[2] = { htons(suite[i].from_port), htons(suite[i].to_port) };

		inet_pton(family, suite[i].from, tuple);
		inet_pton(family, suite[i].to, tuple + len);
		memcpy(tuple + 2 * len, ports, sizeof(ports));
		CHECK(frame_toeplitz(tuple, 2 * len) == suite[i].addresses, "%s", suite[i].from);
		CHECK(frame_toeplitz(tuple, 2 * len + 4) == suite[i].ports, "%s", suite[i].from);
	}
}

/* RFC 1071's example, and what folding has to do. */
static void sums_are_as_published(void)
{
	static const uint8_t example[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	static uint8_t ones[16384];

	CHECK(frame_fold(frame_sum(example, 8, 0)) == 0xddf2, "%#x", frame_sum(example, 8, 0));
	CHECK(frame_sum(example, 7, 0) == 0x2ddf0 - 0xf7, "%#x", frame_sum(example, 7, 0));
	CHECK(frame_fold(0xffffffff) == 0xffff, "fold");
	memset(ones, 0xff, sizeof(ones));
	CHECK(frame_fold(frame_sum(ones, sizeof(ones), 0xffffffff)) == 0xffff, "carry");
}

/* Checksums calculated by other means */
static const uint8_t udp4[] = {
	2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0x08, 0x00,
	0x45, 0, 0, 0x20, 0, 1, 0, 0, 64, 17, 0x66, 0xc8, 10, 1, 0, 1, 10, 1, 0, 2,
	0x03, 0xe8, 0x07, 0xd0, 0, 12, 0x1b, 0x53, 'a', 'b', 'c', 'd',
};

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

/* What a checksum field has to hold, when it was zero. */
static uint16_t checksum(const uint8_t *pseudo, size_t pseudo_len, const uint8_t *data, size_t len,
			 uint32_t sum)
{
	return ~frame_fold(frame_sum(data, len, frame_sum(pseudo, pseudo_len, sum)));
}

/* A frame that a test builds up, and where its parts are. */
struct built {
	uint8_t data[256];
	size_t len, l3, l4;
};

static struct built build4(uint8_t protocol, bool vlan)
{
	struct built b = { .l3 = vlan ? 18 : 14 };
	uint8_t *ip = b.data + b.l3, *l4 = ip + 20;
	uint16_t len = 40;

	if (vlan) {
		put16(b.data + 12, 0x8100);
		put16(b.data + 14, 0xa123);
	}
	put16(ip - 2, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, 20 + len);
	ip[8] = 64;
	ip[9] = protocol;
	memcpy(ip + 12, "\x0a\x01\x00\x01\x0a\x01\x00\x02", 8);
	put16(ip + 10, checksum(NULL, 0, ip, 20, 0));
	put16(l4, 1000);
	put16(l4 + 2, 2000);
	if (protocol == 17) {
		put16(l4 + 4, len);
		put16(l4 + 6, checksum(ip + 12, 8, l4, len, protocol + len));
	} else {
		l4[12] = 0x50;
		put16(l4 + 16, checksum(ip + 12, 8, l4, len, protocol + len));
	}
	b.l4 = b.l3 + 20;
	b.len = b.l4 + len;
	return b;
}

/* @n extension headers of @type between IPv6 and UDP */
static struct built build6(uint8_t type, unsigned int n)
{
	struct built b = { .l3 = 14, .l4 = 14 + 40 + 8 * n };
	uint8_t *ip = b.data + b.l3, *l4 = b.data + b.l4;
	uint16_t len = 40;

	put16(ip - 2, 0x86dd);
	ip[0] = 0x60;
	put16(ip + 4, 8 * n + len);
	ip[6] = n ? type : 17;
	ip[7] = 64;
	memset(ip + 8, 0xfd, 32);
	for (unsigned int i = 0; i < n; i++)
		ip[40 + 8 * i] = i + 1 < n ? type : 17;
	put16(l4, 1000);
	put16(l4 + 2, 2000);
	put16(l4 + 4, len);
	put16(l4 + 6, checksum(ip + 8, 32, l4, len, 17 + len));
	b.len = b.l4 + len;
	return b;
}

static struct nic_frame parse(const struct built *b)
{
	struct nic_frame f;

	frame_parse(&f, b->data, b->len);
	return f;
}

static void known_packet_is_parsed(void)
{
	uint32_t addresses_and_ports = frame_toeplitz(udp4 + 26, 12);
	struct nic_frame f;

	frame_parse(&f, udp4, sizeof(udp4));
	CHECK(f.l3 == NIC_L3_IPV4 && f.l4 == NIC_L4_UDP, "%d %d", f.l3, f.l4);
	CHECK(f.l3_csum_ok && f.l4_csum_ok, "%d %d", f.l3_csum_ok, f.l4_csum_ok);
	/* A right IPv4 header sums up to nothing, so the rest is UDP's. */
	CHECK(f.csum == frame_fold(frame_sum(udp4 + 34, 12, 0)), "%#x", f.csum);
	CHECK(f.hash == addresses_and_ports, "%#x", f.hash);
	CHECK(f.data == udp4 && f.len == sizeof(udp4) && !f.has_vlan && !f.is_fragment, "rest");
}

static void ipv4_is_parsed(void)
{
	for (int vlan = 0; vlan < 2; vlan++) {
		for (int i = 0; i < 2; i++) {
			struct built b = build4(i ? 17 : 6, vlan);
			struct nic_frame f = parse(&b);

			CHECK(f.l3 == NIC_L3_IPV4, "%d", f.l3);
			CHECK(f.l4 == (i ? NIC_L4_UDP : NIC_L4_TCP), "%d", f.l4);
			CHECK(f.l3_csum_ok && f.l4_csum_ok, "checksums, vlan %d", vlan);
			CHECK(f.has_vlan == vlan && f.vlan_tci == (vlan ? 0xa123 : 0), "vlan");
			CHECK(f.hash == frame_toeplitz(b.data + b.l3 + 12, 12), "hash");
			CHECK(f.csum == frame_fold(frame_sum(b.data + b.l3, b.len - b.l3, 0)), "sum");
		}
	}
}

static void wrong_checksums_are_told(void)
{
	struct built b = build4(6, false);
	struct nic_frame f;

	b.data[b.len - 1] ^= 1;
	f = parse(&b);
	CHECK(f.l3_csum_ok && !f.l4_csum_ok && f.l4 == NIC_L4_TCP, "payload of TCP");
	b = build4(17, false);
	b.data[b.l4 + 9] ^= 1;
	f = parse(&b);
	CHECK(f.l3_csum_ok && !f.l4_csum_ok && f.l4 == NIC_L4_UDP, "payload of UDP");
	b = build4(17, false);
	b.data[b.l3 + 8]--;
	f = parse(&b);
	CHECK(!f.l3_csum_ok && f.l4_csum_ok, "time to live");
	b = build4(17, false);
	put16(b.data + b.l4 + 6, 0);
	f = parse(&b);
	CHECK(f.l4_csum_ok, "UDP over IPv4 without checksum");
	b = build6(0, 0);
	put16(b.data + b.l4 + 6, 0);
	f = parse(&b);
	CHECK(!f.l4_csum_ok, "UDP over IPv6 without checksum");
}

static void ipv6_is_parsed(void)
{
	static const uint8_t types[] = { 0, 60 };	/* hop by hop, destination options */

	for (unsigned int n = 0; n < 4; n++) {
		struct built b = build6(types[n & 1], n);
		struct nic_frame f = parse(&b);

		CHECK(f.l3 == NIC_L3_IPV6 && f.l4 == NIC_L4_UDP, "%u headers: %d", n, f.l4);
		CHECK(f.l3_csum_ok && f.l4_csum_ok && !f.is_fragment, "%u headers", n);
		CHECK(f.hash != frame_toeplitz(b.data + 22, 32), "%u headers: ports", n);
	}
}

static void fragments_have_no_ports(void)
{
	struct built b = build4(17, false);
	struct nic_frame f;

	put16(b.data + b.l3 + 6, 0x2000);
	f = parse(&b);
	CHECK(f.is_fragment && f.l4 == NIC_L4_OTHER && !f.l4_csum_ok, "first of IPv4");
	CHECK(f.hash == frame_toeplitz(b.data + b.l3 + 12, 8), "hash");
	put16(b.data + b.l3 + 6, 0x0007);
	f = parse(&b);
	CHECK(f.is_fragment && f.l4 == NIC_L4_OTHER, "last of IPv4");
	put16(b.data + b.l3 + 6, 0x4000);
	f = parse(&b);
	CHECK(!f.is_fragment && f.l4 == NIC_L4_UDP, "may not be fragmented");
	b = build6(44, 1);
	f = parse(&b);
	CHECK(f.is_fragment && f.l4 == NIC_L4_OTHER, "of IPv6");
	CHECK(f.hash == frame_toeplitz(b.data + b.l3 + 8, 32), "hash");
}

/* Nothing behind the end is looked at: the sanitized run tells. Each length, each header damaged. */
static void damaged_frames_are_other(void)
{
	struct built whole[] = {
		build4(6, false), build4(17, true), build6(0, 3), build6(60, 1), build6(44, 1)
	};
	struct nic_frame f;

	for (unsigned int i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		for (size_t len = 14; len < whole[i].len; len++) {
			uint8_t exact[len];

			memcpy(exact, whole[i].data, len);
			frame_parse(&f, exact, len);
			CHECK(f.l3 == NIC_L3_OTHER && !f.hash && !f.l4_csum_ok, "%u cut to %zu", i, len);
		}
	}
	whole[0].data[14] = 0x44;
	f = parse(&whole[0]);
	CHECK(f.l3 == NIC_L3_OTHER, "short header");
	whole[0].data[14] = 0x65;
	f = parse(&whole[0]);
	CHECK(f.l3 == NIC_L3_OTHER, "other version");
	/* An extension header that says that it is longer than the packet. */
	whole[2].data[14 + 41] = 255;
	f = parse(&whole[2]);
	CHECK(f.l3 == NIC_L3_IPV6 && f.l4 == NIC_L4_OTHER, "long extension header");
	/* UDP that is longer than what IPv4 carries */
	put16(whole[1].data + whole[1].l4 + 4, 41);
	f = parse(&whole[1]);
	CHECK(f.l4 == NIC_L4_UDP && !f.l4_csum_ok, "long UDP");
}

const struct ktap_test frame_tests[] = {
	{ "toeplitz_is_as_published", toeplitz_is_as_published },
	{ "sums_are_as_published", sums_are_as_published },
	{ "known_packet_is_parsed", known_packet_is_parsed },
	{ "ipv4_is_parsed", ipv4_is_parsed },
	{ "wrong_checksums_are_told", wrong_checksums_are_told },
	{ "ipv6_is_parsed", ipv6_is_parsed },
	{ "fragments_have_no_ports", fragments_have_no_ports },
	{ "damaged_frames_are_other", damaged_frames_are_other },
	{}
};
