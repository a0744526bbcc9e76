/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * Traits of packets, for the applications that send and receive them.
 *
 * All options are of level SOL_IP, also on sockets of AF_INET6, where SOL_IPV6 does as well
 * (and is the only one for raw sockets). Values are arrays of struct pkt_trait, one element
 * for each trait; "the array" below. On a machine without the module, and on sockets of other
 * families, the kernel answers as for any option that it does not know.
 *
 * Reading
 * =======
 *
 * The application fills in the keys, getsockopt() does the rest: @len and @val, or @io_err for
 * an element that cannot be read. A packet without the trait is no error: @len is 0 then. An
 * array that was read can be given to setsockopt() as it is, which takes elements whose @len is
 * 0 for no element at all.
 *
 * If the first element's key is %TRAITS_KEY_WILDCARD, getsockopt() fills the array with all traits
 * that are there and that the application may read, whatever else the array held. The length
 * that it returns says how many these are, and may be 0. An array of %TRAITS_KEYS_MAX elements
 * (64) is always large enough.
 *
 * Writing
 * =======
 *
 * setsockopt() replaces all that was set before by the array. It does that as a whole or not at
 * all: its argument is const, so it has no way to say which elements it took. When it fails
 * with EIO, getsockopt() of %TRAITS_SO_CHECK with the same array fails as well, and tells the
 * reason for each element in its @io_err. It changes nothing, and depends on nothing that the
 * socket remembers.
 *
 * Errors
 * ======
 *
 * EIO says that @io_err tells more; each other errno is about the whole call, and nothing was
 * read or set.
 *
 *	EINVAL		the length is not that of 1 to %TRAITS_KEYS_MAX elements, or of an int
 *	EOPNOTSUPP	not for this protocol, or (%TRAITS_SO_SYN) not in this state
 *	ENOSPC		%TRAITS_KEY_WILDCARD: the array is too small
 *	EBUSY		%TRAITS_SO_CMSG: somebody else has changed the socket's functions (sockmap,
 *			or IPV6_ADDRFORM, which also ends what was asked for before)
 *	ENOMEM, EFAULT
 *
 *	@io_err
 *	EINVAL		key above 63; padding that is not 0; on writing also a @len that is not
 *			the key's, bytes of @val behind @len that are not 0, or an @io_err that
 *			is not 0
 *	ENOKEY		no such key is registered
 *	EACCES		the key is not open to this process for that
 *	ENOSPC		the values together have more than 252 bytes
 *
 * Who may
 * =======
 *
 * Each key says whether applications may read it, or read and write it, and whether only those
 * of one group. New keys are closed. No privilege opens them. What counts is who makes the
 * system call, also for sockets that were inherited or received from another process.
 *
 * Options
 * =======
 *
 * %TRAITS_SO_SAVE_SYN (TCP, int 0 or 1, set and get)
 *	On a listening socket: keep the traits of each SYN for the connection that comes of it.
 *
 * %TRAITS_SO_SYN (TCP, array, set and get)
 *	get, on an accepted socket: the traits of the SYN. As with TCP_SAVED_SYN nothing is
 *	kept where the listener answered with a SYN cookie (counted as lost_socket), or where
 *	tcp_migrate_req moved the request to another listener. They are gone once the
 *	connection was disconnected.
 *	set, before connect(): the traits of the SYN; get reads them back.
 *
 * %TRAITS_SO_SEND (TCP, UDP, UDP-Lite, raw and ping sockets, array, set and get)
 *	The traits of each packet that the socket sends from now on. On TCP that is the SYN, too,
 *	on top of which come those of %TRAITS_SO_SYN. A listening socket's are neither on its
 *	SYN-ACKs nor passed on to the sockets that it accepts.
 *
 * %TRAITS_SO_SAVE_DATA (TCP, int 0 or 1, set and get)
 *	Keep the traits of the packet of which data was last copied to the application.
 *
 * %TRAITS_SO_DATA (TCP, array, get)
 *	These. TCP has no message boundaries: the kernel joins packets in its queues, which leaves
 *	the traits of the first; one recv() may take data of several packets, the last of which
 *	counts; and data that is not copied (TCP_ZEROCOPY_RECEIVE, splice()) does not count.
 *
 * %TRAITS_SO_CMSG (UDP, UDP-Lite, raw and ping sockets, int, set and get)
 *	%TRAITS_CMSG_RECV: recvmsg() tells the traits of the datagram that the application may
 *	read, in a control message of level %SOL_TRAITS and type %TRAITS_CM, an array without
 *	order. There is none if there are no traits. If the application's buffer is too small for
 *	it, it is cut and MSG_CTRUNC set; elements that are not complete are to be ignored.
 *	%TRAITS_CMSG_SEND: such a message given to sendmsg() has the traits of this datagram,
 *	on top of those of %TRAITS_SO_SEND. Errors are those of setsockopt(). If the socket is
 *	corked (MSG_MORE), those of the call that sends the datagram count. A socket that has not
 *	asked for this sends the datagram, and the kernel ignores the message.
 *
 *	A socket that has ever asked for either keeps the module from being unloaded until it is
 *	closed. All other options are forgotten when the module is unloaded.
 *
 * %TRAITS_SO_CHECK (array, get)
 *	What setsockopt() would say of the array.
 *
 * SCTP sockets refuse all of these (EOPNOTSUPP), and so does the kernel for MPTCP sockets
 * (ENOPROTOOPT; EOPNOTSUPP for reading), also for one that has fallen back to TCP. A listener of
 * TCP keeps the traits of a SYN that offers MPTCP, and answers with TCP. What a listener of MPTCP
 * accepts from a client without it is a socket of TCP, whose SYN's traits nobody could ask for.
 * UDP-Lite is no more in 7.x.
 *
 * Numbers
 * =======
 *
 * The kernel numbers IP's and IPv6's own options upwards from 1 (6.1 to 7.3: up to 78),
 * netfilter has 64 to 128, multicast routing 200 to 212, IPVS those from 1152 on. Levels are
 * up to 288. Ours are so far from all of these that they will stay apart, and the kernel gives
 * numbers that it does not know to whom registers for them.
 */
