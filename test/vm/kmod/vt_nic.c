// SPDX-License-Identifier: GPL-2.0
/*
 * For tests only: a network card without a card. Frames that are sent by vtn0
 * are received by vtn0, in native XDP, with the receive path of one driver or
 * another, as the parameters say:
 *
 *	mode=build	the skb is built around the buffer
 *	mode=copy	the packet is copied to a new skb, the buffer used again
 *	mode=frags	the buffer becomes a fragment of an skb, by napi_gro_frags()
 *	meta=0		no XDP metadata
 *	meta=1		metadata that reaches the skb
 *	meta=2		metadata that does not
 *	at_once=1	a buffer that is left over is used for the very next packet;
 *			0: after all others
 *	deliver=gro	napi_gro_receive()
 *	deliver=receive	netif_receive_skb()
 *	deliver=list	netif_receive_skb_list(), when the poll ends
 *	hold		frames that are collected for a poll, which takes as many; at most 63
 */
#include <linux/bpf.h>
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <net/xdp.h>

#define RING	96	/* buffers; more than the 64 packets of a poll */
#define WIRE	512	/* frames that were sent, and not received yet */
#define FRAME	1518

static char mode[8] = "build";
module_param_string(mode, mode, sizeof(mode), 0644);
static char deliver[8] = "gro";
module_param_string(deliver, deliver, sizeof(deliver), 0644);
static uint meta;
module_param(meta, uint, 0644);
static uint at_once;
module_param(at_once, uint, 0644);
static uint hold = 1;
module_param(hold, uint, 0644);

struct nic {
	struct net_device *dev;
	struct napi_struct napi;
	struct xdp_rxq_info rxq;
	struct bpf_prog *prog;
	struct sk_buff_head wire;
	struct page *ring[RING];
	unsigned int next;
	bool flush;
	struct list_head list;	/* deliver=list */
};

static struct net_device *the_dev;

static void hand_up(struct nic *nic, struct sk_buff *skb)
{
	skb->protocol = eth_type_trans(skb, nic->dev);
	skb_record_rx_queue(skb, 0);
	if (!strcmp(deliver, "list"))
		list_add_tail(&skb->list, &nic->list);
	else if (!strcmp(deliver, "receive"))
		netif_receive_skb(skb);
	else
		napi_gro_receive(&nic->napi, skb);
}

/* These three return true when the buffer is theirs now. */
static bool build(struct nic *nic, struct xdp_buff *xdp)
{
	struct sk_buff *skb = build_skb(xdp->data_hard_start, PAGE_SIZE);

	if (!skb)
		return false;
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	skb_put(skb, xdp->data_end - xdp->data);
	if (meta == 1 && xdp->data > xdp->data_meta)
		skb_metadata_set(skb, xdp->data - xdp->data_meta);
	hand_up(nic, skb);
	return true;
}

static bool copy(struct nic *nic, struct xdp_buff *xdp)
{
	u32 metasize = meta == 1 ? xdp->data - xdp->data_meta : 0;
	u32 len = xdp->data_end - xdp->data + metasize;
	struct sk_buff *skb = napi_alloc_skb(&nic->napi, len);

	if (!skb)
		return false;
	skb_put_data(skb, xdp->data - metasize, len);
	if (metasize) {
		skb_metadata_set(skb, metasize);
		__skb_pull(skb, metasize);
	}
	hand_up(nic, skb);
	return false;
}

static bool frags(struct nic *nic, struct xdp_buff *xdp, struct page *page)
{
	struct sk_buff *skb = napi_get_frags(&nic->napi);

	if (!skb)
		return false;
	skb_add_rx_frag(skb, 0, page, xdp->data - xdp->data_hard_start,
			xdp->data_end - xdp->data, PAGE_SIZE);
	napi_gro_frags(&nic->napi);
	return true;
}

static bool pass(struct nic *nic, struct xdp_buff *xdp, struct page *page)
{
	if (!strcmp(mode, "copy"))
		return copy(nic, xdp);
	if (!strcmp(mode, "frags"))
		return frags(nic, xdp, page);
	return build(nic, xdp);
}

static void receive(struct nic *nic, const struct sk_buff *frame, struct xdp_buff *xdp)
{
	struct bpf_prog *prog = READ_ONCE(nic->prog);
	struct page *page = nic->ring[nic->next];
	u32 act = XDP_PASS;
	bool gone = false;

	/* Memory ran out before: try again, and lose this frame otherwise. */
	if (!page)
		page = nic->ring[nic->next] = alloc_page(GFP_ATOMIC);
	if (!page)
		return;
	skb_copy_bits(frame, 0, page_address(page) + XDP_PACKET_HEADROOM, frame->len);
	xdp_prepare_buff(xdp, page_address(page), XDP_PACKET_HEADROOM, frame->len, meta);
	if (prog)
		act = bpf_prog_run_xdp(prog, xdp);
	if (act == XDP_PASS) {
		gone = pass(nic, xdp, page);
	} else if (act == XDP_REDIRECT) {
		gone = !xdp_do_redirect(nic->dev, xdp, prog);
		nic->flush |= gone;
	}
	if (gone)
		nic->ring[nic->next] = alloc_page(GFP_ATOMIC);
	if (!at_once)
		nic->next = (nic->next + 1) % RING;
}

