/* SPDX-License-Identifier: GPL-2.0 */
/* What the verifier says to single programs of test/vm/progs. */
#ifndef VT_VERIFIER_H
#define VT_VERIFIER_H

#include <stdbool.h>

struct bpf_program;

/*
 * Whether the kernel accepts program @name of object @object, without the others in it.
 * @prepare, if there is one, may change the program before.
 */
bool vt_accepted(const char *object, const char *name, void (*prepare)(struct bpf_program *prog));

/* What libbpf and the verifier said to the last one */
const char *vt_verifier_said(void);

#endif
