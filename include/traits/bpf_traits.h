/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * Traits for BPF programs.
 *
 * A trait is a small value that travels with one packet. It has a key, by
 * number 0 to 63, and a size that the key is registered with: 0 bytes (a flag),
 * 4, 8 or 16.
 *
 *	TRAIT_KEY(service_id, 8);
 *
 *	SEC("xdp")
 *	int classify(struct xdp_md *ctx)
 *	{
 *		__u64 id = 42;
 *
 *		bpf_xdp_trait_set(ctx, service_id.id, &id, sizeof(id), 0);
 *		return XDP_PASS;
 *	}
 *
 * Programs that call these kfuncs must be GPL-compatible. Include <linux/bpf.h>
 * or a vmlinux.h and <bpf/bpf_helpers.h> first.
 */
#ifndef TRAITS_BPF_TRAITS_H
#define TRAITS_BPF_TRAITS_H

#include <linux/traits.h>
#include <traits/trait_key.h>

struct sk_buff;

/* libbpf has it since 1.2 */
#ifndef bpf_ksym_exists
#define bpf_ksym_exists(sym) ({ !!sym; })
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

/**
 * TRAIT_KEY - declare a key that this program uses
 * @key:	name of the key, and of the variable; its number is @key.id
 * @bytes:	size of its values: 0, 4, 8 or 16
 *
 * The loader looks the name up in the registry (traits_resolve() of libtraits,
 * traits-attach) before it loads the object; the verifier then sees a constant.
 * A key that nobody resolved has an id that every kfunc refuses with -EINVAL.
 */
#define TRAIT_KEY(key, bytes)	TRAIT_KEY_NAMED(key, #key, bytes)

/**
 * TRAIT_KEY_NAMED - declare a key whose name is not a C identifier
 * @var:	name of the variable
 * @string:	name of the key
 * @bytes:	size of its values
 */
#define TRAIT_KEY_NAMED(var, string, bytes)	TRAIT_KEY_POLICY_NAMED(var, string, bytes)

/**
 * TRAIT_KEY_POLICY - declare a key that the program relies on to be treated in a certain way
 * @key:	name of the key, and of the variable
 * @bytes:	size of its values
 * @...:	any of .gro = TRAITS_GRO_*, .clone = TRAITS_CLONE_*, .netns = TRAITS_NETNS_*
 *
 *	TRAIT_KEY_POLICY(bytes_seen, 8, .gro = TRAITS_GRO_SUM);
 *
 * A loader that registers the key does so with these policies. If the key is there with
 * another one, it refuses the program. What is not given is left to whoever registers the
 * key.
 */
