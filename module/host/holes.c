// SPDX-License-Identifier: GPL-2.0
#include <bpf/btf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "holes.h"
#include "sentence.h"

#define GROUP "headers"

static const struct btf_type *plain_type(const struct btf *btf, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (t && (btf_is_mod(t) || btf_is_typedef(t)))
		t = btf__type_by_id(btf, t->type);
	return t;
}

/* Anonymous members' own members belong to the enclosing struct */
static bool is_transparent(const struct btf_type *t, const char *name)
{
	if (!t || !btf_is_composite(t))
		return false;
	/* struct_group() lists its members a second time, as a struct of this name */
	return !*name || !strcmp(name, GROUP);
}

static void cover_bits(unsigned char *used, size_t size, __u64 from, __u64 bits)
{
	if (!bits)
		return;
	if ((from + bits + 7) / 8 > size)
		fail("BTF describes a member outside of struct sk_buff");
	for (__u64 byte = from / 8; byte <= (from + bits - 1) / 8; byte++)
		used[byte] = 1;
}

static void cover(const struct btf *btf, const struct btf_type *t, __u64 base,
		  unsigned char *used, size_t size)
{
	for (int i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *m = btf_members(t) + i;
		const char *name = btf__name_by_offset(btf, m->name_off);
		const struct btf_type *mt = plain_type(btf, m->type);
		__u64 from = base + btf_member_bit_offset(t, i);
		__u32 bits = btf_member_bitfield_size(t, i);
		__s64 bytes;

		if (bits) {
			cover_bits(used, size, from, bits);
		} else if (is_transparent(mt, name)) {
			cover(btf, mt, from, used, size);
		} else {
			bytes = btf__resolve_size(btf, m->type);
			if (bytes < 0)
				fail("BTF does not tell the size of member %s of struct sk_buff",
				     name);
			cover_bits(used, size, from, bytes * 8);
		}
	}
}

static bool find_member(const struct btf *btf, const struct btf_type *t, __u64 base,
			const char *wanted, __u64 *offset, __u64 *size)
{
	for (int i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *m = btf_members(t) + i;
		const char *name = btf__name_by_offset(btf, m->name_off);
		__u64 from = base + btf_member_bit_offset(t, i);

		if (!strcmp(name, wanted)) {
			*offset = from / 8;
			*size = btf__resolve_size(btf, m->type);
			return true;
		}
		if (is_transparent(plain_type(btf, m->type), name) &&
		    find_member(btf, plain_type(btf, m->type), from, wanted, offset, size))
			return true;
	}
	return false;
}

static void take(const unsigned char *used, const char *release, struct holes *h)
{
	unsigned int at;

	for (at = (h->start + 1) & ~1U; at + 2 <= h->end; at += 2)
		if (!used[at] && !used[at + 1])
			break;
	if (at + 2 > h->end)
		fail("struct sk_buff of kernel %s has no two unused bytes in its group %s, so packets cannot be marked",
		     release, GROUP);
	h->pair = at;

	for (at = h->start; at < h->end; at++)
		if (!used[at] && at != h->pair && at != h->pair + 1)
			break;
	if (at == h->end)
		fail("struct sk_buff of kernel %s has no unused byte in its group %s besides the two at offset %u, so packets cannot be marked",
		     release, GROUP, h->pair);
	h->byte = at;
}

void holes_find(const struct btf *btf, const char *release, struct holes *h)
{
	const struct btf_type *skb;
	__u64 start, size, tail, unused;
	unsigned char *used;
	int id;

	id = btf__find_by_name_kind(btf, "sk_buff", BTF_KIND_STRUCT);
	if (id < 0)
		fail("struct sk_buff is missing in the types of kernel %s", release);
	skb = btf__type_by_id(btf, id);
	h->size = skb->size;

	if (!find_member(btf, skb, 0, GROUP, &start, &size))
		fail("struct sk_buff of kernel %s has no group %s", release, GROUP);
	if (!find_member(btf, skb, 0, "tail", &tail, &unused))
		fail("struct sk_buff of kernel %s has no member tail", release);
	h->start = start;
	h->end = start + size;
	if (h->end > tail || h->end > h->size)
		fail("the group %s of struct sk_buff of kernel %s is not cleared for a new packet: it ends at %u, behind tail at %llu",
		     GROUP, release, h->end, (unsigned long long)tail);

	used = calloc(1, h->size);
	if (!used)
		fail("out of memory");
	cover(btf, skb, 0, used, h->size);
	take(used, release, h);
	free(used);
}
