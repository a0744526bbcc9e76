/* SPDX-License-Identifier: GPL-2.0 */
/* BPF programs of one object on devices in namespaces. A failure ends the program. */
#ifndef VT_COST_ATTACH_H
#define VT_COST_ATTACH_H

#include <bpf/libbpf.h>

/* Opens an object; loads of its programs only those with these names (NULL ends them). */
struct bpf_object *cost_open(const char *file, const char *const names[]);
void cost_load(struct bpf_object *obj);

int cost_prog_fd(const struct bpf_object *obj, const char *name);
int cost_ifindex(const char *ns, const char *dev);

/* A device has to have this before programs are attached for TC. */
void cost_qdisc(const char *ns, const char *dev);

enum cost_place { COST_XDP, COST_INGRESS, COST_EGRESS };

/* @fd -1: detach. */
void cost_attach(const char *ns, const char *dev, enum cost_place place, int fd);

#endif
