/* SPDX-License-Identifier: GPL-2.0 */
/* Per-CPU event counters. What each one means is told in <linux/traits.h>. */
#ifndef TRAITS_STATS_H
#define TRAITS_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <uapi/linux/traits.h>

struct traits_stats {
	u64 count[__TRAITS_STAT_MAX];
};

DECLARE_PER_CPU(struct traits_stats, traits_stats);

/**
 * traits_count() - count one event on this CPU
 * @stat: which event
 *
 * Context: any, also with preemption enabled.
 */
static inline void traits_count(enum traits_stat stat)
{
	this_cpu_inc(traits_stats.count[stat]);
}

/**
 * traits_stats_sum() - add one counter up over all possible CPUs
 * @stat: which event
 *
 * The sum is a snapshot: other CPUs go on counting meanwhile.
 *
 * Return: how often the event happened since the module was loaded.
 * Context: any.
 */
u64 traits_stats_sum(enum traits_stat stat);

#endif
