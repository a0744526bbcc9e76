/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* What traits_test.c and driver.bpf.c tell each other. */
#ifndef TRAITS_TEST_DRIVER_H
#define TRAITS_TEST_DRIVER_H

#include <linux/types.h>

#define DRIVER_KEYS	64
#define DRIVER_PAD	192	/* bytes behind the MAC header that a TC run begins with */

/* One for each key: to be set before the program under test runs, or found after it. */
struct driver_trait {
	__s32 len;		/* of the value; negative: no trait, or another error */
	__u8 val[16];
};

struct driver_state {
	__s32 error;		/* what kept the driver from doing its part, or 0 */
	__u32 packets;		/* that came by driver_look() */
	__u32 found[DRIVER_KEYS];	/* how many of these had the trait */
};

#endif
