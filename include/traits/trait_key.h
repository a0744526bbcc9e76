/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* How a BPF program and its loader speak of a key. Needs __u32, __u64 to be declared. */
#ifndef _TRAITS_TRAIT_KEY_H
#define _TRAITS_TRAIT_KEY_H

/**
 * struct trait_key - a key as a BPF program declares it and as the registry
 * knows it
 * @id:		0 to 63; in a BPF object TRAIT_KEY_ID_NONE or TRAIT_KEY_ID_NEXT until the
 *		loader fills it in
 * @size:	bytes of each value: 0, 4, 8 or 16
 * @name:	unique name, NUL-terminated
 * @gro:	enum traits_gro; 0: what the first packet had
 * @clone:	enum traits_clone; 0: clones share the value
 * @netns:	enum traits_netns; 0: it is kept in other namespaces
 * @reserved:	0
 *
 * BPF objects hold an array of these in section TRAIT_KEY_SECTION, which
 * traits_resolve() reads and fills in before the object is loaded.
 */
struct trait_key {
	__u64 id;
	__u32 size;
	char name[32];
	__u8 gro;
	__u8 clone;
	__u8 netns;
	__u8 reserved;
};

#define TRAIT_KEY_SECTION ".rodata.traits"

/* No id yet: any will do, or only the one behind that of the key before it in the array */
#define TRAIT_KEY_ID_NONE	((__u64)-1)
#define TRAIT_KEY_ID_NEXT	((__u64)-2)

#ifdef __cplusplus
static_assert(sizeof(struct trait_key) == 48, "loaders rely on this size");
#else
_Static_assert(sizeof(struct trait_key) == 48, "loaders rely on this size");
#endif

#endif
