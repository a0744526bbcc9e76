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
 *
 * No program of a type that these are registered for can sleep, but tracing
 * programs: all others run in an RCU read-side critical section, as the verifier
 * relies on, too (in_rcu_cs()), or with BH disabled, which is one as well.
 *
 * Reading and overwriting a value is what programs do most. Where the packet has
 * its store in the usual place they do it without calling anything.
 */

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/filter.h>

#include "anchor.h"
#include "fork.h"
#include "kfunc.h"
#include "lost.h"
#include "packet-quick.h"

#define FLAGS_ALL	(TRAIT_NOEXIST | TRAIT_EXIST)

/* Instead of a key, where a call is about several */
#define SEVERAL		TRAITS_KEYS_MAX

noinline void traits_count_errno(int err, u64 key)
{
	switch (err) {
	case -EINVAL:
		traits_count_refusal(TRAITS_STAT_EINVAL, key);
		break;
	case -ENOKEY:
		traits_count_refusal(TRAITS_STAT_ENOKEY, key);
		break;
	case -EEXIST:
		traits_count_refusal(TRAITS_STAT_EEXIST, key);
		break;
	case -ENOENT:
		traits_count_refusal(TRAITS_STAT_ENOENT, key);
		break;
	case -ENOSPC:
		traits_count_refusal(TRAITS_STAT_ENOSPC, key);
		break;
	case -EBUSY:
		traits_count_refusal(TRAITS_STAT_EBUSY, key);
		break;
	case -EOPNOTSUPP:
		traits_count_refusal(TRAITS_STAT_EOPNOTSUPP, key);
		break;
	}
}

/* Count a refusal of a change; successes were counted where they happened. */
static inline int refusal(int err, u64 key)
{
	if (unlikely(err))
		traits_count_errno(err, key);
	return err;
}

/* Does the packet have this trait, under the key's present meaning? */
static __always_inline bool packet_has(const struct traits_packet *p, u64 key)
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

static __always_inline int set_check(const struct traits_packet *p, u64 key, const void *val,
				     u64 size, u64 flags)
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
	return 0;
}

static __always_inline int set_value(const struct traits_packet *p, u64 key, const void *val,
				     u64 size, u64 flags)
{
	int err = traits_store_set(p->store, p->total, p->room, key, val, size, flags);

	if (unlikely(err))
		return err;
	traits_count(TRAITS_STAT_SET);
	trace_traits_set(p->xdp, p->skb, key, size);
	return 0;
}

static int packet_set(struct traits_packet *p, u64 key, const void *val, u64 size, u64 flags)
{
	int err = set_check(p, key, val, size, flags);

	err = err ?: packet_prepare(p, BIT_ULL(key & 63), size);
	err = err ?: set_value(p, key, val, size, flags);
	if (!err)
		packet_changed(p, BIT_ULL(key));
	return err;
}

/* The same where neither packet_prepare() nor packet_changed() has anything to do. */
static __always_inline int packet_set_quick(const struct traits_packet *p, u64 key,
					    const void *val, u64 size, u64 flags)
{
	int err = set_check(p, key, val, size, flags);

	return refusal(err ?: set_value(p, key, val, size, flags), key);
}

static __always_inline bool packet_is_current(const struct traits_packet *p)
{
	return p->store->epoch == p->view->epoch;
}

static __always_inline int packet_get(const struct traits_packet *p, u64 key, void *buf, u64 size)
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

static __always_inline int packet_is_set(const struct traits_packet *p, u64 key)
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
	trace_traits_del(p->xdp, p->skb, key, 0);
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
	trace_traits_set(p->xdp, p->skb, from, size);
	return 0;
}

static __always_inline int packet_get_range(const struct traits_packet *p, u64 from, u64 to,
					    void *buf, u64 size)
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

/* For all packets that are not found in the quick way: out of that way. */
static noinline int xdp_set_slow(struct xdp_buff *xdp, u64 key, const void *val, u64 size,
				 u64 flags)
{
	struct traits_packet p;
	int err = traits_packet_xdp(&p, xdp);

	return refusal(err ?: packet_set(&p, key, val, size, flags), key);
}

static noinline int xdp_get_slow(struct xdp_buff *xdp, u64 key, void *val, u64 size)
{
	struct traits_packet p;
	int err = traits_packet_xdp(&p, xdp);

	return err ?: packet_get(&p, key, val, size);
}

static noinline int skb_set_slow(struct sk_buff *skb, u64 key, const void *val, u64 size,
				 u64 flags)
{
	struct traits_packet p;
	int err = traits_packet_skb(&p, skb);

	return refusal(err ?: packet_set(&p, key, val, size, flags), key);
}

static noinline int skb_get_slow(struct sk_buff *skb, u64 key, void *val, u64 size)
{
	struct traits_packet p;
	int err = traits_packet_skb(&p, skb);

	return err ?: packet_get(&p, key, val, size);
}

