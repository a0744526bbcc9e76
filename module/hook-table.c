// SPDX-License-Identifier: GPL-2.0
/*
 * The table of hook points. hook-points.h names them with their prototypes,
 * which the build checks against the target kernel's BTF.
 *
 * All handlers run in the context of the function they hook, take
 * rcu_read_lock() themselves, and neither sleep nor allocate.
 */

#include "hook-table.h"

#include <net/ip.h>
#include <net/ipv6.h>

#include "carry.h"
#include "fork.h"
#include "generated/kernel-layout.h"
#include "gro.h"
#include "netns.h"
#include "packet.h"
#include "pending.h"
#include "skb-xdp.h"
#include "sock.h"
#include "sock-msg.h"
#include "tun.h"
#include "xsk.h"

/* Argument @n of the function, a pointer to an skb */
static struct sk_buff *skb_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return (struct sk_buff *)ftrace_regs_get_argument(fregs, n);
}

static struct xdp_buff *xdp_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return (struct xdp_buff *)ftrace_regs_get_argument(fregs, n);
}

static void on_skb_copy_header(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			       struct ftrace_regs *fregs)
{
	traits_carry_copy(skb_arg(fregs, 0), skb_arg(fregs, 1));
}

static void on_pskb_expand_head(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_carry_expand(skb_arg(fregs, 0), ftrace_regs_get_argument(fregs, 1));
}

struct __skb_gso_segment_call {
	struct sk_buff *skb;
};

static int __skb_gso_segment_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct __skb_gso_segment_call *call = (void *)ri->data;

	call->skb = (struct sk_buff *)regs_get_kernel_argument(regs, 0);
	return !traits_skb_offset(call->skb);
}

/* Those who call __skb_gso_segment() free the packet, if at all, after it. */
static int __skb_gso_segment_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct __skb_gso_segment_call *call = (void *)ri->data;
	struct sk_buff *segs = (void *)regs_return_value(regs);

	if (!IS_ERR_OR_NULL(segs))
		traits_carry_segments(segs, call->skb);
	return 0;
}

struct ip_frag_next_call {
	struct sk_buff *skb;
};

static int ip_frag_next_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct ip_frag_next_call *call = (void *)ri->data;

	call->skb = (struct sk_buff *)regs_get_kernel_argument(regs, 0);
	return !traits_skb_offset(call->skb);
}

static int ip_frag_next_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ip_frag_next_call *call = (void *)ri->data;
	struct sk_buff *frag = (void *)regs_return_value(regs);

	if (!IS_ERR_OR_NULL(frag))
		traits_carry_fragment(frag, call->skb, 0);
	return 0;
}

#define ip6_frag_next_call	ip_frag_next_call
#define ip6_frag_next_entry	ip_frag_next_entry
#define ip6_frag_next_return	ip_frag_next_return

static void on_ip_fraglist_prepare(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct ip_fraglist_iter *iter = (void *)ftrace_regs_get_argument(fregs, 1);

	traits_carry_fragment(iter->frag, skb_arg(fregs, 0), iter->hlen);
}

static void on_ip6_fraglist_prepare(unsigned long ip, unsigned long parent_ip,
				    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct ip6_fraglist_iter *iter = (void *)ftrace_regs_get_argument(fregs, 1);

	traits_carry_fragment(iter->frag, skb_arg(fregs, 0),
			      iter->hlen + sizeof(struct frag_hdr));
}

static void on_skb_clone(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
	traits_fork_cloning(skb_arg(fregs, 0), true);
}

static void on_skb_morph(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
	traits_fork_cloning(skb_arg(fregs, 1), false);
}

struct skb_clone_call {
	const struct sk_buff *skb;
};

static int skb_clone_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct skb_clone_call *call = (void *)ri->data;

	call->skb = (struct sk_buff *)regs_get_kernel_argument(regs, 0);
	return !traits_skb_offset(call->skb);
}

/* Those who call skb_clone() still have the original then. */
static int skb_clone_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct skb_clone_call *call = (void *)ri->data;

	traits_fork_cloned(call->skb, (struct sk_buff *)regs_return_value(regs));
	return 0;
}

/*
 * bpf_redirect_peer() always leads to another network namespace, and to
 * skb_scrub_packet() without saying so: skb_do_redirect() calls it itself for
 * that, and for nothing else (6.1 to 7.3). What skb_do_redirect() is a tail of,
 * or calls, has its own place in the kernel's text.
 */
#define SKB_DO_REDIRECT_MAX	4096	/* bytes of code: about 3300 on 6.12, amd64 */

static unsigned long skb_do_redirect_at;

