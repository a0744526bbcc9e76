/* SPDX-License-Identifier: GPL-2.0 */
/* The programs of bpf-progs/, attached by traits-attach as a user would. */
#ifndef VT_RECIPE_H
#define VT_RECIPE_H

/*
 * traits-attach [-n NS] load NAME.bpf.o pin ... WHAT; @ns may be NULL.
 * vt_recipe_try() returns the exit code, vt_recipe() has to succeed.
 */
int vt_recipe_try(const char *ns, const char *name, const char *what);
void vt_recipe(const char *ns, const char *name, const char *what);
void vt_recipe_end(const char *ns, const char *name);

/* Where it is pinned; and one of its maps. */
const char *vt_recipe_dir(const char *name);
int vt_recipe_map(const char *name, const char *map);

/* classify.bpf.c in native XDP: UDP and TCP ports @port + i are of service i + 1, for i < @n. */
void vt_classify(const char *ns, const char *dev, unsigned short port, unsigned int n);

/* The 64-bit value of @key; 0 if there is none. */
unsigned long long vt_map_count(int map, const void *key);

/* A socket in @ns that has this port on all addresses. */
int vt_udp_socket(const char *ns, unsigned short port);

/* How many datagrams it gets: waits for @n, and a moment for more. */
unsigned int vt_udp_count(int fd, unsigned int n);

#endif
