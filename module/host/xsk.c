// SPDX-License-Identifier: GPL-2.0
#include <bpf/btf.h>
#include <stdbool.h>
#include <string.h>

#include "xsk.h"

static const struct {
	const char *type;
	const char *member;
	__u32 kind;		/* of the member's type */
	__u32 size;		/* of a number */
	const char *define;	/* NULL: it only has to be there */
} members[] = {
	{ "xsk_buff_pool", "tx_metadata_len", BTF_KIND_INT, 1, NULL },
	{ "xdp_umem", "size", BTF_KIND_INT, 8, NULL },
	{ "xsk_queue", "ring_mask", BTF_KIND_INT, 4, "TRAITS_XSK_RING_MASK" },
	{ "xsk_queue", "cached_cons", BTF_KIND_INT, 4, "TRAITS_XSK_CACHED_CONS" },
	{ "xsk_queue", "ring", BTF_KIND_PTR, 0, "TRAITS_XSK_RING" },
	{ "xdp_rxtx_ring", "desc", BTF_KIND_ARRAY, 0, "TRAITS_XSK_DESC" },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* In bytes; -1 if there is no such member */
static int offset_of(const struct btf *btf, unsigned int n)
{
	int id = btf__find_by_name_kind(btf, members[n].type, BTF_KIND_STRUCT);
	const struct btf_type *t = id < 0 ? NULL : btf__type_by_id(btf, id), *type;

	for (int i = 0; t && i < btf_vlen(t); i++) {
		const struct btf_member *m = btf_members(t) + i;

		if (strcmp(btf__name_by_offset(btf, m->name_off), members[n].member))
			continue;
		type = btf__type_by_id(btf, btf__resolve_type(btf, m->type));
		if (!type || btf_kind(type) != members[n].kind ||
		    (members[n].size && type->size != members[n].size) ||
		    btf_member_bitfield_size(t, i))
			return -1;
		return btf_member_bit_offset(t, i) / 8;
	}
	return -1;
}

void xsk_write(FILE *header, const struct btf *btf)
{
	int offsets[MEMBERS];
	bool all = true;

	for (unsigned int i = 0; i < MEMBERS; i++) {
		offsets[i] = offset_of(btf, i);
		all &= offsets[i] >= 0;
	}
	fprintf(header, "\n/* AF_XDP sockets send what module/xsk.c looks for, and it knows where */\n"
		"#define TRAITS_XSK_TX %d\n", all);
	for (unsigned int i = 0; all && i < MEMBERS; i++)
		if (members[i].define)
			fprintf(header, "#define %s %d\n", members[i].define, offsets[i]);
}
