/* SPDX-License-Identifier: GPL-2.0 */
/* Network namespaces a, b, c, ... in a row, joined by links, that forward to each other. */
#ifndef VT_PATH_H
#define VT_PATH_H

/*
 * vt_path() - makes @n namespaces (2 to 5)
 *
 * Namespace a has device "right", the last one has "left", those between have
 * both. a's address is 10.1.0.1 and the last one's 10.N.0.2, where N is @n - 1;
 * pair i (1 for a and b) has 10.i.0.1 on its left and 10.i.0.2 on its right
 * side. Routes lead everywhere.
 *
 * Neighbours are static and IPv6 is off, so that no packet is there that the
 * test did not send.
 */
void vt_path(unsigned int n);

/*
 * The same, of other links than veth pairs. @links has one letter for each pair:
 * 'v' is a veth pair, '>' a network card under test on the right and its wire on
 * the left, '<' the card on the left and its wire on the right; nic0 is the
 * first card, and so on. When this returns, all cards have a carrier.
 */
void vt_path_of(const char *links);

/* Takes a path of @n namespaces apart; what cards there are go back. */
void vt_path_del(unsigned int n);

/* Address of the last namespace of a path of @n. */
const char *vt_path_end(unsigned int n);

struct vt_script;

/*
 * Sends @n UDP datagrams of 80 bytes with sequence numbers from @first on, from
 * namespace @ns to @address and @port. Each @bare_every-th (0: none) says that
 * it is bare.
 *
 * Never more than 64 are on their way to @counter, which counts all of them: no
 * queue overflows, however slow the machine is. Returns when @counter has seen
 * the last one. NULL: as fast as it goes, for traffic of which packets may be
 * lost.
 */
void vt_send_seq(struct vt_script *counter, const char *ns, const char *address,
		 unsigned int port, unsigned int first, unsigned int n, unsigned int bare_every);

#endif
