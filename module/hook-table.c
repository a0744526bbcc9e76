// SPDX-License-Identifier: GPL-2.0
/*
 * The table of hook points. hook-points.h names them with their prototypes,
 * which the build checks against the target kernel's BTF.
 *
 * All handlers run in the context of the function they hook, take
 * rcu_read_lock() themselves, and neither sleep nor allocate.
 */

#include "hook-table.h"

#include "carry.h"
#include "generated/kernel-layout.h"
#include "packet.h"
#include "pending.h"
#include "tun.h"

/* Argument @n of the function, a pointer to an skb */
static struct sk_buff *skb_arg(struct ftrace_regs *fregs, unsigned int n)
{
	return (struct sk_buff *)ftrace_regs_get_argument(fregs, n);
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

static void on_bpf_xdp_adjust_head(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_adjust_head((struct xdp_buff *)ftrace_regs_get_argument(fregs, 0),
			       ftrace_regs_get_argument(fregs, 1));
}

static void on_bpf_xdp_adjust_meta(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	traits_xdp_adjust_meta((struct xdp_buff *)ftrace_regs_get_argument(fregs, 0),
			       ftrace_regs_get_argument(fregs, 1));
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

static void on_tun_xdp_act(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			   struct ftrace_regs *fregs)
{
	traits_tun_verdict((struct xdp_buff *)ftrace_regs_get_argument(fregs, 2),
			   ftrace_regs_get_argument(fregs, 3));
}

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
