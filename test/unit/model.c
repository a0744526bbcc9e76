// SPDX-License-Identifier: GPL-2.0
#include "model.h"

const struct traits_secret model_secret = {
	.magic = 0xa1b2c3,
	.key = 0x9e3779b97f4a7c15ULL,
};

const size_t model_sizes[4] = { 0, 4, 8, 16 };

static int bit(u64 mask, u64 key)
{
	return mask >> key & 1;
}

static size_t size_of_key(u64 lo, u64 hi, u64 key)
{
	return model_sizes[bit(lo, key) + 2 * bit(hi, key)];
}

static void put(u8 **p, u64 value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		*(*p)++ = value >> 8 * i & 0xff;
}

void model_init(struct model *m, u16 nonce, u16 salt, u16 epoch)
{
	memset(m, 0, sizeof(*m));
	for (int k = 0; k < 64; k++)
		m->size[k] = -1;
	m->nonce = nonce;
	m->salt = salt;
	m->epoch = epoch;
}

size_t model_len(const struct model *m)
{
	size_t len = 0;

	for (int k = 0; k < 64; k++)
		if (m->size[k] > 0)
			len += m->size[k];
	return len;
}

size_t model_encode(const struct model *m, u8 *bytes)
{
	u64 present = 0, lo = 0, hi = 0;
	u8 *p = bytes;

	for (int k = 0; k < 64; k++) {
		if (m->size[k] < 0)
			continue;
		present |= 1ULL << k;
		if (m->size[k] == 4 || m->size[k] == 16)
			lo |= 1ULL << k;
		if (m->size[k] == 8 || m->size[k] == 16)
			hi |= 1ULL << k;
	}
	put(&p, model_len(m), 1);
	put(&p, model_secret.magic, 3);
	put(&p, m->nonce, 2);
	put(&p, m->epoch, 2);
	put(&p, present, 8);
	put(&p, lo, 8);
	put(&p, hi, 8);
	for (int k = 0; k < 64; k++)
		for (int i = 0; i < m->size[k]; i++)
			*p++ = m->value[k][i];
	put(&p, (m->nonce + 65536ULL * m->salt) * model_secret.key / (1ULL << 32), 4);
	return p - bytes;
}

bool model_matches(const struct model *m, const struct traits_store *s, size_t room)
{
	u8 bytes[MODEL_BYTES_MAX];
	size_t total = model_encode(m, bytes);

	return total <= room && !memcmp(bytes, s, total) &&
	       traits_store_size(s) == total &&
	       traits_store_check(s, room, &model_secret, m->salt) == (int)total;
}

int model_get(const struct model *m, u64 key, void *buf, size_t size)
{
	if (key > 63 || m->size[key] < 0)
		return -ENOENT;
	if (size < (size_t)m->size[key])
		return -ENOSPC;
	memcpy(buf, m->value[key], m->size[key]);
	return m->size[key];
}

static bool fits(size_t len, size_t room)
{
	return len <= TRAITS_STORE_LEN_MAX && TRAITS_STORE_MIN + len <= room;
}

int model_set(struct model *m, size_t room, u64 key, const void *val, size_t size, u64 flags)
{
	if (key > 63 || (size != 0 && size != 4 && size != 8 && size != 16))
		return -EINVAL;
	if (flags != 0 && flags != TRAIT_NOEXIST && flags != TRAIT_EXIST)
		return -EINVAL;
	if (m->size[key] >= 0) {
		if (flags == TRAIT_NOEXIST)
			return -EEXIST;
		if ((size_t)m->size[key] != size)
			return -EINVAL;
	} else {
		if (flags == TRAIT_EXIST)
			return -ENOENT;
		if (!fits(model_len(m) + size, room))
			return -ENOSPC;
	}
	m->size[key] = size;
	memcpy(m->value[key], val, size);
	return 0;
}

int model_del(struct model *m, u64 key)
{
	if (key > 63 || m->size[key] < 0)
		return -ENOENT;
	m->size[key] = -1;
	return 0;
}

unsigned int model_purge(struct model *m, u64 mask)
{
	unsigned int n = 0;

	for (int k = 0; k < 64; k++)
		if (bit(mask, k) && m->size[k] >= 0) {
			m->size[k] = -1;
			n++;
		}
	return n;
}

int model_get_range(const struct model *m, u64 from, u64 to, u64 lo, u64 hi,
		    void *buf, size_t size)
{
	size_t sum = 0;

	if (from > to || to > 63)
		return -EINVAL;
	for (u64 k = from; k <= to; k++) {
		if (m->size[k] < 0 || (size_t)m->size[k] != size_of_key(lo, hi, k))
			return -ENOENT;
		sum += m->size[k];
	}
	if (size < sum)
		return -ENOSPC;
	sum = 0;
	for (u64 k = from; k <= to; k++) {
		memcpy((u8 *)buf + sum, m->value[k], m->size[k]);
		sum += m->size[k];
	}
	return sum;
}

int model_set_range(struct model *m, size_t room, u64 from, u64 to, u64 known, u64 lo, u64 hi,
		    const void *buf, size_t size)
{
	struct model new = *m;
	size_t sum = 0;

	if (from > to || to > 63)
		return -EINVAL;
	for (u64 k = from; k <= to; k++) {
		new.size[k] = bit(known, k) ? (int)size_of_key(lo, hi, k) : -1;
		if (new.size[k] > 0)
			sum += new.size[k];
	}
	if (size != sum)
		return -EINVAL;
	if (!fits(model_len(&new), room))
		return -ENOSPC;
	sum = 0;
	for (u64 k = from; k <= to; k++) {
		if (new.size[k] <= 0)
			continue;
		memcpy(new.value[k], (const u8 *)buf + sum, new.size[k]);
		sum += new.size[k];
	}
	*m = new;
	return 0;
}
