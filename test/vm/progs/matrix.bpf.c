// SPDX-License-Identifier: GPL-2.0
/*
 * The matrix's programs: mx_*_set gives traits to packets that bear a mark and are not bare,
 * mx_*_check compares what they have with what they should. Keys: as struct mx_conf says. Attach
 * mx_xdp_* to a device, a devmap or a cpumap, mx_tc_* to TC ingress or egress.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

#include "matrix_ops.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mx_conf);
} confs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mx_count);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} devmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} devmap_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpumap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

/* Which packets of the cell came by. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2 * MX_PACKETS);
	__type(key, __u32);
	__type(value, __u64);
} seen SEC(".maps");

struct packet {
	struct mx_conf *conf;
	struct mx_count *count;
	__u32 seq;
	bool bare;
	bool again;
	__u32 segs;
};

static __always_inline void add(__u64 *to, __u64 n)
{
	__sync_fetch_and_add(to, n);
}

static __always_inline bool find_maps(struct packet *p)
{
	__u32 zero = 0;

	p->conf = bpf_map_lookup_elem(&confs, &zero);
	p->count = bpf_map_lookup_elem(&counts, &zero);
	return p->conf && p->count;
}

static __always_inline __u32 mark_offset(const struct packet *p, __u32 len)
{
	return p->conf->mark < 0 ? len + p->conf->mark : p->conf->mark;
}

/* One more packet with this mark; false if it is not of this cell. */
static __always_inline bool begin(struct packet *p, const struct mx_mark *mark, __u32 segs)
{
	struct mx_count *c = p->count;
	__u64 *before;
	__u32 slot;

	if (mark->magic != MX_MAGIC)
		return false;
	p->bare = mark->seq & MX_BARE;
	p->seq = mark->seq & ~MX_BARE;
	p->segs = segs > 1 ? segs : 1;
	if (p->seq - p->conf->first >= p->conf->n) {
		add(&c->stray, 1);
		return false;
	}
	slot = p->seq - p->conf->first;
	before = bpf_map_lookup_elem(&seen, &slot);
	p->again = before && __sync_fetch_and_add(before, 1);
	add(&c->again, p->again);
	add(&c->begun, 1);
	add(&c->seqs, p->seq - p->conf->first);
	if (segs > 1)
		add(&c->merged, segs);
	add(p->bare ? &c->bare : &c->packets, p->segs);
	return true;
}

static __always_inline void fill(__u32 *val, const struct packet *p, __u32 key)
{
	val[0] = mx_word(p->seq, key, 0);
	val[1] = mx_word(p->seq, key, 1);
	val[2] = mx_word(p->seq, key, 2);
	val[3] = mx_word(p->seq, key, 3);
}

static __always_inline void checked(struct packet *p, __u32 i, long ret, const __u32 *val)
{
	const struct mx_key *key = &p->conf->key[i];
	struct mx_key_count *c = &p->count->key[i];
	bool right = ret == key->size;
	__u32 w;

	for (w = 0; w < 4; w++) {
		if (w * 4 < key->size && val[w] != mx_word(p->seq, key->id, w))
			right = false;
	}
	if (p->bare)
		add(&p->count->foreign, ret >= 0);
	else if (ret < 0)
		add(&c->absent, p->segs);
	else
		add(right ? &c->ok : &c->wrong, p->segs);
}

static __always_inline void set(struct packet *p, __u32 i, long ret)
{
	struct mx_key_count *c = &p->count->key[i];

	add(ret < 0 ? &c->refused : &c->ok, p->segs);
	add(&p->count->refusals, ret < 0);
}

#define SET_ALL(p, ctx, family)								\
do {											\
	__u32 val[8] = {}, i;								\
											\
	for (i = 0; i < MX_KEYS && !(p)->bare && !((p)->again && (p)->conf->once); i++) {					\
		if (i >= (p)->conf->keys)						\
			break;								\
		fill(val, p, (p)->conf->key[i].id);					\
		set(p, i, bpf_##family##_trait_set(ctx, (p)->conf->key[i].id, val,	\
						   (p)->conf->key[i].size & 31, 0));	\
	}										\
	add(&(p)->count->done, 1);							\
} while (0)

#define CHECK_ALL(p, ctx, family)							\
do {											\
	__u32 val[4] = {}, i;								\
											\
	for (i = 0; i < MX_KEYS; i++) {							\
		if (i >= (p)->conf->keys)						\
			break;								\
		checked(p, i, bpf_##family##_trait_get(ctx, (p)->conf->key[i].id, val,	\
						       sizeof(val)), val);		\
	}										\
	add(&(p)->count->done, 1);							\
} while (0)

