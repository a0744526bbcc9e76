// SPDX-License-Identifier: GPL-2.0
/*
 * The kfuncs. <traits/bpf_traits.h> tells BPF programs what each one does.
 *
 * A pointer may be NULL only together with size 0 (a flag): the verifier does
 * not look at the size that goes with a NULL for a __nullable argument.
 *
 * No packet pointer of the calling program may become invalid, because the
 * verifier does not know that a kfunc of a module could do such a thing. So
 * nothing here reallocates a head or moves data and data_end.
 */

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/filter.h>

#include "anchor.h"
#include "fork.h"
#include "lost.h"
#include "packet.h"

#define FLAGS_ALL	(TRAIT_NOEXIST | TRAIT_EXIST)

/* Count a refusal of a change; successes were counted where they happened. */
static int refusal(int err)
{
	switch (err) {
	case -EINVAL:
		traits_count(TRAITS_STAT_EINVAL);
		break;
	case -ENOKEY:
		traits_count(TRAITS_STAT_ENOKEY);
		break;
	case -EEXIST:
		traits_count(TRAITS_STAT_EEXIST);
		break;
	case -ENOENT:
		traits_count(TRAITS_STAT_ENOENT);
		break;
	case -ENOSPC:
		traits_count(TRAITS_STAT_ENOSPC);
		break;
	case -EBUSY:
		traits_count(TRAITS_STAT_EBUSY);
		break;
	case -EOPNOTSUPP:
		traits_count(TRAITS_STAT_EOPNOTSUPP);
		break;
	}
	return err;
}

/* Does the packet have this trait, under the key's present meaning? */
static bool packet_has(const struct traits_packet *p, u64 key)
{
	return p->store && traits_store_has(p->store, key) &&
	       !(traits_view_gone(p->view, p->store->epoch) & BIT_ULL(key));
}

static int key_check(const struct traits_view *v, u64 key)
{
	if (unlikely(key >= TRAITS_KEYS_MAX))
		return -EINVAL;
	return likely(v->known & BIT_ULL(key)) ? 0 : -ENOKEY;
}

static u64 range_mask(u64 from, u64 to)
{
	return GENMASK_ULL(to, from);
}

static int range_check(const struct traits_view *v, u64 from, u64 to)
{
	if (unlikely(from > to || to >= TRAITS_KEYS_MAX))
		return -EINVAL;
	return (~v->known & range_mask(from, to)) ? -ENOKEY : 0;
}

/* Another skb sees the same head. */
static int packet_unshare(struct traits_packet *p, u64 keys, u32 size)
{
	/* In XDP, an skb does not know how much of its headroom is free. */
	if (!p->store || p->xdp || skb_shared(p->skb) || keys & ~p->view->copy)
		return -EBUSY;
	/* What is behind a store may be another skb's. */
	p->room = p->total;
	if (traits_fork_owns(p) && !(keys & ~p->store->present))
		return 0;
	return traits_fork(p, ~traits_view_gone(p->view, p->store->epoch), size);
}

/* Make the packet ready for new values of @keys, of @size bytes. */
static int packet_prepare(struct traits_packet *p, u64 keys, u32 size)
{
	if (unlikely(!traits_packet_writable(p)))
		return packet_unshare(p, keys, size);
	if (!p->store)
		return traits_packet_make(p, size);
	traits_packet_refresh(p);
	return 0;
}

/* Values were changed: if GRO keeps packets apart by these keys, it has to be told. */
static void packet_changed(struct traits_packet *p, u64 keys)
{
	if (unlikely(p->view->gro[TRAITS_GRO_BLOCK] & keys) && p->xdp && !p->skb)
		traits_anchor_reseal(p);
}

