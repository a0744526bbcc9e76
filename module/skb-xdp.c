// SPDX-License-Identifier: GPL-2.0
/*
 * Which skb is an XDP program running on? Generic XDP and veth fill an xdp_buff
 * from an skb. From 6.2 on, veth's buffers tell: struct veth_xdp_buff has the
 * skb behind the xdp_buff, NULL for what came as an xdp_frame. Generic XDP and
 * older veths do not, so the functions that make those buffers are hooked, and
 * leave a note for the kfuncs that the program will call: on this CPU, for XDP
 * runs with softirqs off from there to the program's end, and one run does not
 * nest in another.
 *
 * Nothing tells that a run has ended, and its skb is free then. So a note counts
 * only for a buffer that cannot be of another run:
 *
 * - Generic XDP. Only bpf_prog_run_generic_xdp() and BPF_PROG_TEST_RUN make
 *   buffers of a queue in net_device._rx (6.1 to 7.3). Buffers are on a stack,
 *   so the note with this one's address is of this run, unless the stack was
 *   used again by BPF_PROG_TEST_RUN; that is hooked, too, and voids the notes
 *   about what was on its stack.
 * - veth. All other buffers of a veth's queues come from veth_xdp_rcv_skb() or
 *   veth_xdp_rcv_one(), and each call of either leaves a note. Live frames of
 *   BPF_PROG_TEST_RUN have a queue on the stack that says that it is the
 *   device's; that of devmap and cpumap programs is not registered.
 *
 * Notes are wiped before the hooks are attached, so a run that began just before
 * that finds none. In an older veth that holds because hook-points.h has
 * veth_xdp_rcv_one() attached before veth_xdp_rcv_skb(): the other way round, a
 * run on a frame could find what a run on an skb left meanwhile.
 */

#include "skb-xdp.h"

#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/sched/task_stack.h>
#include <net/netdev_rx_queue.h>
#include <net/rtnetlink.h>

/**
 * struct skb_run - an XDP program's run on an skb, as noted when it began
 * @xdp:	its buffer; NULL for a veth's, which is not known yet
 * @skb:	the packet
 * @dev:	the veth, else NULL
 * @task:	who was running. With PREEMPT_RT, another task's softirq may run before this
 *		one is over, and leave its note
 */
struct skb_run {
	const struct xdp_buff *xdp;
	struct sk_buff *skb;
	const struct net_device *dev;
	const struct task_struct *task;
};

static DEFINE_PER_CPU(struct skb_run, skb_run);

/* Of @xdp, another CPU may take back what this one noted: traits_skb_xdp_test_run() */
static void note(const struct xdp_buff *xdp, struct sk_buff *skb, const struct net_device *dev)
{
	struct skb_run *run = this_cpu_ptr(&skb_run);

	run->skb = skb;
	run->dev = dev;
	run->task = current;
	WRITE_ONCE(run->xdp, xdp);
}

void traits_skb_xdp_generic(struct sk_buff *skb, const struct xdp_buff *xdp)
{
	note(xdp, skb, NULL);
}

static bool queue_is_generic(const struct xdp_rxq_info *rxq)
{
	const struct net_device *dev = rxq->dev;

	return dev && (void *)rxq >= (void *)dev->_rx &&
	       (void *)rxq < (void *)(dev->_rx + dev->num_rx_queues);
}

static bool queue_is_veth(struct xdp_rxq_info *rxq)
{
	const struct rtnl_link_ops *ops = rxq->dev ? rxq->dev->rtnl_link_ops : NULL;

	/* By name: the noted device may be gone, and this one be another at its address. */
	return ops && !strcmp(ops->kind, "veth") && xdp_rxq_info_is_reg(rxq) &&
	       !object_is_on_stack(rxq) && !queue_is_generic(rxq);
}

#if TRAITS_VETH_SKB_OFFSET
static struct sk_buff *veth_skb(const struct xdp_buff *xdp)
{
	return *(struct sk_buff *const *)((const void *)xdp + TRAITS_VETH_SKB_OFFSET);
}
#else
void traits_skb_xdp_veth(struct sk_buff *skb)
{
	note(NULL, skb, skb ? skb->dev : NULL);
}

/* veth copies a packet that it cannot write to, and runs the program on the copy. */
void traits_skb_xdp_copied(struct sk_buff *new, const struct sk_buff *old)
{
	/* For packets that no program is about to run on, preemption may be on. */
	if (unlikely(raw_cpu_read(skb_run.skb) == old) && in_softirq())
		this_cpu_write(skb_run.skb, new);
}

static struct sk_buff *veth_skb(const struct xdp_buff *xdp)
{
	const struct skb_run *run = this_cpu_ptr(&skb_run);

	return run->dev == xdp->rxq->dev && run->task == current ? run->skb : NULL;
}
#endif

struct sk_buff *traits_skb_xdp(const struct xdp_buff *xdp)
{
	const struct skb_run *run = this_cpu_ptr(&skb_run);
	struct sk_buff *skb = NULL;

	if (READ_ONCE(run->xdp) == xdp) {
		if (queue_is_generic(xdp->rxq) && run->task == current)
			skb = run->skb;
	} else if (queue_is_veth(xdp->rxq)) {
		skb = veth_skb(xdp);
	}
	return skb && skb->head == xdp->data_hard_start ? skb : NULL;
}

/*
 * The stack of the task will be used again, at addresses that generic XDP had
 * there before. As long as this call is not over, no generic XDP can have a
 * buffer at an address where BPF_PROG_TEST_RUN has one.
 */
void traits_skb_xdp_test_run(void)
{
	const struct xdp_buff *xdp;
	struct skb_run *run;
	int cpu;

	for_each_possible_cpu(cpu) {
		run = per_cpu_ptr(&skb_run, cpu);
		xdp = READ_ONCE(run->xdp);
		/* A note that is being replaced right now is about another stack. */
		if (xdp && object_is_on_stack(xdp))
			cmpxchg(&run->xdp, xdp, NULL);
	}
}

void traits_skb_xdp_reset(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(&skb_run, cpu), 0, sizeof(struct skb_run));
}
