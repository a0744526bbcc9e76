/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading the module, for cases that are marked "module: own". */
#ifndef VT_KMOD_H
#define VT_KMOD_H

void vt_load(void);

/*
 * Unloads the module as rmmod does; fails the case if that does not succeed
 * within 20 seconds: the kernel frees BPF programs a while after their last
 * user has gone.
 */
void vt_unload(void);

/* Tries once. Returns 0 or an errno: EWOULDBLOCK when the module is in use. */
int vt_try_unload(void);

/* What holds the module: BPF programs that call its kfuncs, each at least once. */
unsigned int vt_module_users(void);

/* The functions of the kernel that somebody listens to, one a line, as ftrace tells them. */
const char *vt_traced(void);

#endif
