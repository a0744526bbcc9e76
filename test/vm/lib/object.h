/* SPDX-License-Identifier: GPL-2.0 */
/* A BPF object of test/vm/progs, attached as a case says. */
#ifndef VT_OBJECT_H
#define VT_OBJECT_H

struct bpf_object;

struct bpf_object *vt_object(const char *name);
int vt_object_prog(struct bpf_object *obj, const char *name);
int vt_object_map(struct bpf_object *obj, const char *name);

/* XDP, native, until vt_object_detach(); returns a negative errno where the driver refuses. */
int vt_object_xdp(const char *ns, const char *dev, int prog);
int vt_object_xdp_generic(const char *ns, const char *dev, int prog);
void vt_object_tc(const char *ns, const char *dev, int prog);
void vt_object_detach(const char *ns, const char *dev);

/* The one value of a map with one entry */
void vt_object_get(int map, void *value);
void vt_object_put(int map, const void *value);

#endif
