/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every place in the kernel that the module listens at, with the prototype that its
 * handlers are written for. Whoever includes this defines any of
 *
 *	TRAITS_TRACEPOINT(need, tracepoint, prototype)
 *	TRAITS_FTRACE(need, function, prototype)
 *	TRAITS_FTRACE_NEW(need, function, prototype)		not in all kernels from 6.1 on
 *	TRAITS_FTRACE_IN(need, module, function, prototype)	of a module
 *	TRAITS_KRETPROBE(need, function, prototype)		at its return, too
 *
 * before; all are undefined behind it, so that it can be included again.
 *
 * A hook is attached while a key exists that needs it, or a socket does: see enum traits_need
 * in hooks.h.
 *
 * The module's hook-table.c makes its table from this. module/host/kernel-layout makes the
 * build fail on a kernel whose BTF tells another prototype: an ftrace handler takes
 * arguments from registers by number, and no compiler would notice.
 *
 * Prototypes are written as the host tool renders BTF: no parameter names, typedefs by
 * their name. Where kernels differ in a way that does not matter to the handler, there are
 * several, with a | between them. A tracepoint's first argument is the private data of its
 * probe.
 */
#ifndef TRAITS_TRACEPOINT
#define TRAITS_TRACEPOINT(need, tracepoint, prototype)
#endif
#ifndef TRAITS_FTRACE
#define TRAITS_FTRACE(need, function, prototype)
#endif
#ifndef TRAITS_FTRACE_NEW
#define TRAITS_FTRACE_NEW(need, function, prototype)
#endif
#ifndef TRAITS_FTRACE_IN
#define TRAITS_FTRACE_IN(need, module, function, prototype)
#endif
#ifndef TRAITS_KRETPROBE
#define TRAITS_KRETPROBE(need, function, prototype)
#endif

TRAITS_TRACEPOINT(ANY, netif_receive_skb, "void (void *, struct sk_buff *)")
TRAITS_TRACEPOINT(PENDING, napi_gro_receive_entry, "void (void *, const struct sk_buff *)")
TRAITS_TRACEPOINT(PENDING, napi_gro_frags_entry, "void (void *, const struct sk_buff *)")
TRAITS_TRACEPOINT(PENDING, netif_receive_skb_entry, "void (void *, const struct sk_buff *)")
TRAITS_TRACEPOINT(PENDING, napi_poll, "void (void *, struct napi_struct *, int, int)")

TRAITS_FTRACE(ANY, skb_copy_header, "void (struct sk_buff *, const struct sk_buff *)")
TRAITS_FTRACE(ANY, pskb_expand_head, "int (struct sk_buff *, int, int, gfp_t)")
TRAITS_KRETPROBE(ANY, __skb_gso_segment, "struct sk_buff * (struct sk_buff *, netdev_features_t, bool)")
TRAITS_KRETPROBE(ANY, ip_frag_next, "struct sk_buff * (struct sk_buff *, struct ip_frag_state *)")
TRAITS_KRETPROBE(ANY, ip6_frag_next, "struct sk_buff * (struct sk_buff *, struct ip6_frag_state *)")
TRAITS_FTRACE(ANY, ip_fraglist_prepare, "void (struct sk_buff *, struct ip_fraglist_iter *)")
TRAITS_FTRACE(ANY, ip6_fraglist_prepare, "void (struct sk_buff *, struct ip6_fraglist_iter *)")

TRAITS_FTRACE(FORK, skb_clone, "struct sk_buff * (struct sk_buff *, gfp_t)")
TRAITS_FTRACE(FORK, skb_morph, "struct sk_buff * (struct sk_buff *, struct sk_buff *)")
TRAITS_KRETPROBE(DROP, skb_clone, "struct sk_buff * (struct sk_buff *, gfp_t)")

TRAITS_FTRACE(NETNS, skb_scrub_packet, "void (struct sk_buff *, bool)")
TRAITS_FTRACE(NETNS, skb_do_redirect, "int (struct sk_buff *)")
TRAITS_FTRACE_IN(NETNS, veth, veth_xdp_xmit, "int (struct net_device *, int, struct xdp_frame **, u32, bool)")

