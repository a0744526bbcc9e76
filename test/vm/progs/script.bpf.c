// SPDX-License-Identifier: GPL-2.0
/*
 * An interpreter for tests: runs the operations of a script on each packet that matches, and keeps
 * what they returned. Attach script_xdp to a device, script_tc to TC ingress or egress. Keys: as
 * the script says. Each attachment is an object of its own, with its own script.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <traits/bpf_traits.h>

#include "script_ops.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRIPT_SLOTS + 1);
	__type(key, __u32);
	__type(value, struct script_answer);
} answers SEC(".maps");

/* Packets beyond those whose answers are kept are worked on here: they may come on several CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct script_answer);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct script_sum);
} sums SEC(".maps");

struct vlan_hdr {
	__be16 tci;
	__be16 proto;
};

#define NEXTHDR_FRAGMENT	44

struct fragment_hdr {
	__u8 nexthdr;
	__u8 reserved;
	__be16 offset;
	__be32 id;
};

/* What is behind an IPv6 header, and a fragment header, if it is of this protocol */
static __always_inline void *behind_ipv6(void *data, void *end, __u32 protocol)
{
	struct ipv6hdr *ip = data;
	struct fragment_hdr *fragment = (void *)(ip + 1);

	if ((void *)(fragment + 1) > end)
		return NULL;
	if (ip->nexthdr == protocol)
		return fragment;
	return ip->nexthdr == NEXTHDR_FRAGMENT && fragment->nexthdr == protocol ? fragment + 1 :
										  NULL;
}

/* Does the packet match? Tells its sequence number. */
static __always_inline bool parse(void *data, void *end, const struct script *s,
				  struct script_seq *seq)
{
	struct ethhdr *eth = data;
	struct vlan_hdr *vlan;
	struct iphdr *ip;
	__be16 proto;
	void *l4;

	if ((void *)(eth + 1) > end)
		return false;
	proto = eth->h_proto;
	data = eth + 1;
	if (proto == bpf_htons(ETH_P_8021Q)) {
		vlan = data;
		if ((void *)(vlan + 1) > end)
			return false;
		proto = vlan->proto;
		data = vlan + 1;
	}
	if (proto == bpf_htons(ETH_P_IPV6)) {
		l4 = behind_ipv6(data, end, s->protocol);
		if (!l4)
			return false;
	} else {
		ip = data;
		if (proto != bpf_htons(ETH_P_IP) || (void *)(ip + 1) > end || ip->ihl != 5 ||
		    ip->protocol != s->protocol)
			return false;
		l4 = ip + 1;
	}
	if (s->protocol == IPPROTO_UDP) {
		struct udphdr *udp = l4;
		struct script_seq *payload = l4 + sizeof(*udp);

		if ((void *)(payload + 1) > end ||
		    (s->port && udp->dest != bpf_htons(s->port)))
			return false;
		*seq = *payload;
		return true;
	}
	if (s->protocol == IPPROTO_TCP) {
		struct tcphdr *tcp = l4;

		if ((void *)(tcp + 1) > end || (s->port && tcp->dest != bpf_htons(s->port)))
			return false;
		seq->seq = bpf_ntohl(tcp->seq);
		seq->bare = 0;
		return true;
	}
	return false;
}

static __always_inline void fill(__u8 *val, __u32 seq, __u32 key)
{
	__u32 *word = (__u32 *)val;

	word[0] = script_word(seq, key, 0);
	word[1] = script_word(seq, key, 1);
	word[2] = script_word(seq, key, 2);
	word[3] = script_word(seq, key, 3);
}

/* The value in @val, of @ret bytes, is what it should be. */
static __always_inline bool same(const __u8 *val, long ret, __u32 size, __u32 seq, __u32 key)
{
	const __u32 *word = (const __u32 *)val;

	if (ret != size)
		return false;
	return (size < 4 || word[0] == script_word(seq, key, 0)) &&
	       (size < 8 || word[1] == script_word(seq, key, 1)) &&
	       (size < 16 || (word[2] == script_word(seq, key, 2) &&
			      word[3] == script_word(seq, key, 3)));
}

