#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
setsid sleep 1000 > /dev/null 2>&1 < /dev/null &
