/* SPDX-License-Identifier: GPL-2.0 */
/* Plans for packets: test/vm/progs/plan_ops.h says what they can do. */
#ifndef VT_PLAN_H
#define VT_PLAN_H

#include <stdbool.h>

#include "plan_ops.h"

struct vt_plan;

/*
 * Attaches a plan's XDP program to @dev, native, and its TC program to ingress of @read (NULL: of
 * @dev too).
 */
struct vt_plan *vt_plan(const char *dev, const char *read);
void vt_plan_stop(struct vt_plan *vp);

/* Gives it a plan, and forgets sums. */
void vt_plan_set(struct vt_plan *vp, const struct plan *plan);
struct plan_sum vt_plan_sum(struct vt_plan *vp);

/* Waits until so many packets were in XDP, and all that passed it were read in TC. */
void vt_plan_wait(struct vt_plan *vp, unsigned long long packets);

/*
 * A plan with this many packets of this kind: no packet had another trait than it should, and in
 * XDP all was well. With @absent packets whose traits are not there for each key that is set. One
 * KTAP line.
 */
void vt_plan_right(struct vt_plan *vp, unsigned long long packets, unsigned long long absent,
		   const char *what);

/* Has the module ever met a packet of a driver without metadata, and begun to follow these? */
bool vt_plan_followed(void);

/*
 * It refuses such packets until all hooks are attached. Calls @send, which sends a packet that gets
 * a trait and waits for the program, until one is not refused; returns how many were.
 */
unsigned int vt_plan_meet(void (*send)(void *arg), void *arg);

/* A socket to send frames by @dev with. */
int vt_plan_socket(const char *dev);

#endif