/* For other reads: nothing keeps @p from being in registers only. */
static __always_inline int xdp_find(struct traits_packet *p, struct xdp_buff *xdp)
{
	struct traits_packet slow;
	int err;

	if (likely(traits_packet_xdp_quick(p, xdp)))
		return 0;
	err = traits_packet_xdp(&slow, xdp);
	*p = slow;
	return err;
}

static __always_inline int skb_find(struct traits_packet *p, struct sk_buff *skb)
{
	struct traits_packet slow;
	int err;

	if (likely(traits_packet_skb_quick(p, skb)))
		return 0;
	err = traits_packet_skb(&slow, skb);
	*p = slow;
	return err;
}

__bpf_kfunc_start_defs();

__bpf_kfunc int bpf_xdp_trait_set(struct xdp_md *ctx, u64 key, const void *val__nullable,
				  u64 val__sz, u64 flags)
{
	struct traits_packet p;

	if (likely(traits_packet_xdp_quick(&p, (struct xdp_buff *)ctx) && packet_is_current(&p) &&
		   !(p.view->gro[TRAITS_GRO_BLOCK] & BIT_ULL(key & 63))))
		return packet_set_quick(&p, key, val__nullable, val__sz, flags);
	return xdp_set_slow((struct xdp_buff *)ctx, key, val__nullable, val__sz, flags);
}

__bpf_kfunc int bpf_xdp_trait_get(struct xdp_md *ctx, u64 key, void *val__nullable, u64 val__sz)
{
	struct traits_packet p;

	if (likely(traits_packet_xdp_quick(&p, (struct xdp_buff *)ctx)))
		return packet_get(&p, key, val__nullable, val__sz);
	return xdp_get_slow((struct xdp_buff *)ctx, key, val__nullable, val__sz);
}

__bpf_kfunc int bpf_xdp_trait_is_set(struct xdp_md *ctx, u64 key)
{
	struct traits_packet p;
	int err = xdp_find(&p, (struct xdp_buff *)ctx);

	return err ?: packet_is_set(&p, key);
}

__bpf_kfunc int bpf_xdp_trait_del(struct xdp_md *ctx, u64 key)
{
	struct traits_packet p;
	int err;

	err = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	err = err ?: packet_del(&p, key);
	return refusal(err, key);
}

__bpf_kfunc int bpf_xdp_traits_set(struct xdp_md *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int err;

	err = traits_packet_xdp(&p, (struct xdp_buff *)ctx);
	err = err ?: packet_set_range(&p, key_from, key_to, buf__nullable, buf__sz);
	return refusal(err, SEVERAL);
}

__bpf_kfunc int bpf_xdp_traits_get(struct xdp_md *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int err = xdp_find(&p, (struct xdp_buff *)ctx);

	return err ?: packet_get_range(&p, key_from, key_to, buf__nullable, buf__sz);
}

__bpf_kfunc int bpf_skb_trait_set(struct __sk_buff *ctx, u64 key, const void *val__nullable,
				  u64 val__sz, u64 flags)
{
	struct sk_buff *skb = (struct sk_buff *)ctx;
	struct traits_packet p;

	if (likely(traits_packet_skb_quick(&p, skb) && packet_is_current(&p) &&
		   !skb_shared(skb) && !skb_cloned(skb)))
		return packet_set_quick(&p, key, val__nullable, val__sz, flags);
	return skb_set_slow(skb, key, val__nullable, val__sz, flags);
}

__bpf_kfunc int bpf_skb_trait_get(struct __sk_buff *ctx, u64 key, void *val__nullable, u64 val__sz)
{
	struct traits_packet p;

	if (likely(traits_packet_skb_quick(&p, (struct sk_buff *)ctx)))
		return packet_get(&p, key, val__nullable, val__sz);
	return skb_get_slow((struct sk_buff *)ctx, key, val__nullable, val__sz);
}

__bpf_kfunc int bpf_skb_trait_is_set(struct __sk_buff *ctx, u64 key)
{
	struct traits_packet p;
	int err = skb_find(&p, (struct sk_buff *)ctx);

	return err ?: packet_is_set(&p, key);
}

__bpf_kfunc int bpf_skb_trait_del(struct __sk_buff *ctx, u64 key)
{
	struct traits_packet p;
	int err;

	err = traits_packet_skb(&p, (struct sk_buff *)ctx);
	err = err ?: packet_del(&p, key);
	return refusal(err, key);
}

__bpf_kfunc int bpf_skb_traits_set(struct __sk_buff *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int err;

	err = traits_packet_skb(&p, (struct sk_buff *)ctx);
	err = err ?: packet_set_range(&p, key_from, key_to, buf__nullable, buf__sz);
	return refusal(err, SEVERAL);
}

__bpf_kfunc int bpf_skb_traits_get(struct __sk_buff *ctx, u64 key_from, u64 key_to,
				   void *buf__nullable, u64 buf__sz)
{
	struct traits_packet p;
	int err = skb_find(&p, (struct sk_buff *)ctx);

	return err ?: packet_get_range(&p, key_from, key_to, buf__nullable, buf__sz);
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
