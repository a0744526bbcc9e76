// SPDX-License-Identifier: GPL-2.0
/*
 * Scripts for each type of program that has an skb, wherever in the packet its data begins: the
 * headers are read from the skb's head. Loads where the kernel lets these types call kfuncs.
 * Attach as the section says. Keys: as the script says.
 */
#include <stdbool.h>

#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

#include "skb_ops.h"

struct sk_buff {
	unsigned char *head;
	unsigned char *data;
	__u16 network_header;
	__u16 mac_header;
} __attribute__((preserve_access_index));

struct bpf_nf_ctx {
	struct sk_buff *skb;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *obj) __ksym;

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

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct script_sum);
} sums SEC(".maps");

/* Does the packet match? Tells its sequence number. */
static __always_inline bool parse(struct sk_buff *skb, const struct script *s,
				  struct script_seq *seq)
{
	unsigned char *at = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	struct {
		struct udphdr udp;
		struct script_seq seq;
	} udp;
	struct tcphdr tcp;
	struct iphdr ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), at) || ip.version != 4 || ip.ihl != 5 ||
	    ip.protocol != s->protocol)
		return false;
	at += sizeof(ip);
	if (ip.protocol == IPPROTO_UDP) {
		if (bpf_probe_read_kernel(&udp, sizeof(udp), at) ||
		    udp.udp.dest != bpf_htons(s->port))
			return false;
		*seq = udp.seq;
		return true;
	}
	if (bpf_probe_read_kernel(&tcp, sizeof(tcp), at) || tcp.dest != bpf_htons(s->port))
		return false;
	seq->seq = bpf_ntohl(tcp.seq);
	seq->bare = 0;
	return true;
}

static __always_inline void fill(__u32 *word, __u32 seq, __u32 key)
{
	word[0] = script_word(seq, key, 0);
	word[1] = script_word(seq, key, 1);
	word[2] = script_word(seq, key, 2);
	word[3] = script_word(seq, key, 3);
}

/* The value in @word, of @ret bytes, is what it should be. */
static __always_inline bool same(const __u32 *word, long ret, __u32 size, __u32 seq, __u32 key)
{
	if (ret != size)
		return false;
	return (size < 4 || word[0] == script_word(seq, key, 0)) &&
	       (size < 8 || word[1] == script_word(seq, key, 1)) &&
	       (size < 16 || (word[2] == script_word(seq, key, 2) &&
			      word[3] == script_word(seq, key, 3)));
}

static __always_inline unsigned char *first_byte(struct sk_buff *skb)
{
	unsigned char *head = BPF_CORE_READ(skb, head), *data = BPF_CORE_READ(skb, data);
	__u16 mac = BPF_CORE_READ(skb, mac_header);

	return mac != (__u16)~0 && head + mac < data ? head + mac : data;
}

/* As long as what all packets of the tests have from their first byte on. */
struct headers {
	__u64 word[6];
};

static __always_inline long fill_up(struct __sk_buff *ctx, struct sk_buff *skb,
				    const struct op *op, __u8 *val)
{
	struct headers before, after;
	unsigned char *first = first_byte(skb);
	long n, ret = 0;
	int i;

	bpf_probe_read_kernel(&before, sizeof(before), first);
	for (n = 0; n < 60 && op->key + n <= op->key_to; n++) {
		ret = bpf_skb_trait_set(ctx, op->key + n, val, 16, 0);
		if (ret)
			break;
	}
	bpf_probe_read_kernel(&after, sizeof(after), first);
	for (i = 0; i < 6; i++)
		if (before.word[i] != after.word[i])
			return FILL_CHANGED;
	return ret == -ENOSPC ? n : FILL_ERROR;
}

struct val {
	__u8 byte[SCRIPT_VAL];
};

