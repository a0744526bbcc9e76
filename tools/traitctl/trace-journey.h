/* SPDX-License-Identifier: GPL-2.0 */
/* Steps that belong together, because their packets have the same value of a key. */
#ifndef TRAITCTL_TRACE_JOURNEY_H
#define TRAITCTL_TRACE_JOURNEY_H

#include "trace.h"

/* Called with all steps of a journey, in order of time. */
typedef void trace_journey_fn(const struct trace_step *steps, unsigned int n);

/**
 * trace_journey_add() - a step of some journey
 * @step:	step; without a value of the key it belongs to none
 * @key:	id of the key
 * @size:	bytes of its values
 * @print:	called for journeys that have come to their end: to a socket or a drop, or
 *		because there are too many others
 */
void trace_journey_add(const struct trace_step *step, unsigned int key, unsigned int size,
		       trace_journey_fn *print);

/* Prints those that have not come to their end, and forgets them. */
void trace_journey_end(trace_journey_fn *print);

#endif