#define TRAIT_KEY_POLICY(key, bytes, ...) \
	TRAIT_KEY_POLICY_NAMED(key, #key, bytes, ##__VA_ARGS__)

/**
 * TRAIT_KEY_POLICY_NAMED - the same for a key whose name is not a C identifier
 * @var:	name of the variable
 * @string:	name of the key
 * @bytes:	size of its values
 * @...:	policies
 */
#define TRAIT_KEY_POLICY_NAMED(var, string, bytes, ...)				\
	const volatile struct trait_key var SEC(TRAIT_KEY_SECTION) = {		\
		.id = TRAIT_KEY_ID_NONE, .size = (bytes), .name = string,	\
		##__VA_ARGS__							\
	}

/**
 * bpf_xdp_trait_set() - give the packet a trait, or change it
 * @ctx:	context of an XDP program
 * @key:	number of a registered key
 * @val:	the value; may be NULL for a key of size 0. The verifier wants writable memory
 * @val__sz:	its length in bytes, exactly the size that the key is registered with
 * @flags:	0, TRAIT_NOEXIST or TRAIT_EXIST
 *
 * The first trait of a packet takes 8 bytes of metadata, in front of the
 * program's own: read ctx->data_meta again afterwards. They are gone before a
 * TC program sees the metadata. A packet whose driver has 256 bytes of headroom
 * holds 172 bytes of values next to no other metadata.
 *
 * Return: 0, or
 * * %-EINVAL:		bad key number, length or flags
 * * %-ENOKEY:		the key is not registered
 * * %-EEXIST, %-ENOENT: as @flags ask
 * * %-ENOSPC:		the headroom has no room left
 * * %-EOPNOTSUPP:	the driver's buffers have no metadata, and nothing else would tell which
 *			skb is made of them (tun, when the module was built without looking at it)
 *
 * On an error the packet is as it was.
 */
extern int bpf_xdp_trait_set(struct xdp_md *ctx, __u64 key, const void *val, __u64 val__sz,
			     __u64 flags) __weak __ksym;

/**
 * bpf_xdp_trait_get() - read a trait
 * @ctx:	context of an XDP program
 * @key:	number of a registered key
 * @val:	takes the value; may be NULL for a key of size 0
 * @val__sz:	bytes that @val can take; more than the value has is fine
 *
 * Return: length of the value, which is 0 for a flag, or
 * * %-EINVAL:	bad key number
 * * %-ENOKEY:	the key is not registered
 * * %-ENOENT:	the packet does not have the trait
 * * %-ENOSPC:	the value is longer than @val__sz
 */
extern int bpf_xdp_trait_get(struct xdp_md *ctx, __u64 key, void *val,
			     __u64 val__sz) __weak __ksym;

/**
 * bpf_xdp_trait_is_set() - does the packet have this trait?
 * @ctx:	context of an XDP program
 * @key:	number of a registered key
 *
 * Return: 1 or 0; %-EINVAL or %-ENOKEY as in bpf_xdp_trait_get().
 */
extern int bpf_xdp_trait_is_set(struct xdp_md *ctx, __u64 key) __weak __ksym;

/**
 * bpf_xdp_trait_del() - take a trait from the packet
 * @ctx:	context of an XDP program
 * @key:	number of a registered key
 *
 * Return: 0; %-EINVAL, %-ENOKEY or %-ENOENT as in bpf_xdp_trait_get().
 */
extern int bpf_xdp_trait_del(struct xdp_md *ctx, __u64 key) __weak __ksym;

/**
 * bpf_xdp_traits_set() - set neighbouring keys at once
 * @ctx:	context of an XDP program
 * @key_from:	first key
 * @key_to:	last key; all keys between must be registered
 * @buf:	the values, packed in order of their keys; the verifier wants writable memory
 * @buf__sz:	the sum of the keys' sizes
 *
 * All values are set, or none. The same buffer layout is what
 * bpf_xdp_traits_get() returns, so a struct can describe it.
 *
 * Return: as bpf_xdp_trait_set() without flags.
 */
extern int bpf_xdp_traits_set(struct xdp_md *ctx, __u64 key_from, __u64 key_to, void *buf,
			      __u64 buf__sz) __weak __ksym;

/**
 * bpf_xdp_traits_get() - read neighbouring keys at once
 * @ctx:	context of an XDP program
 * @key_from:	first key
 * @key_to:	last key; all keys between must be registered
 * @buf:	takes the values, packed in order of their keys
 * @buf__sz:	bytes that @buf can take
 *
 * Return: bytes copied, or as bpf_xdp_trait_get(); %-ENOENT unless the packet
 * has all of them.
 */
extern int bpf_xdp_traits_get(struct xdp_md *ctx, __u64 key_from, __u64 key_to, void *buf,
			      __u64 buf__sz) __weak __ksym;

/**
 * bpf_xdp_traits_export() - put the packet's traits in front of it, for an AF_XDP application
 * @ctx:	context of an XDP program
 * @keys:	bit k set: key k may be told. Those alone are whose registration opens them to
 *		all applications for reading: of keys for a group nobody here knows whether the
 *		application is of that group
 *
 * Call it once, right before bpf_redirect_map() to the socket: it is a copy, as documented in
 * <linux/traits_xsk.h>. It takes metadata, in front of the program's own: read ctx->data_meta again.
 * A packet without traits gets an empty one. Where it fails, it has changed nothing, and the
 * application would find what is left of another packet. So do not let the socket have this one,
 * unless it gets an empty block at least, by a call with no @keys.
 *
 * Packets that pass to the stack after all keep the block as metadata, and GRO does not merge
 * packets whose metadata differ.
 *
 * Return: bytes by which the metadata grew, or
 * * %-ENOSPC:		the headroom, or the 252 bytes of metadata, have no room for it. It takes 32
 *			bytes and the values
 * * %-EOPNOTSUPP:	the driver's buffers have no metadata
 */
extern int bpf_xdp_traits_export(struct xdp_md *ctx, __u64 keys) __weak __ksym;

/**
 * bpf_xdp_traits_import() - give the packet the traits that an application wrote into it
 * @ctx:	context of an XDP program
 * @keys:	bit k set: the application may set key k. It has to be open to all applications for
 *		writing besides
 * @block:	bytes that end with a block of <linux/traits_xsk.h>; packet data, or other memory
 * @block__sz:	how many
 *
 * For kernels and drivers where an AF_XDP socket cannot send traits by itself. Where in the packet
 * the block is, and how it is taken out, is between the program and the application.
 * All of the traits are set, or none.
 *
 * Return: how many traits were set, or
 * * %-ENOENT:		there is no block
 * * %-EINVAL:		it is not well-formed, or a value has another size than its key
 * * %-ENOKEY:		it has a key that is not registered, or no key is
 * * %-EACCES:		it has a key that is not open, or not in @keys
 * * %-ENOSPC, %-EOPNOTSUPP: as bpf_xdp_trait_set()
 * * %-EBUSY:		another skb sees the packet's headroom
 */
extern int bpf_xdp_traits_import(struct xdp_md *ctx, __u64 keys, void *block,
				 __u64 block__sz) __weak __ksym;

/*
 * Those for single traits and for neighbouring keys, for skbs: in TC programs, and from 6.12 on in all program types
 * whose context is struct __sk_buff, except flow dissectors. Each family is for
 * its own types of programs: the verifier refuses a bpf_xdp_* call in a TC
 * program.
 *
 * Changes return %-EBUSY, and change nothing, while another skb sees the same
 * head (a tap captures, a clone waits for retransmission).
 * bpf_skb_pull_data(ctx, 0) gives the packet a head of its own; then try again.
 *
 * A packet that has no traits yet gets them only if its headroom has room for
 * them and for 32 bytes of headers that may still be pushed; %-ENOSPC
 * otherwise.
 */
extern int bpf_skb_trait_set(struct __sk_buff *ctx, __u64 key, const void *val, __u64 val__sz,
			     __u64 flags) __weak __ksym;
extern int bpf_skb_trait_get(struct __sk_buff *ctx, __u64 key, void *val,
			     __u64 val__sz) __weak __ksym;
extern int bpf_skb_trait_is_set(struct __sk_buff *ctx, __u64 key) __weak __ksym;
extern int bpf_skb_trait_del(struct __sk_buff *ctx, __u64 key) __weak __ksym;
extern int bpf_skb_traits_set(struct __sk_buff *ctx, __u64 key_from, __u64 key_to, void *buf,
			      __u64 buf__sz) __weak __ksym;
extern int bpf_skb_traits_get(struct __sk_buff *ctx, __u64 key_from, __u64 key_to, void *buf,
			      __u64 buf__sz) __weak __ksym;

/**
 * bpf_sk_buff_trait_get() - read a trait in a tracing or netfilter program
 * @skb:	argument of a tp_btf program, or the skb of a netfilter program's context
 * @key:	number of a registered key
 * @val:	takes the value; may be NULL for a key of size 0
 * @val__sz:	bytes that @val can take
 *
 * struct sk_buff has to be defined before, by a vmlinux.h or as an empty
 * struct: libbpf does not find the function for a program that only has a
 * declaration.
 *
 * Return: as bpf_xdp_trait_get().
 */
extern int bpf_sk_buff_trait_get(struct sk_buff *skb, __u64 key, void *val,
				 __u64 val__sz) __weak __ksym;

#endif
