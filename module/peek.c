// SPDX-License-Identifier: GPL-2.0
/* Reading the traits of an skb that need not be one: nothing is read but with care. */

#include <linux/uaccess.h>

#include "packet-quick.h"

/* Copies an intact store with this nonce; returns its length, or 0. */
static int peek_store(const struct traits_view *v, const u8 *from, const u8 *data, u16 nonce,
		      u16 salt, struct traits_store *copy)
{
	int len;

	if (copy_from_kernel_nofault(copy, from, sizeof(*copy)))
		return 0;
	len = traits_store_size(copy);
	if (data - from < len || copy_from_kernel_nofault(copy, from, len) ||
	    traits_store_check(copy, len, &v->secret, salt) != len || copy->nonce != nonce)
		return 0;
	return len;
}

int traits_skb_peek(const struct traits_view *v, const struct sk_buff *skb, u64 key,
		    void *buf, u64 size)
{
	u32 copy[(TRAITS_STORE_MIN + TRAITS_STORE_LEN_MAX) / 4];
	struct traits_store *store = (void *)copy;
	unsigned char *head, *data;
	u16 nonce;
	u8 loc;
	int len;

	if (copy_from_kernel_nofault(&loc, (u8 *)skb + TRAITS_SKB_LOC_OFFSET, sizeof(loc)) ||
	    !loc ||
	    copy_from_kernel_nofault(&nonce, (u8 *)skb + TRAITS_SKB_NONCE_OFFSET, sizeof(nonce)) ||
	    copy_from_kernel_nofault(&head, &skb->head, sizeof(head)) ||
	    copy_from_kernel_nofault(&data, &skb->data, sizeof(data)))
		return -ENOENT;
	head += loc * 4;
	len = peek_store(v, head, data, nonce, 0, store) ?:
	      peek_store(v, head + TRAITS_IPV6_REASSEMBLY, data, nonce, 0, store);
	if (!len && !(v->drop & BIT_ULL(key)))
		len = peek_store(v, head, data, nonce, TRAITS_SALT_CLONING, store);
	if (!len || traits_view_gone(v, store->epoch) & BIT_ULL(key))
		return -ENOENT;
	return traits_store_get(store, len, key, buf, size);
}