static __always_inline bool find_xdp(struct packet *p, struct xdp_md *ctx)
{
	struct mx_mark mark;

	if (!find_maps(p) ||
	    bpf_xdp_load_bytes(ctx, mark_offset(p, bpf_xdp_get_buff_len(ctx)), &mark,
			       sizeof(mark)) ||
	    !begin(p, &mark, 1))
		return false;
	__sync_fetch_and_or(&p->count->queues, 1ULL << (ctx->rx_queue_index & 63));
	return true;
}

static __always_inline bool find_skb(struct packet *p, struct __sk_buff *ctx)
{
	struct mx_mark mark;

	return find_maps(p) &&
	       !bpf_skb_load_bytes(ctx, mark_offset(p, ctx->len), &mark, sizeof(mark)) &&
	       begin(p, &mark, ctx->gso_segs);
}

static __always_inline int act(struct xdp_md *ctx, const struct packet *p)
{
	__u32 place = (p->seq - p->conf->first) % 8;

	switch (p->conf->action) {
	case MX_TX:
		return XDP_TX;
	case MX_DEVMAP:
		return bpf_redirect_map(&devmap, 0, 0);
	case MX_DEVMAP_HASH:
		return bpf_redirect_map(&devmap_hash, 0, 0);
	case MX_BROADCAST:
		return bpf_redirect_map(&devmap, 0, BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
	case MX_CPUMAP:
		return bpf_redirect_map(&cpumap, 0, 0);
	case MX_TAIL_CALL:
		bpf_tail_call(ctx, &next, 0);
		return XDP_ABORTED;
	case MX_DROP_SOME:
		return place == 1 && !p->again ? XDP_DROP : XDP_PASS;
	}
	return XDP_PASS;
}

SEC("xdp")
int mx_xdp_set(struct xdp_md *ctx)
{
	struct packet p;

	if (!find_xdp(&p, ctx))
		return XDP_PASS;
	SET_ALL(&p, ctx, xdp);
	return act(ctx, &p);
}

SEC("xdp")
int mx_xdp_check(struct xdp_md *ctx)
{
	struct packet p;

	if (!find_xdp(&p, ctx))
		return XDP_PASS;
	CHECK_ALL(&p, ctx, xdp);
	return act(ctx, &p);
}

/* For matrix_dispatch.bpf.c */
SEC("freplace")
int mx_ext_set(struct xdp_md *ctx)
{
	struct packet p;

	if (find_xdp(&p, ctx))
		SET_ALL(&p, ctx, xdp);
	return XDP_PASS;
}

SEC("freplace")
int mx_ext_check(struct xdp_md *ctx)
{
	struct packet p;

	if (find_xdp(&p, ctx))
		CHECK_ALL(&p, ctx, xdp);
	return XDP_PASS;
}

SEC("tc")
int mx_tc_set(struct __sk_buff *ctx)
{
	struct packet p;

	if (find_skb(&p, ctx))
		SET_ALL(&p, ctx, skb);
	return TC_ACT_UNSPEC;	/* go on with the next filter */
}

SEC("tc")
int mx_tc_check(struct __sk_buff *ctx)
{
	struct packet p;

	if (find_skb(&p, ctx))
		CHECK_ALL(&p, ctx, skb);
	return TC_ACT_UNSPEC;
}

struct ns_common {
	unsigned int inum;
} __attribute__((preserve_access_index));

struct net {
	struct ns_common ns;
} __attribute__((preserve_access_index));

typedef struct {
	struct net *net;
} __attribute__((preserve_access_index)) possible_net_t;

struct net_device {
	int ifindex;
	possible_net_t nd_net;
} __attribute__((preserve_access_index));

struct sk_buff {
	struct net_device *dev;
	unsigned char *data;
	unsigned int len;
	unsigned int data_len;
} __attribute__((preserve_access_index));

/*
 * A mark at the end is searched only in packets whose bytes are in one piece. The fragments that a
 * packet was made of, which are freed with it, have no device.
 */
static __always_inline int watch(struct sk_buff *skb)
{
	struct mx_mark mark;
	struct packet p;

	if (!find_maps(&p) || BPF_CORE_READ(skb, dev, ifindex) != p.conf->ifindex ||
	    BPF_CORE_READ(skb, dev, nd_net.net, ns.inum) != p.conf->netns ||
	    (p.conf->mark < 0 && BPF_CORE_READ(skb, data_len)) ||
	    bpf_probe_read_kernel(&mark, sizeof(mark), BPF_CORE_READ(skb, data) +
				  mark_offset(&p, BPF_CORE_READ(skb, len))) ||
	    !begin(&p, &mark, 1))
		return 0;
	CHECK_ALL(&p, skb, sk_buff);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(mx_receive_check, struct sk_buff *skb)
{
	return watch(skb);
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(mx_free_check, struct sk_buff *skb)
{
	return watch(skb);
}

char _license[] SEC("license") = "GPL";
