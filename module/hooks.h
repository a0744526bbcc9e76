/* SPDX-License-Identifier: GPL-2.0 */
/* Where the module listens to the kernel: attached while a key, or a socket, needs it. */
#ifndef TRAITS_HOOKS_H
#define TRAITS_HOOKS_H

#include <linux/types.h>

/**
 * enum traits_need - what a hook is attached for
 * @TRAITS_NEED_ANY:	any key
 * @TRAITS_NEED_GRO:	a key that is not left to the first packet of a GRO merge
 * @TRAITS_NEED_COPY:	a key of which each clone has its own copy
 * @TRAITS_NEED_DROP:	a key that clones do not see
 * @TRAITS_NEED_NETNS:	a key that does not leave its network namespace
 * @TRAITS_NEED_PENDING: any key, and there is a driver without XDP metadata
 * @TRAITS_NEED_SOCKET:	a socket uses traits; also while there is no key
 * @TRAITS_NEED_SYN:	a listening socket keeps the traits of SYNs
 * @TRAITS_NEED_DATA:	a TCP socket keeps the traits of its data
 * @TRAITS_NEED_RECV:	a datagram socket wants the traits of datagrams
 * @TRAITS_NEED_SEND:	a socket gives packets traits; not at a hook of this table, see sock-send.c
 * @TRAITS_NEED_XSK:	a key that applications may write, and so send from AF_XDP sockets
 * @TRAITS_NEED_FORK:	any of COPY, DROP and NETNS
 *
 * Bits, for masks.
 */
enum traits_need {
	TRAITS_NEED_ANY = 1,
	TRAITS_NEED_GRO = 2,
	TRAITS_NEED_COPY = 4,
	TRAITS_NEED_DROP = 8,
	TRAITS_NEED_NETNS = 16,
	TRAITS_NEED_PENDING = 32,
	TRAITS_NEED_SOCKET = 64,
	TRAITS_NEED_SYN = 128,
	TRAITS_NEED_DATA = 256,
	TRAITS_NEED_RECV = 512,
	TRAITS_NEED_SEND = 1024,
	TRAITS_NEED_XSK = 2048,
	TRAITS_NEED_FORK = TRAITS_NEED_COPY | TRAITS_NEED_DROP | TRAITS_NEED_NETNS,
};

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
 * traits_hooks_attach() - attach all hooks that are needed now, or change nothing
 * @needs:	mask of enum traits_need
 *
 * Hooks that are attached stay.
 *
 * Return: 0, or the error of the first hook that could not be attached.
 * Context: may sleep; callers serialise attach and detach (registry mutex).
 */
int traits_hooks_attach(u32 needs);

/**
 * traits_hooks_detach() - detach all hooks that are not needed any more
 * @needs:	mask of enum traits_need; 0: detach all
 *
 * None of the detached ones runs any more on return.
 *
 * Context: may sleep.
 */
void traits_hooks_detach(u32 needs);

/**
 * struct traits_hook_state - what is known of one hook
 * @name:	function or tracepoint
 * @type:	"tracepoint", "ftrace" or "kretprobe"
 * @attached:	it is attached now
 * @needed:	it is to be attached whenever it is there
 * @found:	it is there now
 * @missed:	how often its function ran without it (kretprobe)
 */
struct traits_hook_state {
	const char *name;
	const char *type;
	bool attached;
	bool needed;
	bool found;
	u64 missed;
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
