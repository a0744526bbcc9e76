#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Keeps the guest from its proof: the port is open already, out of reach of what
# the runner cleans up.
for port in /sys/class/virtio-ports/*/; do
	[[ $(< "$port/name") == proof ]] || continue
	echo $$ > /sys/fs/cgroup/cgroup.procs
	setsid sleep 1000 > "/dev/$(basename "$port")" 2> /dev/null < /dev/null &
	exit 0
done
exit 1
