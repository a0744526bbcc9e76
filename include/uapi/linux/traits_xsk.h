/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * Traits of packets in the memory of AF_XDP sockets.
 *
 * The block
 * =========
 *
 * A packet's traits lie in front of it, in a block that ends where the packet begins:
 *
 *	| values | struct traits_xsk | packet ...
 *
 * So its header is the last of it, and always found: descriptors tell where a packet begins, and
 * nothing else. The values are packed in the order of their keys, without gaps. How many bytes
 * each has is in @lo and @hi, so a block can be read without knowing the keys. All numbers are
 * those of the machine. Packets can begin anywhere, so a block need not be aligned: copy the
 * header out.
 *
 * Receiving
 * =========
 *
 * The XDP program calls bpf_xdp_traits_export() right before it redirects the packet to the
 * socket. The kfunc puts the block into the packet's metadata, which comes along on all drivers
 * that support metadata, with and without zero copy. A packet without traits gets a block without
 * values.
 *
 * The memory is used again and again, also by packets that the application never sees: those that
 * the program drops, and those that its ring has no room for. So in front of a packet is what an
 * earlier one left, be it a whole block, unless the program had a block written for this one.
 * Nothing in the descriptor tells which of the two it is, and no clearing by the application lasts.
 * It is the program that sees to it:
 *
 *	- it calls bpf_xdp_traits_export() for each packet that it redirects to the socket
 *	- where that fails with %-ENOSPC, nothing has changed. bpf_xdp_traits_export(ctx, 0) writes
 *	  a block without values, which takes 32 bytes and has to succeed instead
 *	- where that fails, too, or with %-EOPNOTSUPP, it does not redirect the packet
 *
 * An application must not look for blocks if its program does otherwise, unless metadata of the
 * program's own say which packets have one.
 *
 * With zero copy, the headroom that the module and the program use is the application's memory. The
 * module never reads or writes outside of it whatever is written to it meanwhile; but a program
 * should take a trait that it reads there for no more than bytes of the packet.
 *
 * Where the program has metadata of its own for the application, they are between block and
 * packet, and the block ends where they begin.
 *
 * Sending
 * =======
 *
 * From 6.8 on, in copy mode: the block lies in the area that tx_metadata_len of struct
 * xdp_umem_reg sets aside in front of each packet, which begins with struct xsk_tx_metadata. The
 * block is at its end. It counts for packets whose descriptor has XDP_TX_METADATA, with or without
 * requests of the kernel's own in struct xsk_tx_metadata; so @flags there have to be valid, 0 for
 * instance. A tx_metadata_len of TRAITS_XSK_TX_LEN(bytes of values) has room for all, and one
 * of 24 or less for no block, so an application that does not know of traits sends none.
 *
 * The kernel only reads it, once, when the packet is sent: an application that uses XDP_TX_METADATA
 * has to overwrite, or clear, what an earlier packet left. It copies the block before it looks
 * at it. If anything is wrong with it, or a key is not open, the packet is sent without any of its
 * traits, and counted as lost_socket:
 *
 *	- a block whose header is not as documented here. No block at all (another @magic) is
 *	  nothing wrong
 *	- a key that is not registered, or is registered with another size
 *	- a key that is not open for writing to the process that makes the system call that
 *	  sends, whoever opened the socket. Keys are closed unless their registration opens them,
 *	  and no privilege does
 *	- not enough room in front of the packet. The kernel makes as much as the device says that
 *	  it needs, which is 64 bytes for most and holds no traits. `traitctl dev set DEV headroom
 *	  N` asks for more; N is 108 and the bytes of values
 *
 * With zero copy the packet goes to the card as it is; nobody in this machine would read traits.
 *
 * On 6.1 descriptors cannot say that there is something in front of the packet, and what is
 * there unasked may be of a stranger's making, as an earlier packet's bytes. An application there
 * puts the block into the packet, and an XDP program of whoever receives it takes it out again:
 * bpf_xdp_traits_import(), see <traits/bpf_traits.h>. That works on all kernels.
 *
 * Functions for all of this are in <traits/xsk.h>.
 */
#ifndef _UAPI_LINUX_TRAITS_XSK_H
#define _UAPI_LINUX_TRAITS_XSK_H

#include <linux/types.h>

#define TRAITS_XSK_MAGIC	0x74726169
#define TRAITS_XSK_VERSION	1
#define TRAITS_XSK_VALUES_MAX	252	/* bytes of values that a packet can have */

/**
 * struct traits_xsk - header of a block, behind its values
 * @magic:	%TRAITS_XSK_MAGIC
 * @version:	%TRAITS_XSK_VERSION
 * @flags:	0
 * @len:	bytes of the block: values and header
 * @present:	bit k set: key k has a value
 * @lo:		with @hi the size of the value of key k, for keys in @present; bit k of
 * @hi:		hi,lo: 0,0: 0 bytes (a flag that is set); 0,1: 4; 1,0: 8; 1,1: 16
 *
 * Both are 0 for keys that are not in @present.
 */
struct traits_xsk {
	__u32 magic;
	__u8 version;
	__u8 flags;
	__u16 len;
	__u64 present;
	__u64 lo;
	__u64 hi;
};

/* A tx_metadata_len for blocks of so many bytes of values, of which 192 are the most */
#define TRAITS_XSK_TX_LEN(values)	(24 + (((values) + 7) & ~7) + sizeof(struct traits_xsk))

#endif
