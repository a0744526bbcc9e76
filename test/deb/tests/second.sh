#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# After a reboot the keys are there again, and an XDP program of a user, built with the
# packages' headers and library, sets and reads traits.
. /src/test/deb/tests/lib.sh
. /src/test/deb/tests/xdp.sh

vt_eq "$(systemctl is-active traits)" active "the service has run"
vt_eq "$(traitctl -j key show | jq -c 'map([.id, .name, .size])')" \
	'[[5,"flow/c",16],[63,"a.flag",0]]' "the keys of the file are there"

xdp_program_runs

vt_done
