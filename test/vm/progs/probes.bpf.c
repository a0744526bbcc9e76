// SPDX-License-Identifier: GPL-2.0
/*
 * Tells how many probes the tracepoint netif_receive_skb has: no file of the kernel does. To be
 * run once by BPF_PROG_TEST_RUN; attach to nothing.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct tracepoint_func {
	void *func;
	void *data;
	int prio;
} __attribute__((preserve_access_index));

struct tracepoint {
	struct tracepoint_func *funcs;
} __attribute__((preserve_access_index));

extern const void __tracepoint_netif_receive_skb __ksym;

#define PROBES_MAX 16

SEC("raw_tp/netif_receive_skb")
int count_probes(void *ctx)
{
	const struct tracepoint *tp = (const void *)&__tracepoint_netif_receive_skb;
	struct tracepoint_func *funcs = BPF_CORE_READ(tp, funcs), *at;
	int i;

	if (!funcs)
		return 0;
	for (i = 0; i < PROBES_MAX; i++) {
		at = (void *)funcs + i * bpf_core_type_size(struct tracepoint_func);
		if (!BPF_CORE_READ(at, func))
			break;
	}
	return i;
}

char _license[] SEC("license") = "GPL";
