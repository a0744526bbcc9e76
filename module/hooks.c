// SPDX-License-Identifier: GPL-2.0
/* Attaching and detaching what hook-table.c lists. */

#include "hooks.h"

#include <linux/limits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "hook-table.h"
#include "pending.h"
#include "skb-xdp.h"

/* Modules with hooked functions come and go beside the registry's changes. */
static DEFINE_MUTEX(hooks_lock);

#define for_each_hook(hook)								\
	for ((hook) = traits_hook_table; (hook) < traits_hook_table + traits_hook_count; (hook)++)

static void find_tracepoint(struct tracepoint *tp, void *priv)
{
	struct traits_hook *hook = priv;

	if (!strcmp(tp->name, hook->name))
		hook->tp = tp;
}

/*
 * Where a function of the kernel itself is, kallsyms knows, and kprobes ask it. @probe is never
 * armed. ftrace_set_filter() would compare the name with those of all functions that ftrace
 * knows, some 40000, and take most of the time that loading takes.
 */
static int function_find(struct traits_hook *hook, struct kprobe *probe)
{
	int err;

	probe->symbol_name = hook->name;
	probe->flags = KPROBE_FLAG_DISABLED;
	err = register_kprobe(probe);
	if (err)
		probe->addr = NULL;	/* there is nothing to unregister */
	if (err || hook->type == TRAITS_HOOK_KRETPROBE)
		return err;
	return ftrace_set_filter_ip(&hook->ops, (unsigned long)probe->addr, 0, 1);
}

/* @probe is for functions of the kernel itself. */
static int hook_find(struct traits_hook *hook, struct kprobe *probe)
{
	int err = 0;

	if (hook->unproven)
		return 0;
	switch (hook->type) {
	case TRAITS_HOOK_TRACEPOINT:
		/* The receive tracepoints are not exported; this is how to find them. */
		for_each_kernel_tracepoint(find_tracepoint, hook);
		err = hook->tp ? 0 : -ENOENT;
		break;
	case TRAITS_HOOK_FTRACE:
		err = hook->module ? ftrace_set_filter(&hook->ops, (unsigned char *)hook->name,
						       strlen(hook->name), 1) :
				     function_find(hook, probe);
		break;
	case TRAITS_HOOK_KRETPROBE:
		err = function_find(hook, probe);
		/* Calls can nest in process, softirq and hardirq context. */
		hook->rp.maxactive = 4 * num_possible_cpus();
		break;
	}
	WRITE_ONCE(hook->found, !err);
	return hook->optional || hook->module ? 0 : err;
}

static int hook_attach(struct traits_hook *hook)
{
	int err = -EINVAL;

	if (!hook->found || hook->attached)
		return 0;
	switch (hook->type) {
	case TRAITS_HOOK_TRACEPOINT:
		/* Before other probes, so that BPF programs on the tracepoint see the traits. */
		err = tracepoint_probe_register_prio(hook->tp, hook->probe, NULL, INT_MAX);
		break;
	case TRAITS_HOOK_FTRACE:
		err = register_ftrace_function(&hook->ops);
		break;
	case TRAITS_HOOK_KRETPROBE:
		err = register_kretprobe(&hook->rp);
		break;
	}
	WRITE_ONCE(hook->attached, !err);
	return err;
}

/* Removes what registering left: it would keep the struct from being registered again. */
static void kretprobe_reset(struct kretprobe *rp)
{
	rp->kp = (struct kprobe){ .symbol_name = rp->kp.symbol_name, .nmissed = rp->kp.nmissed };
}

static void hook_detach(struct traits_hook *hook)
{
	if (!hook->attached)
		return;
	switch (hook->type) {
	case TRAITS_HOOK_TRACEPOINT:
		tracepoint_probe_unregister(hook->tp, hook->probe, NULL);
		break;
	case TRAITS_HOOK_FTRACE:
		unregister_ftrace_function(&hook->ops);
		break;
	case TRAITS_HOOK_KRETPROBE:
		unregister_kretprobe(&hook->rp);
		kretprobe_reset(&hook->rp);
		break;
	}
	WRITE_ONCE(hook->attached, false);
}

/*
 * The hooks in a module serve one purpose, and do it wrong if some of them are
 * missing. So there are either all of them or none.
 */
static void module_hooks_forget(const char *module)
{
	struct traits_hook *hook;

	for_each_hook(hook) {
		if (!hook->module || strcmp(hook->module, module))
			continue;
		hook_detach(hook);
		WRITE_ONCE(hook->found, false);
	}
}

static bool module_hooks_attach(const char *module)
{
	struct traits_hook *hook;
	int err;

	for_each_hook(hook) {
		if (!hook->module || strcmp(hook->module, module))
			continue;
		hook_find(hook, NULL);
		err = hook->wanted ? hook_attach(hook) : 0;
		if (hook->found && !err)
			continue;
		pr_warn("%s of module %s cannot be hooked: error %d\n", hook->name, module,
			err ?: -ENOENT);
		return false;
	}
	return true;
}

