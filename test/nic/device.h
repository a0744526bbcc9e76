/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A modelled network device. The server (vfu.c) speaks vfio-user with QEMU, the wire (wire.c) brings and
 * takes Ethernet frames, and a model in between (ice-*.c, mlx5-*.c) plays the device's registers, queues
 * and completions, so that the unmodified driver in the guest has something to drive.
 *
 * One process models one PCI function, in one thread: each call below comes from one poll loop, and a
 * register access by the guest waits until the model has returned. What a model writes to guest memory is
 * seen by a running guest at once, so a completion's ownership bit is stored last, with nic_publish().
 *
 * Whatever the guest's driver hands out (addresses, lengths, indexes) is checked before it is used: a model
 * that writes outside what the driver gave it would look like a bug of the code under test. What the model
 * cannot make sense of is told with nic_fault(), which fails the test.
 */
#ifndef TEST_NIC_DEVICE_H
#define TEST_NIC_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct nic;

enum {
	NIC_BARS	= 6,
	NIC_FRAME_MAX	= 16384,	/* longest frame on the wire, bytes */
};

/* struct nic_frame.l3 and .l4: what a device's parser reports. */
enum nic_l3 { NIC_L3_OTHER, NIC_L3_IPV4, NIC_L3_IPV6 };
enum nic_l4 { NIC_L4_OTHER, NIC_L4_TCP, NIC_L4_UDP };

/**
 * struct nic_frame - a frame from the wire and what hardware would find out about it
 * @data: the frame from its Ethernet header on, without frame check sequence
 * @len: length of @data in bytes, 14 to NIC_FRAME_MAX
 * @vlan_tci: tag control information of the outermost tag, if @has_vlan
 * @has_vlan: the frame has an 802.1Q tag; @data still contains it
 * @l3: network protocol
 * @l4: transport protocol; NIC_L4_OTHER in fragments
 * @is_fragment: IPv4 or IPv6 fragment
 * @l3_csum_ok: the IPv4 header's checksum is right; true for IPv6
 * @l4_csum_ok: TCP's or UDP's checksum is right; false where @l4 is NIC_L4_OTHER
 * @csum: the Internet checksum's ones' complement sum over all bytes behind the Ethernet header (and VLAN
 *	tag): what the kernel calls CHECKSUM_COMPLETE
 * @hash: Toeplitz hash over addresses and, in TCP and UDP, ports, with the key that Microsoft's
 *	specification publishes; 0 for what is neither IPv4 nor IPv6
 * @timestamp: CLOCK_MONOTONIC of the arrival in nanoseconds
 */
struct nic_frame {
	const uint8_t *data;
	size_t len;
	uint16_t vlan_tci;
	bool has_vlan;
	enum nic_l3 l3;
	enum nic_l4 l4;
	bool is_fragment;
	bool l3_csum_ok;
	bool l4_csum_ok;
	uint16_t csum;
	uint32_t hash;
	uint64_t timestamp;
};

/**
 * struct nic_ops - a device model
 * @name: what the command line calls it ("ice", "mlx5")
 * @vendor: PCI vendor id; and so on for the other identities
 * @class_code: 24 bits, 0x020000 for Ethernet
 * @bar_size: size of each BAR in bytes, a power of two, 0 for none; a BAR of a size is a 64-bit memory BAR
 *	and takes the next index, too
 * @msix_vectors: entries of the MSI-X table
 * @msix_bar: BAR of table and pending bits, which QEMU plays: accesses there never reach @read and @write
 * @msix_table: offset of the table in that BAR, bytes
 * @msix_pba: offset of the pending bits in that BAR, bytes
 * @priv_size: bytes of the model's state, nic_priv(), zeroed before @reset
 * @option: takes one "name=value" of the command line; returns 0, or -EINVAL if it is unknown or bad. May
 *	be NULL. Called before the first @reset; options must not lie in what @reset clears
 * @reset: power-on state: at start, on a device reset and when a new client connects
 * @read: a register of 1, 2, 4 or 8 bytes, naturally aligned and inside the BAR
 * @write: the same
 * @receive: a frame from the wire. Returns 0 when it was taken (stored for the driver, or dropped as the
 *	device would: no link, not enabled); -EAGAIN when no buffer is free: the frame stays on the
 *	wire, nothing is lost, and it comes again after nic_receive_again()
 * @link: the cable was pulled or plugged in
 * @tick: called about every 10 ms, for counters that must move. May be NULL
 */
