# SPDX-License-Identifier: GPL-2.0
# The verbs of this project. Each part has its own Makefile; this one only calls them.

MAKEFLAGS += --no-print-directory

all: module tools bpf

module:
	$(MAKE) -C module

.PHONY: all module