static int packet_set(struct traits_packet *p, u64 key, const void *val, u64 size, u64 flags)
{
	u64 bit = 1ULL << (key & 63);
	int err;

	if (unlikely(flags & ~FLAGS_ALL || flags == FLAGS_ALL || (!val && size)))
		return -EINVAL;
	err = key_check(p->view, key);
	if (unlikely(err))
		return err;
	if (unlikely(size != traits_bytes(p->view->lo & bit, p->view->hi & bit)))
		return -EINVAL;
	if (flags == TRAIT_NOEXIST && packet_has(p, key))
		return -EEXIST;
	if (flags == TRAIT_EXIST && !packet_has(p, key))
		return -ENOENT;
	err = packet_prepare(p, bit, size);
	if (unlikely(err))
		return err;
	err = traits_store_set(p->store, p->total, p->room, key, val, size, flags);
	if (unlikely(err))
		return err;
	packet_changed(p, bit);
	traits_count(TRAITS_STAT_SET);
	trace_traits_set(p, key, size);
	return 0;
}

static int packet_get(const struct traits_packet *p, u64 key, void *buf, u64 size)
{
	int ret = key_check(p->view, key);

	if (unlikely(ret))
		return ret;
	if (unlikely(!buf && size))
		return -EINVAL;
	if (!packet_has(p, key))
		return -ENOENT;
	ret = traits_store_get(p->store, p->total, key, buf, size);
	/* Only user space that writes to its AF_XDP umem meanwhile can bring this about. */
	return ret == -EBADMSG ? -ENOENT : ret;
}

static int packet_is_set(const struct traits_packet *p, u64 key)
{
	int err = key_check(p->view, key);

	return unlikely(err) ? err : packet_has(p, key);
}

static int packet_del(struct traits_packet *p, u64 key)
{
	int err = key_check(p->view, key);

	if (unlikely(err))
		return err;
	if (!packet_has(p, key))
		return -ENOENT;
	err = packet_prepare(p, 1ULL << key, 0);
	if (unlikely(err))
		return err;
	err = traits_store_del(p->store, p->total, key);
	if (unlikely(err))
		return err == -EBADMSG ? -ENOENT : err;
	packet_changed(p, 1ULL << (key & 63));
	traits_count(TRAITS_STAT_DEL);
	trace_traits_del(p, key, 0);
	return 0;
}

static int packet_set_range(struct traits_packet *p, u64 from, u64 to, const void *buf, u64 size)
{
	const struct traits_view *v = p->view;
	u64 range;
	int err;

	if (unlikely(!buf && size))
		return -EINVAL;
	err = range_check(v, from, to);
	if (unlikely(err))
		return err;
	range = range_mask(from, to);
	if (unlikely(size != traits_bytes(v->lo & range, v->hi & range)))
		return -EINVAL;
	err = packet_prepare(p, range, size);
	if (unlikely(err))
		return err;
	err = traits_store_set_range(p->store, p->total, p->room, from, to, v->known, v->lo,
				     v->hi, buf, size);
	if (unlikely(err))
		return err;
	packet_changed(p, range);
	traits_count(TRAITS_STAT_SET);
	trace_traits_set(p, from, size);
	return 0;
}

static int packet_get_range(const struct traits_packet *p, u64 from, u64 to, void *buf, u64 size)
{
	const struct traits_view *v = p->view;
	int ret = range_check(v, from, to);

	if (unlikely(ret))
		return ret;
	if (unlikely(!buf && size))
		return -EINVAL;
	if (!p->store || traits_view_gone(v, p->store->epoch) & range_mask(from, to))
		return -ENOENT;
	ret = traits_store_get_range(p->store, p->total, from, to, v->lo, v->hi, buf, size);
	return ret == -EBADMSG ? -ENOENT : ret;
}

__bpf_kfunc_start_defs();

__bpf_kfunc int bpf_xdp_trait_set(struct xdp_md *ctx, u64 key, const void *val__nullable,
				  u64 val__sz, u64 flags)
{
	struct traits_packet p;
	int err;

	rcu_read_lock();
	err = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	err = err ?: packet_set(&p, key, val__nullable, val__sz, flags);
	rcu_read_unlock();
	return refusal(err);
}

