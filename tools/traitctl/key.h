/* SPDX-License-Identifier: GPL-2.0 */
/* The commands about keys, and how keys are shown. */
#ifndef TRAITCTL_KEY_H
#define TRAITCTL_KEY_H

#include "print.h"
#include "traitctl.h"

extern const struct kind key_kind;

int key_add(int argc, char **argv);
int key_set(int argc, char **argv);
int key_del(int argc, char **argv);
int key_show(int argc, char **argv);
int key_apply(int argc, char **argv);
int key_flush(int argc, char **argv);
int key_save(int argc, char **argv);

#endif
