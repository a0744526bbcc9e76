#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module: own
[[ ! -e /sys/module/traits ]] && /src/test/vm/guest/load && rmmod traits