__bpf_kfunc int bpf_xdp_trait_get(struct xdp_md *ctx, u64 key, void *val__nullable, u64 val__sz)
{
	struct traits_packet p;
	int ret;

	rcu_read_lock();
	ret = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	ret = ret ?: packet_get(&p, key, val__nullable, val__sz);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc int bpf_xdp_trait_is_set(struct xdp_md *ctx, u64 key)
{
	struct traits_packet p;
	int ret;

	rcu_read_lock();
	ret = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	ret = ret ?: packet_is_set(&p, key);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc int bpf_xdp_trait_del(struct xdp_md *ctx, u64 key)
{
	struct traits_packet p;
	int err;

	rcu_read_lock();
	err = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	err = err ?: packet_del(&p, key);
	rcu_read_unlock();
	return refusal(err);
}

__bpf_kfunc int bpf_xdp_traits_set(struct xdp_md *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int err;

	rcu_read_lock();
	err = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	err = err ?: packet_set_range(&p, key_from, key_to, buf__nullable, buf__sz);
	rcu_read_unlock();
	return refusal(err);
}

__bpf_kfunc int bpf_xdp_traits_get(struct xdp_md *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int ret;

	rcu_read_lock();
	ret = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	ret = ret ?: packet_get_range(&p, key_from, key_to, buf__nullable, buf__sz);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc int bpf_skb_trait_set(struct __sk_buff *ctx, u64 key, const void *val__nullable,
				  u64 val__sz, u64 flags)
{
	struct traits_packet p;
	int err;

	rcu_read_lock();
	err = traits_packet_skb(&p, (struct sk_buff *)ctx);
	err = err ?: packet_set(&p, key, val__nullable, val__sz, flags);
	rcu_read_unlock();
	return refusal(err);
}

__bpf_kfunc int bpf_skb_trait_get(struct __sk_buff *ctx, u64 key, void *val__nullable, u64 val__sz)
{
	struct traits_packet p;
	int ret;

	rcu_read_lock();
	ret = traits_packet_skb(&p, (struct sk_buff *)ctx);
	ret = ret ?: packet_get(&p, key, val__nullable, val__sz);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc int bpf_skb_trait_is_set(struct __sk_buff *ctx, u64 key)
{
	struct traits_packet p;
	int ret;

	rcu_read_lock();
	ret = traits_packet_skb(&p, (struct sk_buff *)ctx);
	ret = ret ?: packet_is_set(&p, key);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc int bpf_skb_trait_del(struct __sk_buff *ctx, u64 key)
{
	struct traits_packet p;
	int err;

	rcu_read_lock();
	err = traits_packet_skb(&p, (struct sk_buff *)ctx);
	err = err ?: packet_del(&p, key);
	rcu_read_unlock();
	return refusal(err);
}

__bpf_kfunc int bpf_skb_traits_set(struct __sk_buff *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int err;

	rcu_read_lock();
	err = traits_packet_skb(&p, (struct sk_buff *)ctx);
	err = err ?: packet_set_range(&p, key_from, key_to, buf__nullable, buf__sz);
	rcu_read_unlock();
	return refusal(err);
}

__bpf_kfunc int bpf_skb_traits_get(struct __sk_buff *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int ret;

	rcu_read_lock();
	ret = traits_packet_skb(&p, (struct sk_buff *)ctx);
	ret = ret ?: packet_get_range(&p, key_from, key_to, buf__nullable, buf__sz);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc int bpf_sk_buff_trait_get(struct sk_buff *skb, u64 key, void *val__nullable,
				      u64 val__sz)
{
	const struct traits_view *v;
	int ret;

	rcu_read_lock();
	v = traits_view_get();
	ret = v ? key_check(v, key) : -ENOKEY;
	if (!ret && !val__nullable && val__sz)
		ret = -EINVAL;
	ret = ret ?: traits_skb_peek(v, skb, key, val__nullable, val__sz);
	rcu_read_unlock();
	return ret;
}

__bpf_kfunc_end_defs();
