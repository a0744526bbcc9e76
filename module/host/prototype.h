/* SPDX-License-Identifier: GPL-2.0 */
/* Do the kernel's hook points have the prototypes that the module expects? */
#ifndef TRAITS_HOST_PROTOTYPE_H
#define TRAITS_HOST_PROTOTYPE_H

struct btf;

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

#endif
