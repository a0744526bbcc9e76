// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "hold.h"
#include "hooks.h"
#include "registry.h"
#include "stats.h"

bool graced;
u32 attached;
unsigned int grace_periods, draws;
u32 own_gid = 1;
int allocations_left = -1, attach_error, attach_good;

/* Keys that are held, and keys whose counters begin with their registration. */
static u64 held, started;

void published(const struct traits_view *v)
{
	/* Who sees a key counts for it. */
	assert(!v || !(v->known & ~started));
	started = v ? v->known : 0;
	/* Packets get traits of such a key from here on, and its hooks have to see them all. */
	assert(!(needed(v) & ~attached));
	graced = false;
}

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

/* What keeps something of a socket, or gives it away, until the hooks that tell of its end do so */
#define KEEPERS	(TRAITS_NEED_SYN | TRAITS_NEED_DATA | TRAITS_NEED_RECV | TRAITS_NEED_SEND)

int traits_hooks_attach(u32 needs)
{
	assert(!(needs & ~attached & KEEPERS) || attached & TRAITS_NEED_SOCKET);
	/* Only what is attached now can fail, and a failure changes nothing. */
	if (attach_error && needs & ~attached) {
		if (!attach_good)
			return attach_error;
		attach_good--;
	}
	attached |= needs;
	return 0;
}

void traits_hooks_detach(u32 needs)
{
	u32 gone = attached & ~needs;

	/* Hooks use the view: they have to have forgotten it. Those of sockets look at it anew. */
	assert(graced || !(gone & ~(KEEPERS | TRAITS_NEED_SOCKET)));
	assert(!(needs & KEEPERS) || needs & TRAITS_NEED_SOCKET);
	assert(!(needs & ~attached));
	attached &= needs;
}

void traits_stats_key_start(u32 key)
{
	/* One that is registered goes on counting. */
	assert(!(started & BIT_ULL(key)));
	started |= BIT_ULL(key);
}

void traits_hold_free(struct traits_hold *hold)
{
	free(hold);
}

void traits_holds_add(struct traits_hold *hold)
{
	held |= hold->ids;
	free(hold);
}

unsigned int traits_holds_count(u8 id)
{
	return held >> id & 1;
}

int traits_holds_check(const struct traits_key *key, struct traits_refusal *why)
{
	if (traits_holds_count(key->id))
		return traits_refuse(why, -EBUSY, "held");
	return 0;
}

void traits_holds_drop(u8 id)
{
	held &= ~BIT_ULL(id);
}

void traits_holds_exit(void)
{
	held = 0;
}
