// SPDX-License-Identifier: GPL-2.0
/*
 * tun has no NAPI poll around XDP, and up to 6.12 no metadata: tun_get_user()
 * runs the program in the context of the process that writes a packet, turns
 * softirqs on again, builds the skb around the buffer, and hands it up. It may be
 * on another CPU by then. After XDP_DROP the next packet of the task comes in the
 * same memory (current->task_frag does not advance), in a stack frame at the same
 * place. So what is remembered belongs to the task:
 *
 *	tun_get_user(), tun_sendmsg()	nothing of this task is under way
 *	tun_xdp_act()			what the program decided: a packet with traits passes
 *	skb enters the stack		with that packet's buffer as its head: it is the one
 *
 * A buffer is the packet's own from the verdict on. If the skb does not come
 * before the task writes again, because IFF_NAPI queued it for another context or
 * tun dropped it, it is forgotten, and counted. vhost_net comes by tun_sendmsg(),
 * with a batch of buffers, each its own.
 *
 * The three functions are out of line in 6.1 to 7.3, as the build proves.
 */

#include "tun.h"

#include <linux/bpf.h>
#include <linux/hash.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "anchor.h"
#include "generated/kernel-layout.h"
#include "lost.h"
#include "packet.h"
#include "pending.h"

#define SLOT_BITS	6

/* Tasks that share a slot lose each other's packets, which is counted. */
static struct slot {
	raw_spinlock_t lock;
	const struct task_struct *task;	/* whose slot it is now; only compared */
	void *head;			/* of the packet that passed, or NULL */
	const struct net_device *dev;
	u32 queue;
	u16 nonce;
	u16 salt;
} ____cacheline_aligned_in_smp slots[1 << SLOT_BITS] = {
	[0 ... (1 << SLOT_BITS) - 1] = { .lock = __RAW_SPIN_LOCK_UNLOCKED(slots.lock) },
};

/* How many slots have a head: spares all other packets the look at them. */
atomic_t traits_tun_passed = ATOMIC_INIT(0);

static struct slot *slot_of_current(void)
{
	return &slots[hash_ptr(current, SLOT_BITS)];
}

static void slot_empty(struct slot *slot)
{
	slot->head = NULL;
	atomic_dec(&traits_tun_passed);
}

static void slot_lose(struct slot *slot)
{
	traits_lost(slot->head, NULL, TRAITS_STAT_LOST_PENDING);
	slot_empty(slot);
}

bool traits_tun_hooked(void)
{
	return TRAITS_PROVEN_tun_get_user && TRAITS_PROVEN_tun_sendmsg &&
	       TRAITS_PROVEN_tun_xdp_act;
}

void traits_tun_begin(void)
{
	struct slot *slot = slot_of_current();
	unsigned long flags;

	raw_spin_lock_irqsave(&slot->lock, flags);
	if (slot->head)
		slot_lose(slot);
	slot->task = current;
	raw_spin_unlock_irqrestore(&slot->lock, flags);
}

static void passes(struct slot *slot, const struct xdp_buff *xdp, const struct traits_packet *p)
{
	/* Another task took the slot meanwhile. */
	if (slot->task != current) {
		traits_lost(xdp->data_hard_start, NULL, TRAITS_STAT_LOST_PENDING);
		return;
	}
	slot->head = xdp->data_hard_start;
	slot->dev = xdp->rxq->dev;
	slot->queue = xdp->rxq->queue_index;
	slot->nonce = p->store->nonce;
	slot->salt = p->salt;
	atomic_inc(&traits_tun_passed);
}

/*
 * With IFF_NAPI another task can have taken up, and freed, what this one wrote,
 * whose slot still has the head. Should this bare packet in the same memory come
 * back to that task, it must not find the old store there.
 */
static void forget_store(struct xdp_buff *xdp)
{
	struct traits_store *store = xdp->data_hard_start + TRAITS_STORE_OFFSET;

	if ((void *)(store + 1) <= xdp->data)
		store->mark = 0;
}

void traits_tun_verdict(struct xdp_buff *xdp, u32 act)
{
	struct slot *slot = slot_of_current();
	struct traits_packet p = {};
	unsigned long flags;

	if (!xdp_data_meta_unsupported(xdp))
		return;
	/* What is redirected comes by xdp_do_redirect(). */
	if (act == XDP_TX)
		traits_marked_leaves(xdp);
	rcu_read_lock();
	if (traits_packet_xdp(&p, xdp))
		p.store = NULL;
	if (!p.store && act == XDP_PASS)
		forget_store(xdp);

	raw_spin_lock_irqsave(&slot->lock, flags);
	if (slot->task == current && slot->head)
		slot_lose(slot);
	if (p.store && act == XDP_PASS)
		passes(slot, xdp, &p);
	raw_spin_unlock_irqrestore(&slot->lock, flags);
	rcu_read_unlock();
}

void traits_tun_enter(struct sk_buff *skb)
{
	struct slot *slot = slot_of_current();
	unsigned long flags;
	bool found;
	u16 nonce = 0, salt = 0;

	raw_spin_lock_irqsave(&slot->lock, flags);
	found = slot->head && slot->head == skb->head && slot->task == current &&
		slot->dev == skb->dev && skb_rx_queue_recorded(skb) &&
		slot->queue == skb_get_rx_queue(skb);
	if (found) {
		nonce = slot->nonce;
		salt = slot->salt;
		slot_empty(slot);
	}
	raw_spin_unlock_irqrestore(&slot->lock, flags);
	if (found)
		traits_pending_adopt(skb, skb->head + TRAITS_STORE_OFFSET, nonce, salt);
}

void traits_tun_forget(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(slots); i++) {
		if (slots[i].head)
			slot_lose(&slots[i]);
		slots[i].task = NULL;
	}
}
