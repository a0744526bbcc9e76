// SPDX-License-Identifier: GPL-2.0
/*
 * What calls of kfuncs cost, on real packets: calls_xdp in native XDP, and calls_tc, on what it
 * leaves, in TC. The clock counts instructions (test/vm/run --icount).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "cost.h"

extern int bpf_xdp_empty_set(struct xdp_md *ctx, __u64 key, const void *val, __u64 val__sz,
			     __u64 flags) __weak __ksym;
extern int bpf_xdp_empty_get(struct xdp_md *ctx, __u64 key, void *val,
			     __u64 val__sz) __weak __ksym;
extern int bpf_xdp_empty_del(struct xdp_md *ctx, __u64 key) __weak __ksym;
extern int bpf_skb_empty_set(struct __sk_buff *ctx, __u64 key, const void *val, __u64 val__sz,
			     __u64 flags) __weak __ksym;
extern int bpf_skb_empty_get(struct __sk_buff *ctx, __u64 key, void *val,
			     __u64 val__sz) __weak __ksym;
extern int bpf_skb_empty_del(struct __sk_buff *ctx, __u64 key) __weak __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cost_calls);
} calls SEC(".maps");

#define MEASURE(op, what)							\
do {										\
	__u64 start = bpf_ktime_get_ns(), took;					\
										\
	what;									\
	took = bpf_ktime_get_ns() - start;					\
	if (!c->least[op] || took < c->least[op])				\
		c->least[op] = took;						\
} while (0)

#define FOR_KEYS(f)								\
	f(0); f(1); f(2); f(3); f(4); f(5); f(6); f(7);				\
	f(8); f(9); f(10); f(11); f(12); f(13); f(14); f(15)

/* Nothing is behind what is deleted first. */
#define FOR_KEYS_DOWN(f)							\
	f(15); f(14); f(13); f(12); f(11); f(10); f(9); f(8);			\
	f(7); f(6); f(5); f(4); f(3); f(2); f(1); f(0)

/* What is measured must have been done, too. */
#define EXPECT(what)	c->errors += !(what)

#define EMPTY_SET(key)	bpf_xdp_empty_set(ctx, key, &val, 8, 0)
#define EMPTY_GET(key)	bpf_xdp_empty_get(ctx, key, &val, 8)
#define EMPTY_DEL(key)	bpf_xdp_empty_del(ctx, key)
#define SET(key)	bpf_xdp_trait_set(ctx, key, &val, 8, 0)
#define GET(key)	bpf_xdp_trait_get(ctx, key, &val, 8)
#define IS_SET(key)	bpf_xdp_trait_is_set(ctx, key)
#define DEL(key)	bpf_xdp_trait_del(ctx, key)
#define SETS()		bpf_xdp_traits_set(ctx, 0, 3, four, sizeof(four))
#define GETS()		bpf_xdp_traits_get(ctx, 0, 3, four, sizeof(four))

SEC("xdp")
int calls_xdp(struct xdp_md *ctx)
{
	__u64 val = 1, four[4] = { 5, 6, 7, 8 };
	struct cost_calls *c;
	__u32 zero = 0;

	c = bpf_map_lookup_elem(&calls, &zero);
	if (!c)
		return XDP_DROP;
	c->rounds++;
	MEASURE(COST_NOTHING, );
	MEASURE(COST_EMPTY_SET, FOR_KEYS(EMPTY_SET));
	MEASURE(COST_EMPTY_GET, FOR_KEYS(EMPTY_GET));
	MEASURE(COST_EMPTY_DEL, FOR_KEYS(EMPTY_DEL));

	EXPECT(!IS_SET(20));
	MEASURE(COST_FIRST, SET(20));
	EXPECT(IS_SET(20) == 1 && !DEL(20));

	EXPECT(!IS_SET(0) && !IS_SET(15));
	MEASURE(COST_NEW, FOR_KEYS(SET));
	val = 0;
	EXPECT(GET(0) == 8 && val == 1);
	val = 0;
	EXPECT(GET(15) == 8 && val == 1);

	val = 2;
	MEASURE(COST_OVERWRITE, FOR_KEYS(SET));
	val = 0;
	MEASURE(COST_GET, FOR_KEYS(GET));
	EXPECT(val == 2);
	MEASURE(COST_IS_SET, FOR_KEYS(IS_SET));

	MEASURE(COST_SETS, SETS());
	EXPECT(GET(3) == 8 && val == 8);
	four[0] = 0;
	MEASURE(COST_GETS, GETS());
	EXPECT(four[0] == 5);

	MEASURE(COST_DEL, FOR_KEYS_DOWN(DEL));
	EXPECT(!IS_SET(0) && !IS_SET(15));

	val = 3;
	FOR_KEYS(SET);
	EXPECT(IS_SET(15) == 1);
	return XDP_PASS;
}

#undef EMPTY_SET
#undef EMPTY_GET
#undef EMPTY_DEL
#undef SET
#undef GET
#undef IS_SET
#undef DEL
#undef SETS
#undef GETS
#define EMPTY_SET(key)	bpf_skb_empty_set(ctx, key, &val, 8, 0)
#define EMPTY_GET(key)	bpf_skb_empty_get(ctx, key, &val, 8)
#define EMPTY_DEL(key)	bpf_skb_empty_del(ctx, key)
#define SET(key)	bpf_skb_trait_set(ctx, key, &val, 8, 0)
#define GET(key)	bpf_skb_trait_get(ctx, key, &val, 8)
#define IS_SET(key)	bpf_skb_trait_is_set(ctx, key)
#define DEL(key)	bpf_skb_trait_del(ctx, key)
#define SETS()		bpf_skb_traits_set(ctx, 0, 3, four, sizeof(four))
#define GETS()		bpf_skb_traits_get(ctx, 0, 3, four, sizeof(four))

SEC("tc")
int calls_tc(struct __sk_buff *ctx)
{
	__u64 val = 0, four[4] = { 5, 6, 7, 8 };
	struct cost_calls *c;
	__u32 zero = 0;

	c = bpf_map_lookup_elem(&calls, &zero);
	if (!c)
		return 2;
	c->rounds++;
	MEASURE(COST_NOTHING, );
	MEASURE(COST_EMPTY_SET, FOR_KEYS(EMPTY_SET));
	MEASURE(COST_EMPTY_GET, FOR_KEYS(EMPTY_GET));
	MEASURE(COST_EMPTY_DEL, FOR_KEYS(EMPTY_DEL));

	MEASURE(COST_GET, FOR_KEYS(GET));
	EXPECT(val == 3);
	MEASURE(COST_IS_SET, FOR_KEYS(IS_SET));

	val = 4;
	MEASURE(COST_OVERWRITE, FOR_KEYS(SET));
	val = 0;
	EXPECT(GET(15) == 8 && val == 4);

	MEASURE(COST_SETS, SETS());
	EXPECT(GET(3) == 8 && val == 8);
	four[0] = 0;
	MEASURE(COST_GETS, GETS());
	EXPECT(four[0] == 5);

	MEASURE(COST_DEL, FOR_KEYS_DOWN(DEL));
	EXPECT(!IS_SET(0) && !IS_SET(15));
	val = 6;
	MEASURE(COST_NEW, FOR_KEYS(SET));
	val = 0;
	EXPECT(GET(15) == 8 && val == 6);
	return 2;
}

char _license[] SEC("license") = "GPL";
