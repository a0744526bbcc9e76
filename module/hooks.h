/* SPDX-License-Identifier: GPL-2.0 */
/* Where the module listens to the kernel: tracepoints and ftrace, attached while a key exists. */
#ifndef TRAITS_HOOKS_H
#define TRAITS_HOOKS_H

#include <linux/types.h>

/**
 * traits_hooks_init() - find the hook points in this kernel
 *
 * Return: 0, or the error for a hook point that this kernel lacks (its name is
 * in the log).
 * Context: may sleep.
 */
int traits_hooks_init(void);

/* Frees what traits_hooks_init() allocated; all hooks are detached. */
void traits_hooks_exit(void);

/**
 * traits_hooks_attach() - attach all hooks, or none
 *
 * Return: 0, or the error of the first hook that could not be attached.
 * Context: may sleep; callers serialise attach and detach (registry mutex).
 */
int traits_hooks_attach(void);

/**
 * traits_hooks_detach() - detach all hooks; none runs any more on return
 *
 * Context: may sleep.
 */
void traits_hooks_detach(void);

/**
 * struct traits_hook_state - what is known of one hook
 * @name:	function or tracepoint
 * @type:	"tracepoint" or "ftrace"
 * @attached:	it is attached now
 */
struct traits_hook_state {
	const char *name;
	const char *type;
	bool attached;
};

/**
 * traits_hooks_state() - tell the state of the hook with this index
 * @index:	0, 1, ...
 * @state:	filled in on success
 *
 * Return: false when there is no such hook.
 * Context: any; a snapshot.
 */
bool traits_hooks_state(unsigned int index, struct traits_hook_state *state);

#endif
