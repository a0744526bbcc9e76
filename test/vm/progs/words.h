/* SPDX-License-Identifier: GPL-2.0 */
/* What words.bpf.c needs, and what it saw. */
#ifndef WORDS_H
#define WORDS_H

#include <linux/types.h>

struct words_state {
	__u32 key;
	__u32 runs;
	__u32 set;	/* runs that could set the trait */
	__u32 changed;	/* runs whose metadata was not what it was before */
};

#endif
