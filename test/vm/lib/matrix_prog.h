/* SPDX-License-Identifier: GPL-2.0 */
/* One program of matrix.bpf.c at one place. */
#ifndef VT_MATRIX_PROG_H
#define VT_MATRIX_PROG_H

#include "matrix.h"

struct mx_prog;

/* The program that sets, or checks, at @place; runs nowhere yet. */
struct mx_prog *mx_prog_load(const struct mx_place *place, bool set);

/*
 * Lets @redirecting send packets to the event's devices; @reader, if it is for
 * such a place, runs on the way.
 */
void mx_prog_ports(struct mx_prog *redirecting, const struct mx_event *event,
		   struct mx_prog *reader);

void mx_prog_attach(struct mx_prog *mp);
void mx_prog_free(struct mx_prog *mp);
/* After all were freed: unloads them. */
void mx_prog_exit(void);

/* Begins a cell: the counts are zero. */
void mx_prog_begin(struct mx_prog *mp, const struct mx_conf *conf);
struct mx_count mx_prog_count(const struct mx_prog *mp);
const struct mx_place *mx_prog_place(const struct mx_prog *mp);

/* Text for people. */
const char *mx_prog_name(const struct mx_prog *mp);

#endif