#ifndef _UAPI_LINUX_TRAITS_SOCKET_H
#define _UAPI_LINUX_TRAITS_SOCKET_H

#include <linux/types.h>

#define TRAITS_SO_BASE		0x7472
#define TRAITS_SO_SAVE_SYN	(TRAITS_SO_BASE + 0)
#define TRAITS_SO_SYN		(TRAITS_SO_BASE + 1)
#define TRAITS_SO_SEND		(TRAITS_SO_BASE + 2)
#define TRAITS_SO_SAVE_DATA	(TRAITS_SO_BASE + 3)
#define TRAITS_SO_DATA		(TRAITS_SO_BASE + 4)
#define TRAITS_SO_CMSG		(TRAITS_SO_BASE + 5)
#define TRAITS_SO_CHECK		(TRAITS_SO_BASE + 6)
#define TRAITS_SO_END		(TRAITS_SO_BASE + 16)

#define TRAITS_CMSG_RECV	1
#define TRAITS_CMSG_SEND	2

#define SOL_TRAITS		0x7472
#define TRAITS_CM		1

#define TRAITS_KEY_WILDCARD		255	/* key of the first element: all traits */
#define TRAITS_LEN_FLAG		255	/* len of a flag that is set: it has no bytes */

/**
 * struct pkt_trait - one trait of a packet
 * @pad:	0
 * @key:	id of the key
 * @len:	bytes of the value: 4, 8 or 16, or %TRAITS_LEN_FLAG; 0: the packet does not have it
 * @io_err:	errno of this element; 0: none
 * @pad2:	0
 * @val:	the value, from the first byte on; the others are 0
 */
struct pkt_trait {
	__u8 pad;
	__u8 key;
	__u8 len;
	__u8 io_err;
	__u32 pad2;
	__u64 val[2];
};

#endif