/* BPF helpers: BPF_CALL_2(name, struct xdp_buff *, xdp, int, offset) */
TRAITS_FTRACE(ANY, bpf_xdp_adjust_head, "u64 (u64, u64, u64, u64, u64)")
TRAITS_FTRACE(ANY, bpf_xdp_adjust_meta, "u64 (u64, u64, u64, u64, u64)")
TRAITS_FTRACE_NEW(ANY, bpf_xdp_pull_data, "int (struct xdp_md *, u32)")

TRAITS_FTRACE(ANY, bpf_prog_run_generic_xdp,
	      "u32 (struct sk_buff *, struct xdp_buff *, struct bpf_prog *)|"
	      "u32 (struct sk_buff *, struct xdp_buff *, const struct bpf_prog *)")
TRAITS_FTRACE(ANY, bpf_prog_test_run_xdp,
	      "int (struct bpf_prog *, const union bpf_attr *, union bpf_attr *)")
/* In this order: see skb-xdp.c */
/* From 6.2 on, veth tells which skb a buffer is of. */
#if !defined(TRAITS_VETH_SKB_OFFSET) || !TRAITS_VETH_SKB_OFFSET
TRAITS_FTRACE_IN(ANY, veth, veth_xdp_rcv_one,
		 "struct xdp_frame * (struct veth_rq *, struct xdp_frame *, struct veth_xdp_tx_bq *, struct veth_stats *)")
TRAITS_FTRACE_IN(ANY, veth, veth_xdp_rcv_skb,
		 "struct sk_buff * (struct veth_rq *, struct sk_buff *, struct veth_xdp_tx_bq *, struct veth_stats *)")
#endif
TRAITS_FTRACE_IN(ANY, veth, veth_xdp_get, "void (struct xdp_buff *)")

TRAITS_KRETPROBE(GRO, skb_gro_receive, "int (struct sk_buff *, struct sk_buff *)")
TRAITS_KRETPROBE(GRO, skb_gro_receive_list, "int (struct sk_buff *, struct sk_buff *)")

TRAITS_FTRACE(PENDING, xdp_do_redirect,
	      "int (struct net_device *, struct xdp_buff *, struct bpf_prog *)|"
	      "int (struct net_device *, struct xdp_buff *, const struct bpf_prog *)")
TRAITS_FTRACE_IN(PENDING, tun, tun_get_user,
		 "ssize_t (struct tun_struct *, struct tun_file *, void *, struct iov_iter *, int, bool)")
TRAITS_FTRACE_IN(PENDING, tun, tun_sendmsg, "int (struct socket *, struct msghdr *, size_t)")
TRAITS_FTRACE_IN(PENDING, tun, tun_xdp_act,
		 "int (struct tun_struct *, struct bpf_prog *, struct xdp_buff *, u32)")

/* In this order: SYN before SOCKET, so that no request is kept while nobody tells of its end. */
TRAITS_FTRACE(SYN, security_inet_conn_request,
	      "int (const struct sock *, struct sk_buff *, struct request_sock *)")
TRAITS_FTRACE(SYN, security_inet_csk_clone, "void (struct sock *, const struct request_sock *)")
TRAITS_FTRACE(SYN, tcp_disconnect, "int (struct sock *, int)")
TRAITS_FTRACE(DATA, skb_copy_datagram_iter,
	      "int (const struct sk_buff *, int, struct iov_iter *, int)")
TRAITS_FTRACE(RECV, skb_consume_udp, "void (struct sock *, struct sk_buff *, int)")
TRAITS_FTRACE(RECV, skb_free_datagram, "void (struct sock *, struct sk_buff *)")
TRAITS_FTRACE(SOCKET, tcp_v4_reqsk_destructor, "void (struct request_sock *)")
TRAITS_FTRACE(SOCKET, tcp_v6_reqsk_destructor, "void (struct request_sock *)")
TRAITS_FTRACE(SOCKET, inet_sock_destruct, "void (struct sock *)")

/* Not before 6.8: AF_XDP sockets have no place there for what is in front of a packet. */
#if !defined(TRAITS_XSK_TX) || TRAITS_XSK_TX
TRAITS_FTRACE_NEW(XSK, skb_store_bits, "int (struct sk_buff *, int, const void *, int)")
#endif

#undef TRAITS_TRACEPOINT
#undef TRAITS_FTRACE
#undef TRAITS_FTRACE_NEW
#undef TRAITS_FTRACE_IN
#undef TRAITS_KRETPROBE
