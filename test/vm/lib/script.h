/* SPDX-License-Identifier: GPL-2.0 */
/* Scripts for packets, attached at a place: test/vm/progs/script_ops.h says what they can do. */
#ifndef VT_SCRIPT_H
#define VT_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "script_ops.h"

struct vt_script;

/* Where a script runs */
enum vt_place {
	VT_XDP,			/* native */
	VT_XDP_GENERIC,
	VT_TC_INGRESS,
	VT_TC_EGRESS,
	VT_RECEIVE,		/* tp_btf: top of the stack, for packets of the device */
	VT_FREE,		/* tp_btf: kfree_skb, for packets of the device */
	VT_FREE_ANY,		/* also for those that have left their device, as in sockets */
	VT_LSM,			/* socket_sock_rcv_skb, for packets of the device */
	VT_XDP_IDLE,		/* loaded, and attached to nothing: to be run with vt_script_fd() */
	VT_TC_IDLE,
	VT_IDLE,		/* of vt_script_load() */
};

/*
 * Attaches a script to a device of a network namespace (NULL: the current one);
 * a failure ends the case. vt_script_stop() detaches it.
 */
struct vt_script *vt_script(const char *ns, const char *dev, enum vt_place place,
			    const struct script *script);
void vt_script_stop(struct vt_script *vs);

/*
 * XDP in a namespace sends all UDP packets to @port that come in by @from out
 * by @to, a veth whose other end has a native XDP program: that one is then
 * given xdp_frames, not skbs.
 */
struct vt_script *vt_redirect(const char *ns, const char *from, const char *to, unsigned int port);

/* The index of a device of a namespace. */
unsigned int vt_ifindex(const char *ns, const char *dev);

/* Loads a program of another object that runs scripts; who calls it attaches it. */
struct vt_script *vt_script_load(const char *object, const char *prog,
				 const struct script *script);

int vt_script_fd(struct vt_script *vs);

/* Gives it another script, and forgets sums and answers. */
void vt_script_set(struct vt_script *vs, const struct script *script);

struct script_sum vt_script_sum(struct vt_script *vs);
struct script_answer vt_script_answer(struct vt_script *vs, unsigned int packet);

/* Waits until it has seen so many packets; fails the case after a minute. */
void vt_script_wait(struct vt_script *vs, unsigned long long packets);

/* Waits until it has seen packets that GRO made of so many, and is done with the last of them. */
void vt_script_wait_segments(struct vt_script *vs, unsigned long long segments);

/*
 * Registers one key of each size: ids[0] for 0 bytes, then 4, 8 and 16.
 * vt_keys_del() unregisters all keys that there are.
 */
extern const unsigned int vt_sizes[4];
void vt_keys_add(unsigned int ids[4]);
unsigned int vt_key_add(const char *name, unsigned int size);
/* With policies: enum traits_gro, traits_clone, traits_netns. */
unsigned int vt_key_policy(const char *name, unsigned int size, unsigned int gro,
			   unsigned int clone, unsigned int netns);
void vt_key_del(const char *name);
void vt_keys_del(void);

/* To be called before the module is unloaded: its netlink family gets another number later. */
void vt_registry_close(void);

/* One of the module's counters; or all, __TRAITS_STAT_MAX of them. */
unsigned long long vt_stat(unsigned int stat);
void vt_stats(uint64_t *counts);

/*
 * Since vt_stats() told @before, nothing was refused or lost, but for @n that the
 * counter @stat (-1: none) has. One KTAP line.
 */
void vt_lost_only(const uint64_t *before, int stat, unsigned long long n, const char *what);

/* Scripts that set, or check, a value made of the sequence number for the four keys. */
struct script vt_set_seq(const unsigned int ids[4], unsigned int port);
struct script vt_check_seq(const unsigned int ids[4], unsigned int port);

/*
 * The script saw this many packets, for each of its four OP_CHECK_SEQ all were
 * as they should be: one KTAP line, which shows the counters if not.
 */
void vt_all_right(struct vt_script *vs, unsigned long long packets, const char *what);

#endif