static void on_skb_do_redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			       struct ftrace_regs *fregs)
{
	/* The same each time; it is just not known before. */
	if (unlikely(READ_ONCE(skb_do_redirect_at) != ip))
		WRITE_ONCE(skb_do_redirect_at, ip);
}

static void on_skb_scrub_packet(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
				struct ftrace_regs *fregs)
{
	/* The upper bits of a register with a bool mean nothing. */
	if ((u8)ftrace_regs_get_argument(fregs, 1) ||
	    parent_ip - READ_ONCE(skb_do_redirect_at) < SKB_DO_REDIRECT_MAX)
		traits_netns_skb(skb_arg(fregs, 0));
}

static void on_veth_xdp_xmit(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	traits_netns_frames((struct net_device *)ftrace_regs_get_argument(fregs, 0),
			    ftrace_regs_get_argument(fregs, 1),
			    (struct xdp_frame **)ftrace_regs_get_argument(fregs, 2));
}

static void on_bpf_xdp_adjust_head(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_adjust_head(xdp_arg(fregs, 0), ftrace_regs_get_argument(fregs, 1));
}

static void on_bpf_xdp_adjust_meta(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_adjust_meta(xdp_arg(fregs, 0), ftrace_regs_get_argument(fregs, 1));
}

static void on_bpf_xdp_pull_data(unsigned long ip, unsigned long parent_ip,
				 struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_pull_data(xdp_arg(fregs, 0), ftrace_regs_get_argument(fregs, 1));
}

static void on_bpf_prog_run_generic_xdp(unsigned long ip, unsigned long parent_ip,
					struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_skb_xdp_generic(skb_arg(fregs, 0), xdp_arg(fregs, 1));
}

static void on_bpf_prog_test_run_xdp(unsigned long ip, unsigned long parent_ip,
				     struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_skb_xdp_test_run();
}

#if !TRAITS_VETH_SKB_OFFSET
/* The veth's packet came as an xdp_frame: another device's program redirected it. */
static void on_veth_xdp_rcv_one(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_skb_xdp_veth(NULL);
}

static void on_veth_xdp_rcv_skb(unsigned long ip, unsigned long parent_ip,
				struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_skb_xdp_veth(skb_arg(fregs, 1));
}
#endif

/*
 * veth_xdp_rcv_skb() calls this for XDP_TX and XDP_REDIRECT, and for nothing
 * else, and frees the skb right after (6.1 to 7.3).
 */
static void on_veth_xdp_get(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_leaves_skb(xdp_arg(fregs, 0));
}

/*
 * Called at the top of __netif_receive_skb_core() (6.1 to 7.3), once for each
 * packet on each way into the stack: after GRO, and before generic XDP, taps
 * and TC.
 */
static void on_netif_receive_skb(void *data, struct sk_buff *skb)
{
	traits_skb_bind(skb);
}

struct skb_gro_receive_call {
	struct traits_gro_merge merge;
};

static int skb_gro_receive_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct skb_gro_receive_call *call = (void *)ri->data;

	return !traits_gro_begin(&call->merge,
				 (struct sk_buff *)regs_get_kernel_argument(regs, 0),
				 (struct sk_buff *)regs_get_kernel_argument(regs, 1));
}

static int skb_gro_receive_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct skb_gro_receive_call *call = (void *)ri->data;

	traits_gro_end(&call->merge, regs_return_value(regs));
	return 0;
}

/* The same arguments, and the same result */
#define skb_gro_receive_list_call	skb_gro_receive_call
#define skb_gro_receive_list_entry	skb_gro_receive_entry
#define skb_gro_receive_list_return	skb_gro_receive_return

/*
 * The three ways from a driver into the stack, before GRO and before RPS takes
 * the packet to another CPU. The tracepoints of the lists of skbs are left out:
 * what they could tell comes too late, see pending.c.
 */
static void on_napi_gro_receive_entry(void *data, const struct sk_buff *skb)
{
	traits_pending_enter((struct sk_buff *)skb);
}

static void on_netif_receive_skb_entry(void *data, const struct sk_buff *skb)
{
	traits_pending_enter((struct sk_buff *)skb);
}

/* napi_reuse_skb() (6.1 to 7.3) gives the driver the skb of a packet that GRO merged, with
 * its tag and its head.
 */
static void on_napi_gro_frags_entry(void *data, const struct sk_buff *skb)
{
	traits_skb_untie((struct sk_buff *)skb);
	traits_pending_enter((struct sk_buff *)skb);
}

static void on_napi_poll(void *data, struct napi_struct *napi, int work, int budget)
{
	traits_pending_end();
}

