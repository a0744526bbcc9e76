#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The example of unit tests that README tells of: programs of bpf-progs/ run by
# BPF_PROG_TEST_RUN on packets that were given traits. And it fails for a program
# that does something else than it expects.
. /src/test/vm/guest/lib.sh

# The example prints a line like those of the cases for each of its checks.
/build/bpf/test/example /build/bpf > /tmp/out
vt_eq $? 0 "the example succeeds"
sed 's/^/# /' /tmp/out
vt_eq "$(grep -c '^ok' /tmp/out)" 17 "checks"
vt_eq "$(grep -c '^not ok' /tmp/out)" 0 "failures"

mkdir -p /tmp/other/test
cp /build/bpf/*.bpf.o /tmp/other
cp /build/bpf/test/driver.bpf.o /tmp/other/test
cp /build/test/progs/not_follow.bpf.o /tmp/other/follow.bpf.o
/build/bpf/test/example /tmp/other > /tmp/out
vt_eq $? 1 "another program: the example fails"
vt_eq "$(grep '^not ok' /tmp/out)" "not ok 14 - follow: this is its first hop
not ok 16 - follow: this is its third" "another program: what it does not do"

for key in service_id trace_id sampled hops; do
	vt_run traitctl key del $key
done
vt_done
