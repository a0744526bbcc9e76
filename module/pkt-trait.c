// SPDX-License-Identifier: GPL-2.0
/* Arrays of struct pkt_trait. <linux/traits_socket.h> tells what applications are promised. */

#include "pkt-trait.h"

static_assert(sizeof(struct pkt_trait) == 24, "the array has no holes");

/* Why this process cannot have this element; @allowed: keys that are open to it. */
static u8 element_error(const struct traits_view *v, const struct pkt_trait *t, u64 allowed)
{
	if (t->pad || t->pad2 || t->key >= TRAITS_KEYS_MAX)
		return EINVAL;
	if (!v || !(v->known & BIT_ULL(t->key)))
		return ENOKEY;
	return allowed & BIT_ULL(t->key) ? 0 : EACCES;
}

/* All of the element is written: the array may be on a stack that nobody has cleared. */
static void fill_element(struct pkt_trait *t, const struct traits_copy *copy, u8 key)
{
	int size;

	*t = (struct pkt_trait){ .key = key };
	size = traits_store_get(traits_copy_store(copy), copy->total, key, t->val, sizeof(t->val));
	if (size >= 0)
		t->len = size ?: TRAITS_LEN_FLAG;
}

int traits_array_read(struct pkt_trait *array, unsigned int n, const struct traits_copy *copy)
{
	const struct traits_view *v;
	struct pkt_trait *t;
	u64 keys, allowed;
	int ret = 0;
	u8 err;

	rcu_read_lock();
	v = traits_view_get();
	allowed = traits_view_open(v, TRAITS_USER_READ);
	keys = traits_copy_keys(v, copy);
	for (t = array; t < array + n; t++) {
		err = element_error(v, t, allowed);
		if (err) {
			*t = (struct pkt_trait){ .key = t->key, .io_err = err };
			ret = -EIO;
		} else if (keys & BIT_ULL(t->key)) {
			fill_element(t, copy, t->key);
		} else {
			*t = (struct pkt_trait){ .key = t->key };
		}
	}
	rcu_read_unlock();
	return ret;
}

int traits_array_dump(struct pkt_trait *array, unsigned int n, const struct traits_copy *copy)
{
	const struct traits_view *v;
	int ret = 0;
	u64 keys;

	rcu_read_lock();
	v = traits_view_get();
	keys = traits_copy_keys(v, copy) & traits_view_open(v, TRAITS_USER_READ);
	if (hweight64(keys) > n) {
		ret = -ENOSPC;
		keys = 0;
	}
	for (; keys; keys &= keys - 1)
		fill_element(&array[ret++], copy, __ffs64(keys));
	rcu_read_unlock();
	return ret;
}

/* Nothing but zeroes behind the value */
static bool is_padded(const struct pkt_trait *t, unsigned int size)
{
	return !memchr_inv((const u8 *)t->val + size, 0, sizeof(t->val) - size);
}

static u8 write_element(const struct traits_view *v, const struct pkt_trait *t, u64 allowed,
			struct traits_copy *copy)
{
	unsigned int size = t->len == TRAITS_LEN_FLAG ? 0 : t->len;
	u64 bit = BIT_ULL(t->key & 63);
	u8 err;

	if (t->io_err || size > sizeof(t->val) || !is_padded(t, size))
		return EINVAL;
	/* What was not there when it was read is not set either. */
	if (!t->len)
		return t->pad || t->pad2 || t->key >= TRAITS_KEYS_MAX ? EINVAL : 0;
	err = element_error(v, t, allowed);
	if (err)
		return err;
	if (size != traits_bytes(v->lo & bit, v->hi & bit))
		return EINVAL;
	err = -traits_store_set(traits_copy_store(copy), copy->total, sizeof(copy->words), t->key,
				t->val, size, 0);
	copy->total = traits_store_size(traits_copy_store(copy));
	return err;
}

int traits_array_write(struct pkt_trait *array, unsigned int n, struct traits_copy *copy)
{
	static const struct traits_secret no_secret;
	const struct traits_view *v;
	struct pkt_trait *t;
	u64 allowed;
	int ret = 0;

	rcu_read_lock();
	v = traits_view_get();
	allowed = traits_view_open(v, TRAITS_USER_WRITE);
	copy->total = TRAITS_STORE_MIN;
	traits_store_init(traits_copy_store(copy), sizeof(copy->words),
			  v ? &v->secret : &no_secret, 1, 0, v ? v->epoch : 0);
	for (t = array; t < array + n; t++) {
		t->io_err = write_element(v, t, allowed, copy);
		if (t->io_err)
			ret = -EIO;
	}
	if (!traits_copy_store(copy)->present)
		copy->total = 0;
	rcu_read_unlock();
	return ret;
}
