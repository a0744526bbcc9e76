#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
busybox poweroff -f
