/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* What TRAIT_KEY() leaves in a BPF object, and what a loader fills in. */
#ifndef TRAITS_TRAIT_KEY_H
#define TRAITS_TRAIT_KEY_H

#define TRAIT_KEY_UNRESOLVED	((__u64)-1)

/**
 * struct trait_key - a key that a BPF program uses
 * @id:		its number, %TRAIT_KEY_UNRESOLVED until the loader looked the name up
 * @size:	bytes of its values: 0, 4, 8 or 16
 * @name:	its name in the registry, NUL-terminated
 * @reserved:	zero
 *
 * All of an object's keys are in its section .rodata.traits, one after the other.
 */
struct trait_key {
	__u64 id;
	__u32 size;
	char name[32];
	__u32 reserved;
};

#endif
