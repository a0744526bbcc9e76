/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Model of an mlx5 function: a ConnectX virtual function whose firmware knows what the Ethernet
 * part of mlx5_core asks for, with a legacy (cyclic) or a striding receive queue.
 *
 *	mlx5.c		init segment, doorbells, the functions of struct nic_ops
 *	mlx5-cmd.c	command interface
 *	mlx5-caps.c	capabilities
 *	mlx5-port.c	vport, port registers, counters, pages lent to the firmware
 *	mlx5-ring.c	rings in guest memory: where an entry lies
 *	mlx5-eq.c	event queues
 *	mlx5-cq.c	completion queues
 *	mlx5-mkey.c	memory keys: from a key and an address to a bus address
 *	mlx5-rss.c	which receive queue takes a frame: TIRs and RQTs
 *	mlx5-rq.c	receive queues, what all kinds have in common, and the legacy kind
 *	mlx5-striding.c	the striding kind
 *	mlx5-sq.c	send queues
 *	mlx5-tx.c	a frame on its way out: checksums, VLAN tag, segmentation
 *
 * What is not modelled: steering (each frame takes the first TIR with a Toeplitz hash, whatever its
 * address), interrupt moderation (accepted, but each completion of an armed queue is told at once),
 * LRO, hardware GRO, compressed completions, multi-packet send, tunnels, crypto, RDMA. No error
 * completion is ever written: what would be one is a fault.
 */
#ifndef TEST_NIC_MLX5_H
#define TEST_NIC_MLX5_H

#include "device.h"
#include "mlx5-ifc.h"

enum {
	MLX5_EQS	= 16,
	MLX5_CQS	= 512,
	MLX5_RQS	= 64,
	MLX5_SQS	= 256,
	MLX5_RQTS	= 128,
	MLX5_TIRS	= 256,
	MLX5_MKEYS	= 256,
	MLX5_LOG_RQT	= 8,		/* entries of an RQT */
	MLX5_RING_PAGES	= 1024,
	MLX5_LENT_PAGES	= 64,
	MLX5_COUNTERS	= 256,		/* sets of queue counters */
	MLX5_UAR_FIRST	= 0x20,		/* pages of 4 KiB of BAR 0, up to the MSI-X table */
	MLX5_UAR_END	= 0x100,
	MLX5_CQE_SIZE	= 64,
	MLX5_WQEBB	= 64,		/* building block of send work requests */
	MLX5_TX_MAX	= 0x40000,	/* longest send work request's data */
};

/* First identifiers, apart from each other so that a mix-up is seen. */
enum {
	MLX5_EQN	= 1,
	MLX5_CQN	= 0x400,
	MLX5_RQN	= 0x1000,
	MLX5_SQN	= 0x2000,
	MLX5_RQTN	= 0x3000,
	MLX5_TIRN	= 0x4000,
	MLX5_MKEY	= 0x5000,
	MLX5_OBJECT	= 0x10000,	/* those that the model keeps no state of */
};

/* Status of a command. */
enum {
	MLX5_OK			= 0x00,
	MLX5_BAD_OP		= 0x02,
	MLX5_BAD_PARAM		= 0x03,
	MLX5_BAD_RESOURCE	= 0x05,
	MLX5_LIMIT		= 0x08,
	MLX5_BAD_INPUT_LEN	= 0x50,
};

enum {
	MLX5_STATE_RESET	= 0,
	MLX5_STATE_READY	= 1,
	MLX5_STATE_ERROR	= 3,
};

enum {
	MLX5_EVENT_COMPLETION	= 0x00,
	MLX5_EVENT_PORT		= 0x09,
	MLX5_EVENT_COMMAND	= 0x0a,
	MLX5_PORT_DOWN		= 1,
	MLX5_PORT_ACTIVE	= 4,
};

/**
 * struct mlx5_cmd - a command in execution
 * @in: input, from the opcode on; zeros behind it up to the size of any fixed layout
 * @in_len: bytes of input that the driver gave
 * @out: output, zeroed, as long as any fixed layout
 * @out_len: bytes of output that the driver has room for
 * @op_mod: the modifier that each command has
 */
struct mlx5_cmd {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
	uint16_t op_mod;
};

/**
 * struct mlx5_ring - entries in pages of guest memory
 * @page: bus addresses
 * @log_page: size of a page
 * @log_size: number of entries
 * @log_stride: size of an entry
 * @record: bus address of the doorbell record
 */
struct mlx5_ring {
	uint64_t page[MLX5_RING_PAGES];
	uint64_t record;
	uint8_t log_page;
	uint8_t log_size;
	uint8_t log_stride;
};

/* @produced, @consumed: 24-bit counters */
struct mlx5_eq {
	struct mlx5_ring ring;
	uint64_t events;
	uint32_t produced;
	uint32_t consumed;
	uint32_t vector;
	bool used;
	bool armed;
};

struct mlx5_cq {
	struct mlx5_ring ring;
	uint32_t eqn;
	uint32_t produced;
	bool used;
	bool armed;
};

