/* SPDX-License-Identifier: GPL-2.0 */
/* Where a packet's traits are: finding, making and binding the store of an xdp_buff or skb. */
#ifndef TRAITS_PACKET_H
#define TRAITS_PACKET_H

#include <linux/skbuff.h>
#include <net/xdp.h>

#include "registry.h"
#include "store.h"

/**
 * struct traits_packet - one packet, as the kfuncs see it
 * @view:	registry view of this call
 * @xdp:	the buffer, when the packet is in XDP; else NULL
 * @skb:	the packet, when it is an skb, be it in XDP or not; else NULL
 * @store:	the packet's store, or NULL when it has none
 * @total:	bytes that @store takes
 * @room:	bytes from @store to the first byte that is not the store's to use
 * @salt:	what @store is sealed with
 *
 * Valid inside one rcu_read_lock() section, while the packet does not change.
 */
struct traits_packet {
	const struct traits_view *view;
	struct xdp_buff *xdp;
	struct sk_buff *skb;
	struct traits_store *store;
	u32 total;
	u32 room;
	u16 salt;
};

/**
 * traits_xdp_secret() - what stores in a buffer are sealed with
 * @v:		registry view
 * @xdp:	the buffer
 *
 * With zero copy, an AF_XDP application sees the stores of packets in its memory, and so how to
 * make good ones. Their secret is another one: where such a packet was copied elsewhere, what the
 * application left there to be found is no store.
 *
 * Return: the secret, part of @v.
 */
static inline const struct traits_secret *traits_xdp_secret(const struct traits_view *v,
							     const struct xdp_buff *xdp)
{
	return unlikely(xdp->rxq->mem.type == MEM_TYPE_XSK_BUFF_POOL) ? &v->umem_secret :
									&v->secret;
}

/**
 * traits_packet_secret() - what a packet's store is sealed with
 * @p:	the packet
 *
 * Return: the secret, part of @p->view.
 */
static inline const struct traits_secret *traits_packet_secret(const struct traits_packet *p)
{
	return p->xdp ? traits_xdp_secret(p->view, p->xdp) : &p->view->secret;
}

/**
 * traits_packet_keys() - which traits a packet has
 * @p:	the packet
 *
 * Return: mask of the keys with a value under their present meaning.
 */
static inline u64 traits_packet_keys(const struct traits_packet *p)
{
	if (!p->store)
		return 0;
	/* In AF_XDP memory it can change, and callers count on one and the same mask. */
	return TRAITS_READ_ONCE(p->store->present) & ~traits_view_gone(p->view, p->store->epoch);
}

/**
 * traits_packet_xdp() - find the traits of an XDP buffer
 * @p:		filled in
 * @xdp:	the buffer that an XDP program runs on
 *
 * If the program runs on an skb, its traits are those of the skb, as in
 * traits_packet_skb().
 *
 * Return: 0 (@p->store may be NULL), or -ENOKEY while no key is registered.
 * Context: inside rcu_read_lock().
 */
int traits_packet_xdp(struct traits_packet *p, struct xdp_buff *xdp);

/**
 * traits_packet_skb() - find the traits of an skb
 * @p:		filled in
 * @skb:	a packet that the caller may change
 *
 * A store that something overwrote is counted and forgotten.
 *
 * Return: 0 (@p->store may be NULL), or -ENOKEY while no key is registered.
 * Context: inside rcu_read_lock().
 */
int traits_packet_skb(struct traits_packet *p, struct sk_buff *skb);

/**
 * traits_packet_gro() - find the traits of an skb that is in GRO
 * @p:		filled in
 * @skb:	the packet; not changed
 *
 * It may have come from XDP and not be bound yet. Losses are not counted: who
 * binds the packet, or looks next, will do that.
 *
 * Return: 0 (@p->store may be NULL), or -ENOKEY while no key is registered.
 * Context: inside rcu_read_lock().
 */
int traits_packet_gro(struct traits_packet *p, struct sk_buff *skb);

/**
 * traits_packet_writable() - may this packet's store be written
 * @p:	the packet
 *
 * Return: true; or false when another skb sees the same head.
 * Context: any.
 */
static inline bool traits_packet_writable(const struct traits_packet *p)
{
	/* An XDP buffer has no other owner. */
	return !p->skb || !(skb_shared(p->skb) || skb_header_cloned(p->skb));
}