/* The n-th value in @val, to its front; whether packet n is to have one. */
static __always_inline bool nth(__u8 *val, const struct op *op, __u32 seq)
{
	__u32 *word = (__u32 *)val, from = (seq & 63) * op->size / 4, tmp[4];

	tmp[0] = word[from & 15];
	tmp[1] = word[(from + 1) & 15];
	tmp[2] = word[(from + 2) & 15];
	tmp[3] = word[(from + 3) & 15];
	__builtin_memcpy(val, tmp, sizeof(tmp));
	return (__u64)op->arg >> (seq & 63) & 1;
}

#define SIZE(op)	((op)->size & (SCRIPT_VAL - 1))

/* What a global function needs to know of the memory that it is given. */
struct val {
	__u8 byte[SCRIPT_VAL];
};

/* The operations that both families of kfuncs have. */
#define COMMON_OPS(family)								\
	case OP_SET:									\
		return bpf_##family##_trait_set(ctx, op->key, val, SIZE(op), op->arg);	\
	case OP_GET:									\
		return bpf_##family##_trait_get(ctx, op->key, val, SIZE(op));		\
	case OP_IS_SET:									\
		return bpf_##family##_trait_is_set(ctx, op->key);			\
	case OP_DEL:									\
		return bpf_##family##_trait_del(ctx, op->key);				\
	case OP_SETS:									\
		return bpf_##family##_traits_set(ctx, op->key, op->key_to, val, SIZE(op)); \
	case OP_GETS:									\
		return bpf_##family##_traits_get(ctx, op->key, op->key_to, val, SIZE(op)); \
	case OP_SET_SEQ:								\
		if (seq->bare)								\
			return 0;							\
		fill(val, seq->seq, op->key);						\
		return bpf_##family##_trait_set(ctx, op->key, val, SIZE(op), 0);	\
	case OP_SET_NTH:								\
		if (!nth(val, op, seq->seq))						\
			return 0;							\
		return bpf_##family##_trait_set(ctx, op->key, val, SIZE(op), 0);	\
	case OP_CHECK_SEQ:								\
		return bpf_##family##_trait_get(ctx, op->key, val, 16);			\
	case OP_META_READ: {								\
		__u32 *meta = (void *)(long)ctx->data_meta;				\
											\
		if ((void *)(meta + 1) > (void *)(long)ctx->data)			\
			return 0;							\
		*(__u32 *)val = *meta;							\
		return ctx->data - ctx->data_meta;					\
	}

struct encap {
	struct ethhdr eth;
	struct iphdr ip;
	struct udphdr udp;
	struct script_seq seq;
} __attribute__((packed));

static __always_inline long encap(struct xdp_md *ctx, __u16 port, const struct script_seq *seq)
{
	struct ethhdr *inner;
	struct encap *outer;
	long err;

	err = bpf_xdp_adjust_head(ctx, -(int)sizeof(*outer));
	if (err)
		return err;
	outer = (void *)(long)ctx->data;
	inner = (void *)(outer + 1);
	if ((void *)(inner + 1) > (void *)(long)ctx->data_end)
		return -1;
	*outer = (struct encap){};
	outer->eth = *inner;
	outer->ip.version = 4;
	outer->ip.ihl = 5;
	outer->ip.ttl = 64;
	outer->ip.protocol = IPPROTO_UDP;
	outer->udp.dest = bpf_htons(port);
	outer->seq = *seq;
	return 0;
}

/*
 * Global, so that the verifier looks at it once, and not again for each operation of a script: loading
 * a script is most of what a test case waits for.
 */
__noinline int xdp_op(struct xdp_md *ctx, const struct op *op, struct val *v,
		      const struct script_seq *seq)
{
	__u8 *val;

	if (!op || !v || !seq)
		return -1;
	val = v->byte;
	switch (op->kind) {
	COMMON_OPS(xdp)
	/* Not in TC: a program there that could write to the packet would be given a head of its own
	 * before it starts, and no test could see what happens on a shared one.
	 */
	case OP_META_WRITE: {
		__u32 *meta = (void *)(long)ctx->data_meta;

		if ((void *)(meta + 1) > (void *)(long)ctx->data)
			return -1;
		*meta = *(__u32 *)val;
		return 0;
	}
	case OP_ADJUST_META:
		return bpf_xdp_adjust_meta(ctx, op->arg);
	case OP_ADJUST_HEAD:
		return bpf_xdp_adjust_head(ctx, op->arg);
	case OP_ADJUST_TAIL:
		return bpf_xdp_adjust_tail(ctx, op->arg);
	case OP_ENCAP:
		return encap(ctx, op->arg, seq);
	case OP_REDIRECT:
		return bpf_redirect(op->arg, 0);
	}
	return -1;
}

