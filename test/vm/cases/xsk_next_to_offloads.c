// SPDX-License-Identifier: GPL-2.0
/*
 * An AF_XDP socket asks the kernel for a packet's checksum and for the time when it was sent, in
 * struct xsk_tx_metadata; the traits next to it arrive all the same, up to a UDP socket, which
 * takes no packet with a wrong checksum.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <traits/xsk.h>

#include "flow.h"
#include "path.h"
#include "script.h"
#include "so.h"
#include "vt.h"
#include "xsk.h"

#define PORT	7000
#define PACKETS	32
#define VALUES	(4 + 8 + 16)
#define LEN	TRAITS_XSK_TX_LEN(VALUES)
#define UDP	(14 + 20)	/* where its header begins */

static unsigned int ids[4];

/* What the kernel adds the rest to: the sum of addresses, protocol and length */
static uint16_t pseudo_header(const uint8_t *frame)
{
	uint32_t sum = IPPROTO_UDP + (frame[UDP + 4] << 8 | frame[UDP + 5]);
	unsigned int i;

	for (i = 14 + 12; i < 14 + 20; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(sum);
}

static void send_one(struct vt_xsk *xs, const struct vt_flow *flow, const struct pkt_trait *t,
		     unsigned int i, uint64_t flags)
{
	uint8_t *packet = vt_xsk_place(xs, i);
	struct vt_xsk_metadata *meta = (void *)(packet - LEN);
	struct traits_block b = {};
	unsigned int len, k;
	uint16_t sum;

	len = vt_flow_frame(flow, packet, 0, "0123456789", 10);
	memset(meta, 0, LEN);
	for (k = 0; k < 4; k++)
		traits_block_set(&b, t[k].key, t[k].val, vt_sizes[k]);
	traits_block_put_end(&b, packet, LEN - sizeof(*meta));
	meta->flags = flags;
	if (flags & VT_XSK_CHECKSUM) {
		meta->csum_start = UDP;
		meta->csum_offset = 6;
		sum = pseudo_header(packet);
		memcpy(packet + UDP + 6, &sum, sizeof(sum));
	}
	if (!vt_xsk_send(xs, packet, len, VT_XSK_METADATA))
		vt_die("sending: %s", strerror(errno));
	if (flags & VT_XSK_TIMESTAMP)
		vt_ok(meta->tx_timestamp > 1000000000, "packet %u: time %llu", i,
		      (unsigned long long)meta->tx_timestamp);
}

int main(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct so_datagram got;
	struct vt_flow flow;
	struct pkt_trait t[4];
	struct vt_xsk *xs;
	unsigned int i;
	int here, fd;

	vt_path(2);
	so_keys(ids);
	xs = vt_xsk_sender("a", "right", 0, false, LEN);
	if (!xs && errno == EINVAL) {
		vt_path_del(2);
		vt_keys_del();
		vt_skip("this kernel has no tx_metadata_len");
	}
	if (!xs)
		vt_die("AF_XDP: %s", strerror(errno));
	vt_run("ip netns exec a traitctl dev set right headroom 160");
	flow = vt_flow(AF_INET, IPPROTO_UDP, 0, PORT);
	vt_run("ip -n b link set left address 02:00:00:00:00:00");
	here = vt_ns_enter("b");
	fd = so_socket(SO_IPV4, SOCK_DGRAM, 0);
	if (bind(fd, (void *)&any, sizeof(any)))
		vt_die("bind: %s", strerror(errno));
	so_set_int(fd, TRAITS_SO_CMSG, TRAITS_CMSG_RECV);
	vt_ns_leave(here);

	for (i = 0; i < PACKETS; i++) {
		so_traits(t, ids, i);
		send_one(xs, &flow, t, i, i % 4);
		so_recv(fd, &got, 0);
		vt_eq(got.ret, 10, "packet %u, asked for %u: arrives", i, i % 4);
		so_same(got.t, got.n, t, 4, "packet %u", i);
	}
	vt_xsk_close(xs);
	vt_path_del(2);
	vt_keys_del();
	return vt_done();
}
