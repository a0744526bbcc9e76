// SPDX-License-Identifier: GPL-2.0
#include "hooks.h"

bool graced, attached;
unsigned int grace_periods, draws;
int allocations_left = -1, attach_error;

void synchronize_rcu(void)
{
	graced = true;
	grace_periods++;
}

static bool can_allocate(void)
{
	return allocations_left < 0 || allocations_left-- > 0;
}

void *kzalloc(size_t size, int flags)
{
	(void)flags;
	return can_allocate() ? calloc(1, size) : NULL;
}

void *kmemdup(const void *from, size_t size, int flags)
{
	void *to = kzalloc(size, flags);

	return to ? memcpy(to, from, size) : NULL;
}

void get_random_bytes(void *to, size_t size)
{
	unsigned char *byte = to;
	size_t i;

	/* Two draws in three are the worst that there can be. */
	for (i = 0; i < size; i++)
		byte[i] = draws % 3 == 2 ? rand() : 0;
	draws++;
}

int traits_hooks_attach(void)
{
	assert(!attached);
	attached = !attach_error;
	return attach_error;
}

void traits_hooks_detach(void)
{
	/* Hooks use the view: they have to have forgotten it. */
	assert(attached && graced);
	attached = false;
}