__noinline int tc_op(struct __sk_buff *ctx, const struct op *op, struct val *v,
		     const struct script_seq *seq)
{
	__u8 *val;

	if (!op || !v || !seq)
		return -1;
	val = v->byte;
	switch (op->kind) {
	COMMON_OPS(skb)
	case OP_PULL:
		return bpf_skb_pull_data(ctx, 0);
	case OP_VLAN_PUSH:
		return bpf_skb_vlan_push(ctx, bpf_htons(ETH_P_8021Q), 5);
	case OP_VLAN_POP:
		return bpf_skb_vlan_pop(ctx);
	case OP_CHANGE_HEAD:
		return bpf_skb_change_head(ctx, op->arg, 0);
	case OP_REDIRECT_PEER:
		return bpf_redirect_peer(op->arg, 0);
	case OP_ADJUST_ROOM:
		return bpf_skb_adjust_room(ctx, op->arg, BPF_ADJ_ROOM_MAC, 0);
	}
	return -1;
}

static __always_inline void add(__u64 *to, __u64 n)
{
	__sync_fetch_and_add(to, n);
}

static __always_inline void count(struct script_count *c, const struct op *op, const __u8 *val,
				  long ret, const struct script_seq *seq)
{
	if (op->kind == OP_CHECK_SEQ) {
		if (seq->bare ? ret < 0 : same(val, ret, op->size, seq->seq, op->key))
			add(&c->ok, 1);
		else if (ret < 0)
			add(&c->absent, 1);
		else
			add(&c->wrong, 1);
	} else if (ret >= 0) {
		add(&c->ok, 1);
	} else {
		add(&c->error, 1);
	}
}

/* Both programs: everything but the operations is the same. */
#define RUN(ctx, do_op, segs, pass)							\
({											\
	__u32 zero = 0, slot;								\
	struct script *s = bpf_map_lookup_elem(&scripts, &zero);			\
	struct script_sum *sum = bpf_map_lookup_elem(&sums, &zero);			\
	struct script_answer *answer;							\
	struct script_seq seq = {};							\
	int verdict = pass, i;								\
	long ret;									\
											\
	if (s && sum && parse((void *)(long)ctx->data, (void *)(long)ctx->data_end, s,	\
			      &seq)) {							\
		slot = __sync_fetch_and_add(&sum->begun, 1);				\
		if (segs > 1)								\
			add(&sum->merged, 1);						\
		add(&sum->segments, segs ?: 1);						\
		answer = slot < SCRIPT_SLOTS ? bpf_map_lookup_elem(&answers, &slot) :	\
					       bpf_map_lookup_elem(&scratch, &zero);	\
		if (answer) {								\
			answer->seq = seq.seq;						\
			answer->bare = seq.bare;					\
			for (i = 0; i < SCRIPT_OPS; i++) {				\
				if (s->op[i].kind == OP_END)				\
					break;						\
				__builtin_memcpy(answer->val[i], s->op[i].val, SCRIPT_VAL); \
				ret = do_op(ctx, &s->op[i], (void *)answer->val[i], &seq);	\
				answer->ret[i] = ret;					\
				count(&sum->op[i], &s->op[i], answer->val[i], ret, &seq);	\
			}								\
			verdict = seq.bare ? s->action_bare : s->action;		\
			/* The last slot is for the latest of them. */			\
			if (slot >= SCRIPT_SLOTS) {					\
				slot = SCRIPT_SLOTS;					\
				bpf_map_update_elem(&answers, &slot, answer, BPF_ANY);	\
			}								\
		}									\
		add(&sum->packets, 1);							\
	}										\
	verdict;									\
})

SEC("xdp")
int script_xdp(struct xdp_md *ctx)
{
	return RUN(ctx, xdp_op, 1, XDP_PASS);
}

SEC("tc")
int script_tc(struct __sk_buff *ctx)
{
	return RUN(ctx, tc_op, ctx->gso_segs, 0);
}

char _license[] SEC("license") = "GPL";
