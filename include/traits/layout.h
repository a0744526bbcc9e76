/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * Layouts: a C struct whose members are traits. Each member is the value of a key of its own,
 * the keys have consecutive ids, and the whole struct is set on and read from a packet with one
 * call. One header declares it for BPF programs and applications alike:
 *
 *	#include <traits/layout.h>
 *
 *	struct flow {
 *		__u64 service;
 *		__u32 hops;
 *		__u32 zone;
 *	};
 *
 *	#define FLOW_KEYS(KEY)				\
 *		KEY(flow, service)			\
 *		KEY(flow, hops, .gro = TRAITS_GRO_MAX)	\
 *		KEY(flow, zone)
 *
 *	TRAIT_LAYOUT(flow, FLOW_KEYS);
 *
 * That makes keys "flow.service", "flow.hops" and "flow.zone". A program then says
 *
 *	struct flow flow = { .service = 42 };
 *
 *	flow_xdp_set(ctx, &flow);
 *
 * and an application finds or registers the keys with traits_layout_resolve(). Nobody has to
 * edit a header of somebody else's, and no two layouts share memory: a packet can have many.
 *
 * The compiler refuses a struct with padding, with members that are not 4, 8 or 16 bytes long,
 * that no packet could hold, or that differs from its list of keys.
 *
 * BPF programs include <traits/bpf_traits.h> first, applications (in C) <traits/traits.h>.
 */
#ifndef _TRAITS_LAYOUT_H
#define _TRAITS_LAYOUT_H

#include <linux/traits.h>
#include <traits/trait_key.h>

/* The values that a packet can have take at most this many bytes. */
#define TRAIT_LAYOUT_BYTES_MAX	252

/**
 * TRAIT_LAYOUT - declare that the members of a struct are traits
 * @name:	tag of the struct: struct @name
 * @KEYS:	macro that calls its argument once for each member, in their order, with @name,
 *		the member, and any policies as for TRAIT_KEY_POLICY()
 *
 * Declares the keys, @name_keys[@name_n_keys]; in a BPF object the loader fills their ids in.
 * There, the following functions are declared, too:
 *
 *	int @name_xdp_set(struct xdp_md *ctx, struct @name *val);
 *	int @name_xdp_get(struct xdp_md *ctx, struct @name *val);
 *	int @name_skb_set(struct __sk_buff *ctx, struct @name *val);
 *	int @name_skb_get(struct __sk_buff *ctx, struct @name *val);
 *
 * They set all members or none, and read all or none: a packet that lacks one of them is
 * -ENOENT. What they return is what bpf_xdp_traits_set() and its siblings return, but a
 * successful get returns 0.
 */
#define TRAIT_LAYOUT(name, KEYS)						\
	struct name##_as_keys {							\
		KEYS(__TRAIT_LAYOUT_MEMBER)					\
	} __attribute__((__packed__));						\
	enum {									\
		KEYS(__TRAIT_LAYOUT_INDEX)					\
		name##_n_keys							\
	};									\
	KEYS(__TRAIT_LAYOUT_CHECK)						\
	_Static_assert(sizeof(struct name) == sizeof(struct name##_as_keys),	\
		       "struct " #name " has a member that is no key, or padding at its end");	\
	_Static_assert(sizeof(struct name) <= TRAIT_LAYOUT_BYTES_MAX,		\
		       "struct " #name " has more bytes than a packet can have");	\
	_Static_assert(name##_n_keys <= TRAITS_KEYS_MAX,			\
		       "struct " #name " has more members than there are keys");	\
	__TRAIT_LAYOUT_KEYS(name, KEYS)

/**
 * TRAIT_LAYOUT_ID - id of the key of one member
 * @name:	tag of the struct
 * @member:	member
 *
 * For the functions that take a single key, so that a program can read, change or delete one
 * member.
 */
#define TRAIT_LAYOUT_ID(name, member)	(name##_keys[name##_##member##_index].id)

#define __TRAIT_LAYOUT_MEMBER(name, member, ...) \
	__typeof__(((struct name *)0)->member) member;

#define __TRAIT_LAYOUT_INDEX(name, member, ...)	name##_##member##_index,

#define __TRAIT_LAYOUT_SIZE(name, member)	sizeof(((struct name *)0)->member)

#define __TRAIT_LAYOUT_CHECK(name, member, ...)					\
	_Static_assert(__TRAIT_LAYOUT_SIZE(name, member) == 4 ||		\
		       __TRAIT_LAYOUT_SIZE(name, member) == 8 ||		\
		       __TRAIT_LAYOUT_SIZE(name, member) == 16,			\
		       "struct " #name ": " #member " has not 4, 8 or 16 bytes");	\
	_Static_assert(__builtin_offsetof(struct name, member) ==		\
		       __builtin_offsetof(struct name##_as_keys, member),	\
		       "struct " #name ": " #member " is not right behind the key before it");	\
	_Static_assert(sizeof(#name "." #member) - 1 <= TRAITS_NAME_MAX,		\
		       "the name " #name "." #member " is too long for a key");

/* The first can be anywhere, each other one has the id behind that of the one before. */
#define __TRAIT_LAYOUT_KEY(layout, member, ...) {					\
		.id = layout##_##member##_index ? TRAIT_KEY_ID_NEXT : TRAIT_KEY_ID_NONE,	\
		.size = __TRAIT_LAYOUT_SIZE(layout, member),			\
		.name = #layout "." #member, ##__VA_ARGS__			\
	},

#ifdef __bpf__

#define __TRAIT_LAYOUT_KEYS(name, KEYS)						\
	const volatile struct trait_key name##_keys[] SEC(TRAIT_KEY_SECTION) = {	\
		KEYS(__TRAIT_LAYOUT_KEY)					\
	};									\
	__TRAIT_LAYOUT_CALLS(name, xdp, struct xdp_md)				\
	__TRAIT_LAYOUT_CALLS(name, skb, struct __sk_buff)			\
	struct name

#define __TRAIT_LAYOUT_CALLS(name, family, context)				\
	static inline __attribute__((__always_inline__, __unused__)) int	\
	name##_##family##_set(context *ctx, struct name *val)			\
	{									\
		__u64 first = name##_keys[0].id;				\
										\
		return bpf_##family##_traits_set(ctx, first, first + name##_n_keys - 1,	\
						 val, sizeof(*val));		\
	}									\
	static inline __attribute__((__always_inline__, __unused__)) int	\
	name##_##family##_get(context *ctx, struct name *val)			\
	{									\
		__u64 first = name##_keys[0].id;				\
		int ret = bpf_##family##_traits_get(ctx, first, first + name##_n_keys - 1,	\
						    val, sizeof(*val));		\
										\
		return ret < 0 ? ret : 0;					\
	}

#else

/* Each file that includes the declaration has an array of its own. */
#define __TRAIT_LAYOUT_KEYS(name, KEYS)						\
	static struct trait_key name##_keys[] __attribute__((__unused__)) = {	\
		KEYS(__TRAIT_LAYOUT_KEY)					\
	};									\
	struct name

#endif

#endif
