# SPDX-License-Identifier: GPL-2.0
# The verbs of this project. Each part has its own Makefile; this one only calls them.
#
#	make [KVER=RELEASE | KDIR=HEADERS] [BUILD=DIR]	module, tools, BPF programs
#	make demo [CASE=classify|origin|customer|trace]	see it work, in a virtual machine
#	make check		all tests, on all kernels, in virtual machines
#	make check-long		those that take an hour
#	make check-deb		those of the packages that take minutes
#	make dkms-install	have dkms build the module for each kernel, now for that
#				of KVER or the running one (as root); dkms-remove undoes it
#	make deb [SUITE=bookworm|trixie]	Debian packages, in $(BUILD)/deb/SUITE
#	make check-nic		all tests with network cards, on modelled devices
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
vm-tests: tools module examples
	@$(MAKE) -C bpf-progs/test
	@$(MAKE) -C test/vm
	@$(MAKE) -C test/vm/kmod

examples: tools
	@$(MAKE) -s -C tools install PREFIX=$(BUILD)/installed
	@PKG_CONFIG_PATH=$(BUILD)/installed/lib/pkgconfig $(MAKE) -C tools/examples OUT=$(BUILD)/examples

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

check-deb: deps
	@test/deb/check

# dkms reads them from there; it gets the module, and no more.
dkms_source = $(DESTDIR)/usr/src/traits-$(shell cat VERSION)

dkms-source:
	rm -rf $(dkms_source)
	install -d $(dkms_source)
	cp -r dkms.conf VERSION include module $(dkms_source)

dkms-install: dkms-source
	dkms add -m traits -v $$(cat VERSION)
	dkms install -m traits -v $$(cat VERSION) $(if $(KVER),-k $(KVER))

dkms-remove:
	dkms remove -m traits -v $$(cat VERSION) --all
	rm -rf $(dkms_source)

deb: deps
	@for suite in $(or $(SUITE),bookworm trixie); do test/deb/build $$suite || exit; done

# What takes an hour: a million messages to the netlink family, a million connections, reloads
# under traffic. Grace periods are cut short for the messages: they are most of the time, and no
# packets flow.
check-long: deps
	@test/vm/run --timeout 14400 --exec 'echo 1 > /sys/kernel/rcu_expedited; \
		VT_SEED=$(or $(VT_SEED),1) VT_COUNT=$(or $(VT_COUNT),1000000) /build/test/cases/netlink_agrees_with_a_model'
	@test/vm/run --timeout 28800 --exec \
		'VT_CONNECTIONS=$(or $(VT_CONNECTIONS),1000000) /build/test/cases/connections_leave_nothing'
	@for series in 6.1 6.12 7; do \
		test/vm/run --kernel $$series --timeout 7200 --no-module --exec \
			'VT_CYCLES=$(or $(VT_CYCLES),40) /build/test/cases/reload_under_traffic' || exit; \
	done

check-nic: deps
	@$(MAKE) -C test/nic check
	@test/nic/check

clean:
	rm -rf $(BUILD)

.PHONY: all module tools bpf vm-tests examples deps demo bench bench-carry bench-json check check-long check-deb check-nic clean
.PHONY: dkms-source dkms-install dkms-remove deb
