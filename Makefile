# SPDX-License-Identifier: GPL-2.0
# The verbs of this project. Each part has its own Makefile; this one only calls them.
#
#	make [KVER=RELEASE | KDIR=HEADERS] [BUILD=DIR]	module, tools, BPF programs
#	make demo		see it work, in a virtual machine
#	make check		all tests, on all kernels, in virtual machines
#	make check-long		those that take long
#	make bench		what the codec costs
#	make bench-carry	what carrying costs, in virtual machines

MAKEFLAGS += --no-print-directory
BUILD ?= $(CURDIR)/build
export BUILD := $(abspath $(BUILD))

all: module tools bpf

module:
	@$(MAKE) -C module

tools:
	@$(MAKE) -C tools

bpf:
	@$(MAKE) -C bpf-progs

# What test/vm/ builds inside the root file system of a virtual machine
vm-tests: tools module
	@$(MAKE) -C bpf-progs/test
	@$(MAKE) -C test/vm
	@$(MAKE) -C test/vm/kmod

deps:
	@test/deps

demo: deps
	@test/demo

bench:
	@$(MAKE) -C test/bench bench

bench-carry: deps
	@test/bench/carry

bench-json:
	@$(MAKE) -C test/bench bench-json

check: deps
	@test/check

# What takes an hour or more: a million messages to the netlink family
check-long: deps
	@test/vm/run --timeout 14400 --exec \
		'VT_SEED=$(or $(VT_SEED),1) VT_COUNT=$(or $(VT_COUNT),1000000) /build/test/cases/netlink_agrees_with_a_model'

clean:
	rm -rf $(BUILD)

.PHONY: all module tools bpf vm-tests deps demo bench bench-carry bench-json check check-long clean