static int poll(struct napi_struct *napi, int budget)
{
	struct nic *nic = container_of(napi, struct nic, napi);
	int n = 0, batch = min_t(int, max(READ_ONCE(hold), 1U), budget);
	struct sk_buff *frame;
	struct xdp_buff xdp;

	xdp_init_buff(&xdp, PAGE_SIZE, &nic->rxq);
	/* Exactly a batch or nothing: a sender of whole batches would wait for the rest forever. */
	while (n < batch && (n || skb_queue_len(&nic->wire) >= batch)) {
		frame = skb_dequeue(&nic->wire);
		if (!frame)
			break;
		receive(nic, frame, &xdp);
		consume_skb(frame);
		n++;
	}
	if (nic->flush)
		xdp_do_flush();
	nic->flush = false;
	netif_receive_skb_list(&nic->list);
	INIT_LIST_HEAD(&nic->list);
	if (netif_queue_stopped(nic->dev))
		netif_wake_queue(nic->dev);
	if (n < budget && napi_complete_done(napi, n) &&
	    skb_queue_len(&nic->wire) >= batch)
		napi_schedule(napi);
	return n;
}

static netdev_tx_t xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct nic *nic = netdev_priv(dev);

	if (skb->len > FRAME) {
		kfree_skb(skb);
		return NETDEV_TX_OK;
	}
	skb_orphan(skb);
	skb_queue_tail(&nic->wire, skb);
	if (skb_queue_len(&nic->wire) >= WIRE)
		netif_stop_queue(dev);
	if (skb_queue_len(&nic->wire) >= READ_ONCE(hold))
		napi_schedule(&nic->napi);
	return NETDEV_TX_OK;
}

static int set_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	struct nic *nic = netdev_priv(dev);
	struct bpf_prog *old;

	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	old = xchg(&nic->prog, bpf->prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

static void drop_ring(struct nic *nic)
{
	unsigned int i;

	for (i = 0; i < RING; i++) {
		if (nic->ring[i])
			__free_page(nic->ring[i]);
		nic->ring[i] = NULL;
	}
}

static int nic_open(struct net_device *dev)
{
	struct nic *nic = netdev_priv(dev);
	unsigned int i;
	int err;

	for (i = 0; i < RING; i++) {
		nic->ring[i] = alloc_page(GFP_KERNEL);
		if (!nic->ring[i]) {
			drop_ring(nic);
			return -ENOMEM;
		}
	}
	err = xdp_rxq_info_reg(&nic->rxq, dev, 0, 0);
	if (!err)
		err = xdp_rxq_info_reg_mem_model(&nic->rxq, MEM_TYPE_PAGE_ORDER0, NULL);
	if (err) {
		drop_ring(nic);
		return err;
	}
	napi_enable(&nic->napi);
	netif_start_queue(dev);
	return 0;
}

static int nic_stop(struct net_device *dev)
{
	struct nic *nic = netdev_priv(dev);

	netif_stop_queue(dev);
	napi_disable(&nic->napi);
	skb_queue_purge(&nic->wire);
	xdp_rxq_info_unreg(&nic->rxq);
	drop_ring(nic);
	return 0;
}

static const struct net_device_ops nic_ops = {
	.ndo_open = nic_open,
	.ndo_stop = nic_stop,
	.ndo_start_xmit = xmit,
	.ndo_bpf = set_bpf,
	.ndo_set_mac_address = eth_mac_addr,
};

static int __init vt_nic_init(void)
{
	struct nic *nic;
	int err;

	the_dev = alloc_etherdev(sizeof(*nic));
	if (!the_dev)
		return -ENOMEM;
	nic = netdev_priv(the_dev);
	nic->dev = the_dev;
	skb_queue_head_init(&nic->wire);
	INIT_LIST_HEAD(&nic->list);
	netif_napi_add(the_dev, &nic->napi, poll);
	the_dev->netdev_ops = &nic_ops;
	eth_hw_addr_random(the_dev);
	/* In the network namespace of the case that loads the module */
	dev_net_set(the_dev, current->nsproxy->net_ns);
	strscpy(the_dev->name, "vtn0", IFNAMSIZ);
	err = register_netdev(the_dev);
	if (err)
		free_netdev(the_dev);
	return err;
}

static void __exit vt_nic_exit(void)
{
	unregister_netdev(the_dev);
	free_netdev(the_dev);
}

module_init(vt_nic_init);
module_exit(vt_nic_exit);

MODULE_DESCRIPTION("Test equipment of traits: a network card with the receive path of many drivers");
MODULE_AUTHOR("the traits authors");
MODULE_LICENSE("GPL");
