/* SPDX-License-Identifier: GPL-2.0 */
/* Where AF_XDP keeps the descriptor of the packet that it sends. */
#ifndef TRAITS_HOST_XSK_H
#define TRAITS_HOST_XSK_H

#include <stdio.h>

struct btf;

/**
 * xsk_write() - find the members of structs that are private to the kernel's net/xdp
 * @header:	gets TRAITS_XSK_TX, 1 if there is all that module/xsk.c looks at, and then the
 *		offsets
 * @btf:	types of the kernel
 */
void xsk_write(FILE *header, const struct btf *btf);

#endif
