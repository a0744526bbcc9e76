/* SPDX-License-Identifier: GPL-2.0 */
/* The table of hook points: what hooks.c attaches, hook-table.c says what to call. */
#ifndef TRAITS_HOOK_TABLE_H
#define TRAITS_HOOK_TABLE_H

#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/tracepoint.h>

#include "hooks.h"

enum traits_hook_type {
	TRAITS_HOOK_TRACEPOINT,
	TRAITS_HOOK_FTRACE,
	TRAITS_HOOK_KRETPROBE,
};

/**
 * struct traits_hook - one place to listen at
 * @name:	function or tracepoint
 * @module:	name of the module that the function is part of, or NULL
 * @type:	how it is attached
 * @need:	what it is attached for
 * @optional:	there are kernels without it
 * @unproven:	the module was not there when this was built, so nothing is known of
 *		the function; it is left alone
 * @found:	it is there now
 * @wanted:	it is to be attached whenever it is there
 * @attached:	it is attached now
 * @ops:	for functions
 * @rp:		for functions at whose return there is something to do
 * @probe:	for tracepoints
 * @tp:		the tracepoint
 */
struct traits_hook {
	const char *name;
	const char *module;
	enum traits_hook_type type;
	enum traits_need need;
	bool optional;
	bool unproven;
	bool found;
	bool wanted;
	bool attached;
	union {
		struct ftrace_ops ops;
		struct kretprobe rp;
		struct {
			void *probe;
			struct tracepoint *tp;
		};
	};
};

extern struct traits_hook traits_hook_table[];
extern const unsigned int traits_hook_count;

#endif
