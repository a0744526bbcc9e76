// SPDX-License-Identifier: GPL-2.0
/*
 * Gives bpf_sk_buff_trait_get() pointers that a program finds by walking: NULL, pointers to something
 * else that a list's head has, and what a red-black tree has in a field of another type. Attach to the
 * tracepoint net_dev_queue. Key 0 must be registered with 8 bytes.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <traits/bpf_traits.h>

struct sk_buff;

struct sk_buff_head {
	struct sk_buff *next;
	struct sk_buff *prev;
} __attribute__((preserve_access_index));

struct sock {
	struct sk_buff_head sk_write_queue;
	struct sk_buff *sk_send_head;
} __attribute__((preserve_access_index));

struct sk_buff {
	struct sk_buff *next;
	struct sk_buff *prev;
	struct sock *sk;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);		/* NULL, -ENOENT; not NULL, -ENOENT; another error; a value */
	__type(key, __u32);
	__type(value, __u64);
} answers SEC(".maps");

static __always_inline void try(struct sk_buff *skb)
{
	__u64 val = 0, *answer;
	__u32 slot;
	long ret;

	ret = bpf_sk_buff_trait_get(skb, 0, &val, sizeof(val));
	slot = ret >= 0 ? 3 : ret != -2 ? 2 : !!skb;
	answer = bpf_map_lookup_elem(&answers, &slot);
	if (answer)
		__sync_fetch_and_add(answer, 1);
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(walk_next, struct sk_buff *skb)
{
	try(skb->next);
	return 0;
}

/* The list's head itself while the list is empty. */
SEC("tp_btf/net_dev_queue")
int BPF_PROG(walk_list, struct sk_buff *skb)
{
	try(skb->sk->sk_write_queue.next);
	return 0;
}

/* The root of the tree of unacknowledged packets; from there a pointer and a colour. */
SEC("tp_btf/net_dev_queue")
int BPF_PROG(walk_tree, struct sk_buff *skb)
{
	try(skb->sk->sk_send_head->next);
	return 0;
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(walk_tree_right, struct sk_buff *skb)
{
	try(skb->sk->sk_send_head->prev->prev);
	return 0;
}

char _license[] SEC("license") = "GPL";