static void on_tun_get_user(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			    struct ftrace_regs *fregs)
{
	traits_tun_begin();
}

static void on_tun_sendmsg(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs)
{
	traits_tun_begin();
}

static void on_xdp_do_redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			       struct ftrace_regs *fregs)
{
	traits_marked_leaves(xdp_arg(fregs, 1));
}

static void on_tun_xdp_act(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs)
{
	traits_tun_verdict((struct xdp_buff *)ftrace_regs_get_argument(fregs, 2),
			   ftrace_regs_get_argument(fregs, 3));
}

static struct sock *sk_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return (struct sock *)ftrace_regs_get_argument(fregs, n);
}

static struct request_sock *req_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return (struct request_sock *)ftrace_regs_get_argument(fregs, n);
}

static void on_security_inet_conn_request(unsigned long ip, unsigned long parent_ip,
					  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_sock_syn(sk_arg(fregs, 0), skb_arg(fregs, 1), req_arg(fregs, 2));
}

static void on_security_inet_csk_clone(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_sock_accept(sk_arg(fregs, 0), req_arg(fregs, 1));
}

static void on_tcp_disconnect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			      struct ftrace_regs *fregs)
{
	traits_sock_disconnect(sk_arg(fregs, 0));
}

static void on_skb_copy_datagram_iter(unsigned long ip, unsigned long parent_ip,
				      struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_sock_copied(skb_arg(fregs, 0));
}

/*
 * Called when a datagram, or a peek at it, has been copied: by udp_recvmsg() and
 * udpv6_recvmsg(); and the other one by those of raw and ping sockets (6.1 to 7.3).
 */
static void on_skb_consume_udp(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			       struct ftrace_regs *fregs)
{
	traits_msg_received(sk_arg(fregs, 0), skb_arg(fregs, 1));
}

static void on_skb_free_datagram(unsigned long ip, unsigned long parent_ip,
				 struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_msg_received(sk_arg(fregs, 0), skb_arg(fregs, 1));
}

static void on_tcp_v4_reqsk_destructor(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_sock_forget(req_arg(fregs, 0));
}

static void on_tcp_v6_reqsk_destructor(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_sock_forget(req_arg(fregs, 0));
}

static void on_inet_sock_destruct(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_sock_forget(sk_arg(fregs, 0));
}

#if TRAITS_XSK_TX
static void on_skb_store_bits(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			      struct ftrace_regs *fregs)
{
	traits_xsk_sending(skb_arg(fregs, 0), ftrace_regs_get_argument(fregs, 1),
			   (const void *)ftrace_regs_get_argument(fregs, 2),
			   ftrace_regs_get_argument(fregs, 3));
}
#endif

#define TRAITS_TRACEPOINT(why, tracepoint, proto) {					\
	.name = #tracepoint,								\
	.type = TRAITS_HOOK_TRACEPOINT,							\
	.need = TRAITS_NEED_##why,							\
	.probe = on_##tracepoint,							\
},

/*
 * RECURSION makes ftrace guard the handlers against entering themselves;
 * PERMANENT makes kernel.ftrace_enabled=0 fail while they are attached instead
 * of switching them off silently.
 */
#define FTRACE_HOOK(why, fn)								\
	.name = #fn,									\
	.type = TRAITS_HOOK_FTRACE,							\
	.need = TRAITS_NEED_##why,							\
	.ops = {									\
		.func = on_##fn,							\
		.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT,		\
	},
#define TRAITS_FTRACE(why, fn, proto)		{ FTRACE_HOOK(why, fn) },
#define TRAITS_FTRACE_NEW(why, fn, proto)	{ FTRACE_HOOK(why, fn) .optional = true, },
#define TRAITS_FTRACE_IN(why, mod, fn, proto) {						\
	FTRACE_HOOK(why, fn)								\
	.module = #mod,									\
	.unproven = !TRAITS_PROVEN_##fn,						\
},

/*
 * A handler at entry keeps what the one at return will need in a struct
 * fn_call; a return other than 0 says that there is nothing to do at return.
 */
#define TRAITS_KRETPROBE(why, fn, proto) {						\
	.name = #fn,									\
	.type = TRAITS_HOOK_KRETPROBE,							\
	.need = TRAITS_NEED_##why,							\
	.rp = {										\
		.kp.symbol_name = #fn,							\
		.entry_handler = fn##_entry,						\
		.handler = fn##_return,							\
		.data_size = sizeof(struct fn##_call),					\
	},										\
},

struct traits_hook traits_hook_table[] = {
#include "hook-points.h"
};
const unsigned int traits_hook_count = ARRAY_SIZE(traits_hook_table);