/**
 * traits_packet_hide() - take values from this packet, but from no other
 * @p:		packet with a store
 * @keys:	keys to be taken away; it need not have them
 *
 * Where that cannot be done, the packet loses all of its traits, which is
 * counted.
 *
 * Context: inside rcu_read_lock(); the caller owns the skb.
 */
void traits_packet_hide(struct traits_packet *p, u64 keys);

/**
 * traits_packet_refresh() - make a store as young as the view
 * @p:	writable packet with a store
 *
 * Has to be called before a write. Values of keys that were deleted since the store was made go
 * away, and are counted. Ordinarily there are none, and this is one comparison.
 *
 * Context: inside rcu_read_lock().
 */
void traits_packet_refresh(struct traits_packet *p);

/**
 * traits_packet_make() - give a packet without traits an empty store
 * @p:		the packet; @p->store is NULL on entry and the store on success
 * @size:	bytes of the values that are to be set at once
 *
 * Return: 0, -ENOSPC when the headroom does not hold a store with @size bytes
 * of values, or -EOPNOTSUPP when this driver's buffers have no XDP metadata, and
 * nothing else tells which skb is made of them.
 * Context: inside rcu_read_lock(); the packet is writable.
 */
int traits_packet_make(struct traits_packet *p, u32 size);

/* The rest of traits_skb_bind(), for an skb with metadata. */
void __traits_skb_bind(struct sk_buff *skb);

/**
 * traits_skb_bind() - tie the traits that an XDP program set to the skb built
 * from its buffer
 * @skb:	packet that enters the stack
 *
 * Looks for the anchor in the XDP metadata, sets the skb's tag to the store's
 * place, and takes the anchor out of the metadata. Does nothing for packets
 * without anchor.
 *
 * Context: any; takes rcu_read_lock().
 */
static inline void traits_skb_bind(struct sk_buff *skb)
{
	/* Packets without metadata should pay no more than this. */
	if (unlikely(skb_metadata_len(skb)))
		__traits_skb_bind(skb);
}

/* A store whose skb is being cloned is sealed with this: see fork.c. No receive queue has it. */
#define TRAITS_SALT_CLONING	0xffff

/* Room kept free behind a store that is made or grows on an skb: an Ethernet
 * header with two VLAN tags, or the same again for the next device.
 */
#define TRAITS_SKB_RESERVE	32

/* First byte of the packet: the MAC header, where data is behind it. */
static inline void *traits_skb_first(const struct sk_buff *skb)
{
	if (skb_mac_header_was_set(skb) && skb_mac_header(skb) < skb->data)
		return skb_mac_header(skb);
	return skb->data;
}

/**
 * traits_skb_room() - where a store that is made or grows on an skb has to end, outside of XDP
 * @skb:	the packet
 *
 * That is in front of the packet's first byte, which is the MAC header where
 * data is behind it, of the metadata in front of that, and of the reserve.
 *
 * Return: bytes from skb->head; may be less than 0.
 * Context: any.
 */
static inline long traits_skb_room(const struct sk_buff *skb)
{
	return traits_skb_first(skb) - (void *)skb->head - skb_metadata_len(skb) -
	       TRAITS_SKB_RESERVE;
}

/**
 * traits_nonce_next() - the nonce of a new store
 *
 * Return: never 0; differs for each store until a counter wraps.
 * Context: any.
 */
u16 traits_nonce_next(void);

/**
 * traits_skb_tie() - tie a store to the skb that it is known to belong to
 * @v:		registry view
 * @skb:	the packet, which nobody else sees
 * @store:	its store, in its headroom and at a place that the tag can express
 * @total:	what traits_store_check() returned for it
 *
 * Context: inside rcu_read_lock().
 */
void traits_skb_tie(const struct traits_view *v, struct sk_buff *skb,
		    struct traits_store *store, u32 total);

/**
 * traits_skb_untie() - forget what tag an skb has from a former packet
 * @skb:	skb that a driver used again without napi_reuse_skb() clearing the tag
 *
 * Context: the caller owns @skb.
 */
void traits_skb_untie(struct sk_buff *skb);

/**
 * traits_skb_offset() - where in its head an skb's store is
 * @skb:	the packet
 *
 * Return: bytes from skb->head, 0 for an skb without traits. Nothing is
 * verified.
 * Context: any.
 */
u32 traits_skb_offset(const struct sk_buff *skb);