/* Global, so that the verifier looks at it once. */
__noinline int skb_op(struct __sk_buff *ctx, const struct op *op, struct val *v,
		      const struct script_seq *seq)
{
	struct sk_buff *skb;
	__u8 *val;

	if (!op || !v || !seq)
		return -1;
	val = v->byte;
	switch (op->kind) {
	case OP_SET:
		return bpf_skb_trait_set(ctx, op->key, val, op->size & 31, op->arg);
	case OP_GET:
		return bpf_skb_trait_get(ctx, op->key, val, 16);
	case OP_DEL:
		return bpf_skb_trait_del(ctx, op->key);
	case OP_IS_SET:
		return bpf_skb_trait_is_set(ctx, op->key);
	case OP_SET_SEQ:
		if (seq->bare)
			return 0;
		fill((__u32 *)val, seq->seq, op->key);
		return bpf_skb_trait_set(ctx, op->key, val, op->size & 31, 0);
	case OP_CHECK_SEQ:
		return bpf_skb_trait_get(ctx, op->key, val, 16);
	case OP_ROOM:
		skb = bpf_cast_to_kern_ctx(ctx);
		return first_byte(skb) - BPF_CORE_READ(skb, head);
	case OP_FILL:
		return fill_up(ctx, bpf_cast_to_kern_ctx(ctx), op, val);
	}
	return -1;
}

static __always_inline void count(struct script_count *c, const struct op *op, const void *val,
				  long ret, const struct script_seq *seq)
{
	if (op->kind == OP_CHECK_SEQ) {
		if (seq->bare ? ret < 0 : same(val, ret, op->size, seq->seq, op->key))
			c->ok++;
		else if (ret < 0)
			c->absent++;
		else
			c->wrong++;
	} else if (ret >= 0) {
		c->ok++;
	} else {
		c->error++;
	}
}

#define RUN(ctx, skb, do_op, pass)							\
({											\
	__u32 zero = 0, slot;								\
	struct script *s = bpf_map_lookup_elem(&scripts, &zero);			\
	struct script_sum *sum = bpf_map_lookup_elem(&sums, &zero);			\
	struct script_answer *answer;							\
	struct script_seq seq = {};							\
	int verdict = pass, i;								\
	long ret;									\
											\
	if (s && sum && parse(skb, s, &seq)) {						\
		slot = __sync_fetch_and_add(&sum->begun, 1);				\
		if (slot > SCRIPT_SLOTS)						\
			slot = SCRIPT_SLOTS;						\
		answer = bpf_map_lookup_elem(&answers, &slot);				\
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
		}									\
		__sync_fetch_and_add(&sum->packets, 1);					\
	}										\
	verdict;									\
})

#define SKB_PROGRAM(section, name, pass)						\
	SEC(section)									\
	int name(struct __sk_buff *ctx)							\
	{										\
		return RUN(ctx, bpf_cast_to_kern_ctx(ctx), skb_op, pass);		\
	}

SKB_PROGRAM("action", skb_act, 0 /* TC_ACT_OK */)
SKB_PROGRAM("cgroup_skb/ingress", skb_cgroup_in, 1)
SKB_PROGRAM("cgroup_skb/egress", skb_cgroup_out, 1)
SKB_PROGRAM("socket", skb_filter, 0x7fff /* bytes to keep */)
SKB_PROGRAM("sk_skb/stream_parser", skb_parser, ctx->len)
SKB_PROGRAM("sk_skb/stream_verdict", skb_verdict, SK_PASS)
SKB_PROGRAM("lwt_in", skb_lwt_in, BPF_OK)
SKB_PROGRAM("lwt_out", skb_lwt_out, BPF_OK)
SKB_PROGRAM("lwt_xmit", skb_lwt_xmit, BPF_OK)

/* These can only read. */
static __always_inline long read_op(struct sk_buff *skb, const struct op *op, void *val,
				    const struct script_seq *seq)
{
	return op->kind == OP_CHECK_SEQ ? bpf_sk_buff_trait_get(skb, op->key, val, 16) : -1;
}

SEC("netfilter")
int skb_netfilter(struct bpf_nf_ctx *ctx)
{
	return RUN(ctx->skb, ctx->skb, read_op, 1 /* NF_ACCEPT */);
}

SEC("lsm/socket_sock_rcv_skb")
int BPF_PROG(skb_lsm, void *sk, struct sk_buff *skb)
{
	return RUN(skb, skb, read_op, 0);
}

char _license[] SEC("license") = "GPL";
