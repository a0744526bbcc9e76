// SPDX-License-Identifier: GPL-2.0
#include <linux/init.h>

#include "stats.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

DEFINE_PER_CPU(struct traits_stats, traits_stats);
struct traits_key_stats __percpu *traits_key_stats;

/*
 * What the counters of an id were when its key was registered. Those of the CPUs are not set
 * back: only a CPU itself can write them without losing what it counts meanwhile.
 */
static struct traits_key_stats key_start;

int __init traits_stats_init(void)
{
	traits_key_stats = alloc_percpu(struct traits_key_stats);
	return traits_key_stats ? 0 : -ENOMEM;
}

void traits_stats_exit(void)
{
	free_percpu(traits_key_stats);
}

u64 traits_stats_cpu(enum traits_stat stat, unsigned int cpu)
{
	return READ_ONCE(per_cpu(traits_stats, cpu).count[stat]);
}

u64 traits_stats_sum(enum traits_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += traits_stats_cpu(stat, cpu);
	return sum;
}

/* The counter of a key among @stats, or NULL. */
static u64 *key_counter(struct traits_key_stats *stats, enum traits_stat stat, u32 key)
{
	if (stat == TRAITS_STAT_LOST_MERGE)
		return &stats->lost_merge[key];
	/* Of a key that is registered there is none. */
	if (stat == TRAITS_STAT_ENOKEY)
		return NULL;
	if (stat >= TRAITS_STAT_EINVAL && stat <= TRAITS_STAT_EOPNOTSUPP)
		return &stats->refused[key][stat - TRAITS_STAT_EINVAL];
	return NULL;
}

static u64 key_sum(enum traits_stat stat, u32 key)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*key_counter(per_cpu_ptr(traits_key_stats, cpu), stat, key));
	return sum;
}

void traits_stats_key_start(u32 key)
{
	unsigned int i;
	u64 *start;

	for (i = 0; i < __TRAITS_STAT_MAX; i++) {
		start = key_counter(&key_start, i, key);
		if (start)
			WRITE_ONCE(*start, key_sum(i, key));
	}
}

bool traits_stats_key_sum(enum traits_stat stat, u32 key, u64 *sum)
{
	const u64 *start = key_counter(&key_start, stat, key);

	if (!start)
		return false;
	*sum = key_sum(stat, key) - READ_ONCE(*start);
	return true;
}
