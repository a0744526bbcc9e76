// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace-journey.h"

#define JOURNEYS	128	/* on their way at the same time */
#define STEPS		32	/* of one; there are no more than the first */

struct journey {
	unsigned int n;
	union trace_value value;
	struct trace_step *step;
};

static struct journey journeys[JOURNEYS];
static unsigned int oldest;

static int by_time(const void *a, const void *b)
{
	const struct trace_step *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

static void finish(struct journey *j, trace_journey_fn *print)
{
	/* Steps come from several CPUs. */
	qsort(j->step, j->n, sizeof(*j->step), by_time);
	print(j->step, j->n);
	j->n = 0;
}

static struct journey *find(const union trace_value *value, unsigned int size,
			    trace_journey_fn *print)
{
	struct journey *j, *free = NULL;

	for (j = journeys; j < journeys + JOURNEYS; j++) {
		if (j->n && !memcmp(&j->value, value, size))
			return j;
		if (!j->n && !free)
			free = j;
	}
	if (!free) {
		/* Whoever never arrived makes room. */
		free = &journeys[oldest++ % JOURNEYS];
		finish(free, print);
	}
	free->value = *value;
	return free;
}

void trace_journey_add(const struct trace_step *step, unsigned int key, unsigned int size,
		       trace_journey_fn *print)
{
	struct journey *j;

	if (!(step->present >> key & 1))
		return;
	j = find(&step->value[key], size, print);
	if (!j->step)
		j->step = malloc(STEPS * sizeof(*j->step));
	if (!j->step)
		return;
	if (j->n < STEPS)
		j->step[j->n++] = *step;
	if (step->place == TRACE_SOCKET || step->place == TRACE_DROP)
		finish(j, print);
}

static int by_first_step(const void *a, const void *b)
{
	const struct journey *x = a, *y = b;

	/* Those without a step are behind all others. */
	if (!x->n || !y->n)
		return !x->n - !y->n;
	return by_time(x->step, y->step);
}

void trace_journey_end(trace_journey_fn *print)
{
	struct journey *j;

	qsort(journeys, JOURNEYS, sizeof(*journeys), by_first_step);
	for (j = journeys; j < journeys + JOURNEYS; j++) {
		if (j->n)
			finish(j, print);
		free(j->step);
		j->step = NULL;
	}
}
