/* SPDX-License-Identifier: GPL-2.0 */
/* The ELF file inside a compressed kernel image. */
#ifndef TRAITS_HOST_VMLINUZ_H
#define TRAITS_HOST_VMLINUZ_H

#include <stddef.h>

/**
 * vmlinuz_unpack() - unpack an x86 bzImage
 * @path:	image
 * @out:	ELF file to write
 * @version:	filled with the release that the image tells of itself
 * @size:	bytes at @version
 *
 * Ends the program when @path is not such an image.
 */
void vmlinuz_unpack(const char *path, const char *out, char *version, size_t size);

#endif