/**
 * traits_skb_nonce() - what the store of an skb has to repeat
 * @skb:	the packet
 *
 * Return: the tag's nonce; 0 for an skb without traits.
 * Context: any.
 */
u16 traits_skb_nonce(const struct sk_buff *skb);

/* Bytes of a store that are enough to say that it is not there: mark and nonce. */
#define TRAITS_GRAVE_SIZE	8

/**
 * traits_skb_buried() - was the loss of an skb's store counted when it happened
 * @skb:	a packet with a tag, but no store
 *
 * See traits_carry_copy().
 *
 * Return: true if so; false means that it has to be counted.
 * Context: any.
 */
bool traits_skb_buried(const struct sk_buff *skb);

/**
 * traits_skb_point() - tell an skb where its store is
 * @skb:	the packet
 * @offset:	bytes from skb->head, a multiple of 4 of at most 1020; 0: it has none
 * @nonce:	the store's
 *
 * Context: the caller owns @skb.
 */
void traits_skb_point(struct sk_buff *skb, u32 offset, u16 nonce);

/**
 * traits_skb_move() - tell an skb that its store will be elsewhere in its head
 * @skb:	packet with a store
 * @offset:	bytes from skb->head to the store's new place
 *
 * Return: false when the tag cannot express that place; the skb has no traits
 * then.
 * Context: the caller owns @skb.
 */
bool traits_skb_move(struct sk_buff *skb, u32 offset);

/**
 * traits_skb_find() - the intact store that an skb's tag points at
 * @v:		registry view
 * @skb:	the packet; not changed
 * @total:	bytes that the store takes, on success
 *
 * Return: the store, or NULL.
 * Context: inside rcu_read_lock().
 */
struct traits_store *traits_skb_find(const struct traits_view *v, const struct sk_buff *skb,
				     u32 *total);

/**
 * traits_skb_peek() - read a trait of an skb that need not be trusted
 * @v:		registry view
 * @skb:	pointer from a tracing program, possibly not valid
 * @key:	key id, below 64
 * @buf:	where the value goes
 * @size:	bytes in @buf
 *
 * Reads everything with copy_from_kernel_nofault(): on kernels whose verifier
 * does not demand trusted arguments, a program may pass an skb that it got by
 * walking pointers.
 *
 * Return: the value's length, -ENOENT, or -ENOSPC when @size is too small.
 * Context: any, inside rcu_read_lock().
 */
int traits_skb_peek(const struct traits_view *v, const struct sk_buff *skb, u64 key,
		    void *buf, u64 size);

/**
 * traits_xdp_leaves_skb() - an XDP buffer will outlive the skb that it is of
 * @xdp:	the buffer of a program that has ended
 *
 * The traits go from the skb to the buffer, as if the program had set them
 * there; without room for that they are lost, and counted.
 *
 * Context: before the buffer is made an xdp_frame; takes rcu_read_lock().
 */
void traits_xdp_leaves_skb(struct xdp_buff *xdp);

/**
 * traits_xdp_adjust_head() - a program moves the start of its packet
 * @xdp:	the buffer
 * @offset:	what the program gave to bpf_xdp_adjust_head()
 *
 * The helper moves the metadata along, which can overwrite the middle of a
 * store and leave its canary whole; and a program may take back what it pushed
 * without having written it. So a store that is reached into is lost here and
 * now, and counted.
 *
 * Context: before bpf_xdp_adjust_head() does anything; takes rcu_read_lock().
 */
void traits_xdp_adjust_head(struct xdp_buff *xdp, int offset);

/**
 * traits_xdp_adjust_meta() - a program makes room for metadata
 * @xdp:	the buffer
 * @offset:	what the program gave to bpf_xdp_adjust_meta()
 *
 * The same for metadata; and anchors of earlier packets in bytes that are about
 * to become metadata are forgotten, for the program need not write all of these
 * bytes.
 *
 * Context: before bpf_xdp_adjust_meta() does anything; takes rcu_read_lock().
 */
void traits_xdp_adjust_meta(struct xdp_buff *xdp, int offset);

/**
 * traits_xdp_pull_data() - a program wants more of its packet to be linear
 * @xdp:	the buffer
 * @len:	what the program gave to bpf_xdp_pull_data()
 *
 * Which can move metadata and packet towards the store.
 *
 * Context: before bpf_xdp_pull_data() does anything; takes rcu_read_lock().
 */
void traits_xdp_pull_data(struct xdp_buff *xdp, u32 len);

#endif
