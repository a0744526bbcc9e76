/* SPDX-License-Identifier: GPL-2.0 */
/* The BPF programs of trace.bpf.c, loaded. */
#ifndef TRAITCTL_TRACE_OBJECT_H
#define TRAITCTL_TRACE_OBJECT_H

#include <stdint.h>
#include <traits/traits.h>

#include "trace.h"

struct trace;

struct trace_wish {
	int n_keys;
	struct traits_key key[TRAITS_KEYS_MAX];
	uint32_t n_filters;
	struct trace_filter filter[TRACE_FILTERS];
};

/**
 * trace_begin() - attach the programs
 * @wish:	the keys that are looked for, and what packets have to have
 * @take:	called for each step by trace_poll()
 *
 * Return: NULL with errno set if they cannot be loaded or attached.
 */
struct trace *trace_begin(const struct trace_wish *wish,
			  void (*take)(const struct trace_step *step));

/* Waits for up to @ms; a negative errno, or how many steps there were. */
int trace_poll(struct trace *trace, int ms);

/* How many steps could not be told, because nobody read those before. */
uint64_t trace_missed(const struct trace *trace);

void trace_end(struct trace *trace);

#endif