struct nic_ops {
	const char *name;
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	uint8_t revision;
	uint32_t class_code;
	uint64_t bar_size[NIC_BARS];
	unsigned int msix_vectors, msix_bar;
	uint32_t msix_table, msix_pba;
	size_t priv_size;
	int (*option)(struct nic *nic, const char *name, const char *value);
	void (*reset)(struct nic *nic);
	uint64_t (*read)(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size);
	void (*write)(struct nic *nic, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t value);
	int (*receive)(struct nic *nic, const struct nic_frame *frame);
	void (*link)(struct nic *nic, bool up);
	void (*tick)(struct nic *nic);
};

extern const struct nic_ops ice_ops;
extern const struct nic_ops mlx5_ops;

/** nic_priv - the model's state, @priv_size bytes */
void *nic_priv(struct nic *nic);

/**
 * nic_dma - guest memory at a bus address
 * @nic: device
 * @addr: bus address in bytes, from the driver: not trusted
 * @len: bytes needed, contiguous; a range that crosses from one mapping into the next is refused
 *
 * Return: the memory, good until the call into the model returns; NULL, after nic_fault(), if the range is
 * not mapped whole.
 */
void *nic_dma(struct nic *nic, uint64_t addr, size_t len);

/**
 * nic_dma_read - copy from guest memory, across mappings
 * Return: true; false, after nic_fault(), if it is not mapped whole: @buf is zeroed then.
 */
bool nic_dma_read(struct nic *nic, uint64_t addr, void *buf, size_t len);

/** nic_dma_write - the same into guest memory; writes nothing if the range is not mapped whole */
bool nic_dma_write(struct nic *nic, uint64_t addr, const void *buf, size_t len);

/**
 * nic_publish - store the byte that hands a completion to the driver, after all stores before it
 * @byte: in guest memory
 */
static inline void nic_publish(uint8_t *byte, uint8_t value)
{
	__atomic_store_n(byte, value, __ATOMIC_RELEASE);
}

/** nic_irq - raise MSI-X vector @vector, if the driver has enabled it; an unknown one is a fault */
void nic_irq(struct nic *nic, unsigned int vector);

/**
 * nic_transmit - a frame that the driver sent
 * @iov: its pieces in guest memory (nic_dma()) or the model's, copied before the call returns
 *
 * Checks that the length is one that Ethernet has (a fault otherwise). Nothing goes out without link.
 */
void nic_transmit(struct nic *nic, const struct iovec *iov, unsigned int n);

/** nic_receive_again - buffers came: offer the frame that waits on the wire again, soon */
void nic_receive_again(struct nic *nic);

/** nic_link_up - is the cable plugged in? */
bool nic_link_up(const struct nic *nic);

/** nic_now - CLOCK_MONOTONIC in nanoseconds: the device's clock */
uint64_t nic_now(void);

/**
 * nic_fault - the driver asked for something that the model does not know or that makes no sense
 *
 * Written to the log with the device's name; the process goes on, and exits with status 1 in the end.
 */
__attribute__((format(printf, 2, 3)))
void nic_fault(struct nic *nic, const char *fmt, ...);

/** nic_log - what happens, for who debugs a model; written with --verbose only */
__attribute__((format(printf, 2, 3)))
void nic_log(struct nic *nic, const char *fmt, ...);

#endif
