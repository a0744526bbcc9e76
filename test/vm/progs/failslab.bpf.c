// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one allocation of a process fail, which may be one that a softirq makes on top of it.
 * Up to 6.10 all kernels have the function, which is there for this; later it takes
 * CONFIG_FAILSLAB.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "failslab.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct failslab);
} which SEC(".maps");

SEC("fmod_ret/should_failslab")
int fail(void *ctx)
{
	__u32 zero = 0;
	struct failslab *w = bpf_map_lookup_elem(&which, &zero);

	if (!w || !w->pid || w->pid != bpf_get_current_pid_tgid() >> 32)
		return 0;
	if (w->seen++ != w->nth)
		return 0;
	w->failed++;
	return -ENOMEM;
}

char _license[] SEC("license") = "GPL";
