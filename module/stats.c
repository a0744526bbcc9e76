// SPDX-License-Identifier: GPL-2.0

#include "stats.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

DEFINE_PER_CPU(struct traits_stats, traits_stats);

u64 traits_stats_sum(enum traits_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(traits_stats, cpu).count[stat]);
	return sum;
}
