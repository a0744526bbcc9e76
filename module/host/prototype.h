/* SPDX-License-Identifier: GPL-2.0 */
/* Do the kernel's hook points have the prototypes that the module expects? */
#ifndef TRAITS_HOST_PROTOTYPE_H
#define TRAITS_HOST_PROTOTYPE_H

#include <stdio.h>

struct btf;

/**
 * struct module_file - a module of the target kernel
 * @name:	its name
 * @path:	the module, not compressed
 * @next:	next in the list
 */
struct module_file {
	const char *name;
	const char *path;
	struct module_file *next;
};

/**
 * prototypes_check() - compare every entry of hook-points.h to the kernel's types
 * @btf:	types of the kernel
 * @release:	its release, for the sentence
 *
 * A function that BTF lists more than once is refused too: the module hooks by name,
 * and would hook every function of that name.
 *
 * Ends the program at the first hook point that is missing or different.
 */
void prototypes_check(const struct btf *btf, const char *release);

/**
 * prototypes_prove() - do the same for functions of modules, as far as these are there
 * @header:	gets a line TRAITS_PROVEN_function for each, and TRAITS_VETH_SKB_OFFSET
 * @btf:	types of the kernel
 * @modules:	list of the modules that are there
 * @release:	the kernel's release, for the sentence
 *
 * Ends the program at the first function that is missing or different.
 */
void prototypes_prove(FILE *header, const struct btf *btf, const struct module_file *modules,
		      const char *release);

#endif
