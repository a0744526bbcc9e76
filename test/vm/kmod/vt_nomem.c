// SPDX-License-Identifier: GPL-2.0
/*
 * For tests only: makes one allocation fail of a task that calls itself "nomem", also one that a
 * softirq makes on top of it. Stock kernels of Debian have no fault injection; so this gives the
 * memory back that kmalloc() returns, and has it return NULL.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

static unsigned int nth;
module_param(nth, uint, 0644);
MODULE_PARM_DESC(nth, "which allocation fails, from 0");

static unsigned int seen;
module_param(seen, uint, 0644);
MODULE_PARM_DESC(seen, "allocations so far");

static unsigned int failed;
module_param(failed, uint, 0644);
MODULE_PARM_DESC(failed, "allocations that failed");

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	void *memory = (void *)regs_return_value(regs);

	if (in_hardirq() || strcmp(current->comm, "nomem") || ZERO_OR_NULL_PTR(memory))
		return 0;
	if (seen++ != nth)
		return 0;
	failed++;
	kfree(memory);
	regs_set_return_value(regs, 0);
	return 0;
}

/* What kmalloc(), kmemdup() and memdup_user() call: up to 6.9, and later */
#define PROBE(name) { .kp.symbol_name = name, .handler = on_return, .maxactive = 64 }

static struct kretprobe probes[] = {
	PROBE("kmalloc_trace"),
	PROBE("__kmalloc"),
	PROBE("__kmalloc_node_track_caller"),
	PROBE("__kmalloc_cache_noprof"),
	PROBE("__kmalloc_noprof"),
	PROBE("__kmalloc_node_track_caller_noprof"),
};

static bool registered[ARRAY_SIZE(probes)];

static void vt_nomem_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (registered[i])
			unregister_kretprobe(&probes[i]);
	}
}

static int __init vt_nomem_init(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		registered[i] = !register_kretprobe(&probes[i]);
		n += registered[i];
	}
	if (n == ARRAY_SIZE(probes) / 2)
		return 0;
	vt_nomem_exit();
	return -ENOENT;
}

module_init(vt_nomem_init);
module_exit(vt_nomem_exit);
MODULE_DESCRIPTION("allocations that fail, for tests");
MODULE_LICENSE("GPL");
