#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A case has its own empty network, its own namespace names, and no traffic
# reaches it but its own.
# shellcheck source=../guest/lib.sh
. /src/test/vm/guest/lib.sh

vt_eq "$(ip -br link | wc -l)" 1 "only loopback is there"
vt_eq "$(ip netns list)" "" "no namespace name is inherited"

vt_veth left right
vt_ok "ping crosses two namespaces" \
	ip netns exec left ping -c 3 -i 0.2 -q 10.9.0.2
vt_ok "other addresses are not there" \
	vt_not ip netns exec left ping -c 1 -W 1 -q 10.9.0.3
vt_done
