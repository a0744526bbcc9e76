/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An Intel E810 as the kernel's unmodified ice driver sees it: one physical function with one port.
 *
 *	ice.c		identity, registers, resets, interrupts
 *	ice-aq.c	control queues: commands in, events out
 *	ice-admin.c	commands about the function: capabilities, flash, package, resources
 *	ice-link.c	commands about port and PHY; the link's events
 *	ice-vsi.c	commands about VSIs, receive side scaling and switch rules
 *	ice-sched.c	commands about the transmit scheduler's tree and the transmit queues in it
 *	ice-rx.c	receive queues
 *	ice-tx.c	transmit queues
 *	ice-offload.c	checksums and segmentation that a transmit descriptor asks for
 *	ice-count.c	the counters in registers
 *	ice-clock.c	the PTP clock
 *
 * Not modelled: the switch's filters (each frame of the wire is for the main VSI), flow director and queue
 * channels (their commands succeed, no frame is steered by them), virtual functions, RDMA, double VLAN
 * mode, header split, tunnel offloads, SCTP checksums, timestamps of what is transmitted.
 */
#ifndef TEST_NIC_ICE_H
#define TEST_NIC_ICE_H

#include <string.h>

#include "device.h"
#include "ice-regs.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the model reads and writes the device's structures in the host's byte order"
#endif

enum {
	ICE_VECTORS	= 32,
	ICE_RXQS	= 128,
	ICE_TXQS	= 256,
	ICE_VSIS	= 64,
	ICE_NODES	= 1024,
	ICE_RES_TYPES	= 128,
	ICE_RES_IDS	= 512,
	ICE_LUT_SIZE	= 2048,
	ICE_RSS_KEY	= 52,
	ICE_FRAME_MAX	= 9728,
	ICE_AQ_BUF	= 4096,
	ICE_FCS		= 4,
	ICE_VLAN_TAG	= 4,
	ICE_MACS	= 12,		/* bytes of an Ethernet header before the type or tag */
	ICE_TSO_MAX	= 256 * 1024,	/* what a context descriptor's length can say */
};

struct ice_rxq {
	bool enabled;
	uint64_t base;
	uint16_t len, next;		/* descriptors */
	uint32_t buf_size, frame_max;	/* bytes */
};

struct ice_txq {
	bool enabled;
	uint64_t base;
	uint16_t len, next;
	uint32_t teid;
};

enum { ICE_VSI_PROPS = 128 };

struct ice_vsi {
	bool used, is_pf;
	uint8_t props[ICE_VSI_PROPS];
};

enum { ICE_ELEM = 24 };

struct ice_node {
	bool used;
	uint8_t elem[ICE_ELEM];		/* parent's teid, own teid, properties */
};

/* What a PF reset clears */
struct ice_pf {
	struct ice_rxq rxq[ICE_RXQS];
	struct ice_txq txq[ICE_TXQS];
	struct ice_vsi vsi[ICE_VSIS];
	struct ice_node node[ICE_NODES];
	uint32_t next_teid;
	uint16_t next_rule;
	uint64_t resource[ICE_RES_TYPES][ICE_RES_IDS / 64];
	uint8_t lut[ICE_LUT_SIZE];
	uint16_t lut_len;		/* 0: none was set */
	uint8_t rss_key[ICE_RSS_KEY];
	bool irq_pending[ICE_VECTORS];
	bool wants_link_event, link_event_waits;
	bool phy_enabled;
};

struct ice_pkg_info {
	uint8_t version[4];
	char name[28];
	uint32_t track_id;
	uint8_t in_nvm, active, active_at_boot, modified;
};

struct ice {
	uint32_t reg[ICE_REG_END / 4];
	struct ice_pf pf;
	struct ice_pkg_info pkg;	/* the package that the driver loaded; no name: none */
	int64_t clock_offset;			/* from the host's, ns */
	bool clock_is_set;
	uint8_t scratch[ICE_TSO_MAX + 512];	/* a frame while the model changes it */
};

