// SPDX-License-Identifier: GPL-2.0
/*
 * Room for traits in front of the packets that a device sends.
 *
 * dev->needed_headroom is the kernel's own way to ask for it: whoever makes a packet for a
 * device reserves LL_RESERVED_SPACE(), and whoever forwards one makes sure of it (UDP, raw,
 * packet and ARP sockets, ip_forward(), ip_finish_output2(), ip6_finish_output2(), tunnels;
 * 6.1 to 7.3). Here a number of bytes is added to it, on top of what the device itself
 * needs, and later subtracted.
 *
 * The field belongs to the device's driver, and some write it absolutely, whenever they
 * like: veth, bridge and Open vSwitch when ports come and go, bonding and team from their
 * lower devices, VLANs with their real device, tunnels when a packet shows that they need
 * more. No notifier tells. So what was written here is remembered, and what differs from it
 * later is taken for the driver's own need, in which ours is no more: a device that is left
 * with too much wastes memory, but with too little, a driver that relies on its headroom
 * would write in front of the buffer. For the same reason the sum is made odd: a driver that
 * by chance wrote the same number could not be told from one that wrote nothing, and lengths
 * of headers are even.
 */
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "headroom.h"

/**
 * struct raised - a device whose headroom is raised
 * @list:	in @raised_devs
 * @dev:	the device. No reference is held: NETDEV_UNREGISTER comes before it is freed
 * @own:	what the device itself needs, as far as is known
 * @ours:	bytes to have on top of that
 * @total:	what the field was then set to
 */
struct raised {
	struct list_head list;
	struct net_device *dev;
	u16 own;
	u16 ours;
	u16 total;
};

/* Changed under the RTNL. */
static LIST_HEAD(raised_devs);
static unsigned int change_seq = 1;

static void changed(void)
{
	/* 0 would tell genl_dump_check_consistent() that a dump has only begun. */
	if (!++change_seq)
		change_seq = 1;
}

static struct raised *raised_find(const struct net_device *dev)
{
	struct raised *r;

	ASSERT_RTNL();
	list_for_each_entry(r, &raised_devs, list) {
		if (r->dev == dev)
			return r;
	}
	return NULL;
}

/* What the device itself needs. */
static u16 own_need(const struct raised *r)
{
	u16 now = READ_ONCE(r->dev->needed_headroom);

	return now == r->total ? r->own : now;
}

/*
 * Senders read the field without a lock. Tunnels also raise it without one, from their
 * transmit path; if that happens in between and is lost, their next packet does it again.
 */
static bool write(struct raised *r, u16 own, u16 ours)
{
	if (own + ours > U16_MAX)
		return false;
	r->own = own;
	r->ours = ours;
	r->total = (own + ours) | 1;
	WRITE_ONCE(r->dev->needed_headroom, r->total);
	return true;
}

static int raise(struct net_device *dev, u16 headroom, struct traits_refusal *why)
{
	struct raised *r = raised_find(dev), *new = NULL;
	u16 own = r ? own_need(r) : READ_ONCE(dev->needed_headroom);

	if (!r) {
		new = kzalloc(sizeof(*new), GFP_KERNEL);
		if (!new)
			return traits_refuse(why, -ENOMEM, "out of memory");
		new->dev = dev;
		r = new;
	}
	if (!write(r, own, headroom)) {
		kfree(new);
		return traits_refuse(why, -ERANGE,
				     "device \"%s\" needs %u bytes itself, and %u more would exceed %u",
				     dev->name, own, headroom, U16_MAX);
	}
	if (new)
		list_add(&new->list, &raised_devs);
	changed();
	return 0;
}

static void lower(struct net_device *dev)
{
	struct raised *r = raised_find(dev);

	if (!r)
		return;
	WRITE_ONCE(dev->needed_headroom, own_need(r));
	list_del(&r->list);
	kfree(r);
	changed();
}

/* Adds ours again where somebody has overwritten it. */
static void restore(struct work_struct *work)
{
	struct raised *r;

	rtnl_lock();
	list_for_each_entry(r, &raised_devs, list) {
		if (READ_ONCE(r->dev->needed_headroom) != r->total)
			write(r, own_need(r), r->ours);
	}
	rtnl_unlock();
}

static DECLARE_WORK(restore_work, restore);

/*
 * A device that goes away and one that moves to another namespace are both told to be
 * unregistered, still under the RTNL section that took them off the namespace's list.
 *
 * Who overwrites the field does so around other changes that are told of, before or after
 * them; so it is looked at when all of that is over and the RTNL is free.
 */
static int device_changes(struct notifier_block *nb, unsigned long event, void *ptr)
{
	if (event == NETDEV_UNREGISTER)
		lower(netdev_notifier_info_to_dev(ptr));
	else if (!list_empty(&raised_devs))
		schedule_work(&restore_work);
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_changes,
};

static struct net_device *find(struct net *net, const struct traits_dev *dev,
			       struct traits_refusal *why)
{
	struct net_device *found;

	if (dev->name[0]) {
		found = __dev_get_by_name(net, dev->name);
		if (!found)
			traits_refuse(why, 0, "no device has the name \"%*pE\"",
				      (int)strlen(dev->name), dev->name);
	} else {
		found = __dev_get_by_index(net, dev->ifindex);
		if (!found)
			traits_refuse(why, 0, "no device has the index %u", dev->ifindex);
	}
	return found;
}

static void describe(struct traits_dev *dev, const struct net_device *found)
{
	const struct raised *r = raised_find(found);

	dev->ifindex = found->ifindex;
	strscpy(dev->name, found->name, sizeof(dev->name));
	dev->headroom = r ? r->ours : 0;
	dev->needed = READ_ONCE(found->needed_headroom);
}

int traits_headroom_set(struct net *net, struct traits_dev *dev, u16 headroom,
			struct traits_refusal *why)
{
	struct net_device *found;
	int err = -ENODEV;

	rtnl_lock();
	found = find(net, dev, why);
	if (found && headroom) {
		err = raise(found, headroom, why);
	} else if (found) {
		lower(found);
		err = 0;
	}
	if (!err)
		describe(dev, found);
	rtnl_unlock();
	return err;
}

int traits_headroom_get(struct net *net, struct traits_dev *dev, struct traits_refusal *why)
{
	struct net_device *found;

	rtnl_lock();
	found = find(net, dev, why);
	if (found)
		describe(dev, found);
	rtnl_unlock();
	return found ? 0 : -ENODEV;
}

bool traits_headroom_next(struct net *net, u32 ifindex, struct traits_dev *dev,
			  unsigned int *seq)
{
	const struct net_device *next = NULL;
	struct raised *r;

	rtnl_lock();
	*seq = change_seq;
	list_for_each_entry(r, &raised_devs, list) {
		if (net_eq(dev_net(r->dev), net) && r->dev->ifindex > ifindex &&
		    (!next || r->dev->ifindex < next->ifindex))
			next = r->dev;
	}
	if (next)
		describe(dev, next);
	rtnl_unlock();
	return next;
}

int traits_headroom_init(void)
{
	return register_netdevice_notifier(&device_notifier);
}

void traits_headroom_exit(void)
{
	/* Tells of all devices of all namespaces as unregistered (6.1 to 7.3). */
	unregister_netdevice_notifier(&device_notifier);
	cancel_work_sync(&restore_work);
	WARN_ON_ONCE(!list_empty(&raised_devs));
}
