/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every place in the kernel that the module listens at, with the prototype that its
 * handlers are written for. Whoever includes this defines one or both of
 *
 *	TRAITS_FTRACE(function, prototype)
 *	TRAITS_TRACEPOINT(tracepoint, prototype)
 *
 * before; both are undefined behind it, so that it can be included again.
 *
 * The module's hooks.c makes its table from this. module/host/kernel-layout makes the
 * build fail on a kernel whose BTF tells another prototype: an ftrace handler takes
 * arguments from registers by number, and no compiler would notice.
 *
 * Prototypes are written as the host tool renders BTF: no parameter names, typedefs by
 * their name. A tracepoint's first argument is the private data of its probe.
 */
#ifndef TRAITS_FTRACE
#define TRAITS_FTRACE(function, prototype)
#endif
#ifndef TRAITS_TRACEPOINT
#define TRAITS_TRACEPOINT(tracepoint, prototype)
#endif

TRAITS_TRACEPOINT(netif_receive_skb, "void (void *, struct sk_buff *)")

TRAITS_FTRACE(skb_copy_header, "void (struct sk_buff *, const struct sk_buff *)")
TRAITS_FTRACE(pskb_expand_head, "int (struct sk_buff *, int, int, gfp_t)")
/* BPF helpers: BPF_CALL_2(name, struct xdp_buff *, xdp, int, offset) */
TRAITS_FTRACE(bpf_xdp_adjust_head, "u64 (u64, u64, u64, u64, u64)")
TRAITS_FTRACE(bpf_xdp_adjust_meta, "u64 (u64, u64, u64, u64, u64)")

#undef TRAITS_FTRACE
#undef TRAITS_TRACEPOINT