/**
 * struct mlx5_rq - a receive queue
 * @taken: work requests used up, a 16-bit counter as the driver's
 * @index: striding: the work request in use, or the last one
 * @stride: striding: the next free stride of it; 0: it is used up, or was never begun
 * @begun: striding: @index is that of a work request that was used
 * @posted: the driver has posted one at least: what the "drop" queue never sees
 * @counter: which of struct mlx5.no_buffer counts for it
 * @keep_vlan: VLAN tags stay in the frame
 */
struct mlx5_rq {
	struct mlx5_ring ring;
	uint32_t cqn;
	uint16_t taken;
	uint16_t index;
	uint16_t stride;
	uint8_t state;
	uint8_t log_strides;
	uint8_t log_stride_size;
	uint8_t counter;
	bool used;
	bool striding;
	bool begun;
	bool posted;
	bool keep_vlan;
};

struct mlx5_sq {
	struct mlx5_ring ring;
	uint32_t cqn;
	uint16_t done;
	uint8_t state;
	bool used;
};

struct mlx5_rqt {
	uint32_t rqn[1 << MLX5_LOG_RQT];
	uint32_t n;
	bool used;
};

/* @rqtn: 0 if it goes to one queue directly */
struct mlx5_tir {
	uint32_t rqtn;
	uint8_t hash;
	bool used;
};

/* The translation table itself is in mlx5-mkey.c. */
struct mlx5_mkey {
	uint64_t start;
	uint64_t len;
	uint32_t octwords;
	uint8_t variant;
	uint8_t mode;
	uint8_t log_page;
	bool whole;
	bool used;
};

struct mlx5_count {
	uint64_t packets[3];	/* unicast, multicast, broadcast */
	uint64_t octets[3];
};

/**
 * struct mlx5 - the function's state
 * @cmdq: bus address of the command queue; bits 8 to 10 are the state of the interface
 * @objects: identifiers handed out for objects without state
 * @lent: pages that the driver has lent to the firmware
 * @uars: which pages of doorbells are in use
 * @mtu: of the vport, with Ethernet header, VLAN tag and frame check sequence
 * @n_counters: of @no_buffer, handed out
 * @no_buffer: frames for a queue that never had a buffer
 * @too_long: frames that exceed @mtu
 * @tx: a frame in the making
 */
struct mlx5 {
	struct nic *nic;
	uint64_t cmdq;
	uint32_t objects;
	uint32_t n_lent;
	uint64_t lent[MLX5_LENT_PAGES];
	bool uars[MLX5_UAR_END];
	uint16_t mtu;
	uint16_t port_mtu;
	uint32_t n_counters;
	uint64_t no_buffer[MLX5_COUNTERS];
	uint64_t too_long;
	struct mlx5_count received;
	struct mlx5_count transmitted;
	struct mlx5_eq eq[MLX5_EQS];
	struct mlx5_cq cq[MLX5_CQS];
	struct mlx5_rq rq[MLX5_RQS];
	struct mlx5_sq sq[MLX5_SQS];
	struct mlx5_rqt rqt[MLX5_RQTS];
	struct mlx5_tir tir[MLX5_TIRS];
	struct mlx5_mkey mkey[MLX5_MKEYS];
	uint8_t tx[MLX5_TX_MAX];
};

/* An entry of one of the tables above by its number, or NULL if there is none. */
#define MLX5_FIND(table, first, number) ({					\
	uint32_t i_ = (uint32_t)(number) - (first);				\
	i_ < sizeof(table) / sizeof((table)[0]) && (table)[i_].used ? &(table)[i_] : NULL; })

/* A free entry of one of the tables above, zeroed, or NULL if there is none. */
#define MLX5_NEW(table) ({							\
	size_t i_ = 0;								\
	while (i_ < sizeof(table) / sizeof((table)[0]) && (table)[i_].used)	\
		i_++;								\
	i_ < sizeof(table) / sizeof((table)[0]) ?				\
		memset(&(table)[i_], 0, sizeof((table)[0])) : NULL; })

/* What the command line chose. */
extern bool mlx5_option_striding;
extern uint8_t mlx5_option_mac[6];

/* mlx5-cmd.c: the driver rang for the slots in @slots */
void mlx5_cmd_doorbell(struct mlx5 *m, uint32_t slots);

/* mlx5-port.c */
void mlx5_port_reset(struct mlx5 *m);
void mlx5_port_event(struct mlx5 *m, bool up);
void mlx5_count(struct mlx5_count *count, const uint8_t *frame, size_t len);

/*
 * mlx5_ring_init - takes over the list of pages of a new ring
 * @pas: list of page addresses, 64 bits each, big endian
 * @pas_len: bytes of it that the driver gave
 *
 * The other fields of @ring are set. Return: false, after nic_fault(), if the list is too short.
 */
bool mlx5_ring_init(struct mlx5 *m, struct mlx5_ring *ring, const uint8_t *pas, size_t pas_len);

