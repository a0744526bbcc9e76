/* SPDX-License-Identifier: GPL-2.0 */
/* Where the types of the target kernel come from. */
#ifndef TRAITS_HOST_BASE_H
#define TRAITS_HOST_BASE_H

struct btf;

/**
 * struct base_request - what is known of the target kernel
 * @release:	as `uname -r` tells it on the target
 * @kdir:	its headers, or NULL
 * @file:	raw BTF, vmlinux or vmlinuz that the user named, or NULL to search
 * @scratch:	name of a file that may be made and removed
 */
struct base_request {
	const char *release;
	const char *kdir;
	const char *file;
	const char *scratch;
};

/**
 * base_load() - load the base BTF of the target kernel
 * @req:	which kernel
 * @found:	set to the name of the file that it came from; valid until exit
 *
 * Looks at @file alone when it is given; else at KDIR/vmlinux, at
 * /sys/kernel/btf/vmlinux when the target is running, at vmlinuz below /boot and
 * /lib/modules. A vmlinuz that was not named by the user must be of that release.
 *
 * Return: the types; ends the program when there are none.
 */
struct btf *base_load(const struct base_request *req, const char **found);

#endif
