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

/* A key has counters of its own for refusals, which are neighbours, and for one loss. */
#define TRAITS_KEY_REFUSALS	(TRAITS_STAT_EOPNOTSUPP - TRAITS_STAT_EINVAL + 1)

/* Allocated, because static per-CPU memory is scarce in modules (PERCPU_MODULE_RESERVE). */
struct traits_key_stats {
	u64 refused[TRAITS_KEYS_MAX][TRAITS_KEY_REFUSALS];
	u64 lost_merge[TRAITS_KEYS_MAX];
};

extern struct traits_key_stats __percpu *traits_key_stats;

/**
 * traits_stats_init() - allocate the counters of keys
 *
 * Return: 0 or -ENOMEM.
 * Context: may sleep.
 */
int traits_stats_init(void);

/* Frees them; nobody counts any more. */
void traits_stats_exit(void);

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
 * traits_count_refusal() - count what a change of a packet was refused for
 * @stat:	TRAITS_STAT_EINVAL to TRAITS_STAT_EOPNOTSUPP
 * @key:	the key; TRAITS_KEYS_MAX and more: none, or several
 *
 * Context: any, also with preemption enabled.
 */
static inline void traits_count_refusal(enum traits_stat stat, u64 key)
{
	traits_count(stat);
	if (key < TRAITS_KEYS_MAX)
		this_cpu_inc(traits_key_stats->refused[key][stat - TRAITS_STAT_EINVAL]);
}

/**
 * traits_count_key_merge() - a value of this key was lost: TRAITS_STAT_LOST_MERGE
 * @key: its id
 *
 * Besides traits_lost().
 *
 * Context: any, also with preemption enabled.
 */
static inline void traits_count_key_merge(u32 key)
{
	this_cpu_inc(traits_key_stats->lost_merge[key]);
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

/**
 * traits_stats_cpu() - one counter of one CPU
 * @stat:	which event
 * @cpu:	a possible CPU
 *
 * Return: how often the event happened there since the module was loaded.
 * Context: any.
 */
u64 traits_stats_cpu(enum traits_stat stat, unsigned int cpu);

/**
 * traits_stats_key_start() - a key with this id begins with all counters at 0
 * @key: its id, with which nothing is being counted
 *
 * Context: may sleep; callers serialise (registry mutex).
 */
void traits_stats_key_start(u32 key);

/**
 * traits_stats_key_sum() - add one counter of a key up over all possible CPUs
 * @stat:	which event
 * @key:	id of the key
 * @sum:	how often it happened since traits_stats_key_start()
 *
 * Return: false when this is not counted by key.
 * Context: any.
 */
bool traits_stats_key_sum(enum traits_stat stat, u32 key, u64 *sum);

#endif