/* A command or an event; both sides write it. */
struct ice_desc {
	uint16_t flags, opcode, len, error;
	uint32_t cookie_high, cookie_low;
	union {
		uint8_t raw[16];
		struct {
			uint8_t bytes[8];
			uint32_t addr_high, addr_low;
		};
	};
};

enum {
	ICE_AQ_OK	= 0,
	ICE_AQ_ENOENT	= 2,
	ICE_AQ_EINVAL	= 14,
	ICE_AQ_ENOSPC	= 16,
	ICE_AQ_ENOSYS	= 17,
};

/**
 * struct ice_command - a command of the driver
 * @opcode: number
 * @run: does it: reads @desc and @buf (@len bytes, 0: no buffer), writes the answer into both, returns
 *	0 or an error of firmware. NULL: it is answered as it came; it has no effect that a driver could see
 */
struct ice_command {
	uint16_t opcode;
	int (*run)(struct nic *nic, struct ice_desc *desc, uint8_t *buf, size_t len);
};

extern const struct ice_command ice_admin_commands[], ice_link_commands[], ice_vsi_commands[],
	ice_sched_commands[], ice_clock_commands[];

static inline uint16_t ice_get16(const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint32_t ice_get32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t ice_get64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline void ice_put16(void *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void ice_put32(void *p, uint32_t v)
{
	memcpy(p, &v, sizeof(v));
}

static inline void ice_put64(void *p, uint64_t v)
{
	memcpy(p, &v, sizeof(v));
}

/* Bits @first to @first + @n - 1 of @value; @n below 64 */
static inline uint64_t ice_bits(uint64_t value, unsigned int first, unsigned int n)
{
	return (value >> first) & ((1ull << n) - 1);
}

static inline uint32_t *ice_reg(struct nic *nic, uint32_t offset)
{
	return &((struct ice *)nic_priv(nic))->reg[offset / 4];
}

extern uint8_t ice_mac[6];

/* ice.c: the cause whose control register is at @ctl happened */
void ice_cause(struct nic *nic, uint32_t ctl);
void ice_vector_write(struct nic *nic, unsigned int vector, uint32_t value);

/* ice-aq.c */
void ice_aq_write(struct nic *nic, uint32_t offset);
bool ice_aq_event(struct nic *nic, uint16_t opcode, const void *buf, size_t len);

/* ice-link.c */
void ice_link_reset(struct ice *ice);
void ice_link_changed(struct nic *nic);
void ice_link_retry_event(struct nic *nic);
bool ice_link_is_up(struct nic *nic);

/* ice-sched.c */
void ice_sched_reset(struct ice *ice);

/* ice-vsi.c */
const struct ice_vsi *ice_main_vsi(struct ice *ice, unsigned int *number);
bool ice_vsi_strips_vlan(const struct ice_vsi *vsi);
int ice_vsi_rx_queue(struct ice *ice, const struct ice_vsi *vsi, uint32_t hash);

/* ice-rx.c */
void ice_rxq_control(struct nic *nic, unsigned int queue, uint32_t value);
int ice_receive(struct nic *nic, const struct nic_frame *frame);

/* ice-tx.c */
void ice_txq_doorbell(struct nic *nic, unsigned int queue, uint32_t tail);

/* What a packet's context and data descriptors ask for; lengths in bytes */
struct ice_offload {
	bool tso, ip_csum, l4_csum, tag;
	bool is_tcp;
	uint16_t mss, tci;
	unsigned int l2_len, l3_len, l4_len;
};

/* ice-offload.c */
bool ice_offload_send(struct nic *nic, const struct ice_offload *what, const struct iovec *iov,
		      unsigned int n);

/* ice-clock.c */
uint64_t ice_clock_at(const struct ice *ice, uint64_t now);
void ice_clock_write(struct nic *nic, uint32_t offset, uint32_t value);
void ice_clock_read(struct nic *nic, uint32_t offset);

/* ice-count.c */
void ice_count_rx(struct nic *nic, unsigned int vsi, const uint8_t *frame, size_t len);
void ice_count_tx(struct nic *nic, const uint8_t *frame, size_t len);
void ice_count_oversize(struct nic *nic);

#endif
