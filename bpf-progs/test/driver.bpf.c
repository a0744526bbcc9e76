// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a program under test by BPF_PROG_TEST_RUN: sets traits, calls it, looks
 * which traits there are. traits_test.c puts the program in the place of
 * under_test_xdp() or under_test_tc().
 * Attach: nothing of this, except driver_look to TC ingress for live frames.
 * Keys: those that map "given" says; map "found" has the answers.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "driver.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DRIVER_KEYS);
	__type(key, __u32);
	__type(value, struct driver_trait);
} given SEC(".maps"), found SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct driver_state);
} state SEC(".maps");

/* Always 0, which the verifier does not know. */
volatile int never;

/*
 * Newer kernels let a program that can move packet data only replace a function that can, too: so
 * both could.
 */
__noinline int under_test_xdp(struct xdp_md *ctx)
{
	volatile int verdict = XDP_ABORTED;

	if (!ctx)
		return XDP_ABORTED;
	if (never)
		bpf_xdp_adjust_head(ctx, 0);
	return verdict;
}

__noinline int under_test_tc(struct __sk_buff *ctx)
{
	volatile int verdict = -1;

	if (!ctx)
		return -1;
	if (never)
		bpf_skb_pull_data(ctx, 0);
	return verdict;
}

/*
 * The number goes to the map by a copy: the verifier follows a loop whose counter stays in a
 * register.
 */
static __always_inline void *element(void *map, __u32 key)
{
	return bpf_map_lookup_elem(map, &key);
}

#define GIVE(family)								\
({										\
	struct driver_trait *t;							\
	int err = 0, len, key;							\
										\
	for (key = 0; key < DRIVER_KEYS && !err; key++) {			\
		t = element(&given, key);					\
		len = t ? t->len : -1;						\
		if (len >= 0 && len <= (int)sizeof(t->val))			\
			err = bpf_##family##_trait_set(ctx, key, t->val, len, 0);	\
	}									\
	err;									\
})

#define FIND(family)								\
({										\
	struct driver_trait *t;							\
	int key;								\
										\
	for (key = 0; key < DRIVER_KEYS; key++) {				\
		t = element(&found, key);					\
		if (t)								\
			t->len = bpf_##family##_trait_get(ctx, key, t->val, sizeof(t->val)); \
	}									\
})

static __always_inline void failed(int err)
{
	struct driver_state *s = element(&state, 0);

	if (s && err)
		s->error = err;
}

SEC("xdp")
int driver_xdp(struct xdp_md *ctx)
{
	int verdict;

	failed(GIVE(xdp));
	verdict = under_test_xdp(ctx);
	FIND(xdp);
	return verdict;
}

/* A test run's skb has little headroom: what was put behind the MAC header becomes more. */
SEC("tc")
int driver_tc(struct __sk_buff *ctx)
{
	int verdict;

	failed(bpf_skb_adjust_room(ctx, -DRIVER_PAD, BPF_ADJ_ROOM_MAC, 0));
	failed(GIVE(skb));
	verdict = under_test_tc(ctx);
	FIND(skb);
	return verdict;
}

SEC("tc")
int driver_look(struct __sk_buff *ctx)
{
	struct driver_state *s = element(&state, 0);
	int key;

	if (!s)
		return 0;
	FIND(skb);
	for (key = 0; key < DRIVER_KEYS; key++)
		if (bpf_skb_trait_is_set(ctx, key) == 1)
			s->found[key]++;
	s->packets++;
	return 0;
}

char _license[] SEC("license") = "GPL";
