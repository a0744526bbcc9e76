// SPDX-License-Identifier: GPL-2.0
/* The model of ice's device, as a driver that knows its registers sees it. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

#include "frame.h"
#include "ice_driver.h"

static uint8_t frame[16384], seen[16384];

static uint8_t *rx_desc(struct drv *d, unsigned int i)
{
	return drv_mem(d, DRV_RX_RING + 32 * i);
}

static void rx_tail(struct drv *d, uint32_t tail)
{
	drv_write(d, ICE_QRX_TAIL + 4 * DRV_RXQ, tail);
}

static void unknown_commands_are_faults(void)
{
	struct drv *d = drv_start();

	CHECK(drv_command(d, 0x7777, NULL, NULL, 0) == ICE_AQ_ENOSYS, "error");
	drv_stop_with_faults(d, 1);
}

static void short_buffers_are_refused(void)
{
	static const uint16_t with_buffer[] = {
		0x000a, 0x0107, 0x0200, 0x0208, 0x0209, 0x0210, 0x0400, 0x040e, 0x0412, 0x0600, 0x0607,
		0x0c43,
	};
	struct drv *d = drv_start();
	uint8_t params[8] = { 1 };
	unsigned int i;

	for (i = 0; i < sizeof(with_buffer) / sizeof(*with_buffer); i++)
		CHECK(drv_command(d, with_buffer[i], params, NULL, 0) == ICE_AQ_EINVAL, "%#x",
		      with_buffer[i]);
	drv_stop(d);
}

static void resources_are_given_once(void)
{
	uint8_t a[8] = { [0] = 0x60, [2] = 1 }, b[8] = { [0] = 0x60, [2] = 1 };
	struct drv *d = drv_start();

	CHECK(!drv_command(d, 0x0208, NULL, a, sizeof(a)), "first");
	CHECK(!drv_command(d, 0x0208, NULL, b, sizeof(b)), "second");
	CHECK(ice_get16(&a[4]) + 1 == ice_get16(&b[4]), "%u and %u", ice_get16(&a[4]), ice_get16(&b[4]));
	CHECK(!drv_command(d, 0x0209, NULL, a, sizeof(a)), "free");
	CHECK(drv_command(d, 0x0209, NULL, a, sizeof(a)) == ICE_AQ_ENOENT, "free again");
	CHECK(!drv_command(d, 0x0208, NULL, b, sizeof(b)), "third");
	CHECK(ice_get16(&a[4]) == ice_get16(&b[4]), "the lowest free one");
	drv_stop(d);
}

static void scheduler_keeps_its_tree(void)
{
	uint8_t add[8 + 2 * 24] = { [0] = 2, [4] = 2 }, get[24] = { 0 }, del[8 + 4] = { [0] = 2, [4] = 1 };
	uint8_t move[12 + 4] = { [0] = 2, [4] = 1, [8] = 1 }, one[8];
	struct drv *d = drv_start();
	uint32_t teid;

	memset(one, 0, sizeof(one));
	one[0] = 1;
	CHECK(!drv_command(d, 0x0401, one, add, sizeof(add)), "add");
	CHECK(one[2] == 1, "groups done");
	teid = ice_get32(&add[8 + 4]);
	CHECK(teid + 1 == ice_get32(&add[8 + 24 + 4]), "two nodes");
	ice_put32(&move[12], teid);
	CHECK(!drv_command(d, 0x0408, one, move, sizeof(move)), "move");
	ice_put32(&get[4], teid);
	CHECK(!drv_command(d, 0x0404, one, get, sizeof(get)), "get");
	CHECK(ice_get32(get) == 1, "its parent is now the traffic class: %u", ice_get32(get));
	ice_put32(&del[8], teid);
	CHECK(!drv_command(d, 0x040f, one, del, sizeof(del)), "delete");
	CHECK(drv_command(d, 0x0404, one, get, sizeof(get)) == ICE_AQ_ENOENT, "it is gone");
	drv_stop(d);
}

static void frames_fill_descriptors(void)
{
	static const struct {
		int version;
		bool is_tcp;
		uint16_t ptype;
	} kinds[] = { { 4, false, 24 }, { 4, true, 26 }, { 6, false, 90 }, { 6, true, 92 } };
	struct drv *d = drv_open();
	struct nic_frame parsed;
	unsigned int i;
	uint8_t *desc;
	size_t len;

	rx_tail(d, 8);
	for (i = 0; i < 4; i++) {
		len = drv_frame(frame, 200 + i, kinds[i].version, kinds[i].is_tcp, 0);
		frame_parse(&parsed, frame, len);
		CHECK(!drv_receive(d, frame, len), "frame %u", i);
		desc = rx_desc(d, i);
		CHECK(desc[0] == 2 && desc[1] == 0, "profile and cast %u %u", desc[0], desc[1]);
		CHECK(ice_get16(&desc[2]) == kinds[i].ptype, "type %u", ice_get16(&desc[2]));
		CHECK(ice_get16(&desc[4]) == len, "length %u", ice_get16(&desc[4]));
		CHECK(ice_get16(&desc[8]) == 0x100b, "status %#x", ice_get16(&desc[8]));
		CHECK(parsed.hash && ice_get32(&desc[12]) == parsed.hash, "hash");
		CHECK(desc[19] == 0, "no timestamp without a clock");
		CHECK(!memcmp(drv_mem(d, DRV_RX_BUFS + i * DRV_RX_BUF), frame, len), "bytes");
	}
	CHECK(drv_interrupts(d) == 1, "the vector is masked by the first");
	drv_write(d, ICE_GLINT_DYN_CTL + 4 * DRV_VECTOR, ICE_GLINT_DYN_CTL_INTENA);
	CHECK(drv_interrupts(d) == 1, "what came since");
	drv_write(d, ICE_GLINT_DYN_CTL + 4 * DRV_VECTOR, ICE_GLINT_DYN_CTL_INTENA);
	CHECK(drv_interrupts(d) == 0, "nothing more");
	drv_stop(d);
}

static void wrong_checksums_are_told(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 100, 4, false, 0);

	rx_tail(d, 8);
	frame[14 + 10] ^= 1;
	CHECK(!drv_receive(d, frame, len), "IP");
	CHECK(ice_get16(&rx_desc(d, 0)[8]) == 0x101b, "status %#x", ice_get16(&rx_desc(d, 0)[8]));
	drv_frame(frame, 100, 4, false, 0);
	frame[99] ^= 1;
	CHECK(!drv_receive(d, frame, len), "UDP");
	CHECK(ice_get16(&rx_desc(d, 1)[8]) == 0x102b, "status %#x", ice_get16(&rx_desc(d, 1)[8]));
	frame[12] = 0x12;
	CHECK(!drv_receive(d, frame, len), "not IP");
	CHECK(ice_get16(&rx_desc(d, 2)[8]) == 0x0003, "status %#x", ice_get16(&rx_desc(d, 2)[8]));
	CHECK(ice_get16(&rx_desc(d, 2)[2]) == 1, "type %u", ice_get16(&rx_desc(d, 2)[2]));
	drv_stop(d);
}

static void frames_wait_for_buffers(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 60, 4, false, 0);
	unsigned int i;

	CHECK(drv_receive(d, frame, len) == -EAGAIN, "no buffer at all");
	rx_tail(d, 7);
	CHECK(drv_receive(d, frame, len) == -EAGAIN, "the tail goes in steps of 8");
	rx_tail(d, 8);
	for (i = 0; i < 8; i++)
		CHECK(!drv_receive(d, frame, len), "buffer %u", i);
	d->nic.wire.blocked = true;
	CHECK(drv_receive(d, frame, len) == -EAGAIN, "full");
	rx_tail(d, 16);
	CHECK(!d->nic.wire.blocked, "the wire is told");
	CHECK(!drv_receive(d, frame, len), "again");
	CHECK(drv_read(d, ICE_GLPRT_UPRC) == 9, "counted: %u", drv_read(d, ICE_GLPRT_UPRC));
	CHECK(drv_read(d, ICE_GLPRT_GORC) == 9 * (60 + 4), "bytes: %u", drv_read(d, ICE_GLPRT_GORC));
	drv_stop(d);
}

static void long_frames_take_several_buffers(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 9018, 4, true, 0);

	rx_tail(d, 8);
	CHECK(!drv_receive(d, frame, len), "frame");
	CHECK(ice_get16(&rx_desc(d, 3)[8]) == 0x0001, "status %#x", ice_get16(&rx_desc(d, 3)[8]));
	CHECK(ice_get16(&rx_desc(d, 3)[4]) == DRV_RX_BUF, "full");
	CHECK(ice_get16(&rx_desc(d, 4)[8]) == 0x100b, "status %#x", ice_get16(&rx_desc(d, 4)[8]));
	CHECK(ice_get16(&rx_desc(d, 4)[4]) == 9018 - 4 * DRV_RX_BUF, "the rest");
	CHECK(!memcmp(drv_mem(d, DRV_RX_BUFS), frame, len), "bytes");
	CHECK(drv_receive(d, frame, len) == -EAGAIN, "3 buffers are too few");
	len = drv_frame(frame, 9019, 4, true, 0);
	CHECK(!drv_receive(d, frame, len), "longer than the driver wants");
	CHECK(ice_get16(&rx_desc(d, 5)[8]) == 0, "dropped");
	CHECK(drv_read(d, ICE_GLPRT_ROC) == 1, "counted");
	drv_stop(d);
}

static void buffers_may_have_no_bytes(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 60, 4, false, 0);

	drv_write(d, ICE_QRX_CTRL + 4 * DRV_RXQ, 0);
	drv_write(d, ICE_QRX_CONTEXT + 3 * ICE_QRX_CONTEXT_STRIDE + 4 * DRV_RXQ, 1 << 20);
	drv_write(d, ICE_QRX_CTRL + 4 * DRV_RXQ, ICE_QRX_CTRL_REQ);
	CHECK(drv_read(d, ICE_QRX_CTRL + 4 * DRV_RXQ) & ICE_QRX_CTRL_STAT, "the queue is on");
	rx_tail(d, 8);
	CHECK(!d->nic.faults, "which is right");
	CHECK(!drv_receive(d, frame, len), "a frame for it");
	drv_stop_with_faults(d, 1);
}

static void tags_are_stripped_if_wanted(void)
{
	uint8_t props[ICE_VSI_PROPS] = { [0] = 1 << 2, [12] = 3 << 3 }, vsi[8] = { 0 };
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 104, 4, false, 0x6007);

	rx_tail(d, 8);
	CHECK(!drv_receive(d, frame, len), "frame");
	CHECK(ice_get16(&rx_desc(d, 0)[8]) == 0x300b, "status %#x", ice_get16(&rx_desc(d, 0)[8]));
	CHECK(ice_get16(&rx_desc(d, 0)[10]) == 0x6007, "tag");
	CHECK(ice_get16(&rx_desc(d, 0)[4]) == 100, "length without it");
	drv_frame(seen, 100, 4, false, 0);
	CHECK(!memcmp(drv_mem(d, DRV_RX_BUFS), seen, 100), "bytes");

	ice_put16(vsi, d->vsi);
	CHECK(!drv_command(d, 0x0211, vsi, props, sizeof(props)), "leave them in the frame");
	CHECK(!drv_receive(d, frame, len), "frame");
	CHECK(ice_get16(&rx_desc(d, 1)[8]) == 0x100b, "status %#x", ice_get16(&rx_desc(d, 1)[8]));
	CHECK(!memcmp(drv_mem(d, DRV_RX_BUFS + DRV_RX_BUF), frame, 104), "bytes");
	drv_stop(d);
}

static void clock_gives_timestamps(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 60, 4, false, 0);
	uint64_t clock;
	int32_t age;

	drv_write(d, ICE_GLTSYN_SHTIME_L, 5000);
	drv_write(d, ICE_GLTSYN_SHTIME_H, 77);
	drv_write(d, ICE_GLTSYN_CMD, 1);
	drv_write(d, ICE_GLTSYN_CMD_SYNC, 3);
	rx_tail(d, 8);
	CHECK(!drv_receive(d, frame, len), "frame");
	clock = drv_read(d, ICE_GLTSYN_TIME_L);
	clock |= (uint64_t)drv_read(d, ICE_GLTSYN_TIME_H) << 32;
	CHECK(clock >> 32 == 77 && (uint32_t)clock >= 5000, "time %#llx", (unsigned long long)clock);
	CHECK(rx_desc(d, 0)[19] == 1, "valid");
	age = (uint32_t)clock - ice_get32(&rx_desc(d, 0)[28]);
	CHECK(age >= 0 && age < 1000000000, "the frame came %d ns before", age);
	drv_stop(d);
}

static void link_follows_cable_and_driver(void)
{
	uint8_t status[32] = { 0 }, events_on[8] = { [2] = 3 }, phy[24] = { 0 };
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 60, 4, false, 0);

	rx_tail(d, 8);
	drv_write(d, ICE_PFINT_FW_CTL, DRV_VECTOR | ICE_INT_CTL_ENA);
	CHECK(!drv_command(d, 0x0607, events_on, status, sizeof(status)), "status");
	CHECK(status[2] & 1 && ice_get16(&status[10]) == 1 << 10, "up, 100G");
	nic_set_link(&d->nic, false);
	CHECK(drv_interrupts(d) == 1, "interrupt");
	CHECK(drv_read(d, ICE_FW_BASE + 0x380) == 1, "an event");
	CHECK(ice_get16(drv_mem(d, DRV_EVENTS) + 2) == 0x0607, "of the link");
	CHECK(!(drv_mem(d, DRV_EVENT_BUFS)[2] & 1), "down");
	nic_set_link(&d->nic, true);
	CHECK(drv_read(d, ICE_FW_BASE + 0x380) == 1, "none until the driver has looked");
	events_on[2] = 3;
	CHECK(!drv_command(d, 0x0607, events_on, status, sizeof(status)) && status[2] & 1, "up");
	CHECK(!drv_command(d, 0x0601, NULL, phy, sizeof(phy)), "switch the PHY off");
	CHECK(drv_read(d, ICE_FW_BASE + 0x380) == 2, "an event");
	CHECK(!drv_receive(d, frame, len) && !ice_get16(&rx_desc(d, 0)[8]), "no frame comes in");
	drv_stop(d);
}

static void reset_takes_queues_away(void)
{
	struct drv *d = drv_open();
	size_t len = drv_frame(frame, 60, 4, false, 0);

	rx_tail(d, 8);
	CHECK(!drv_receive(d, frame, len), "frame");
	drv_write(d, ICE_PFGEN_CTRL, ICE_PFGEN_CTRL_PFSWR);
	CHECK(!drv_read(d, ICE_PFGEN_CTRL), "done");
	CHECK(!drv_read(d, ICE_QRX_CTRL + 4 * DRV_RXQ), "no receive queue");
	CHECK(drv_read(d, ICE_GLPRT_UPRC) == 1, "counters go on");
	CHECK(!drv_receive(d, frame, len) && !ice_get16(&rx_desc(d, 1)[8]), "dropped");
	drv_write(d, ICE_QTX_COMM_DBELL + 4 * DRV_TXQ, 1);
	drv_stop_with_faults(d, 1);
}

static void global_resets_are_announced(void)
{
	struct drv *d = drv_open();

	drv_write(d, ICE_PFINT_OICR_CTL, DRV_VECTOR | ICE_INT_CTL_ENA);
	drv_write(d, ICE_PFINT_OICR_ENA, ICE_PFINT_OICR_GRST);
	drv_write(d, ICE_GLGEN_RTRIG, ICE_GLGEN_RTRIG_GLOBR);
	CHECK(drv_interrupts(d) == 1, "interrupt");
	CHECK(drv_read(d, ICE_PFINT_OICR) == ICE_PFINT_OICR_GRST, "its cause");
	CHECK(!drv_read(d, ICE_PFINT_OICR), "which reading clears");
	CHECK(drv_read(d, ICE_GLGEN_RSTAT) == 2 << ICE_GLGEN_RSTAT_TYPE_SHIFT, "its type, and it is over");
	CHECK(!drv_read(d, ICE_QRX_CTRL + 4 * DRV_RXQ), "no receive queue");
	drv_stop(d);
}

static void nonsense_is_survived(void)
{
	struct drv *d = drv_open();
	unsigned int i;

	srandom(1);
	d->nic.verbose = false;
	d->nic.faults = 1000;		/* which says nothing any more */
	for (i = 0; i < 200000; i++) {
		uint32_t reg = random() % ICE_REG_END & ~3u;

		/* Half of them where something happens */
		switch (random() % 16) {
		case 0: reg = ICE_FW_BASE + 0x80 * (random() % 10); break;
		case 1: reg = ICE_QTX_COMM_DBELL + 4 * DRV_TXQ; break;
		case 2: reg = ICE_QRX_TAIL + 4 * DRV_RXQ; break;
		case 3: reg = ICE_QRX_CTRL + 4 * DRV_RXQ; break;
		case 4: reg = ICE_QRX_CONTEXT + ICE_QRX_CONTEXT_STRIDE * (random() % 8) + 4 * DRV_RXQ;
			break;
		case 5: reg = ICE_SB_BASE + 0x80 * (random() % 10); break;
		case 6:
			drv_receive(d, frame, drv_frame(frame, 60 + random() % 9000,
							random() & 1 ? 4 : 6, random() & 1,
							random() & 1));
			continue;
		case 7:
			ice_put64(drv_mem(d, DRV_BASE + (random() % DRV_SIZE & ~7u)),
				  (uint64_t)random() << 32 | random());
			continue;
		}
		drv_write(d, reg, random() & 1 ? random() % 64 : random());
		if (i % 1000 == 0)
			while (drv_transmitted(d, seen, sizeof(seen)))
				;
	}
	drv_stop_with_faults(d, d->nic.faults);
}

const struct ktap_test ice_tests[] = {
	{ "ice_unknown_commands_are_faults", unknown_commands_are_faults },
	{ "ice_short_buffers_are_refused", short_buffers_are_refused },
	{ "ice_resources_are_given_once", resources_are_given_once },
	{ "ice_scheduler_keeps_its_tree", scheduler_keeps_its_tree },
	{ "ice_frames_fill_descriptors", frames_fill_descriptors },
	{ "ice_wrong_checksums_are_told", wrong_checksums_are_told },
	{ "ice_frames_wait_for_buffers", frames_wait_for_buffers },
	{ "ice_long_frames_take_several_buffers", long_frames_take_several_buffers },
	{ "ice_buffers_may_have_no_bytes", buffers_may_have_no_bytes },
	{ "ice_tags_are_stripped_if_wanted", tags_are_stripped_if_wanted },
	{ "ice_clock_gives_timestamps", clock_gives_timestamps },
	{ "ice_link_follows_cable_and_driver", link_follows_cable_and_driver },
	{ "ice_reset_takes_queues_away", reset_takes_queues_away },
	{ "ice_global_resets_are_announced", global_resets_are_announced },
	{ "ice_nonsense_is_survived", nonsense_is_survived },
	{ }
};
