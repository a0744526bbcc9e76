/* SPDX-License-Identifier: GPL-2.0 */
/* Where the numbers come from that stores are sealed with. */
#ifndef TRAITS_SECRET_H
#define TRAITS_SECRET_H

#include <linux/random.h>

#include "store-format.h"

/**
 * traits_secret_draw() - make a secret that no store was sealed with
 * @secret:	filled in
 */
static inline void traits_secret_draw(struct traits_secret *secret)
{
	do {
		get_random_bytes(secret, sizeof(*secret));
		secret->magic &= 0xffffff;
	} while (!secret->magic);
	secret->key |= 1;
}

#endif
