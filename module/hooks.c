// SPDX-License-Identifier: GPL-2.0
/*
 * The table of hook points. hook-points.h names them with their prototypes,
 * which the build checks against the target kernel's BTF.
 *
 * All handlers run in the context of the function they hook, take
 * rcu_read_lock() themselves, and neither sleep nor allocate.
 */

#include "hooks.h"

#include <linux/ftrace.h>
#include <linux/limits.h>
#include <linux/tracepoint.h>

#include "carry.h"
#include "packet.h"

struct hook {
	const char *name;
	bool attached;
	struct ftrace_ops ops;		/* for functions */
	void *probe;			/* for tracepoints */
	struct tracepoint *tp;
};

static void on_skb_copy_header(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			       struct ftrace_regs *fregs)
{
	traits_carry_copy((struct sk_buff *)ftrace_regs_get_argument(fregs, 0),
			  (struct sk_buff *)ftrace_regs_get_argument(fregs, 1));
}

static void on_pskb_expand_head(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_carry_expand((struct sk_buff *)ftrace_regs_get_argument(fregs, 0),
			    ftrace_regs_get_argument(fregs, 1));
}

static void on_bpf_xdp_adjust_head(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_adjust_head((struct xdp_buff *)ftrace_regs_get_argument(fregs, 0),
			       ftrace_regs_get_argument(fregs, 1));
}

static void on_bpf_xdp_adjust_meta(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_adjust_meta((struct xdp_buff *)ftrace_regs_get_argument(fregs, 0),
			       ftrace_regs_get_argument(fregs, 1));
}

/*
 * Called at the top of __netif_receive_skb_core() (6.1 to 7.3), once for each
 * packet on each way into the stack: after GRO, and before generic XDP, taps
 * and TC.
 */
static void on_netif_receive_skb(void *data, struct sk_buff *skb)
{
	traits_skb_bind(skb);
}

/*
 * RECURSION makes ftrace guard the handlers against entering themselves;
 * PERMANENT makes kernel.ftrace_enabled=0 fail while they are attached instead
 * of switching them off silently.
 */
#define TRAITS_FTRACE(fn, proto) {							\
	.name = #fn,									\
	.ops = {									\
		.func = on_##fn,							\
		.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT,		\
	},										\
},
#define TRAITS_TRACEPOINT(tracepoint, proto) {						\
	.name = #tracepoint,								\
	.probe = on_##tracepoint,							\
},

static struct hook hooks[] = {
#include "hook-points.h"
};

static void find_tracepoint(struct tracepoint *tp, void *priv)
{
	struct hook *hook = priv;

	if (!strcmp(tp->name, hook->name))
		hook->tp = tp;
}

static int hook_attach(struct hook *hook)
{
	int err;

	/* Before all other probes, so that BPF programs on the tracepoint see the traits. */
	if (hook->probe)
		err = tracepoint_probe_register_prio(hook->tp, hook->probe, NULL, INT_MAX);
	else
		err = register_ftrace_function(&hook->ops);
	WRITE_ONCE(hook->attached, !err);
	return err;
}

static void hook_detach(struct hook *hook)
{
	if (!hook->attached)
		return;
	if (hook->probe)
		tracepoint_probe_unregister(hook->tp, hook->probe, NULL);
	else
		unregister_ftrace_function(&hook->ops);
	WRITE_ONCE(hook->attached, false);
}

int traits_hooks_init(void)
{
	struct hook *hook;
	int err;

	for (hook = hooks; hook < hooks + ARRAY_SIZE(hooks); hook++) {
		if (hook->probe) {
			/* The receive tracepoints are not exported; this is how to find them. */
			for_each_kernel_tracepoint(find_tracepoint, hook);
			err = hook->tp ? 0 : -ENOENT;
		} else {
			err = ftrace_set_filter(&hook->ops, (unsigned char *)hook->name,
						strlen(hook->name), 1);
		}
		if (err) {
			pr_err("this kernel does not let %s be hooked: error %d\n", hook->name,
			       err);
			traits_hooks_exit();
			return err;
		}
	}
	return 0;
}

void traits_hooks_exit(void)
{
	struct hook *hook;

	for (hook = hooks; hook < hooks + ARRAY_SIZE(hooks); hook++) {
		if (!hook->probe)
			ftrace_free_filter(&hook->ops);
	}
}

int traits_hooks_attach(void)
{
	struct hook *hook;
	int err;

	for (hook = hooks; hook < hooks + ARRAY_SIZE(hooks); hook++) {
		err = hook_attach(hook);
		if (err) {
			pr_err("attaching to %s failed: error %d\n", hook->name, err);
			traits_hooks_detach();
			return err;
		}
	}
	return 0;
}

void traits_hooks_detach(void)
{
	struct hook *hook;

	for (hook = hooks + ARRAY_SIZE(hooks) - 1; hook >= hooks; hook--)
		hook_detach(hook);
	/* unregister_ftrace_function() waits by itself; probes of tracepoints do not. */
	tracepoint_synchronize_unregister();
}

bool traits_hooks_state(unsigned int index, struct traits_hook_state *state)
{
	if (index >= ARRAY_SIZE(hooks))
		return false;
	state->name = hooks[index].name;
	state->type = hooks[index].probe ? "tracepoint" : "ftrace";
	state->attached = READ_ONCE(hooks[index].attached);
	return true;
}
