/* SPDX-License-Identifier: GPL-2.0 */
/* As much of the kernel as module/registry.c needs, with checks of how it is used. */
#ifndef TEST_REGISTRY_KERNEL_H
#define TEST_REGISTRY_KERNEL_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* hooks.h comes before store.h, which has them, too. */
typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define __rcu
#define __percpu
#define DECLARE_PER_CPU(type, name)	extern type name
#define this_cpu_inc(counter)		((counter)++)
#define __printf(fmt, args)	__attribute__((__format__(printf, fmt, args)))
#define BIT_ULL(bit)		(1ULL << (bit))
#define GFP_KERNEL		0
#define vscnprintf		vsnprintf

/* The current process has one group. */
#define KGIDT_INIT(gid)		(gid)
#define in_egroup_p(gid)	((gid) == own_gid)
extern u32 own_gid;

struct mutex {
	bool held;
};

#define DEFINE_MUTEX(name)	struct mutex name
#define lockdep_is_held(m)	((m)->held)

static inline void mutex_lock(struct mutex *m)
{
	assert(!m->held);
	m->held = true;
}

static inline void mutex_unlock(struct mutex *m)
{
	assert(m->held);
	m->held = false;
}

struct rcu_head {
	int unused;
};

struct list_head {
	int unused;
};

#define rcu_dereference_check(p, cond)		(p)
#define rcu_dereference_protected(p, cond)	({ assert(cond); (p); })
/* Whoever still used the former view would be caught by the address sanitizer. */
#define kfree_rcu(p, head)			free(p)
#define rcu_assign_pointer(p, value)		\
	do {					\
		(p) = (value);			\
		published(p);			\
	} while (0)

struct traits_view;
void published(const struct traits_view *v);

/* The hooks that a view has to have, as the test sees it. */
u32 needed(const struct traits_view *v);

/* A grace period has passed since the last publication. */
extern bool graced;
extern unsigned int grace_periods;
void synchronize_rcu(void);

/* Allocations fail when this is 0, which it counts down to. */
extern int allocations_left;
void *kzalloc(size_t size, int flags);
void *kmemdup(const void *from, size_t size, int flags);
#define kfree free

/* Gives zeros first, which nobody should take for random. */
void get_random_bytes(void *to, size_t size);
extern unsigned int draws;

/* What traits_hooks_attach() returns where it has something to do. */
extern int attach_error;
/* How many calls succeed before, of those that have something to do. */
extern int attach_good;
/* What hooks are attached for. */
extern u32 attached;

#endif