/*
 * ftrace knows the functions of a module when MODULE_STATE_COMING is told, and
 * forgets them after MODULE_STATE_GOING (prepare_coming_module() and
 * free_module(), 6.1 to 7.3). A filter without any function would mean all
 * functions of the kernel, so such a hook must not stay registered.
 */
static int module_changes(struct notifier_block *nb, unsigned long state, void *data)
{
	const struct module *mod = data;

	if (state != MODULE_STATE_COMING && state != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	mutex_lock(&hooks_lock);
	if (state == MODULE_STATE_GOING || !module_hooks_attach(mod->name))
		module_hooks_forget(mod->name);
	mutex_unlock(&hooks_lock);
	return NOTIFY_DONE;
}

static struct notifier_block module_notifier = {
	.notifier_call = module_changes,
};

static void free_filters(void)
{
	struct traits_hook *hook;

	for_each_hook(hook) {
		if (hook->type == TRAITS_HOOK_FTRACE)
			ftrace_free_filter(&hook->ops);
	}
}

static int find_all(void)
{
	struct kprobe *probes, **registered;
	struct traits_hook *hook;
	unsigned int i = 0, n = 0;
	int err = -ENOMEM;

	probes = kcalloc(traits_hook_count, sizeof(*probes), GFP_KERNEL);
	registered = kcalloc(traits_hook_count, sizeof(*registered), GFP_KERNEL);
	if (!probes || !registered)
		goto out;
	for_each_hook(hook) {
		struct kprobe *probe = &probes[i++];

		err = hook_find(hook, probe);
		if (probe->addr)
			registered[n++] = probe;
		if (err) {
			pr_err("this kernel does not let %s be hooked: error %d\n", hook->name,
			       err);
			break;
		}
	}
	/* All at once, for one grace period. */
	unregister_kprobes(registered, n);
out:
	kfree(registered);
	kfree(probes);
	return err;
}

int traits_hooks_init(void)
{
	struct traits_hook *hook;
	int err;

	/* First, for no module must slip through between finding and being told. */
	err = register_module_notifier(&module_notifier);
	if (err)
		return err;
	mutex_lock(&hooks_lock);
	err = find_all();
	for_each_hook(hook) {
		if (hook->module && !hook->found)
			module_hooks_forget(hook->module);
	}
	mutex_unlock(&hooks_lock);
	if (err)
		traits_hooks_exit();
	return err;
}

void traits_hooks_exit(void)
{
	unregister_module_notifier(&module_notifier);
	free_filters();
}

/* But what sockets need even then */
static bool nothing_wanted(void)
{
	struct traits_hook *hook;

	for_each_hook(hook) {
		if (hook->wanted && hook->need != TRAITS_NEED_SOCKET)
			return false;
	}
	return true;
}

int traits_hooks_attach(u32 needs)
{
	struct traits_hook *hook, *failed = NULL;
	int err = 0;

	mutex_lock(&hooks_lock);
	if (nothing_wanted())
		traits_skb_xdp_reset();
	for_each_hook(hook) {
		if (!(hook->need & needs) || hook->wanted)
			continue;
		err = hook_attach(hook);
		if (err) {
			pr_err("attaching to %s failed: error %d\n", hook->name, err);
			failed = hook;
			break;
		}
	}
	for_each_hook(hook) {
		if (hook == failed)
			break;
		if (!(hook->need & needs) || hook->wanted)
			continue;
		if (failed)
			hook_detach(hook);
		else
			WRITE_ONCE(hook->wanted, true);
	}
	mutex_unlock(&hooks_lock);
	if (failed)
		tracepoint_synchronize_unregister();
	return err;
}

void traits_hooks_detach(u32 needs)
{
	struct traits_hook *hook;

	mutex_lock(&hooks_lock);
	for_each_hook(hook) {
		if (hook->need & needs)
			continue;
		WRITE_ONCE(hook->wanted, false);
		hook_detach(hook);
	}
	mutex_unlock(&hooks_lock);
	/* Unregistering functions waits by itself; that of tracepoints does not. */
	tracepoint_synchronize_unregister();
	if (!(needs & TRAITS_NEED_ANY))
		traits_pending_forget();
}

bool traits_hooks_state(unsigned int index, struct traits_hook_state *state)
{
	static const char *const types[] = {
		[TRAITS_HOOK_TRACEPOINT] = "tracepoint",
		[TRAITS_HOOK_FTRACE] = "ftrace",
		[TRAITS_HOOK_KRETPROBE] = "kretprobe",
	};
	const struct traits_hook *hook = traits_hook_table + index;

	if (index >= traits_hook_count)
		return false;
	state->name = hook->name;
	state->type = types[hook->type];
	state->attached = READ_ONCE(hook->attached);
	state->needed = READ_ONCE(hook->wanted);
	state->found = READ_ONCE(hook->found);
	state->missed = 0;
	if (hook->type == TRAITS_HOOK_KRETPROBE)
		state->missed = READ_ONCE(hook->rp.nmissed) + READ_ONCE(hook->rp.kp.nmissed);
	return true;
}