/* mlx5_ring_entry - entry @index, which may exceed the ring's size; NULL after nic_fault() */
uint8_t *mlx5_ring_entry(struct mlx5 *m, const struct mlx5_ring *ring, uint32_t index);

/* mlx5_ring_wq - the fields of a work queue that rings have */
void mlx5_ring_wq(struct mlx5_ring *ring, const uint8_t *wq);

/* mlx5-eq.c: an event to one queue, or to all that asked for its type */
void mlx5_eq_post(struct mlx5 *m, uint32_t eqn, uint8_t type, uint8_t subtype, const void *data,
		  size_t len);
void mlx5_event(struct mlx5 *m, uint8_t type, uint8_t subtype, const void *data, size_t len);
void mlx5_eq_doorbell(struct mlx5 *m, uint32_t value, bool arm);

/* mlx5-cq.c: free entries; @cqe's ownership bit is set here */
uint32_t mlx5_cq_room(struct mlx5 *m, uint32_t cqn);
void mlx5_cq_post(struct mlx5 *m, uint32_t cqn, const uint8_t *cqe);
void mlx5_cq_doorbell(struct mlx5 *m, uint32_t consumer, uint32_t cqn);

/* mlx5-mkey.c */
void mlx5_mkey_reset(void);
bool mlx5_mkey_read(struct mlx5 *m, uint32_t key, uint64_t addr, void *buf, size_t len);
bool mlx5_mkey_write(struct mlx5 *m, uint32_t key, uint64_t addr, const void *buf, size_t len);
/* the work request that changes a key's translations: its bytes, from the control segment on */
void mlx5_mkey_umr(struct mlx5 *m, const uint8_t *wqe, size_t len);

/* mlx5-rss.c: the queue that takes a frame, or NULL */
struct mlx5_rq *mlx5_rss_queue(struct mlx5 *m, const struct nic_frame *frame);

/**
 * struct mlx5_packet - a frame as it is written to buffers: without its tag, if that is stripped
 * @piece: what to write, in this order
 * @csum: checksum over all behind the Ethernet header
 */
struct mlx5_packet {
	const struct nic_frame *frame;
	struct iovec piece[2];
	unsigned int n_pieces;
	size_t len;
	uint16_t csum;
	bool stripped;
};

/* mlx5-rq.c */
int mlx5_receive(struct nic *nic, const struct nic_frame *frame);
uint16_t mlx5_rq_posted(struct mlx5 *m, struct mlx5_rq *rq);
void mlx5_rx_cqe(const struct mlx5_packet *packet, uint8_t *cqe);
/* copies bytes from @at on; false if the driver's buffer is not where it should be */
bool mlx5_packet_write(struct mlx5 *m, const struct mlx5_packet *packet, size_t at, uint32_t key,
		       uint64_t addr, size_t len);

/* mlx5-striding.c: 0 or -EAGAIN */
int mlx5_striding_receive(struct mlx5 *m, struct mlx5_rq *rq, const struct mlx5_packet *packet);

/* mlx5-sq.c */
void mlx5_sq_doorbell(struct mlx5 *m, uint32_t sqn);

/**
 * struct mlx5_send - a send work request
 * @data: the frame, in struct mlx5.tx
 * @len: bytes of it; there is room for a VLAN tag behind it
 * @header: bytes of header that each segment gets, if @mss is not 0
 */
struct mlx5_send {
	uint8_t *data;
	size_t len;
	size_t header;
	uint16_t mss;
	uint16_t vlan_tci;
	uint16_t vlan_type;	/* 0: no tag to insert */
	uint8_t checksums;
};

enum {
	MLX5_SEND_L3_CSUM	= 0x40,
	MLX5_SEND_L4_CSUM	= 0x80,
};

/* mlx5-tx.c */
void mlx5_tx(struct mlx5 *m, const struct mlx5_send *send);

/* Commands; each returns a status. */
typedef uint8_t mlx5_command(struct mlx5 *m, struct mlx5_cmd *cmd);
mlx5_command mlx5_query_hca_cap;
mlx5_command mlx5_query_pages, mlx5_manage_pages, mlx5_access_register;
mlx5_command mlx5_query_vport_state, mlx5_query_nic_vport_context, mlx5_modify_nic_vport_context;
mlx5_command mlx5_query_vport_counter, mlx5_alloc_q_counter, mlx5_query_q_counter;
mlx5_command mlx5_create_eq, mlx5_destroy_eq;
mlx5_command mlx5_create_cq, mlx5_destroy_cq, mlx5_modify_cq;
mlx5_command mlx5_create_mkey, mlx5_destroy_mkey, mlx5_query_special_contexts;
mlx5_command mlx5_create_rq, mlx5_modify_rq, mlx5_destroy_rq, mlx5_query_rq;
mlx5_command mlx5_create_rqt, mlx5_modify_rqt, mlx5_destroy_rqt;
mlx5_command mlx5_create_tir, mlx5_modify_tir, mlx5_destroy_tir;
mlx5_command mlx5_create_sq, mlx5_modify_sq, mlx5_destroy_sq, mlx5_query_sq;

#endif
