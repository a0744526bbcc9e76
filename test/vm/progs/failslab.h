/* SPDX-License-Identifier: GPL-2.0 */
/* Which allocation of a process fails: for failslab.bpf.c and who uses it. */
#ifndef FAILSLAB_H
#define FAILSLAB_H

struct failslab {
	__u32 pid;	/* 0: of none */
	__u32 nth;	/* from 0 */
	__u32 seen;	/* allocations so far */
	__u32 failed;
};

#endif
